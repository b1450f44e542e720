import os
from pathlib import Path

import numpy as np
import pytest
from sounds import encode, tones, write

from vocal_explorer.audio.files import audio_info, content_id, read_audio
from vocal_explorer.audio.pyav_decoder import pyav_blocks, pyav_info
from vocal_explorer.base.errors import AudioFileError

RATE = 44_100


@pytest.fixture
def mp3(tmp_path: Path) -> Path:
    return encode(tmp_path / "whole.mp3", "libmp3lame", tones(2, RATE, 4.0), RATE)


def garbage(n_bytes: int) -> bytes:
    return np.random.default_rng(0).bytes(n_bytes)


UNREADABLE = {
    "empty.mp3": b"",
    "text.mp3": b"Dear diary, today I sang.\n" * 500,
    "web page.mp3": b"<html><body>404 Not Found</body></html>",
    "zeros.mp3": bytes(10_000),
    "noise.mp3": garbage(300_000),
    "noise.flac": b"fLaC" + garbage(30_000),
    "noise.ogg": b"OggS" + garbage(30_000),
    "noise.m4a": garbage(30_000),
    "header only.wav": b"RIFF",
    "playlist.mp3": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://localhost/a.ts\n",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_sound_is_one_sentence(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(UNREADABLE[name])
    for read in (read_audio, audio_info):
        with pytest.raises(AudioFileError) as caught:
            read(path)
        assert str(caught.value).startswith(f"{name}: it ")
        assert str(caught.value).count(".") == 2
    assert capfd.readouterr() == ("", "")


def test_missing_files_folders_and_pipes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    reasons = {"missing.mp3": "does not exist", ".": "folder", "pipe.wav": "ordinary"}
    for name, reason in reasons.items():
        for read in (read_audio, audio_info, content_id):
            with pytest.raises(AudioFileError, match=reason):
                read(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tones(1, RATE), RATE)
    path.chmod(0)
    with pytest.raises(AudioFileError, match="not allowed"):
        read_audio(path)


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".aiff"])
def test_no_samples_is_no_sound(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", tones(2, RATE, 0.0), RATE)
    for read in (read_audio, audio_info):
        with pytest.raises(AudioFileError, match=r"it contains no sound|it is empty"):
            read(path)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_numbers(tmp_path: Path, value: float) -> None:
    sound = tones(2, RATE)
    sound[1, 1000] = value
    with pytest.raises(AudioFileError, match="not numbers"):
        read_audio(write(tmp_path / "a.wav", sound, RATE, "FLOAT"))


@pytest.mark.parametrize("suffix", [".flac", ".m4a"])
def test_a_file_that_is_cut_off(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    encode(path, "flac" if suffix == ".flac" else "aac", tones(2, RATE, 6.0), RATE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(AudioFileError):
        read_audio(path)


def test_a_cut_mp3_is_what_is_left_of_it(mp3: Path) -> None:
    mp3.write_bytes(mp3.read_bytes()[: mp3.stat().st_size // 2])
    waveform, rate = read_audio(mp3)
    assert waveform.shape[1] / rate == pytest.approx(2.0, abs=0.1)
    assert audio_info(mp3).seconds == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("rest", [garbage(20_000), bytes(60_000), b"not music " * 2000])
def test_garbage_behind_an_mp3(mp3: Path, rest: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    whole, rate = read_audio(mp3)
    mp3.write_bytes(mp3.read_bytes() + rest)
    waveform, _ = read_audio(mp3)
    n_same = whole.shape[1] - 3000  # the last frame lacks its successor or not
    np.testing.assert_array_equal(waveform[:, :n_same], whole[:, :n_same])
    assert waveform.shape[1] == pytest.approx(whole.shape[1], abs=0.1 * rate)
    assert capfd.readouterr() == ("", "")


def test_garbage_in_and_before_an_mp3(mp3: Path) -> None:
    data = mp3.read_bytes()
    middle = len(data) // 2
    mp3.write_bytes(garbage(3000) + data[:middle] + garbage(3000) + data[middle:])
    waveform, rate = read_audio(mp3)
    assert waveform.shape[1] / rate == pytest.approx(4.0, abs=0.3)


def test_a_wrong_suffix_does_not_matter(tmp_path: Path, mp3: Path) -> None:
    sound = tones(2, RATE)
    wav = write(tmp_path / "a.wav", sound, RATE).rename(tmp_path / "wav.mp3")
    assert read_audio(wav)[0].shape == sound.shape
    whole = read_audio(mp3)[0]
    np.testing.assert_array_equal(read_audio(mp3.rename(tmp_path / "mp3.flac"))[0], whole)


@pytest.mark.skipif(os.name != "posix", reason="names are bytes only there")
def test_a_name_that_is_no_unicode(tmp_path: Path, mp3: Path) -> None:
    for source in (write(tmp_path / "a.wav", tones(2, RATE), RATE), mp3):
        path = source.rename(tmp_path / os.fsdecode(b"na\xefve" + os.fsencode(source.suffix)))
        assert read_audio(path)[0].shape[0] == 2
        assert audio_info(path).n_channels == 2
        assert content_id(path)


def test_a_file_that_was_removed_just_now_is_named(tmp_path: Path) -> None:
    for decode in (pyav_info, lambda path: list(pyav_blocks(path, 1.0))):
        with pytest.raises(AudioFileError, match=r"gone\.opus: it cannot be opened"):
            decode(tmp_path / "gone.opus")
