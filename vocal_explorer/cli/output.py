"""How results are told: one JSON document or plain lines on the standard output."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click

from vocal_explorer.base.names import visible
from vocal_explorer.base.records.library import ScanSummary
from vocal_explorer.base.records.ranking import RankedSinger, RankedTrack
from vocal_explorer.base.records.tracks import Failure, PitchRange, Track
from vocal_explorer.cli.options import wants_json

_DECIMALS = 4
Document = dict[str, Any]


def show(context: click.Context, document: Mapping[str, Any], lines: Iterable[str]) -> None:
    """Print `document` when JSON was asked for, otherwise `lines`."""
    if wants_json(context):
        click.echo(json.dumps(document, indent=2))
    else:
        for line in lines:
            click.echo(visible(line))


def message(text: str) -> None:
    """Print one line on the standard error."""
    click.echo(visible(text), err=True)


def report_failures(failures: Sequence[Failure]) -> None:
    """Name each failed file and its reason on the standard error."""
    for failure in failures:
        message(f"{failure.path}: {failure.reason}.")


def failure_document(failure: Failure) -> Document:
    """Return a failed file for JSON."""
    return {"path": str(failure.path), "reason": failure.reason}


def track_document(track: Track) -> Document:
    """Return a track for JSON."""
    return {
        "id": track.track_id or None,
        "path": str(track.path),
        "title": track.title,
        "singer": track.singer,
        "album": track.album,
        "year": track.year,
        "seconds": round(float(track.seconds), 3),
        "separator": track.separator or None,
        "vocal_presence": _rounded(track.vocal_presence),
        "instrumental": track.instrumental,
        "pitch_range": _pitch_range_document(track.pitch_range),
        "tempo": round(track.tempo, 2) if track.tempo else None,
        "key": track.key.name if track.key else None,
        "camelot": track.key.camelot if track.key else None,
    }


def _pitch_range_document(pitch_range: PitchRange | None) -> Document | None:
    """Return a pitch range for JSON, in MIDI note numbers."""
    if pitch_range is None:
        return None
    return {name: round(pitch, 1) for name, pitch in asdict(pitch_range).items()}


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, _DECIMALS)


def ranked_track_document(ranked: RankedTrack) -> Document:
    """Return a track of a ranking for JSON."""
    return {
        "rank": ranked.rank,
        **track_document(ranked.track),
        "similarity": round(float(ranked.similarity), _DECIMALS),
        "versions": [str(track.path) for track in ranked.versions],
    }


def ranked_singer_document(ranked: RankedSinger) -> Document:
    """Return a singer of a ranking for JSON."""
    return {
        "rank": ranked.rank,
        "singer": ranked.singer,
        "similarity": round(float(ranked.similarity), _DECIMALS),
        "tracks": ranked.n_tracks,
    }


def track_line(ranked: RankedTrack) -> str:
    """Return a track of a ranking as one line of text."""
    n_versions = len(ranked.versions)
    more = f", and {n_versions} version{'s' if n_versions > 1 else ''}" if n_versions else ""
    return f"{ranked.rank:3d}  {ranked.similarity:6.3f}  {track_name(ranked.track)}{more}"


def track_name(track: Track) -> str:
    """Return singer and title of a track, and whether it is instrumental."""
    return f"{track.singer} - {track.title}{' (instrumental)' if track.instrumental else ''}"


def singer_line(ranked: RankedSinger) -> str:
    """Return a singer of a ranking as one line of text."""
    tracks = "1 track" if ranked.n_tracks == 1 else f"{ranked.n_tracks} tracks"
    return f"{ranked.rank:3d}  {ranked.similarity:6.3f}  {ranked.singer} ({tracks})"


def scan_line(summary: ScanSummary) -> str:
    """Return what a scan did as one line of text."""
    speed = summary.audio_seconds / summary.seconds if summary.seconds else 0.0
    completed = f" ({summary.completed} of them completed)" if summary.completed else ""
    return (
        f"{summary.analysed} analysed, {summary.unchanged} unchanged{completed}, "
        f"{len(summary.failed)} failed; {speed:.1f} seconds of audio per second."
    )
