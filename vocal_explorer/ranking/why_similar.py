"""Which segments of two voices are most alike, and how much of their pitch ranges they share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.records.ranking import SegmentPair
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.records.tracks import PitchRange

N_PAIRS = 5
SEGMENT_SECONDS = 3.0  # about; paper, section 3.1


@dataclass(frozen=True)
class Voice:
    """What is heard of a track's vocals.

    `segments` (n, d) are unit-length embeddings by f_v of the chosen segments, which begin
    at `starts` (n,) in s.
    """

    starts: NDArray[np.float64]
    segments: Embedding
    pitch_range: PitchRange | None


def best_pairs(first: Voice, second: Voice, top_n: int = N_PAIRS) -> tuple[SegmentPair, ...]:
    """Return the pairs of segments that are most alike, the best first.

    No part of either track is in two pairs: of pairs that overlap in time, in the first
    track or in the second, only the best is left.

    Parameters
    ----------
    first, second
        The two voices, heard by one encoder.
    top_n
        How many pairs there are at most.
    """
    similarities = first.segments @ second.segments.T
    pairs: list[SegmentPair] = []
    for index in np.argsort(-similarities, axis=None, kind="stable").tolist():
        if len(pairs) == top_n:
            break
        row, column = divmod(index, len(second.starts))
        pair = SegmentPair(
            float(first.starts[row]), float(second.starts[column]), float(similarities[row, column])
        )
        if not any(_overlap(pair, other) for other in pairs):
            pairs.append(pair)
    return tuple(pairs)


def pitch_overlap(first: PitchRange | None, second: PitchRange | None) -> float | None:
    """Return how much of all that two voices reach both reach, 0 to 1, None if one is unknown.

    A range is at least a semitone wide, so that two voices on one note overlap.
    """
    if first is None or second is None:
        return None
    shared = min(first.high, second.high) - max(first.low, second.low) + 1
    whole = max(first.high, second.high) - min(first.low, second.low) + 1
    return max(0.0, shared / whole)


def _overlap(pair: SegmentPair, other: SegmentPair) -> bool:
    apart = min(
        abs(pair.first_start - other.first_start), abs(pair.second_start - other.second_start)
    )
    return apart < SEGMENT_SECONDS * 0.99  # a segment is a little shorter
