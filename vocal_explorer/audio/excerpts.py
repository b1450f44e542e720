"""Short pieces of recordings, made to be heard one after the other."""

from collections.abc import Sequence

import numpy as np

from vocal_explorer.base.records.signals import Waveform

FADE_SECONDS = 0.03


def excerpt(waveform: Waveform, sample_rate: int, start: float, seconds: float) -> Waveform:
    """Return a piece of (n_channels, n_samples) that fades in and out.

    Parameters
    ----------
    waveform
        The recording.
    sample_rate
        Hz.
    start, seconds
        Which piece, in s; what lies beyond the end is left out.
    """
    first = round(start * sample_rate)
    piece = waveform[:, first : first + round(seconds * sample_rate)].astype(np.float32)
    n_fade = min(round(FADE_SECONDS * sample_rate), piece.shape[1] // 2)
    ramp = np.linspace(0, 1, n_fade, dtype=np.float32)
    piece[:, :n_fade] *= ramp
    piece[:, piece.shape[1] - n_fade :] *= ramp[::-1]
    return piece


def in_turn(pieces: Sequence[Waveform], sample_rate: int, pause: float) -> Waveform:
    """Return pieces, each (n_channels, any length), with `pause` s of silence between them."""
    silence = np.zeros((len(pieces[0]), round(pause * sample_rate)), np.float32)
    joined = [pieces[0]]
    for piece in pieces[1:]:
        joined += [silence, piece]
    return np.concatenate(joined, axis=1)
