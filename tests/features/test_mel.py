"""The front end against librosa."""

import librosa
import numpy as np
import pytest
import torch

from vocal_explorer.base.config import MelConfig
from vocal_explorer.features.mel import COMPRESSION, LogMel


@pytest.mark.parametrize(("n_fft", "hop_length", "n_mels"), [(1024, 512, 128), (2048, 256, 40)])
def test_log_mel_equals_librosa(
    rng: np.random.Generator, n_fft: int, hop_length: int, n_mels: int
) -> None:
    waveform = rng.uniform(-1, 1, 22_050).astype(np.float32)
    config = MelConfig(n_fft=n_fft, hop_length=hop_length, n_mels=n_mels)
    mel = LogMel(config)(torch.from_numpy(waveform)[None])[0].numpy()
    power = librosa.feature.melspectrogram(
        y=waveform, sr=22_050, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels
    )
    np.testing.assert_allclose(mel, np.log10(1 + COMPRESSION * power), atol=1e-4)


def test_a_segment_has_the_papers_129_frames() -> None:
    config = MelConfig()
    mel = LogMel(config)(torch.zeros(1, config.segment_samples))
    assert mel.shape == (1, 128, 129)
    assert config.segment_samples / config.sample_rate == pytest.approx(3, abs=0.05)


def test_fit_normalises_what_it_saw(rng: np.random.Generator) -> None:
    waveform = torch.from_numpy(rng.normal(0, 0.1, (4, 22_050)).astype(np.float32))
    front_end = LogMel(MelConfig())
    front_end.fit(front_end.unnormalised(waveform))
    mel = front_end(waveform)
    assert mel.mean().item() == pytest.approx(0, abs=1e-4)
    assert mel.std().item() == pytest.approx(1, abs=1e-4)
    assert {"mean", "std"} == set(front_end.state_dict())


def test_bf16_autocast_does_not_touch_the_front_end(rng: np.random.Generator) -> None:
    waveform = torch.from_numpy(rng.uniform(-1, 1, (1, 22_050)).astype(np.float32))
    front_end = LogMel(MelConfig())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = front_end(waveform)
    assert torch.equal(mixed, front_end(waveform))
