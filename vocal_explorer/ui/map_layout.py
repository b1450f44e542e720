"""What a map shows, worked out away from the window's thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.records import Domain, MapPoint, Track
from vocal_explorer.ui.colours import Mark, singer_marks
from vocal_explorer.ui.map_labels import Points, middle_points


@dataclass(frozen=True)
class MapLayout:
    """Points with their tracks, and how each singer looks.

    `points` has the shape (n_points, 2). `anchors` is the point at which each singer's
    name stands, and `layers` are the points of each mark.
    """

    tracks: tuple[Track, ...] = ()
    points: Points = field(default_factory=lambda: np.empty((0, 2)))
    index: Mapping[str, int] = field(default_factory=dict)
    singers: tuple[str, ...] = ()
    anchors: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    marks: Mapping[str, Mark] = field(default_factory=dict)
    layers: Mapping[Mark, Points] = field(default_factory=dict)


def lay_out_maps(
    maps: Mapping[Domain, Sequence[MapPoint]], tracks: Sequence[Track]
) -> dict[Domain, MapLayout]:
    """Return what both maps show; a singer looks the same in both.

    Parameters
    ----------
    maps
        Where the tracks lie in each map; points of unknown tracks are left out.
    tracks
        All tracks of the library.
    """
    by_id = {track.track_id: track for track in tracks}
    on_map = {point.track_id for points in maps.values() for point in points}
    marks = singer_marks(by_id[track_id].singer for track_id in on_map & by_id.keys())
    return {domain: _lay_out(points, by_id, marks) for domain, points in maps.items()}


def _lay_out(
    map_points: Sequence[MapPoint], by_id: Mapping[str, Track], marks: Mapping[str, Mark]
) -> MapLayout:
    known = [point for point in map_points if point.track_id in by_id]
    points = np.array([(p.x, p.y) for p in known], float).reshape(-1, 2)
    tracks = tuple(by_id[point.track_id] for point in known)
    present = {track.singer for track in tracks}
    singers = tuple(singer for singer in marks if singer in present)
    number = {singer: i for i, singer in enumerate(singers)}
    groups = np.array([number[track.singer] for track in tracks], np.int64)
    rows: dict[Mark, list[int]] = {}
    for i, track in enumerate(tracks):
        rows.setdefault(marks[track.singer], []).append(i)
    return MapLayout(
        tracks=tracks,
        points=points,
        index={track.track_id: i for i, track in enumerate(tracks)},
        singers=singers,
        anchors=middle_points(points, groups, len(singers)),
        marks=marks,
        layers={mark: points[chosen] for mark, chosen in rows.items()},
    )
