"""Listeners of which it is known what they listen to."""

from dataclasses import dataclass, field

import numpy as np
import pytest
import reproduction_bands
from reproduction_bands import ALONE, MIXES, STRANGERS, band_table

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Embedding, Waveform
from vocal_explorer.datasets.synthetic_dataset import SyntheticPlan

N_SINGERS = 8
PLAN = SyntheticPlan(N_SINGERS, 6, 7.0, first_singer=3)


@dataclass(frozen=True)
class Tones:
    """A song in which voice and band are a tone each, that of their singer."""

    singer: str
    vocals: Waveform
    accompaniment: Waveform


def tones(singer: int, song: int, *, seconds: float, sample_rate: int, seed: int) -> Tones:
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    both = (np.sin(2 * np.pi * f * time + song) for f in (200 + 20 * singer, 3000 + 100 * singer))
    voice, band = (np.stack([tone, tone]).astype(np.float32) for tone in both)
    return Tones(f"Singer {singer}", voice, (1 + song) * band)


@dataclass(frozen=True)
class Listener:
    """Hears what lies between two frequencies, in Hz."""

    low: float
    high: float
    config: MelConfig = field(default_factory=MelConfig)

    def encode(self, domain: Domain, segments: Waveform) -> Embedding:
        assert domain is Domain.MIX
        assert segments.shape[1] == self.config.segment_samples
        frequencies = np.fft.rfftfreq(segments.shape[1], 1 / self.config.sample_rate)
        heard = (frequencies >= self.low) & (frequencies < self.high)
        spectra = np.abs(np.fft.rfft(segments, axis=1))[:, heard]
        return (spectra + 1e-3).astype(np.float32)


@pytest.fixture
def of_both(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], float]:
    """Top-1 of one who hears the bands only (MIXED), and of those who hear the voices only."""
    monkeypatch.setattr(reproduction_bands, "synthetic_song", tones)
    voice, band = Listener(100, 1000), Listener(2000, 8000)
    pairs = [("MIXED", band), ("CROSS", voice), ("CROSS-SP", voice)]
    table, findings = band_table(pairs, PLAN, N_SINGERS, 4, 0, Progress())
    assert [finding.verdict.value for finding in findings] == ["holds", "holds", "undecided"]
    return {row.labels: row.values[0].mean for row in table.ours}


def test_a_listener_to_bands_is_lost_over_strangers_bands(
    of_both: dict[tuple[str, str], float],
) -> None:
    assert of_both["MIXED", MIXES] == of_both["MIXED", ALONE] == 1.0
    assert of_both["MIXED", STRANGERS] < 0.4


def test_a_listener_to_voices_is_lost_without_them(of_both: dict[tuple[str, str], float]) -> None:
    assert of_both["CROSS", MIXES] == of_both["CROSS", STRANGERS] == 1.0
    assert of_both["CROSS", ALONE] < 0.4
