"""The space in which teachers' embeddings tell voices apart best: where targets are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.base.vectors import unit_rows

STEADINESS = 1.0  # share of the mean variance that is added to that of every direction
SMALLEST = 1e-8  # variance
N_DIMENSIONS = 256  # of targets


@dataclass(frozen=True)
class LinearSpace:
    """A centre (d,) and a linear map (d, n) of unit-length embeddings."""

    centre: NDArray[np.float32]
    projection: NDArray[np.float32]

    def __call__(self, rows: Embedding) -> Embedding:
        """Return unit-length rows (n_rows, n), or (n,), for rows of any length."""
        placed = (unit_rows(rows) - self.centre) @ self.projection
        return unit_rows(np.asarray(placed, dtype=np.float32))


@dataclass(frozen=True)
class VoiceSpace:
    """Joins what several teachers hear, each in its own space and with its share."""

    spaces: tuple[LinearSpace | None, ...]
    shares: tuple[float, ...]
    joint: LinearSpace

    def __call__(self, heard: Sequence[Embedding]) -> Embedding:
        """Return unit-length targets (n_rows, n) for each teacher's rows (n_rows, d)."""
        return self.joint(_side_by_side(self.spaces, self.shares, heard))


def fit_voice_space(
    heard: Sequence[Embedding],
    voices: Sequence[object],
    shares: Sequence[float],
    discriminant: Sequence[bool],
) -> VoiceSpace:
    """Return the joint space of several teachers, in its N_DIMENSIONS largest directions.

    Parameters
    ----------
    heard
        Each teacher's embeddings of the same recordings, (n, d).
    voices
        Whose each recording is, (n,). Some need more than one.
    shares
        Of each teacher in the similarity of two voices; they sum to 1.
    discriminant
        Whether a teacher's embeddings are first placed by `fit_discriminant`.
    """
    spaces = tuple(
        fit_discriminant(rows, voices) if wanted else None
        for rows, wanted in zip(heard, discriminant, strict=True)
    )
    joined = unit_rows(_side_by_side(spaces, shares, heard))
    centre = joined.mean(axis=0)
    _, directions = scipy.linalg.eigh((joined - centre).T @ (joined - centre))
    largest = np.asarray(directions[:, ::-1][:, :N_DIMENSIONS], dtype=np.float32)
    return VoiceSpace(spaces, tuple(shares), LinearSpace(centre, largest))


def fit_discriminant(rows: Embedding, voices: Sequence[object]) -> LinearSpace:
    """Return the space of a linear discriminant analysis, its directions by what they tell.

    In it the variation within voices is the same in all directions, and each direction is
    weighted by the root of b / (b + 1), where b is the variance between voices: directions
    that only vary within them count for nothing.

    Parameters
    ----------
    rows
        Embeddings of recordings, (n, d).
    voices
        Whose each is, (n,). Some need more than one.
    """
    unit = unit_rows(rows).astype(np.float64)
    centre = unit.mean(axis=0)
    names = np.array([str(voice) for voice in voices])
    _, places, counts = np.unique(names, return_inverse=True, return_counts=True)
    means = np.zeros((len(counts), unit.shape[1]))
    np.add.at(means, places, unit)
    means /= counts[:, None]
    residual = unit - means[places]
    within = residual.T @ residual / max(len(unit) - len(counts), 1)
    steady = STEADINESS * np.trace(within) / len(within) + SMALLEST
    within += steady * np.eye(len(within))
    apart = means - centre
    between = apart.T @ apart / len(counts) - within * float(np.mean(1 / counts))
    variances, directions = scipy.linalg.eigh(between, within)
    told = np.maximum(variances, 0.0)
    projection = directions * np.sqrt(told / (told + 1))
    return LinearSpace(centre.astype(np.float32), projection.astype(np.float32))


def _side_by_side(
    spaces: Sequence[LinearSpace | None], shares: Sequence[float], heard: Sequence[Embedding]
) -> Embedding:
    parts = [
        np.sqrt(share) * (unit_rows(rows) if space is None else space(rows))
        for space, share, rows in zip(spaces, shares, heard, strict=True)
    ]
    return np.asarray(np.concatenate(parts, axis=-1), dtype=np.float32)
