"""What a map can be coloured by; one entry in ATTRIBUTES is one more attribute."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.colours import (
    N_COLOURS,
    N_SHADES,
    NONE,
    OTHERS,
    SYMBOLS,
    UNKNOWN,
    Mark,
    category_mark,
    shade_mark,
)
from vocal_explorer.ui.base.texts import note_name

MAX_CATEGORIES = N_COLOURS * len(SYMBOLS)  # as many marks are different; the rest are "others"

Clusters = Mapping[str, int]
Value = str | float | None


@dataclass(frozen=True)
class Attribute:
    """Something that tracks have: a category, or a number, which `written` puts in words.

    `value` takes a track and the cluster of each track id; None means that it is not
    known, which is what `unknown` says.
    """

    title: str
    value: Callable[[Track, Clusters], Value]
    unknown: str
    written: Callable[[float], str] | None = None
    uses_clusters: bool = False


def _cluster(track: Track, clusters: Clusters) -> str | None:
    number = clusters.get(track.track_id)
    return None if number is None else f"Cluster {number + 1}"


ATTRIBUTES = (
    Attribute("Artist", lambda track, _: track.singer or None, UNKNOWN),
    Attribute("Album", lambda track, _: track.album or None, "No album"),
    Attribute("Year", lambda track, _: track.year, "No year", lambda year: f"{year:.0f}"),
    Attribute("Cluster", _cluster, "In no cluster", uses_clusters=True),
    Attribute(
        "Vocal presence",
        lambda track, _: track.vocal_presence,
        "Not measured",
        lambda share: f"{share:.0%}",
    ),
    Attribute(
        "Pitch of the voice",
        lambda track, _: track.pitch_range.median if track.pitch_range else None,
        "Not measured",
        note_name,
    ),
    Attribute(
        "Pitch range",
        lambda track, _: (
            track.pitch_range.high - track.pitch_range.low if track.pitch_range else None
        ),
        "Not measured",
        lambda semitones: f"{semitones:.0f} semitones",
    ),
    Attribute("Tempo", lambda track, _: track.tempo, "No beat known", lambda bpm: f"{bpm:.0f} BPM"),
)


@dataclass(frozen=True)
class Group:
    """Tracks that look the same on a map, and stand in one line of its legend."""

    label: str
    mark: Mark
    n_tracks: int


@dataclass(frozen=True)
class Colouring:
    """The groups, and which of them each track id belongs to."""

    groups: tuple[Group, ...] = ()
    group_of: Mapping[str, int] = field(default_factory=dict)


def colour_by(attribute: Attribute, tracks: Sequence[Track], clusters: Clusters) -> Colouring:
    """Group tracks by an attribute: the biggest categories, or ranges of a number.

    Parameters
    ----------
    attribute
        What they are grouped by.
    tracks
        All tracks that are on a map.
    clusters
        The cluster of each track id; looked at only if the attribute is one of clusters.
    """
    values = {track.track_id: attribute.value(track, clusters) for track in tracks}
    known = {track_id: value for track_id, value in values.items() if value is not None}
    if attribute.written is None:
        labelled = _categories(known)
    else:
        labelled = _ranges(known, attribute.written)
    unknown = (attribute.unknown, NONE)
    return _colouring({track_id: labelled.get(track_id, unknown) for track_id in values})


def _colouring(labelled: Mapping[str, tuple[str, Mark]]) -> Colouring:
    counts = Counter(labelled.values())
    order = {OTHERS: 1, NONE: 2}
    is_scale = any(mark.colour >= N_COLOURS for _, mark in counts)

    def place(item: tuple[tuple[str, Mark], int]) -> tuple[int, int, str]:
        (label, mark), count = item
        return order.get(mark, 0), mark.colour if is_scale else -count, label.casefold()

    ordered = sorted(counts.items(), key=place)
    number = {key: i for i, (key, _) in enumerate(ordered)}
    return Colouring(
        tuple(Group(label, mark, count) for (label, mark), count in ordered),
        {track_id: number[key] for track_id, key in labelled.items()},
    )


def _categories(known: Mapping[str, Value]) -> dict[str, tuple[str, Mark]]:
    names = {track_id: str(value) for track_id, value in known.items()}
    counts = Counter(names.values())
    ordered = sorted(counts, key=lambda name: (-counts[name], name.casefold()))
    look = {name: (name, category_mark(i)) for i, name in enumerate(ordered[:MAX_CATEGORIES])}
    others = (f"{len(ordered) - MAX_CATEGORIES:,} others", OTHERS)
    return {track_id: look.get(name, others) for track_id, name in names.items()}


def _ranges(
    known: Mapping[str, Value], written: Callable[[float], str]
) -> dict[str, tuple[str, Mark]]:
    """Return a range and its shade for each number; few different numbers are no ranges."""
    numbers = np.array([float(value) for value in known.values() if value is not None])
    if not len(numbers):
        return {}
    different = np.unique(numbers)
    if len(different) > N_SHADES:
        steps = np.linspace(numbers.min(), numbers.max(), N_SHADES + 1)[1:-1]
        places = np.searchsorted(steps, numbers, side="right")
    else:
        places = np.searchsorted(different, numbers)
    last = max(1, int(places.max()))
    look = {
        int(place): (_span(numbers[places == place], written), shade_mark(place / last))
        for place in np.unique(places)
    }
    return {track_id: look[int(place)] for track_id, place in zip(known, places, strict=True)}


def _span(numbers: NDArray[np.float64], written: Callable[[float], str]) -> str:
    least, most = written(float(numbers.min())), written(float(numbers.max()))
    return least if least == most else f"{least}–{most}"
