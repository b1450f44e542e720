"""The command that finds and renders accompaniments for a track's vocals."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocal_explorer.cli.options import (
    all_versions_option,
    common_options,
    exit_code,
    open_session,
    top_option,
)
from vocal_explorer.cli.output import (
    ranked_track_document,
    report_failures,
    show,
    track_document,
    track_line,
)
from vocal_explorer.cli.running import stoppable
from vocal_explorer.errors import VocalExplorerError
from vocal_explorer.progress import Progress
from vocal_explorer.records import Failure, RankedTrack, Track

if TYPE_CHECKING:
    from vocal_explorer.session import Session

_TITLE_LENGTH = 30  # characters of each title: most file systems allow 255 bytes a name


@click.command()
@click.argument("track")
@top_option(10)
@all_versions_option
@click.option(
    "--render",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write each mashup into DIR as WAV, with its settings as JSON.",
)
@common_options
@click.pass_context
def match(
    context: click.Context, track: str, top_n: int, all_versions: bool, folder: Path | None
) -> int:
    """Find accompaniments of other tracks that suit the vocals of TRACK."""
    rendered: dict[int, Path] = {}
    failures: list[Failure] = []
    with open_session(context) as session:
        query = session.find_track(track)
        ranking = session.match(query.track_id, top_n, all_versions)
        if folder and ranking:
            with stoppable("Rendering") as progress:
                rendered, failures = render_all(session, query, ranking, folder, progress)
    report_failures(failures)
    matches = [
        ranked_track_document(ranked)
        | {"rendered": str(rendered[ranked.rank]) if ranked.rank in rendered else None}
        for ranked in ranking
    ]
    heading = f"Accompaniments for the vocals of {query.singer} - {query.title}:"
    written = [f"Written: {path}" for path in rendered.values()]
    document = {"track": track_document(query), "matches": matches}
    show(context, document, [heading, *map(track_line, ranking), *written])
    return exit_code(len(rendered), len(failures))


def render_all(
    session: "Session",
    query: Track,
    ranking: Sequence[RankedTrack],
    folder: Path,
    progress: Progress,
) -> tuple[dict[int, Path], list[Failure]]:
    """Render every match of a ranking; return the files by rank, and what failed."""
    folder.mkdir(parents=True, exist_ok=True)
    rendered: dict[int, Path] = {}
    failures: list[Failure] = []
    for done, ranked in enumerate(ranking):
        part = progress.part(done / len(ranking), (done + 1) / len(ranking))
        other = ranked.track
        part.report(0.0, other.title)
        try:
            mashup = session.render_match(query.track_id, other.track_id, part)
        except VocalExplorerError as error:
            failures.append(Failure(other.path, str(error)))
            continue
        titles = f"{query.title[:_TITLE_LENGTH]} over {other.title[:_TITLE_LENGTH]}"
        name = f"{ranked.rank:02d} {titles}"
        rendered[ranked.rank] = session.save_mashup(mashup, folder, name)
    return rendered, failures
