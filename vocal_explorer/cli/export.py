"""Writing tracks as a playlist, a table, or embeddings."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocal_explorer.base.records.ranking import Space
from vocal_explorer.cli.library import space_option
from vocal_explorer.cli.options import ExitCode, common_options, open_session, top_option
from vocal_explorer.cli.output import Document, show
from vocal_explorer.cli.running import stoppable

if TYPE_CHECKING:
    from vocal_explorer.session import Session

SUFFIXES = (".m3u8", ".csv", ".npz", ".parquet", ".png", ".svg")


@click.command()
@click.argument("tracks", nargs=-1)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.m3u8|.csv|.npz|.parquet|.png|.svg",
    help="Playlist, table, embeddings, all of it for Embedding Atlas, or a picture of the maps.",
)
@click.option(
    "--like", metavar="TRACK", help="TRACK and what is most similar to it, nearest first."
)
@space_option
@top_option(50)
@common_options
@click.pass_context
def export(
    context: click.Context,
    tracks: tuple[str, ...],
    out: Path,
    like: str | None,
    space: str,
    top_n: int,
) -> int:
    """Write TRACKS, in this order, or else the whole library, to a file."""
    if out.suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"The file given to --out must end in {', '.join(SUFFIXES)}.")
    if like and tracks:
        raise click.UsageError("Give tracks, or --like, not both.")
    with stoppable("Exporting"), open_session(context) as session:
        chosen = [session.library.find(track).known_id() for track in tracks] or None
        if like:
            chosen = _alike(session, like, Space(space), top_n)
        n_tracks = session.exports.write(out, chosen)
    document: Document = {"out": str(out), "tracks": n_tracks}
    show(context, document, [f"{n_tracks} tracks are in {out}."])
    return ExitCode.DONE


def _alike(session: "Session", query: str, space: Space, top_n: int) -> list[str]:
    track_id = session.library.find(query).known_id()
    ranking = session.ranking.similar_tracks(track_id, space, top_n)
    return [track_id, *(ranked.track.track_id for ranked in ranking)]
