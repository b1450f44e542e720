"""What a map shows, worked out away from the window's thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.ranking import MapPoint
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.maps.label_placement import middle_points
from vocal_explorer.ui.maps.attributes import ATTRIBUTES, Attribute, Clusters, Colouring, colour_by
from vocal_explorer.ui.maps.map_frame import Points


@dataclass(frozen=True)
class MapLayout:
    """Points with their tracks and groups.

    `points` has the shape (n_points, 2), `groups` is the group of each in `colouring`.
    `singers` are those with most tracks first, and `anchors` the points at which their
    names stand.
    """

    tracks: tuple[Track, ...] = ()
    points: Points = field(default_factory=lambda: np.empty((0, 2)))
    index: Mapping[str, int] = field(default_factory=dict)
    colouring: Colouring = field(default_factory=Colouring)
    groups: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    singers: tuple[str, ...] = ()
    anchors: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))


def lay_out_maps(
    maps: Mapping[Domain, Sequence[MapPoint]],
    tracks: Sequence[Track],
    attribute: Attribute = ATTRIBUTES[0],
    clusters: Clusters | None = None,
) -> dict[Domain, MapLayout]:
    """Return what both maps show; a group looks the same in both.

    Parameters
    ----------
    maps
        Where the tracks lie in each map; points of unknown tracks are left out.
    tracks
        All tracks of the library.
    attribute
        What the points are coloured by.
    clusters
        The cluster of each track id, for an attribute that needs it.
    """
    on_map = {point.track_id for points in maps.values() for point in points}
    by_id = {track.track_id: track for track in tracks if track.track_id in on_map}
    colouring = colour_by(attribute, list(by_id.values()), clusters or {})
    return {domain: _lay_out(points, by_id, colouring) for domain, points in maps.items()}


def _lay_out(
    map_points: Sequence[MapPoint], by_id: Mapping[str, Track], colouring: Colouring
) -> MapLayout:
    known = [point for point in map_points if point.track_id in by_id]
    points = np.array([(p.x, p.y) for p in known], float).reshape(-1, 2)
    tracks = tuple(by_id[point.track_id] for point in known)
    singers, anchors = _singers(tracks, points)
    return MapLayout(
        tracks=tracks,
        points=points,
        index={track.track_id: i for i, track in enumerate(tracks)},
        colouring=colouring,
        groups=np.array([colouring.group_of[t.track_id] for t in tracks], np.int64),
        singers=singers,
        anchors=anchors,
    )


def _singers(tracks: Sequence[Track], points: Points) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the singers, those with most tracks first, and the middle point of each."""
    rows: dict[str, list[int]] = {}
    for row, track in enumerate(tracks):
        rows.setdefault(track.singer, []).append(row)
    singers = tuple(sorted(rows, key=lambda singer: (-len(rows[singer]), singer.casefold())))
    groups = np.empty(len(tracks), np.int64)
    for number, singer in enumerate(singers):
        groups[rows[singer]] = number
    return singers, middle_points(points, groups, len(singers))
