"""What a separator would leave of a voice in music, made up in mel power (n_frames, n_mels).

A real separator is heard too, in what the voice bank prepares; this costs nothing, so that
every segment of every voice is isolated from other music, each time with other mistakes.
"""

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.training.sampling.mel_effects import Power

SMALLEST = 1e-10
MISTAKES = (0.3, 2.0)  # deviation of the mask's logit
BIAS = (-1.0, 0.7)  # of the logit: voices that lose, and masks that leak
SHARPNESS = (0.7, 1.6)  # 1 is the ideal ratio mask of magnitudes
GRID = (10, 14)  # corners of the mistakes' pattern along time and frequency


def imperfectly_isolated(voice: Power, music: Power, rng: np.random.Generator) -> Power:
    """Return the power that a flawed mask leaves of the sum of `voice` and `music`.

    The mask of magnitudes is the logistic function of SHARPNESS times the log ratio of the
    magnitudes (at 1 the ideal ratio mask), plus a bias and smooth random mistakes.
    """
    ratio = 0.5 * np.log((voice + SMALLEST) / (music + SMALLEST))
    deviation = rng.uniform(*MISTAKES)
    logit = ratio * rng.uniform(*SHARPNESS) + rng.uniform(*BIAS)
    logit += deviation * _smooth(voice.shape, rng)
    mask = 1 / (1 + np.exp(-logit))
    return np.asarray(mask**2 * (voice + music), dtype=np.float32)


def _smooth(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a pattern (n_frames, n_mels) of unit deviation at its corners, linear between."""
    corners = rng.normal(size=GRID)
    rows = np.linspace(0, GRID[0] - 1, shape[0])
    columns = np.linspace(0, GRID[1] - 1, shape[1])
    along = np.stack([np.interp(rows, np.arange(GRID[0]), line) for line in corners.T], axis=1)
    return np.stack([np.interp(columns, np.arange(GRID[1]), line) for line in along])
