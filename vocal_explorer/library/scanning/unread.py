"""Files of which only the name is known."""

import dataclasses
from pathlib import Path

from vocal_explorer.audio.tags import guess_label
from vocal_explorer.base.records.tracks import Tags, Track, TrackState
from vocal_explorer.library.scanning.tagged import tags_to_track


def unread_track(path: Path, state: TrackState) -> Track:
    """Describe a file by its name."""
    guessed = tags_to_track(path, "", guess_label(path, Tags()))
    return dataclasses.replace(guessed, state=state)


def failed_track(path: Path, reason: str) -> Track:
    """Describe a file that could not be analysed, and why, as a clause."""
    return dataclasses.replace(unread_track(path, TrackState.FAILED), error=reason)
