"""The commands that find matches, and render them as files."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.mashups import Fit, Mashup, Match, MatchTerms
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Failure, Track
from vocal_explorer.cli.mashup_options import (
    PARTS,
    file_options,
    fit_of,
    fit_options,
    ranking_options,
    weights_of,
)
from vocal_explorer.cli.options import (
    all_versions_option,
    common_options,
    exit_code,
    open_session,
    path_argument,
    top_option,
)
from vocal_explorer.cli.output import (
    Document,
    failure_document,
    ranked_track_document,
    report_failures,
    show,
    track_document,
    track_line,
)
from vocal_explorer.cli.running import stoppable

if TYPE_CHECKING:
    from vocal_explorer.session import Session

_TITLE_LENGTH = 30  # characters of each title: most file systems allow 255 bytes a name


@dataclass(frozen=True)
class Files:
    """Where mashups go, and as what: .wav or .flac, with their stems or without."""

    folder: Path
    suffix: str
    stems: bool


@click.command()
@click.argument("track")
@top_option(10)
@all_versions_option
@ranking_options
@click.option(
    "--render",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write each mashup into DIR, with its settings as JSON.",
)
@file_options
@fit_options
@common_options
@click.pass_context
def match(
    context: click.Context,
    track: str,
    top_n: int,
    all_versions: bool,
    voices: bool,
    paper: bool,
    said_weights: tuple[tuple[str, float], ...],
    folder: Path | None,
    audio_format: str,
    stems: bool,
    moved: str,
    semitones: int | None,
    no_stretch: bool,
    no_transpose: bool,
) -> int:
    """Find accompaniments of other tracks that suit the vocals of TRACK."""
    rendered: dict[int, Path] = {}
    failures: list[Failure] = []
    with open_session(context) as session:
        query = session.library.find(track)
        ranking = session.mashups.rank(
            query.known_id(),
            top_n,
            gives=Stem.ACCOMPANIMENT if voices else Stem.VOCALS,
            weights=weights_of(paper, said_weights),
            all_versions=all_versions,
        )
        if folder and ranking:
            files = Files(folder, f".{audio_format}", stems)
            fit = fit_of(moved, semitones, no_stretch, no_transpose)
            pairs = [(f.track, query) if voices else (query, f.track) for f in ranking]
            with stoppable("Rendering") as progress:
                rendered, failures = render_all(session, pairs, fit, files, progress)
    report_failures(failures)
    matches = [match_document(found, rendered.get(found.rank)) for found in ranking]
    what = "Voices for the accompaniment" if voices else "Accompaniments for the vocals"
    heading = f"{what} of {query.singer} - {query.title}:"
    written = [f"Written: {path}" for path in rendered.values()]
    document = {"track": track_document(query), "matches": matches}
    show(context, document, [heading, *map(match_line, ranking), *written])
    return exit_code(len(rendered), len(failures))


@click.command()
@path_argument("settings")
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where the mashups are written.",
)
@file_options
@common_options
@click.pass_context
def mashup(
    context: click.Context,
    settings: tuple[Path, ...],
    folder: Path,
    audio_format: str,
    stems: bool,
) -> int:
    """Render mashups again from their SETTINGS: the JSON files beside them."""
    files = Files(folder, f".{audio_format}", stems)
    failures: list[Failure] = []
    rendered: list[Path] = []
    with open_session(context) as session, stoppable("Rendering") as progress:
        for number, path in enumerate(settings):
            part = progress.part(number / len(settings), (number + 1) / len(settings))
            part.report(0.0, path.stem)
            try:
                again = session.mashups.render_again(_read_settings(path), part)
            except VocalExplorerError as error:
                failures.append(Failure(path, error.clause))
                continue
            rendered.append(_save(session, again, files, path.stem))
    report_failures(failures)
    document = {
        "rendered": [str(path) for path in rendered],
        "failed": [failure_document(failure) for failure in failures],
    }
    show(context, document, [f"Written: {path}" for path in rendered])
    return exit_code(len(rendered), len(failures))


def render_all(
    session: "Session",
    pairs: Sequence[tuple[Track, Track]],
    fit: Fit,
    files: Files,
    progress: Progress,
) -> tuple[dict[int, Path], list[Failure]]:
    """Render vocals over accompaniments, best first; return the files by rank, and failures."""
    rendered: dict[int, Path] = {}
    failures: list[Failure] = []
    for rank, (vocals, accompaniment) in enumerate(pairs, start=1):
        part = progress.part((rank - 1) / len(pairs), rank / len(pairs))
        titles = [track.title[:_TITLE_LENGTH] for track in (vocals, accompaniment)]
        name = f"{rank:02d} {' over '.join(titles)}"
        part.report(0.0, name)
        try:
            made = session.mashups.render(vocals.track_id, accompaniment.track_id, fit, part)
        except VocalExplorerError as error:
            failures.append(Failure(accompaniment.path, error.clause))
            continue
        rendered[rank] = _save(session, made, files, name)
    return rendered, failures


def match_document(found: Match, rendered: Path | None) -> Document:
    """Return a match for JSON."""
    parts = asdict(found.parts)
    return ranked_track_document(found) | {
        "score": round(found.score, 4),
        "parts": {part: _rounded(parts[part]) for part in PARTS},
        "beats": parts["beats"],
        "stretch": _rounded(parts["stretch"]),
        "semitones": parts["semitones"],
        "rendered": str(rendered) if rendered else None,
    }


def match_line(found: Match) -> str:
    """Return a match as one line of text: its score, and in brackets what it consists of."""
    said = (f"{part} {_percent(found.parts, part)}" for part in PARTS)
    return f"{track_line(found)}  score {found.score:.2f} ({', '.join(said)}){_changes(found)}"


def _changes(found: Match) -> str:
    """Say tempo and key in the words of DJs, and what has to be done to the vocals."""
    track, parts = found.track, found.parts
    words = []
    if track.tempo:
        words.append(f"{track.tempo:.0f} BPM")
    if parts.stretch:
        words.append(f"{100 * (parts.stretch - 1):+.1f} %")
    if track.key:
        words.append(f"{track.key.camelot} {track.key.name}")
    if parts.semitones is not None:
        words.append(f"{parts.semitones:+d} st")
    return f"  {', '.join(words)}" if words else ""


def _percent(parts: MatchTerms, part: str) -> str:
    value = getattr(parts, part)
    return "?" if value is None else f"{100 * value:.0f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _save(session: "Session", made: Mashup, files: Files, name: str) -> Path:
    return session.mashups.save(made, files.folder, name, files.suffix, stems=files.stems)


def _read_settings(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise VocalExplorerError(f"It cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise VocalExplorerError("It is no JSON document.") from error
    if not isinstance(document, dict):
        raise VocalExplorerError("These are not the settings of a mashup.")
    return document
