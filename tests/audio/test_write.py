import stat
from pathlib import Path

import numpy as np
import pytest
from sounds import tones

from vocal_explorer.audio.files import read_audio, write_audio
from vocal_explorer.base.errors import AudioFileError


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".FLAC"])
@pytest.mark.parametrize("n_channels", [1, 2, 6])
def test_what_was_written_is_read(tmp_path: Path, suffix: str, n_channels: int) -> None:
    sound = tones(n_channels, 44_100, 3.0)
    path = tmp_path / f"Dès l'aube{suffix}"
    write_audio(path, sound, 44_100)
    waveform, sample_rate = read_audio(path)
    assert sample_rate == 44_100
    np.testing.assert_allclose(waveform, sound, atol=1e-4)
    assert list(tmp_path.iterdir()) == [path]


def test_an_older_file_is_replaced_and_rights_are_the_usual(tmp_path: Path) -> None:
    path, other = tmp_path / "a.wav", tmp_path / "other"
    path.write_bytes(b"old")
    other.write_bytes(b"")
    write_audio(path, tones(1, 8000)[0], 8000)
    assert read_audio(path)[0].shape == (1, 12_000)
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(other.stat().st_mode)


def test_too_loud_is_clipped_and_not_wrapped(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", 5 * tones(1, 8000), 8000)
    waveform, _ = read_audio(tmp_path / "a.wav")
    np.testing.assert_allclose(waveform, np.clip(5 * tones(1, 8000), -1, 1), atol=1e-4)


def test_subtype(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", tones(2, 8000), 8000, subtype="FLOAT")
    np.testing.assert_array_equal(read_audio(tmp_path / "a.wav")[0], tones(2, 8000))


@pytest.mark.parametrize(
    ("name", "sound", "reason"),
    [
        ("a.mp3", tones(1, 8000), "only WAV and FLAC"),
        ("missing/a.wav", tones(1, 8000), "does not exist"),
        ("folder.wav", tones(1, 8000), "cannot be written"),
        ("a.wav", np.full((1, 9), np.nan, np.float32), "not numbers"),
        ("a.flac", np.zeros((9, 9), np.float32), "cannot be written"),
    ],
)
def test_failures_leave_nothing_behind(
    tmp_path: Path, name: str, sound: np.ndarray, reason: str
) -> None:
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(AudioFileError, match=reason):
        write_audio(tmp_path / name, sound, 8000)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.wav"]
