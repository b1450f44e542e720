"""The settings of a mashup as a JSON document, from which it can be rendered again."""

from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import numpy as np

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.mashups import Alignment, Fit
from vocal_explorer.base.records.tracks import Track

_ARRAYS = ("anchors", "beats", "downbeats")
_NUMBERS = (
    "seconds",
    "vocals_semitones",
    "accompaniment_semitones",
    "vocals_gain_db",
    "accompaniment_gain_db",
)


def mashup_settings(
    vocals: Track, accompaniment: Track, separator: str, fit: Fit, alignment: Alignment
) -> dict[str, Any]:
    """Return all that is needed to render the same mashup again, for people and programs.

    Parameters
    ----------
    vocals, accompaniment
        The tracks.
    separator
        What made their stems.
    fit
        What the user decided.
    alignment
        What became of it; only this is used to render it again.
    """
    settings: dict[str, Any] = {
        "program": f"vocal-explorer {version('vocal-explorer')}",
        "time_stretch": f"python-stretch {version('python-stretch')}",
        "separator": separator,
    }
    for role, track in (("vocals", vocals), ("accompaniment", accompaniment)):
        settings |= {
            f"{role}_track_id": track.track_id,
            f"{role}_path": str(track.path),
            f"{role}_title": track.title,
            f"{role}_singer": track.singer,
        }
    return settings | {"fit": asdict(fit), "alignment": _as_document(alignment)}


def alignment_of(settings: dict[str, Any]) -> Alignment:
    """Return the alignment that is said in settings.

    Raises
    ------
    VocalExplorerError
        If they are not those of a mashup.
    """
    try:
        said = settings["alignment"]
        alignment = Alignment(
            anchors=np.array(said["anchors"], np.float64),
            beats=np.array(said["beats"], np.float64),
            downbeats=np.array(said["downbeats"], np.int64),
            **{name: float(said[name]) for name in _NUMBERS},
        )
        _require_sense(alignment)
    except (KeyError, TypeError, ValueError) as error:
        raise VocalExplorerError("These are not the settings of a mashup.") from error
    return alignment


def _as_document(alignment: Alignment) -> dict[str, Any]:
    arrays = {name: getattr(alignment, name).tolist() for name in _ARRAYS}
    return {name: getattr(alignment, name) for name in _NUMBERS} | arrays


def _require_sense(alignment: Alignment) -> None:
    anchors = alignment.anchors
    if anchors.ndim != 2 or anchors.shape[1] != 3 or len(anchors) < 2:
        raise ValueError("anchors have three columns")
    if not np.isfinite(anchors).all() or (np.diff(anchors, axis=0) <= 0).any():
        raise ValueError("anchors increase")
