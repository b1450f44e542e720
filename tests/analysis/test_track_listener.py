"""A track that is heard piece by piece is embedded as if it were heard at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocal_explorer.analysis.track_listener import MAX_SEGMENTS, TrackListener
from vocal_explorer.audio.files import resample, to_channels
from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Embedding, Waveform

RATE = 44_100


class Recorder:
    """Keeps the segments that it is asked to encode; each becomes its first samples."""

    config = MelConfig(hop_length=4)  # short segments, so that short sound has many

    def __init__(self) -> None:
        self.heard: dict[Domain, list[Waveform]] = {domain: [] for domain in Domain}

    def encode(self, domain: Domain, segments: Waveform) -> Embedding:
        self.heard[domain] += list(segments)
        return np.asarray(segments[:, :8], dtype=np.float32)


def noise(n_samples: int, seed: int) -> Waveform:
    rng = np.random.default_rng(seed)
    loud = rng.uniform(0.05, 1, n_samples // 1000 + 1).repeat(1000)[:n_samples]
    return (rng.normal(0, 0.1, (2, n_samples)) * loud).astype(np.float32)


@settings(max_examples=30)
@given(
    n_samples=st.integers(1, 80_000),
    lengths=st.lists(st.integers(1, 20_000), min_size=1, max_size=5),
    mix_first=st.booleans(),
)
def test_pieces_and_order_do_not_matter(
    n_samples: int, lengths: list[int], mix_first: bool
) -> None:
    sounds = {Domain.MIX: noise(n_samples, 1), Domain.VOCALS: noise(n_samples, 2)}
    results, encoders = [], [Recorder(), Recorder()]
    for encoder, cuts in zip(encoders, ([], np.cumsum(lengths)), strict=True):
        with TrackListener(encoder, RATE) as listener:
            for domain in list(Domain) if mix_first else list(Domain)[::-1]:
                for piece in np.split(sounds[domain], cuts, axis=1):
                    listener.hear(domain, piece)
            results.append(listener.embed(Progress()))
    for domain in Domain:
        np.testing.assert_allclose(
            results[1].embeddings[domain], results[0].embeddings[domain], atol=1e-5
        )
        np.testing.assert_allclose(results[1].levels[domain], results[0].levels[domain], rtol=1e-4)


def test_the_chosen_segments_are_those_of_the_whole_sound() -> None:
    vocals, mix = noise(300_000, 1), noise(300_000, 2)
    encoder = Recorder()
    with TrackListener(encoder, RATE) as listener:
        for start in range(0, 300_000, 7_000):
            listener.hear(Domain.VOCALS, vocals[:, start : start + 7_000])
            listener.hear(Domain.MIX, mix[:, start : start + 7_000])
        heard = listener.embed(Progress())
    half = encoder.config.segment_samples // 2
    whole = {}
    for domain, sound in ((Domain.VOCALS, vocals), (Domain.MIX, mix)):
        mono = to_channels(resample(sound, RATE, encoder.config.sample_rate), 1)[0]
        padded = np.pad(mono, (0, -len(mono) % half))
        starts = range(0, len(padded) - half, half)
        whole[domain] = np.stack([padded[start : start + 2 * half] for start in starts])
        levels = np.sqrt((padded.reshape(-1, half) ** 2).mean(axis=1))
        np.testing.assert_allclose(heard.levels[domain], levels, rtol=1e-4)
    levels = np.sqrt((whole[Domain.VOCALS] ** 2).mean(axis=1))
    active = np.flatnonzero(levels >= 10 ** (-15 / 20) * np.percentile(levels, 90))
    assert len(active) > MAX_SEGMENTS
    chosen = active[np.linspace(0, len(active) - 1, MAX_SEGMENTS).round().astype(int)]
    np.testing.assert_allclose(heard.starts, chosen * half / encoder.config.sample_rate)
    for domain in Domain:
        expected = whole[domain][chosen]
        expected = expected * (0.1 / np.sqrt((expected**2).mean()))
        np.testing.assert_allclose(encoder.heard[domain], expected, atol=1e-5)


def test_vocals_alone_have_no_mix() -> None:
    with TrackListener(Recorder(), RATE) as listener:
        listener.hear(Domain.VOCALS, noise(50_000, 1))
        heard = listener.embed(Progress())
    assert set(heard.embeddings) == set(heard.levels) == {Domain.VOCALS}


def test_progress_grows_to_the_last_batch() -> None:
    seen: list[float] = []
    with TrackListener(Recorder(), RATE) as listener:
        for domain in Domain:
            listener.hear(domain, noise(50_000, 1))
        listener.embed(Progress(lambda fraction, _: seen.append(fraction)))
    assert seen == sorted(seen)
    assert seen[0] == 0.0
    assert len(seen) > 4


@pytest.mark.parametrize("n_samples", [1, 2, 500])
def test_a_moment_of_sound_is_one_segment(n_samples: int) -> None:
    encoder = Recorder()
    with TrackListener(encoder, RATE) as listener:
        listener.hear(Domain.VOCALS, noise(n_samples, 1))
        listener.embed(Progress())
    assert len(encoder.heard[Domain.VOCALS]) == 1
