"""Commands on the library: scan, similar, singers, match, map."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocal_explorer.base.records.library import ScanOptions
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.cli.options import (
    ExitCode,
    all_versions_option,
    choice,
    common_options,
    exit_code,
    open_session,
    path_argument,
    top_option,
)
from vocal_explorer.cli.output import (
    Document,
    failure_document,
    message,
    ranked_singer_document,
    ranked_track_document,
    report_failures,
    scan_line,
    show,
    singer_line,
    track_document,
    track_line,
    track_name,
)
from vocal_explorer.cli.running import stoppable

if TYPE_CHECKING:
    from vocal_explorer.session import Session

SPACES = [space.value for space in Space]
space_option = click.option(
    "--space",
    type=choice(SPACES),
    default=Space.JOINT.value,
    show_default=True,
    help="What is compared: the mix, the vocals, their sum, or both side by side.",
)


@click.command()
@path_argument("paths")
@click.option(
    "--separator",
    metavar="NAME",
    help="What isolates the vocals, from now on (default: what the library was set to, else auto).",
)
@click.option(
    "--reread-tags",
    is_flag=True,
    help="Read the tags of all files again, those that seem unchanged too.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that analyse (default: as many as processors and memory allow).",
)
@common_options
@click.pass_context
def scan(
    context: click.Context,
    paths: tuple[Path, ...],
    separator: str | None,
    reread_tags: bool,
    workers: int | None,
) -> int:
    """Find and analyse the audio files in PATHS (files, folders and M3U playlists)."""
    options = ScanOptions(reread=reread_tags, workers=workers)
    with stoppable("Scanning") as progress, open_session(context) as session:
        used = choose_separator(session, separator)
        summary = session.scans.run(paths, progress, _ignore_track, options=options)
    report_failures(summary.failed)
    n_done, n_failed = summary.analysed + summary.unchanged, len(summary.failed)
    if not n_done and not n_failed:
        message("No audio files were found.")
    document = {
        "separator": used,
        "analysed": summary.analysed,
        "unchanged": summary.unchanged,
        "completed": summary.completed,
        "failed": [failure_document(failure) for failure in summary.failed],
        "seconds": round(summary.seconds, 3),
        "audio_seconds": round(float(summary.audio_seconds), 3),
    }
    show(context, document, [scan_line(summary)])
    return exit_code(n_done, n_failed) if n_done else ExitCode.NOTHING_DONE


def choose_separator(session: "Session", name: str | None) -> str:
    """Set the library to a separator, or confirm its choice; return what is used.

    Confirming "auto" makes it follow an installation.
    """
    before = [choice.name for choice in session.choices.separators.choices() if choice.current]
    chosen = next(choice.name for choice in session.choices.separators.choices() if choice.chosen)
    session.choices.separators.choose(name or chosen)
    used = next(choice for choice in session.choices.separators.choices() if choice.current)
    if used.name not in before:
        message(f"The vocals are isolated with {used.title} from now on.")
    return used.name


def _ignore_track(_track: Track) -> None:
    """The command line tells about tracks at the end."""


@click.command()
@click.argument("track")
@space_option
@top_option(20)
@all_versions_option
@common_options
@click.pass_context
def similar(context: click.Context, track: str, space: str, top_n: int, all_versions: bool) -> int:
    """Rank the tracks most similar to TRACK (a path, a track id, or a search text)."""
    with open_session(context) as session:
        query = session.library.find(track)
        by = Space(space)
        ranking = session.ranking.similar_tracks(query.known_id(), by, top_n, all_versions)
    document = {
        "track": track_document(query),
        "space": space,
        "tracks": [ranked_track_document(ranked) for ranked in ranking],
    }
    heading = f"Most similar to {track_name(query)} in [{space}]:"
    show(context, document, [heading, *map(track_line, ranking)])
    return ExitCode.DONE


@click.command()
@click.argument("track")
@space_option
@top_option(20)
@common_options
@click.pass_context
def singers(context: click.Context, track: str, space: str, top_n: int) -> int:
    """Rank the singers of the library by similarity to TRACK."""
    with open_session(context) as session:
        query = session.library.find(track)
        ranking = session.ranking.singers(query.known_id(), Space(space), top_n)
    document = {
        "track": track_document(query),
        "space": space,
        "singers": [ranked_singer_document(ranked) for ranked in ranking],
    }
    heading = f"Singers most similar to {track_name(query)} in [{space}]:"
    show(context, document, [heading, *map(singer_line, ranking)])
    return ExitCode.DONE


@click.command("map")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.csv|.png|.svg",
    help="Table or picture to write.",
)
@click.option("--space", type=choice(["M", "V"]), help="One map only: mix (M) or vocals (V).")
@common_options
@click.pass_context
def track_map(context: click.Context, out: Path, space: str | None) -> int:
    """Write the 2-D map of the library: both maps unless --space names one."""
    from vocal_explorer.cli.maps import write_maps

    if out.suffix.lower() not in (".csv", ".png", ".svg"):
        raise click.UsageError("The file given to --out must end in .csv, .png or .svg.")
    chosen = [space] if space else ["V", "M"]
    with stoppable("Mapping"), open_session(context) as session:
        n_tracks = write_maps(session, chosen, out)
    document: Document = {"out": str(out), "spaces": chosen, "tracks": n_tracks}
    show(context, document, [f"{n_tracks} tracks are on the map in {out}."])
    return ExitCode.DONE
