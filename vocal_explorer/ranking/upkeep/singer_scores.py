"""Singer models of a whole library, compared with a query.

A singer model is the mean of the singer's tracks (ranking.singers). Its cosine with a query is
the sum of the tracks' cosines, divided by the length of the sum of their vectors: so a query
compares the tracks, which it does anyway, and no model has to be kept. The lengths are kept, and
only those of singers whose tracks changed are computed again.
"""

from dataclasses import dataclass

import numpy as np

from vocal_explorer.base.records.ranking import Comparison
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.ranking.hubness import nearest_mean
from vocal_explorer.ranking.similarity import Similarities
from vocal_explorer.ranking.spaces import Rows, SpaceRows, by_vocals, weights
from vocal_explorer.ranking.upkeep.singer_index import Lengths, Sung, blocks, squared_lengths, sums
from vocal_explorer.ranking.upkeep.track_columns import Flags

NOTHING = 1e-6  # mean length of a track in a sum that is as good as zero


@dataclass(frozen=True, eq=False)
class SumLengths:
    """Squared lengths of the sums of singers' tracks, each (n_singers,).

    `mix` is of all tracks that count, `voiced_mix` and `vocals` of those with a voice.
    """

    mix: Lengths
    voiced_mix: Lengths
    vocals: Lengths

    @classmethod
    def of(cls, vocals: Embedding, mix: Embedding, all_: Sung, voiced: Sung) -> "SumLengths":
        """Compute the lengths of all singers."""
        return cls(
            squared_lengths(mix, all_),
            squared_lengths(mix, voiced),
            squared_lengths(vocals, voiced),
        )

    def updated(self, new: "SumLengths", singers: Rows) -> "SumLengths":
        """Return the lengths with the new ones of some singers."""
        return SumLengths(
            _set(self.mix, new.mix, singers),
            _set(self.voiced_mix, new.voiced_mix, singers),
            _set(self.vocals, new.vocals, singers),
        )

    def squared(self, by: Comparison) -> Lengths | None:
        """Return the squared lengths in a space, None if they are not kept for it."""
        shares = weights(by)
        if shares is None:
            return None
        return shares[0] * (self.voiced_mix if by_vocals(by) else self.mix) + (
            shares[1] * self.vocals
        )


@dataclass(frozen=True, eq=False)
class SingerMeans:
    """The mean similarity of each singer model to its nearest `references`, (n_singers,)."""

    references: Rows
    means: Lengths

    @classmethod
    def of(cls, space: SpaceRows, sung: Sung, references: Rows) -> "SingerMeans":
        """Compare the models of all singers in the pairs with references."""
        means, sought = np.zeros(sung.n_singers), space.vectors(references)
        for some in blocks(sung):
            rows, places = np.unique(sung.by(some).rows, return_inverse=True)
            models = unit_rows(sums(space.vectors(rows), sung.by(some).at(places), some))
            means[some] = nearest_mean(models @ sought.T)
        return cls(references, means)

    def updated(self, new: "SingerMeans", singers: Rows) -> "SingerMeans":
        """Return the means with the new ones of some singers."""
        return SingerMeans(self.references, _set(self.means, new.means, singers))


def _set(old: Lengths, new: Lengths, singers: Rows) -> Lengths:
    whole = np.zeros(len(new))
    whole[: len(old)] = old
    whole[singers] = new[singers]
    return whole


def model_similarities(
    similarities: Similarities, space: SpaceRows, kept: Lengths | None, sung: Sung, again: Flags
) -> Similarities:
    """Return the cosine of each singer's model with a query, (n_singers,).

    Parameters
    ----------
    similarities
        Of the query to each track, (n,).
    space
        Where they were computed.
    kept
        Squared lengths of the sums of all singers, (n_singers,), if they are known.
    sung
        The tracks that count.
    again
        For which singers they changed, (n_singers,).

    Returns
    -------
    -inf where no track counts.
    """
    n = sung.n_singers
    totals = np.bincount(sung.singers, similarities[sung.rows].astype(np.float64), n)
    counts = np.bincount(sung.singers, minlength=n)
    squared, again = (np.zeros(n), np.ones(n, np.bool_)) if kept is None else (kept.copy(), again)
    some = sung.only(again[sung.singers])
    rows, places = np.unique(some.rows, return_inverse=True)
    squared[again] = squared_lengths(space.vectors(rows), some.at(places))[again]
    lengths = np.sqrt(np.maximum(squared, 0))
    there = lengths > NOTHING * np.maximum(counts, 1)
    found = np.divide(totals, lengths, out=np.zeros(n), where=there)
    return np.where(counts > 0, found, -np.inf).astype(np.float32)
