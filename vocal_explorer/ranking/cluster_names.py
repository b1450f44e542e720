"""What a cluster can be called: who sings most in it, how high, and how fast."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from vocal_explorer.base.names import label_key
from vocal_explorer.base.records.ranking import ClusterName
from vocal_explorer.base.records.tracks import Track

MOST_SINGERS = 3
LEAST_SHARE = 0.1  # of a cluster's tracks, for all but its most frequent singer
WIDEST_PITCH = 4.0  # semitones from the median, within which half of the tracks must lie
WIDEST_TEMPO = 12.0  # beats per minute, the same


def name_clusters(tracks: Iterable[Track], clusters: Mapping[str, int]) -> dict[int, ClusterName]:
    """Describe each cluster by its tracks, in the clusters' order.

    Parameters
    ----------
    tracks
        Of the library; those in no cluster do not count.
    clusters
        The cluster of each track id, as Session.clusters returns it.
    """
    members: dict[int, list[Track]] = {}
    for track in tracks:
        if track.track_id in clusters:
            members.setdefault(clusters[track.track_id], []).append(track)
    return {number: _name(members[number]) for number in sorted(members)}


def _name(tracks: Sequence[Track]) -> ClusterName:
    pitches = [track.pitch_range.median for track in tracks if track.pitch_range]
    tempos = [track.tempo for track in tracks if track.tempo is not None]
    return ClusterName(
        _most_frequent(tracks),
        _typical(pitches, WIDEST_PITCH),
        _typical(tempos, WIDEST_TEMPO),
        len(tracks),
    )


def _most_frequent(tracks: Sequence[Track]) -> tuple[str, ...]:
    """Return the singers of most tracks; of equally frequent ones, the alphabet's first."""
    counts: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for track in tracks:
        for singer in {*(track.singers or (track.singer,))} - {""}:
            counts[label_key(singer)] += 1
            spellings.setdefault(label_key(singer), Counter())[singer] += 1
    ordered = sorted(counts, key=lambda key: (-counts[key], key))[:MOST_SINGERS]
    chosen = ordered[:1] + [key for key in ordered[1:] if counts[key] >= LEAST_SHARE * len(tracks)]
    return tuple(
        min(spellings[key], key=lambda spelling: (-spellings[key][spelling], spelling))
        for key in chosen
    )


def _typical(values: Sequence[float], widest: float) -> float | None:
    """Return the median, unless fewer than half of the values lie near it."""
    if not values:
        return None
    median = float(np.median(values))
    is_near = np.abs(np.array(values) - median) <= widest
    return median if 2 * is_near.sum() >= len(values) else None
