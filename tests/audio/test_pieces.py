"""Sound that is read, resampled and written piece by piece."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import encode, tones

from vocal_explorer.audio.files import (
    Resampler,
    audio_writers,
    read_audio,
    read_pieces,
    resample,
    write_audio,
)
from vocal_explorer.base.errors import AudioFileError

RATES = st.sampled_from([8000, 11_025, 22_050, 44_100, 48_000, 96_000])


@given(
    source=RATES,
    target=RATES,
    n_samples=st.integers(1, 30_000),
    lengths=st.lists(st.integers(0, 5_000), min_size=1, max_size=6),
)
def test_pieces_are_resampled_as_the_whole(
    source: int, target: int, n_samples: int, lengths: list[int]
) -> None:
    rng = np.random.default_rng(n_samples)
    sound = rng.uniform(-1, 1, (2, n_samples)).astype(np.float32)
    resampler = Resampler(source, target, 2)
    pieces = [resampler.add(piece) for piece in np.split(sound, np.cumsum(lengths), axis=1)]
    streamed = np.concatenate([*pieces, resampler.rest()], axis=1)
    whole = resample(sound, source, target)
    assert streamed.shape == whole.shape
    np.testing.assert_allclose(streamed, whole, atol=1e-6)


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3"])
@pytest.mark.parametrize("sample_rate", [22_050, 44_100, 48_000])
@pytest.mark.parametrize("n_channels", [1, 2])
def test_a_file_is_the_same_in_pieces(
    tmp_path: Path, suffix: str, sample_rate: int, n_channels: int
) -> None:
    path = tmp_path / f"a.{suffix}"
    if suffix == "mp3":
        encode(path, "libmp3lame", tones(n_channels, sample_rate, 2.3), sample_rate)
    else:
        write_audio(path, tones(n_channels, sample_rate, 2.3), sample_rate)
    pieces = list(read_pieces(path, 44_100, 2, block_seconds=0.3))
    assert len(pieces) > 5
    whole = read_audio(path, 44_100, 2)[0]
    np.testing.assert_allclose(np.concatenate(pieces, axis=1), whole, atol=1e-6)


def test_files_that_belong_together_appear_together(tmp_path: Path) -> None:
    paths = [tmp_path / "a.wav", tmp_path / "b.flac"]
    sound = tones(2, 8000)
    with audio_writers(paths, 8000, 2) as writers:
        for piece in np.array_split(sound, 5, axis=1):
            for writer in writers:
                writer.write(piece)
        assert not any(path.exists() for path in paths)
    assert sorted(tmp_path.iterdir()) == paths
    for path in paths:
        np.testing.assert_allclose(read_audio(path)[0], sound, atol=1e-4)


def write_until(event: Callable[[], object], paths: list[Path]) -> None:
    with audio_writers(paths, 8000, 2) as writers:
        for writer in writers:
            writer.write(tones(2, 8000))
        event()


def test_after_a_failure_there_is_neither_of_them(tmp_path: Path) -> None:
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    with pytest.raises(ZeroDivisionError):
        write_until(lambda: 1 // 0, paths)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_take_its_name_takes_the_others_along(tmp_path: Path) -> None:
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    with pytest.raises(AudioFileError, match=r"b\.wav: it cannot be written"):
        write_until(paths[1].mkdir, paths)
    assert list(tmp_path.iterdir()) == [paths[1]]


def test_a_wav_file_that_gets_too_long_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vocal_explorer.audio.write._LONGEST", {"WAV": 100_000})
    write_audio(tmp_path / "a.flac", tones(2, 44_100), 44_100)
    with pytest.raises(AudioFileError, match="longer than a WAV file can be"):
        write_audio(tmp_path / "a.wav", tones(2, 44_100), 44_100)
    assert [path.name for path in tmp_path.iterdir()] == ["a.flac"]
