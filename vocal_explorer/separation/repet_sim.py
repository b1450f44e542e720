"""REPET-SIM (Rafii and Pardo, ISMIR 2012): a separator without training, to compare with.

The recipe is librosa's: what a frame has in common with the frames most like it, the
median over them, is accompaniment; the rest is vocals.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stems, Waveform

N_FFT = 4096  # samples: at 44.1 kHz as long as the recipe's 2048 at 22.05 kHz
HOP = 1024  # samples
APART = 2.0  # seconds at least between a frame and those it is compared with
MUSIC_MARGIN = 2.0
VOCALS_MARGIN = 10.0
POWER = 2.0
FEWEST_FRAMES = 5  # that librosa can compare


class RepetSim:
    """Compares the frames of both channels together; needs the whole mix at once."""

    name = "repet-sim"
    version = "1"

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        """See Separator.stream; the stems come in one piece, and need not sum to the mix."""
        waveform = np.concatenate([np.zeros((2, 0), np.float32), *mix], axis=1)
        progress.report(0.0, "isolating the vocals")
        if waveform.size:
            yield _separate(waveform)
        progress.report(1.0, "isolating the vocals")


def _separate(mix: Waveform) -> Stems:
    import librosa

    n_samples = mix.shape[1]
    padded = np.pad(mix, ((0, 0), (0, max(0, FEWEST_FRAMES * HOP - n_samples))))
    spectrum = librosa.stft(padded, n_fft=N_FFT, hop_length=HOP)
    magnitude = np.abs(spectrum)
    width = min(int(APART * STEM_SAMPLE_RATE / HOP), (magnitude.shape[-1] - 1) // 2 - 1)
    similar = librosa.decompose.nn_filter(
        magnitude, aggregate=np.median, metric="cosine", width=max(1, width)
    )
    repeating = np.minimum(magnitude, similar)
    rest = magnitude - repeating
    vocals, music = (
        librosa.istft(mask * spectrum, n_fft=N_FFT, hop_length=HOP, length=n_samples)
        for mask in (
            librosa.util.softmask(rest, VOCALS_MARGIN * repeating, power=POWER),
            librosa.util.softmask(repeating, MUSIC_MARGIN * rest, power=POWER),
        )
    )
    return Stems(vocals, music, STEM_SAMPLE_RATE)
