"""Which tracks are one recording, and which are versions of one song.

Recordings are told by their sound (index.same_recording). Versions (live, acoustic, remix,
remaster) are told by their tags: one singer and one title, apart from what says which version
it is; where the whole titles differ, the embeddings must be somewhat alike too.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from vocal_explorer.base.names import label_key
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ranking.similarity import Similarities

SOMEWHAT_ALIKE = 0.5  # cosine of the mixes or of the vocals
MOST_VERSIONS = 60  # of one title by one singer; more of them are no title ("Untitled")

_WORDS = (
    r"live|acoustic|unplugged|remix(?:ed)?|re-?master(?:ed)?|remake|re-?recorded|version|edit|mix"
    r"|demo|instrumental|karaoke|mono|stereo|session|extended|bonus|single|radio|a ?cappella"
)
_GUEST = r"(?:feat\.?|ft\.?|featuring)"
_PARTS = re.compile(
    rf"\s*[(\[][^()\[\]]*\b(?:{_WORDS})\b[^()\[\]]*[)\]]"  # "(Live at Leeds)", "[2011 Remaster]"
    rf"|\s*[(\[]\s*{_GUEST}\s[^()\[\]]*[)\]]"  # "(feat. Bea)"
    rf"|\s+{_GUEST}\s.*$"  # "feat. Bea"
    rf"|\s+[-–—]\s+(?:[^-–—]*\s)?(?:{_WORDS})\b[^-–—]*$"  # " - Live", " - 2011 Remaster"
)

Groups = NDArray[np.int64]
Link = tuple[int, int]


def base_title(title: str) -> str:
    """Return a title without what says which version it is, for comparing."""
    before, base = "", label_key(title)
    while before != base:
        before, base = base, _PARTS.sub("", base).strip()
    return base or label_key(title)


@dataclass(frozen=True)
class Versions:
    """Two groupings of n tracks, each (n,): tracks with one number belong together.

    Every group of `recordings` lies in one group of `songs`.
    """

    recordings: Groups
    songs: Groups


def group_versions(
    tracks: Sequence[Track],
    recordings: Iterable[tuple[str, str]],
    vocals: Embedding,
    mix: Embedding,
) -> Versions:
    """Group tracks.

    Parameters
    ----------
    tracks
        n of them.
    recordings
        Pairs of track ids that are one recording; unknown ids are left out.
    vocals, mix
        Unit rows, (n, d).
    """
    rows = {track.track_id: row for row, track in enumerate(tracks)}
    same = [(rows[a], rows[b]) for a, b in recordings if a in rows and b in rows]
    titled: list[Link] = []
    for group in _same_titles(tracks):
        titled += _versions_among(group, tracks, vocals, mix)
    return Versions(_grouped(len(tracks), same), _grouped(len(tracks), [*same, *titled]))


def first_of_each(groups: Groups, order: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return `order` without the tracks whose group has been in it before."""
    _, first = np.unique(groups[order], return_index=True)
    return order[np.sort(first)]


def _same_titles(tracks: Sequence[Track]) -> list[list[int]]:
    groups: dict[tuple[str, str], list[int]] = {}
    for row, track in enumerate(tracks):
        groups.setdefault((label_key(track.singer), base_title(track.title)), []).append(row)
    return [group for group in groups.values() if 1 < len(group) <= MOST_VERSIONS]


def _versions_among(
    group: list[int], tracks: Sequence[Track], vocals: Embedding, mix: Embedding
) -> list[Link]:
    alike = np.maximum(_cosines(vocals[group]), _cosines(mix[group])) >= SOMEWHAT_ALIKE
    titles = [label_key(tracks[row].title) for row in group]
    return [
        (group[a], group[b])
        for a, b in combinations(range(len(group)), 2)
        if titles[a] == titles[b] or alike[a, b]
    ]


def _cosines(vectors: Embedding) -> Similarities:
    return np.asarray(vectors @ vectors.T, dtype=np.float32)


def _grouped(n_tracks: int, links: Sequence[Link]) -> Groups:
    if not links:
        return np.arange(n_tracks)
    first, second = np.array(links).T
    graph = coo_array((np.ones(len(links)), (first, second)), shape=(n_tracks, n_tracks))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
