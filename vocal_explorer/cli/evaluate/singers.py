"""The commands of tasks 1 and 2: singer identification and query-by-singer."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vocal_explorer.cli.evaluate.options import Setup, evaluation_options
from vocal_explorer.cli.evaluate.run import embed_with_all, finish
from vocal_explorer.cli.options import choice, common_options
from vocal_explorer.cli.output import message

if TYPE_CHECKING:
    from vocal_explorer.evaluation.embeddings import EmbeddedDataset, EmbeddedTracks
    from vocal_explorer.evaluation.tasks.singer_selection import ChosenSongs

IDENTIFICATION, RETRIEVAL = "singer-identification", "query-by-singer"
AUTO, PAPER, LEAVE_ONE_OUT = "auto", "paper", "leave-one-out"
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _number(name: str, default: int, text: str) -> Callable[[_Command], _Command]:
    return click.option(
        name,
        type=click.IntRange(min=1),
        default=default,
        show_default=True,
        metavar="N",
        help=text,
    )


@click.command(IDENTIFICATION)
@evaluation_options
@click.option(
    "--protocol",
    type=choice((AUTO, PAPER, LEAVE_ONE_OUT)),
    default=AUTO,
    show_default=True,
    help="leave-one-out is for small sets; auto takes it for the validation singers of a"
    " manifest, and the paper's otherwise.",
)
@_number("--singers", 300, "Singers, unseen in training; fewer where fewer have enough songs.")
@_number("--model-songs", 15, "Songs of each singer model.")
@_number("--query-songs", 5, "Queries of each singer.")
@common_options
@click.pass_context
def singer_identification(
    context: click.Context,
    setup: Setup,
    protocol: str,
    singers: int,
    model_songs: int,
    query_songs: int,
) -> int:
    """Who sings? Task 1 of the paper (section 4.2), with figure 4 as a chart."""
    from vocal_explorer.datasets.opening import Kind, detect

    kind = detect(setup.data) if setup.kind == Kind.AUTO else setup.kind
    if protocol == LEAVE_ONE_OUT or (protocol == AUTO and kind == Kind.MANIFEST):
        return _leave_one_out(context, setup, kind == Kind.MANIFEST)
    from vocal_explorer.evaluation.tables.figure_4 import draw_figure_4
    from vocal_explorer.evaluation.tables.singer_tables import identification_table
    from vocal_explorer.evaluation.tasks.singer_identification import identify

    songs = _choose(setup, singers, model_songs, query_songs)
    embedded = embed_with_all(context, setup, [*songs.first, *songs.queries])
    results = [(label, identify(*_halves(found, songs))) for label, found in embedded.datasets]
    if setup.out:
        draw_figure_4(results, setup.out / f"{IDENTIFICATION}.png")
    table = identification_table(results, songs)
    return finish(context, setup, table, {**embedded.facts, **_sizes(songs)})


@click.command(RETRIEVAL)
@evaluation_options
@_number("--singers", 300, "Singers, unseen in training; fewer where fewer have enough songs.")
@_number("--gallery-songs", 6, "Songs of each singer that are searched in.")
@_number("--query-songs", 4, "Queries of each singer.")
@common_options
@click.pass_context
def query_by_singer(
    context: click.Context, setup: Setup, singers: int, gallery_songs: int, query_songs: int
) -> int:
    """Find the singer's other songs: task 2 of the paper (section 4.3), beside table 1."""
    from vocal_explorer.evaluation.tables.singer_tables import retrieval_table
    from vocal_explorer.evaluation.tasks.query_by_singer import retrieve

    songs = _choose(setup, singers, gallery_songs, query_songs)
    embedded = embed_with_all(context, setup, [*songs.first, *songs.queries])
    results = [(label, retrieve(*_halves(found, songs))) for label, found in embedded.datasets]
    table = retrieval_table(results, songs)
    return finish(context, setup, table, {**embedded.facts, **_sizes(songs)})


def _leave_one_out(context: click.Context, setup: Setup, is_manifest: bool) -> int:
    from vocal_explorer.evaluation.tables.singer_tables import leave_one_out_table
    from vocal_explorer.evaluation.tasks.leave_one_out import (
        BalancedExcerpts,
        accuracy_table,
        leave_one_out,
        validation_tracks,
    )

    if is_manifest:
        tracks = validation_tracks(setup.data, setup.seed)
        embedded = embed_with_all(context, setup, tracks, BalancedExcerpts())
    else:
        tracks = [replace(track, group="all") for track in setup.tracks()]
        embedded = embed_with_all(context, setup, tracks)
    results = [(label, leave_one_out(found)) for label, found in embedded.datasets]
    scores = {label: accuracy_table(found) for label, found in results}
    facts = {"scores": next(iter(scores.values())), "scores_by_model": scores}
    return finish(context, setup, leave_one_out_table(results), {**embedded.facts, **facts})


def _choose(setup: Setup, n_singers: int, n_first: int, n_queries: int) -> "ChosenSongs":
    from vocal_explorer.evaluation.tasks.singer_selection import choose_songs

    songs = choose_songs(setup.tracks(), n_singers, n_first, n_queries, setup.seed)
    if songs.n_singers < n_singers:
        message(f"{songs.n_singers} singers have enough songs, so these are taken.")
    return songs


def _sizes(songs: "ChosenSongs") -> dict[str, Any]:
    return {
        "singers": songs.n_singers,
        "qualified_singers": songs.n_qualified,
        "compared_songs": len(songs.first),
        "queries": len(songs.queries),
    }


def _halves(
    dataset: "EmbeddedDataset", songs: "ChosenSongs"
) -> "tuple[EmbeddedTracks, EmbeddedTracks]":
    return dataset.part(songs.first).track_level(), dataset.part(songs.queries).track_level()
