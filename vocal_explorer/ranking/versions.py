"""Which tracks are one recording, and which are versions of one song.

Recordings are told by their sound (ranking.same_recording). Versions (live, acoustic, remix,
remaster) are told by their tags: one singer and one title, apart from what says which version
it is; where the whole titles differ, the embeddings must be somewhat alike too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.names import label_key
from vocal_explorer.base.records.signals import Embedding
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


def first_of_each(groups: Groups, order: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return `order` without the tracks whose group has been in it before."""
    _, first = np.unique(groups[order], return_index=True)
    return order[np.sort(first)]


def title_links(
    group: list[int], titles: Sequence[str], vocals: Embedding, mix: Embedding
) -> list[Link]:
    """Return which of the rows with one base title by one singer are versions of one song.

    Parameters
    ----------
    group, titles
        The rows, and their whole titles.
    vocals, mix
        Unit vectors of all rows, (n, d).
    """
    if len(group) > MOST_VERSIONS:
        return []
    alike = np.maximum(_cosines(vocals[group]), _cosines(mix[group])) >= SOMEWHAT_ALIKE
    return [
        (group[a], group[b])
        for a, b in combinations(range(len(group)), 2)
        if titles[a] == titles[b] or alike[a, b]
    ]


def _cosines(vectors: Embedding) -> Similarities:
    return np.asarray(vectors @ vectors.T, dtype=np.float32)
