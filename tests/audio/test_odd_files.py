"""Files that are sound, although something about them is odd."""

import struct
from pathlib import Path, PurePath

import av
import numpy as np
import pytest
import soundfile
from sounds import encode, tones, write

from vocal_explorer.audio.files import audio_info, content_id, read_audio
from vocal_explorer.audio.headroom import LOUDEST, gain_for
from vocal_explorer.audio.suffixes import AUDIO_SUFFIXES, is_audio_name, suffix_of, why_no_audio
from vocal_explorer.base.errors import AudioFileError

RATE = 44_100


def test_a_codec_that_nobody_knows_is_one_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tones(1, RATE), RATE)
    data = bytearray(path.read_bytes())
    data[20:22] = b"\xcd\xab"
    path.write_bytes(data)
    for read in (read_audio, audio_info):
        with pytest.raises(AudioFileError, match="codec is not known"):
            read(path)
    assert content_id(path)


def test_samples_of_64_bits(tmp_path: Path) -> None:
    sound = tones(2, RATE, 0.5)
    path = tmp_path / "a.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s64le", rate=RATE, layout="stereo")
        frame = av.AudioFrame.from_ndarray(sound, format="fltp", layout="stereo")
        frame.sample_rate = RATE
        resampler = av.AudioResampler(format="s64", layout="stereo", rate=RATE)
        for ready in resampler.resample(frame):
            container.mux(stream.encode(ready))
        container.mux(stream.encode(None))
    np.testing.assert_allclose(read_audio(path)[0], sound, atol=1e-6)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
@pytest.mark.parametrize("riff_too", [False, True])
def test_a_recording_whose_size_was_never_written(
    tmp_path: Path, size: int, riff_too: bool
) -> None:
    path = write(tmp_path / "a.wav", tones(1, RATE, 2.0), RATE)
    data = bytearray(path.read_bytes())
    place = data.index(b"data") + 4
    data[place : place + 4] = struct.pack("<I", size)
    if riff_too:
        data[4:8] = struct.pack("<I", size)
    path.write_bytes(data)
    assert read_audio(path)[0].shape == (1, 2 * RATE)
    assert audio_info(path).seconds == pytest.approx(2.0)


@pytest.mark.parametrize(("rate", "n_channels"), [(RATE, 2), (48_000, 2), (22_050, 1)])
def test_ogg_recordings_one_behind_the_other(tmp_path: Path, rate: int, n_channels: int) -> None:
    first = write(tmp_path / "a.ogg", tones(2, RATE, 2.0), RATE)
    second = write(tmp_path / "b.ogg", tones(n_channels, rate, 1.0), rate)
    chained = tmp_path / "chained.ogg"
    chained.write_bytes(first.read_bytes() + second.read_bytes())
    sound, found_rate = read_audio(chained)
    assert (found_rate, len(sound)) == (RATE, 2)
    assert sound.shape[1] == pytest.approx(3 * RATE, abs=0.05 * RATE)
    assert audio_info(chained).seconds == pytest.approx(3.0, abs=0.05)
    np.testing.assert_array_equal(sound[:, : 2 * RATE], read_audio(first)[0])
    np.testing.assert_allclose(sound[0, -RATE // 2 :].std(), 0.21, atol=0.02)


@pytest.mark.parametrize(
    ("suffix", "codec"),
    {
        "mka": "libopus",
        "webm": "libopus",
        "tta": "tta",
        "ac3": "ac3",
        "mp2": "mp2",
        "caf": "alac",
        "au": "pcm_s16be",
        "w64": "pcm_s16le",
        "mov": "aac",
        "3gp": "aac",
    }.items(),
)
def test_suffixes_that_decode_are_looked_for(tmp_path: Path, suffix: str, codec: str) -> None:
    path = encode(tmp_path / f"a.{suffix}", codec, tones(2, 48_000), 48_000)
    assert is_audio_name(path)
    assert read_audio(path)[0].shape[1] == pytest.approx(72_000, abs=3000)


def test_the_suffix_is_what_comes_behind_the_last_dot() -> None:
    names = {"a.WAV": ".wav", "...wav": ".wav", "a.b.mp3": ".mp3", ".mp3": "", "a": "", "a.": "."}
    assert {name: suffix_of(PurePath(name)) for name in names} == names


def test_what_a_name_tells_is_no_music() -> None:
    for name in ("a.jpg", "a.cue", "a.txt", "a.pdf", "a.pls", "a.nfo"):
        assert why_no_audio(PurePath(name)) is not None
    for name in ("a", "a.xyz", *(f"a{suffix}" for suffix in AUDIO_SUFFIXES)):
        assert why_no_audio(PurePath(name)) is None


@pytest.mark.parametrize(
    ("subtype", "peak", "gain"),
    [
        ("FLOAT", 2.0, LOUDEST / 2),
        ("DOUBLE", 4.0, LOUDEST / 4),
        ("FLOAT", 1.0, 1.0),
        ("PCM_24", 0.9, 1.0),
    ],
)
def test_only_floats_above_full_scale_are_made_quieter(
    tmp_path: Path, subtype: str, peak: float, gain: float
) -> None:
    sound = tones(2, RATE)
    soundfile.write(tmp_path / "a.wav", (sound / sound.max() * peak).T, RATE, subtype)
    assert gain_for(tmp_path / "a.wav") == pytest.approx(gain, rel=1e-3)
