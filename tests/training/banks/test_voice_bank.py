"""What is prepared of recordings: separated once, taught at every ratio, and kept."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from voices import recording

from vocal_explorer.audio.files import write_audio
from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.datasets.manifest import Recording
from vocal_explorer.training.banks import voice_bank
from vocal_explorer.training.banks.byte_mels import to_power
from vocal_explorer.training.banks.voice_bank import RATIOS, VoiceBank

RATE = 22_050


class HalfSeparator:
    """Takes half of the mix for the vocals, and counts its calls."""

    name = "half"
    version = "1"

    def __init__(self) -> None:
        self.calls = 0

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        self.calls += 1
        for piece in mix:
            yield Stems(piece / 2, piece / 2, 44_100)


class LoudestBand:
    """In the teacher's place: says which frequency is loudest, in hertz."""

    version = "loudest"
    sample_rate = 16_000

    def __init__(self) -> None:
        self.calls = 0

    def listen(self, waveform: Waveform, seconds: float) -> np.ndarray:
        self.calls += 1
        spectrum = np.abs(np.fft.rfft(waveform))
        hertz = spectrum.argmax() * 16_000 / len(waveform)
        n_rows = int(len(waveform) / 16_000 / seconds)
        return np.full((n_rows, 1), hertz, np.float32)


def tone(path: Path, hertz: float, domain: str, seconds: int = 6) -> Recording:
    path.parent.mkdir(parents=True, exist_ok=True)
    wave = 0.3 * np.sin(2 * np.pi * hertz * np.arange(seconds * RATE) / RATE)
    write_audio(path, wave.astype(np.float32)[None], RATE)
    return replace(recording(str(path), path.parent.name, domain), seconds=float(seconds))


def test_voices_are_prepared_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_bank, "OWN_ACCOMPANIMENT", 1.0)
    voices = [
        tone(tmp_path / name / "vocals.wav", frequency, "vocals")
        for name, frequency in (("a", 400), ("b", 403))
    ]
    music = [
        tone(tmp_path / "a" / "accompaniment.wav", 2000, "accompaniment"),
        tone(tmp_path / "c" / "accompaniment.wav", 5000, "accompaniment"),
    ]
    separator, teacher = HalfSeparator(), LoudestBand()
    first, again = (
        VoiceBank(tmp_path / "bank", MelConfig(), separator, [teacher], seed=0).voices(
            voices, music, Progress()
        )
        for _ in range(2)
    )
    assert separator.calls == 2
    assert teacher.calls == 2 * len(RATIOS)
    pairs = [
        (ratio, voice.versions[ratio], same.versions[ratio])
        for voice, same in zip(first, again, strict=True)
        for ratio in RATIOS
    ]
    for ratio, one, same in pairs:
        assert one.separated is not None
        assert same.separated is not None
        np.testing.assert_array_equal(one.clean, same.clean)
        np.testing.assert_array_equal(one.separated, same.separated)
        assert len(one.clean) == len(one.separated)
        assert len(one.clean) == pytest.approx(6 / ratio * RATE / 512, abs=2)
        (taught,) = one.taught
        assert taught[0] == pytest.approx(400 * ratio, rel=0.02)
    own = first[0].versions[1.0]
    assert own.separated is not None
    heard = to_power(own.separated).mean(axis=0)
    alone = to_power(own.clean).mean(axis=0)
    added = np.flatnonzero(heard > alone + 0.1 * heard.max())
    assert 60 < added.mean() < 80  # 2 kHz: it keeps the accompaniment that it was sung to


def test_bands_are_played_once_and_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_bank, "N_BANDS", 2)
    monkeypatch.setattr(voice_bank, "BAND_SECONDS", 4.0)
    bank = VoiceBank(tmp_path, MelConfig(), HalfSeparator(), [], seed=0)
    one, other = bank.bands(Progress())
    assert not np.array_equal(one.mels, other.mels)
    assert one.mels.shape == (173, 128)
    monkeypatch.delattr(voice_bank, "synthetic_song")
    np.testing.assert_array_equal(bank.bands(Progress())[0].mels, one.mels)


def test_a_copy_of_a_recording_needs_no_preparation(tmp_path: Path) -> None:
    separator, teacher = HalfSeparator(), LoudestBand()
    for place in ("here", "there"):
        voices = [tone(tmp_path / place / "vocals.wav", 400, "vocals")]
        music = [tone(tmp_path / place / "accompaniment.wav", 2000, "accompaniment")]
        bank = VoiceBank(tmp_path / "bank", MelConfig(), separator, [teacher], seed=0)
        bank.voices(voices, music, Progress())
    assert separator.calls == 1
    assert teacher.calls == len(RATIOS)
