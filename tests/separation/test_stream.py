"""Streaming through masks: laws, and a whole-file STFT by librosa as the oracle."""

from collections.abc import Iterator
from dataclasses import dataclass

import librosa
import numpy as np
import pytest
import scipy.signal
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from vocal_explorer.base.errors import Cancelled
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.separation.stream import N_BINS, StemMasks, stream_stems


@dataclass
class Neighbours:
    """A tiny network: a frame's mask depends on `context_frames` frames on either side."""

    block_frames: int
    context_frames: int
    both: bool = False

    def masks(self, magnitude: Tensor) -> StemMasks:
        width = 2 * self.context_frames + 1
        assert magnitude.shape == (2, N_BINS, self.block_frames + width - 1)
        weights = torch.linspace(0.2, 1.0, width)
        mask = torch.sigmoid((magnitude.unfold(2, width, 1) * weights).sum(-1) / 20 - 1)
        return StemMasks(mask, 1 - mask**2 if self.both else None)


@dataclass
class Constant:
    """Gives every bin the same share."""

    share: float
    block_frames: int = 16
    context_frames: int = 0

    def masks(self, magnitude: Tensor) -> StemMasks:
        share = torch.full((2, N_BINS, self.block_frames), self.share)
        return StemMasks(share, share)


def noise(n_samples: int, seed: int = 0) -> Waveform:
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (2, n_samples)).astype(np.float32)


def pieces_of(mix: Waveform, lengths: list[int]) -> Iterator[Waveform]:
    """Cut a mix into pieces of these lengths, again and again."""
    start, turn = 0, 0
    while start < mix.shape[1]:
        length = lengths[turn % len(lengths)]
        yield mix[:, start : start + length]
        start, turn = start + length, turn + 1


def whole(pieces: Iterator[Stems]) -> tuple[Waveform, Waveform]:
    stems = list(pieces)
    return (
        np.concatenate([stem.vocals for stem in stems], axis=1),
        np.concatenate([stem.accompaniment for stem in stems], axis=1),
    )


@settings(max_examples=20)
@given(
    n_samples=st.integers(1, 30_000),
    block_frames=st.integers(1, 40),
    context_frames=st.integers(0, 6),
    lengths=st.lists(st.integers(0, 9_000), min_size=1, max_size=4).filter(any),
    both=st.booleans(),
)
def test_neither_blocks_nor_pieces_change_the_result(
    n_samples: int, block_frames: int, context_frames: int, lengths: list[int], both: bool
) -> None:
    mix = noise(n_samples)
    at_once = stream_stems(Neighbours(36, context_frames, both), [mix], n_samples, Progress())
    streamed = stream_stems(
        Neighbours(block_frames, context_frames, both),
        pieces_of(mix, lengths),
        n_samples,
        Progress(),
    )
    for ours, expected in zip(whole(streamed), whole(at_once), strict=True):
        assert ours.shape == mix.shape
        np.testing.assert_allclose(ours, expected, atol=1e-5)


@pytest.mark.parametrize("n_samples", [1, 2, 1023, 1024, 4095, 4096, 4097, 44_101])
def test_a_share_of_everything_is_that_share_of_the_mix(n_samples: int) -> None:
    mix = noise(n_samples)
    for stem in whole(stream_stems(Constant(1.0), [mix], n_samples, Progress())):
        np.testing.assert_allclose(stem, mix, atol=1e-5)
    vocals, accompaniment = whole(stream_stems(Constant(0.25), [mix], n_samples, Progress()))
    np.testing.assert_allclose(vocals + accompaniment, mix / 2, atol=1e-5)


def test_a_stem_is_silent_above_the_bins_of_its_mask() -> None:
    class Low(Constant):
        def masks(self, magnitude: Tensor) -> StemMasks:
            high = super().masks(magnitude).vocals
            high[:, :1000] = 0
            return StemMasks(torch.ones(2, 1000, self.block_frames), high)

    mix = noise(40_000)
    low, high = whole(stream_stems(Low(1.0), [mix], 40_000, Progress()))
    np.testing.assert_allclose(low + high, mix, atol=1e-5)
    power = np.abs(np.fft.rfft(low * np.hanning(40_000))) ** 2
    frequency = np.fft.rfftfreq(40_000) * 4096  # in bins
    assert power[:, frequency > 1010].sum() < 1e-6 * power[:, frequency < 990].sum()


