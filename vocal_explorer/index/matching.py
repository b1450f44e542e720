"""A match: one track's vocals over another track's accompaniment."""

from collections.abc import Callable

import numpy as np

from vocal_explorer.progress import Progress
from vocal_explorer.records import Mashup, Part, Track, Waveform

LOUDEST_PEAK = 0.98  # of full scale
SHORTEST_MEASURED = 0.4  # s; loudness is not defined for less

LoadPart = Callable[[str, Part, Progress], tuple[Waveform, int]]
"""Returns a part of a track, (n_channels, n_samples), and its rate: session.Session.part."""


def loudness(waveform: Waveform, sample_rate: int) -> float:
    """Return the integrated loudness (LUFS, ITU-R BS.1770) of (n_channels, n_samples).

    Silence and sound shorter than 0.4 s give -inf.
    """
    from pyloudnorm import Meter

    if waveform.shape[1] <= SHORTEST_MEASURED * sample_rate:
        return float("-inf")
    measured = float(Meter(sample_rate).integrated_loudness(waveform.T))
    return measured if np.isfinite(measured) else float("-inf")


def mix_match(
    vocals: Waveform, accompaniment: Waveform, sample_rate: int
) -> tuple[Waveform, dict[str, float]]:
    """Lay vocals over an accompaniment that is made as loud as they are.

    Parameters
    ----------
    vocals, accompaniment
        Shape (n_channels, n_samples), each with its own length.
    sample_rate
        Of both, in Hz.

    Returns
    -------
    The mashup, as long as the vocals and without clipping, and the gains in dB that
    made it. A shorter accompaniment ends early.
    """
    gain = loudness(vocals, sample_rate) - loudness(accompaniment, sample_rate)
    gain = gain if np.isfinite(gain) else 0.0
    n_samples = min(vocals.shape[1], accompaniment.shape[1])
    mashup = vocals.astype(np.float32)
    mashup[:, :n_samples] += np.float32(10 ** (gain / 20)) * accompaniment[:, :n_samples]
    peak = float(np.abs(mashup).max(initial=0.0))
    lowered = min(1.0, LOUDEST_PEAK / peak) if peak else 1.0
    gains = {"accompaniment_gain_db": gain, "mashup_gain_db": 20 * float(np.log10(lowered))}
    return mashup * np.float32(lowered), gains


def render_mashup(
    vocals: Track, accompaniment: Track, separator: str, load: LoadPart, progress: Progress
) -> Mashup:
    """Lay the vocals of one track over the accompaniment of another.

    Parameters
    ----------
    vocals, accompaniment
        The tracks.
    separator
        What makes their stems, for the settings.
    load
        Gives the stems; what it raises is not caught.
    progress
        Reported while stems are loaded and mixed.
    """
    sung, rate = load(vocals.track_id, Part.VOCALS, progress.part(0.0, 0.4))
    played, _ = load(accompaniment.track_id, Part.ACCOMPANIMENT, progress.part(0.4, 0.8))
    progress.report(0.8, "mixing")
    waveform, gains = mix_match(sung, played, rate)
    settings: dict[str, str | float] = {
        "separator": separator,
        "seconds": waveform.shape[1] / rate,
        **gains,
    }
    for role, track in (("vocals", vocals), ("accompaniment", accompaniment)):
        settings |= {
            f"{role}_track_id": track.track_id,
            f"{role}_path": str(track.path),
            f"{role}_title": track.title,
            f"{role}_singer": track.singer,
        }
    progress.report(1.0, "done")
    return Mashup(waveform, rate, settings)
