from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from library_fakes import RATE, FakeSeparator

from vocal_explorer.audio.files import write_audio
from vocal_explorer.base.errors import AudioFileError
from vocal_explorer.base.progress import Progress
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.signals import TrackSignals
from vocal_explorer.separation.stem_cache import StemCache


def noise(path: Path, n_samples: int, seed: int) -> tuple[Path, np.ndarray]:
    sound = np.random.default_rng(seed).uniform(-0.3, 0.3, (2, n_samples))
    write_audio(path, sound.astype(np.float32), RATE, "PCM_24")
    return path, sound


def signals(folder: Path) -> TrackSignals:
    return TrackSignals(FakeSeparator(), StemCache(folder / "stems"))


def test_missing_vocals_are_separated_once(tmp_path: Path) -> None:
    path, sound = noise(tmp_path / "mix.wav", RATE, 1)
    source = signals(tmp_path)
    track = LabelledTrack("a", "Ann", mix=path)
    for _ in range(2):
        loaded = source.load(track, Progress())
        np.testing.assert_allclose(loaded.mix, sound, atol=1e-6)
        np.testing.assert_allclose(loaded.vocals[0], sound.mean(axis=0) / 2, atol=1e-4)
        assert loaded.vocals.shape == loaded.mix.shape == (2, RATE)
        assert loaded.vocals.dtype == loaded.mix.dtype == np.float32
    assert source.separator.calls == 1


def test_another_version_of_the_separator_separates_again(tmp_path: Path) -> None:
    track = LabelledTrack("a", "Ann", mix=noise(tmp_path / "mix.wav", RATE, 1)[0])
    separators = [FakeSeparator(version) for version in ("1", "2", "1")]
    for separator in separators:
        TrackSignals(separator, StemCache(tmp_path / "stems")).load(track, Progress())
    assert [separator.calls for separator in separators] == [1, 1, 0]


def test_a_missing_mix_is_the_sum_at_the_levels_of_the_files(tmp_path: Path) -> None:
    vocals_path, vocals = noise(tmp_path / "vocals.wav", RATE, 1)
    music_path, music = noise(tmp_path / "accompaniment.wav", RATE, 2)
    source = signals(tmp_path)
    loaded = source.load(
        LabelledTrack("a", "Ann", vocals=vocals_path, accompaniment=music_path), Progress()
    )
    np.testing.assert_allclose(loaded.mix, vocals + music, atol=1e-6)
    np.testing.assert_allclose(loaded.vocals, vocals, atol=1e-6)
    assert source.separator.calls == 0


def test_a_short_accompaniment_is_repeated_and_a_long_one_cut(tmp_path: Path) -> None:
    vocals_path, vocals = noise(tmp_path / "vocals.wav", 1000, 1)
    for n_samples in (300, 1700):
        music_path, music = noise(tmp_path / f"{n_samples}.wav", n_samples, n_samples)
        track = LabelledTrack("a", "Ann", vocals=vocals_path, accompaniment=music_path)
        heard = signals(tmp_path).load(track, Progress()).mix - vocals
        expected = [music[:, n % n_samples] for n in range(1000)]
        np.testing.assert_allclose(heard, np.stack(expected, axis=1), atol=1e-6)


@pytest.mark.parametrize("n_samples", [700, 1400])
def test_vocals_that_are_there_are_used_at_the_length_of_the_mix(
    tmp_path: Path, n_samples: int
) -> None:
    mix_path, mix = noise(tmp_path / "mix.wav", 1000, 1)
    vocals_path, vocals = noise(tmp_path / "vocals.wav", n_samples, 2)
    track = LabelledTrack("a", "Ann", mix=mix_path, vocals=vocals_path)
    source = signals(tmp_path)
    loaded = source.load(track, Progress())
    shared = min(n_samples, 1000)
    np.testing.assert_allclose(loaded.mix, mix, atol=1e-6)
    np.testing.assert_allclose(loaded.vocals[:, :shared], vocals[:, :shared], atol=1e-6)
    assert loaded.vocals.shape == (2, 1000)
    assert not loaded.vocals[:, shared:].any()
    assert source.separator.calls == 0


def test_vocals_without_accompaniment_are_one_sentence(tmp_path: Path) -> None:
    path, _ = noise(tmp_path / "alone.wav", 1000, 1)
    with pytest.raises(AudioFileError, match=r"^alone.wav: there is no accompaniment .*\.$"):
        signals(tmp_path).load(LabelledTrack("a", "Ann", vocals=path), Progress())


def test_only_the_part_that_counts_is_returned(tmp_path: Path) -> None:
    path, sound = noise(tmp_path / "mix.wav", 3 * RATE, 1)
    source = signals(tmp_path)
    part = LabelledTrack("a", "Ann", mix=path, start=1.5, seconds=1.0)
    loaded = source.load(part, Progress())
    expected = sound[:, round(1.5 * RATE) : round(2.5 * RATE)]
    np.testing.assert_allclose(loaded.mix, expected, atol=1e-6)
    np.testing.assert_allclose(loaded.vocals[1], expected.mean(axis=0) / 2, atol=1e-4)
    tail = source.load(replace(part, start=2.5, seconds=5.0), Progress())
    np.testing.assert_allclose(tail.mix, sound[:, round(2.5 * RATE) :], atol=1e-6)
    assert source.separator.calls == 1
    with pytest.raises(AudioFileError, match=r"ends before 3 s"):
        source.load(replace(part, start=3.0), Progress())
