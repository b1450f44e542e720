"""Songs as users have them: what the bank keeps of them, and what is drawn from it."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from torch import Tensor

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.errors import AudioFileError, Cancelled, VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.signals import Signals
from vocal_explorer.features.segments import TARGET_RMS
from vocal_explorer.training.banks.audio_bank import FULL_SCALE
from vocal_explorer.training.banks.segment_bank import BankedSong, SegmentBank, cut_segments
from vocal_explorer.training.sampling.song_sampler import SongSampler

CONFIG = MelConfig()
RATE = CONFIG.sample_rate
N = CONFIG.segment_samples


def song(n_segments: int, voiced: list[int], seed: int = 0) -> Signals:
    """Return noise with vocals, twice as loud, in some of its segments."""
    rng = np.random.default_rng(seed)
    voice = np.zeros((2, n_segments * N), np.float32)
    for number in voiced:
        voice[:, number * N : (number + 1) * N] = rng.normal(0, 0.1, N)
    music = rng.normal(0, 0.05, voice.shape).astype(np.float32)
    return Signals(voice + music, voice, RATE)


class FakeSource:
    key = "fake"

    def __init__(self, songs: dict[str, Signals]) -> None:
        self._songs = songs
        self.loaded: list[str] = []

    def load(self, track: LabelledTrack, progress: Progress) -> Signals:
        progress.report(0.5)
        self.loaded.append(track.name)
        if track.name not in self._songs:
            raise AudioFileError(track.path, "it is damaged")
        return self._songs[track.name]


def tracks(folder: Path, names: list[str]) -> list[LabelledTrack]:
    for name in names:
        (folder / f"{name}.mp3").write_bytes(b"sound")
    return [LabelledTrack(name, name[0], mix=folder / f"{name}.mp3") for name in names]


def test_only_segments_with_voice_are_kept_and_both_domains_agree_in_time() -> None:
    signals = song(12, [2, 3, 4, 8, 9])
    segments = cut_segments(signals, CONFIG)
    assert segments.dtype == np.int16
    assert segments.shape[1:] == (2, N)
    sound = segments.astype(np.float64) / FULL_SCALE
    np.testing.assert_allclose(np.sqrt(np.square(sound).mean(axis=(0, 2))), TARGET_RMS, rtol=0.01)
    for vocals, mix in sound:
        assert np.corrcoef(vocals, mix)[0, 1] > 0.6  # the same moment of the song


def test_an_instrumental_keeps_nothing() -> None:
    assert len(cut_segments(song(12, []), CONFIG)) == 0


def test_songs_are_prepared_once_and_those_left_out_are_named(tmp_path: Path) -> None:
    source = FakeSource({"a1": song(6, [1, 2, 3]), "b1": song(6, [])})
    listed = tracks(tmp_path, ["a1", "b1", "c1"])
    bank = SegmentBank(source, tmp_path / "bank", CONFIG)
    banked = bank.open(listed, Progress())
    assert [entry.track.name for entry in banked.songs] == ["a1"]
    assert [failure.path.name for failure in banked.instrumentals] == ["b1.mp3"]
    assert [failure.reason for failure in banked.failures] == ["it is damaged"]
    np.testing.assert_array_equal(
        banked.songs[0].segments, cut_segments(song(6, [1, 2, 3]), CONFIG)
    )
    assert isinstance(banked.songs[0].segments, np.memmap)
    source.loaded.clear()
    bank.open(listed, Progress())
    assert source.loaded == ["c1"]  # what failed is tried again
    (tmp_path / "a1.mp3").write_bytes(b"another sound")
    bank.open(listed, Progress())
    assert source.loaded == ["c1", "a1", "c1"]


def test_an_interruption_keeps_the_songs_that_are_done(tmp_path: Path) -> None:
    names = ["a1", "a2", "b1"]
    source = FakeSource({name: song(4, [1, 2]) for name in names})
    listed = tracks(tmp_path, names)

    def stop(_fraction: float, message: str) -> None:
        if message == "preparing b1":
            raise Cancelled

    bank = SegmentBank(source, tmp_path / "bank", CONFIG)
    with pytest.raises(Cancelled):
        bank.open(listed, Progress(stop))
    source.loaded.clear()
    assert len(bank.open(listed, Progress()).songs) == 3
    assert source.loaded == ["b1"]


def numbered(singer: str, n_songs: int, n_segments: int) -> list[BankedSong]:
    """Return songs whose segments hold the numbers of singer, song and segment."""
    return [
        BankedSong(
            LabelledTrack(f"{singer}/{i}", singer, mix=Path(f"{singer}{i}.mp3")),
            np.array(
                [[[ord(singer), i, k]] * 2 for k in range(n_segments)],
                np.int16,
            ),
        )
        for i in range(n_songs)
    ]


def as_it_is(segments: Tensor) -> Tensor:
    return segments


@pytest.fixture
def sampler() -> SongSampler:
    return SongSampler([entry for singer in "abcdef" for entry in numbered(singer, 3, 4)], as_it_is)


def what(sounds: "np.ndarray") -> np.ndarray:
    return np.rint(np.asarray(sounds) * FULL_SCALE).astype(int)


def test_the_papers_batch_has_its_own_segments_for_each_triplet(
    sampler: SongSampler, rng: np.random.Generator
) -> None:
    batch = sampler.triplets(25, 4, rng)
    assert batch.vocals.shape == batch.mix.shape == (150, 3)
    np.testing.assert_array_equal(batch.vocals, batch.mix)
    heard, drawn = what(batch.mix), batch.triplets
    assert drawn is not None
    assert sorted(np.concatenate([drawn.anchors, drawn.positives, drawn.negatives.ravel()])) == [
        *range(150)
    ]
    for anchor, positive, negatives in zip(
        drawn.anchors, drawn.positives, drawn.negatives, strict=True
    ):
        assert heard[anchor, 0] == heard[positive, 0]
        assert heard[anchor, 1] != heard[positive, 1]  # another song
        singers = heard[negatives, 0]
        assert len({heard[anchor, 0], *singers}) == 5


def test_a_batch_has_segments_of_several_songs_of_each_singer(
    sampler: SongSampler, rng: np.random.Generator
) -> None:
    batch = sampler.batch(4, 6, rng)
    assert batch.triplets is None
    heard = what(batch.mix).reshape(4, 6, 3)
    assert len({row[0, 0] for row in heard}) == 4
    for own, labels in zip(heard, batch.labels.reshape(4, 6), strict=True):
        assert len(set(own[:, 0])) == len(set(labels)) == 1
        assert len({tuple(segment) for segment in own}) == 6  # none twice
        assert sorted(own[:, 1]) == [0, 0, 1, 1, 2, 2]


def test_draws_follow_from_the_seed(sampler: SongSampler) -> None:
    draw = partial(sampler.triplets, 5, 4)
    first, again, other = (draw(np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.mix, again.mix)
    assert not np.array_equal(first.mix, other.mix)


@pytest.mark.parametrize("songs", [[], numbered("a", 3, 3), numbered("a", 1, 1)])
def test_one_singer_is_not_enough(songs: list[BankedSong]) -> None:
    with pytest.raises(VocalExplorerError, match="two singers"):
        SongSampler(songs, as_it_is)


def test_a_singer_with_one_segment_is_only_a_negative(rng: np.random.Generator) -> None:
    sampler = SongSampler([*numbered("a", 2, 2), *numbered("b", 1, 1)], as_it_is)
    batch = sampler.triplets(8, 2, rng)
    assert batch.triplets is not None
    assert set(what(batch.mix)[batch.triplets.anchors, 0]) == {ord("a")}


def test_another_separator_has_other_files(tmp_path: Path) -> None:
    listed = tracks(tmp_path, ["a1"])
    source = FakeSource({"a1": song(4, [1, 2])})
    SegmentBank(source, tmp_path / "bank", CONFIG).open(listed, Progress())
    source.key = "another"
    SegmentBank(source, tmp_path / "bank", CONFIG).open(listed, Progress())
    shorter = [replace(listed[0], seconds=3.0)]
    SegmentBank(source, tmp_path / "bank", CONFIG).open(shorter, Progress())
    assert source.loaded == ["a1"] * 3
