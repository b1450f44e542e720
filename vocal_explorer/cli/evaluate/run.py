"""How the tasks that judge encoder pairs run: embed a dataset with each, report, end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from vocal_explorer.cli.evaluate.options import Setup
from vocal_explorer.cli.options import ExitCode
from vocal_explorer.cli.output import failure_document, report_failures, show
from vocal_explorer.cli.running import stoppable

if TYPE_CHECKING:
    from vocal_explorer.datasets.labelled import LabelledTrack
    from vocal_explorer.datasets.signals import SignalSource
    from vocal_explorer.evaluation.embeddings import EmbeddedDataset
    from vocal_explorer.evaluation.tables.reports import ResultTable


@dataclass(frozen=True)
class Embedded:
    """A dataset as several pairs hear it.

    Parameters
    ----------
    datasets
        Label of the pair, and what it made of the dataset.
    facts
        What one must know to measure the same again.
    """

    datasets: "tuple[tuple[str, EmbeddedDataset], ...]"
    facts: Mapping[str, Any]


def embed_with_all(
    context: click.Context,
    setup: Setup,
    tracks: "Sequence[LabelledTrack]",
    source: "SignalSource | None" = None,
) -> Embedded:
    """Embed tracks with each pair of the setup; its failures hear of what is left out.

    Parameters
    ----------
    context, setup
        Of the command.
    tracks
        Those that the task needs.
    source
        Loads them (default: isolates the vocals that the dataset lacks).
    """
    from vocal_explorer.evaluation.embeddings import DatasetEmbedder

    pairs, source = setup.pairs(context), source or setup.signals(context)
    datasets = []
    with stoppable("Embedding") as progress:
        for number, pair in enumerate(pairs):
            part = progress.part(number / len(pairs), (number + 1) / len(pairs))
            maker = DatasetEmbedder(pair.embedder, source, setup.folder / "embeddings")
            datasets.append((pair.label, maker.embed(tracks, part)))
    # every pair fails on the same files
    setup.failures.extend(datasets[0][1].failures)
    facts = {
        "data": str(setup.data),
        "seed": setup.seed,
        "signals": source.key,
        "models": {pair.label: pair.embedder.model_id for pair in pairs},
    }
    return Embedded(tuple(datasets), facts)


def finish(
    context: click.Context, setup: Setup, table: "ResultTable", facts: Mapping[str, Any]
) -> ExitCode:
    """Save and print what was measured, and say which files were left out."""
    from vocal_explorer.evaluation.tables.reports import save_table

    failed = [failure_document(failure) for failure in setup.failures]
    facts = {**facts, "failed": failed}
    if setup.out:
        save_table(table, facts, setup.out)
    show(context, {**table.document(), **facts}, table.lines())
    report_failures(setup.failures)
    return ExitCode.SOME_FAILED if failed else ExitCode.DONE
