"""The commands that measure separators and encoder pairs: `evaluate TASK`."""

import click

from vocal_explorer.cli.evaluate.separation import separation
from vocal_explorer.cli.evaluate.singers import query_by_singer, singer_identification
from vocal_explorer.cli.evaluate.transfer import artist_classification, vocal_tagging
from vocal_explorer.cli.options import common_options

TASKS = (
    singer_identification,
    query_by_singer,
    vocal_tagging,
    artist_classification,
    separation,
)


@click.group()
@common_options
def evaluate() -> None:
    """Measure TASK on a dataset, as the paper does, beside the paper's own numbers."""


for _task in TASKS:
    evaluate.add_command(_task)
