"""Small synthetic sounds and files in any format, made with PyAV or soundfile."""

from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1"}
AMPLITUDE = 0.3


def tones(n_channels: int, sample_rate: int, seconds: float = 1.5) -> NDArray[np.float32]:
    """A sine in each channel: 200 Hz, 300 Hz, 400 Hz ..."""
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    hertz = 200 + 100 * np.arange(n_channels)[:, None]
    return (AMPLITUDE * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def encode(path: Path, codec: str, waveform: NDArray[np.float32], sample_rate: int) -> Path:
    layout = LAYOUTS[len(waveform)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=sample_rate, layout=layout)
        stream.bit_rate = 64_000 * len(waveform)
        stream.codec_context.open()
        resampler = av.AudioResampler(
            format=stream.codec_context.format.name,
            layout=layout,
            rate=sample_rate,
            frame_size=stream.codec_context.frame_size or 1024,
        )
        whole = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(waveform), format="fltp", layout=layout
        )
        whole.sample_rate, whole.pts = sample_rate, 0
        for frame in [*resampler.resample(whole), *resampler.resample(None)]:
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write(
    path: Path, waveform: NDArray[np.float32], sample_rate: int, subtype: str | None = None
) -> Path:
    soundfile.write(path, waveform.T, sample_rate, subtype=subtype)
    return path


def loudest_hertz(waveform: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """Frequency of the strongest partial in each channel, Hz."""
    spectrum = np.abs(np.fft.rfft(waveform, axis=1))
    peaks: NDArray[np.float64] = spectrum.argmax(axis=1) * sample_rate / waveform.shape[1]
    return peaks


def level(waveform: NDArray[np.float32]) -> NDArray[np.float64]:
    """Root mean square of the middle half of each channel."""
    n = waveform.shape[-1]
    middle = waveform[..., n // 4 : 3 * n // 4].astype(np.float64)
    root: NDArray[np.float64] = np.sqrt(np.mean(middle**2, axis=-1))
    return root