def test_without_a_mask_of_its_own_the_accompaniment_is_the_rest() -> None:
    mix = noise(30_001)
    vocals, accompaniment = whole(stream_stems(Neighbours(8, 2), [mix], 30_001, Progress()))
    np.testing.assert_allclose(vocals + accompaniment, mix, atol=1e-6)
    assert np.abs(vocals).max() > 0.1
    assert np.abs(accompaniment).max() > 0.1


def test_no_sound_has_no_stems() -> None:
    assert list(stream_stems(Constant(1.0), [], 0, Progress())) == []
    assert list(stream_stems(Constant(1.0), [noise(0)], 0, Progress())) == []


@pytest.mark.parametrize("context_frames", [0, 3])
def test_a_whole_file_stft_gives_the_same(context_frames: int) -> None:
    mix = noise(50_000)
    estimator = Neighbours(7, context_frames, both=True)
    streamed = whole(stream_stems(estimator, [mix], 50_000, Progress()))
    padded = np.pad(mix, ((0, 0), (4096, 4095)))
    spectrum = librosa.stft(padded, n_fft=4096, hop_length=1024, center=False)
    n_frames = spectrum.shape[2]
    seen = np.pad(np.abs(spectrum), ((0, 0), (0, 0), (context_frames, context_frames)))
    everything = Neighbours(n_frames, context_frames, both=True)
    masks = everything.masks(torch.from_numpy(seen.astype(np.float32)))
    assert masks.accompaniment is not None
    window = scipy.signal.get_window("hann", 4096)
    for stem, mask in zip(streamed, (masks.vocals, masks.accompaniment), strict=True):
        frames = np.fft.irfft(spectrum * mask.numpy(), axis=1) * window[:, None] * 2 / 3
        added = np.zeros_like(padded)
        for n in range(n_frames):
            added[:, n * 1024 : n * 1024 + 4096] += frames[:, :, n]
        np.testing.assert_allclose(stem, added[:, 4096 : 4096 + 50_000], atol=1e-5)


def test_a_block_is_given_out_before_the_rest_is_asked_for() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[Waveform]:
        for number in range(100):
            taken.append(number)
            yield noise(16 * 1024, seed=number)

    stems = stream_stems(Neighbours(16, 4), pieces(), 100 * 16 * 1024, Progress())
    next(stems)
    assert len(taken) <= 4


def test_the_estimator_sees_what_view_makes_and_zeros_outside() -> None:
    shapes: list[tuple[int, ...]] = []

    class Estimator(Constant):
        def masks(self, magnitude: Tensor) -> StemMasks:
            shapes.append(tuple(magnitude.shape))
            edge = 0 if len(shapes) == 1 else -1
            assert not magnitude[..., edge].any()
            return super().masks(magnitude)

    estimator = Estimator(1.0, block_frames=16, context_frames=20)
    mix = noise(20_000)
    vocals, _ = whole(
        stream_stems(estimator, [mix], 20_000, Progress(), lambda s: s[:1, :5].abs() + 0)
    )
    assert shapes == [(1, 5, 56)] * 2
    np.testing.assert_allclose(vocals, mix, atol=1e-5)


def test_progress_grows_to_the_end_and_cancel_stops_at_a_block() -> None:
    n_samples = 10 * 16 * 1024
    seen: list[float] = []
    progress = Progress(lambda fraction, _: seen.append(fraction))
    list(stream_stems(Constant(1.0), pieces_of(noise(n_samples), [5000]), n_samples // 2, progress))
    assert len(seen) > 10
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)
    control = Control()
    stems = stream_stems(
        Constant(1.0), [noise(n_samples)], n_samples, Progress(lambda *_: None, control)
    )
    next(stems)
    control.cancel()
    with pytest.raises(Cancelled):
        next(stems)


def test_memory_that_runs_out_is_a_memory_error() -> None:
    class Greedy(Constant):
        def masks(self, magnitude: Tensor) -> StemMasks:
            return StemMasks(torch.empty(2**55))

    with pytest.raises(MemoryError):
        list(stream_stems(Greedy(1.0), [noise(5000)], 5000, Progress()))


def test_other_errors_of_the_network_stay_what_they_are() -> None:
    class Broken(Constant):
        def masks(self, magnitude: Tensor) -> StemMasks:
            raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="shapes"):
        list(stream_stems(Broken(1.0), [noise(5000)], 5000, Progress()))
