"""What listeners would say of a synthetic voice: tags that follow from its parameters."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.synthesis.voice import SingerVoice, singer_voice

N_REFERENCE = 1000  # voices that say what is usual
REFERENCE_SEED = 987_654_321  # of a world that nobody evaluates on
LISTENERS = (-0.05, 0.0, 0.05)  # how far each one's boundaries are shifted


@dataclass(frozen=True)
class Trait:
    """A tag and the part of all voices that it is true of.

    Parameters
    ----------
    tag
        Its name in the K-pop Vocal Tag dataset.
    parameter
        A field of SingerVoice.
    above, below
        Shares of all voices, by this parameter, between which the tag holds.
    """

    tag: str
    parameter: str
    above: float = 0.0
    below: float = 1.0


TRAITS = (
    Trait("Low-Range", "centre_pitch", below=1 / 3),
    Trait("Mid-Range", "centre_pitch", 1 / 3, 2 / 3),
    Trait("High-Range", "centre_pitch", above=2 / 3),
    Trait("Husky/Throaty", "jitter", above=0.65),
    Trait("Warm", "tilt_frequency", below=0.5),
    Trait("Bright", "tilt_frequency", above=0.65),
    Trait("Clear", "diction", above=0.6),
    Trait("Dark", "tilt_frequency", below=0.25),
    Trait("Male", "tract_length", above=0.5),
    Trait("Female", "tract_length", below=0.5),
    Trait("Mild/Soft", "open_quotient", above=0.6),
    Trait("Whisper/Quiet", "breath", above=0.85),
    Trait("Sharp", "ring", above=0.65),
    Trait("Pure", "jitter", below=0.35),
    Trait("Rounded", "ring", below=0.35),
    Trait("Embellishing", "glide", above=0.6),
    Trait("Stable", "drift", below=0.5),
    Trait("Young", "tract_length", below=0.2),
    Trait("Vibrato", "vibrato_depth", above=0.45),
    Trait("Breathy", "breath", above=0.5),
    Trait("Compressed", "open_quotient", below=0.35),
)
"""In the order of the dataset's vocabulary; the other 21 tags follow from no parameter."""


def rate(voices: Sequence[SingerVoice]) -> NDArray[np.int_]:
    """Return how many of three listeners find each of TRAITS true, (n_voices, n_traits).

    As in the K-pop Vocal Tag dataset, 0 to 3: the listeners agree but for voices near a
    boundary.
    """
    usual = [singer_voice(number, REFERENCE_SEED) for number in range(N_REFERENCE)]
    return np.stack([_votes(voices, usual, trait).sum(axis=0) for trait in TRAITS], axis=1)


def _votes(
    voices: Sequence[SingerVoice], usual: Sequence[SingerVoice], trait: Trait
) -> NDArray[np.bool_]:
    """Return who finds a trait in whom, (n_listeners, n_voices)."""
    own, others = (
        np.array([getattr(voice, trait.parameter) for voice in group]) for group in (voices, usual)
    )
    place = np.searchsorted(np.sort(others), own) / len(others)
    shift = np.array(LISTENERS)[:, None]
    above = trait.above + shift if trait.above > 0 else -np.inf
    below = trait.below + shift if trait.below < 1 else np.inf
    return np.asarray((place >= above) & (place < below))
