"""The command that measures separators and encoder pairs."""

from pathlib import Path

import click

from vocal_explorer.cli.options import ExitCode, choice, common_options, data_option, services
from vocal_explorer.cli.output import show
from vocal_explorer.cli.running import stoppable

TASKS = ["singer-identification", "separation"]


@click.command()
@click.argument("task", type=choice(TASKS))
@data_option
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of the encoder pair (default: the shipped one).",
)
@common_options
@click.pass_context
def evaluate(context: click.Context, task: str, data: Path, model: Path | None) -> int:
    """Measure TASK on the validation singers of a dataset."""
    with stoppable(f"Evaluating {task}") as progress:
        if task == "separation":
            from vocal_explorer.evaluation.separation import evaluate_separation

            separator = services(context).load_separator("auto")
            report = evaluate_separation(separator, data, progress)
            table = {score.song: _decibels(score) for score in report.scores}
            table["mean"] = report.mean()
        else:
            from vocal_explorer.evaluation.singer_identification import (
                evaluate_singer_identification,
            )

            embedder = services(context).load_embedder(model)
            table = evaluate_singer_identification(embedder, data, progress=progress)
    show(context, {"task": task, "scores": table}, _lines(table))
    return ExitCode.DONE


def _decibels(score: object) -> dict[str, float]:
    return {name: getattr(score, name) for name in ("vocals", "accompaniment", "mix")}


def _lines(table: dict[str, dict[str, float]]) -> list[str]:
    return [
        f"{row}: " + ", ".join(f"{column} {value:.3f}" for column, value in scores.items())
        for row, scores in table.items()
    ]
