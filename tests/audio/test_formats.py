from pathlib import Path

import numpy as np
import pytest
from places import SHARED
from sounds import AMPLITUDE, encode, level, loudest_hertz, tones, write

from vocal_explorer.audio.files import audio_info, read_audio, read_blocks
from vocal_explorer.audio.suffixes import AUDIO_SUFFIXES

VORBIS_ORDER = [0, 2, 1, 5, 3, 4]  # libsndfile writes channels in it; we read in FFmpeg's order
WITH_LOW_PASS = {(44_100, ".ogg")}  # its channel for low frequencies holds nothing else

LOSSLESS = [
    (suffix, None, rate, n)
    for suffix in (".wav", ".flac", ".aiff")
    for rate in (8000, 44_100, 96_000)
    for n in range(1, 7)
]
LOSSY = [
    (".ogg", None, 22_050, 1),
    (".ogg", None, 44_100, 2),
    (".ogg", None, 44_100, 6),
    (".opus", "libopus", 48_000, 1),
    (".opus", "libopus", 48_000, 2),
    (".opus", "libopus", 48_000, 6),
    (".mp3", "libmp3lame", 16_000, 1),
    (".mp3", "libmp3lame", 44_100, 2),
    (".m4a", "aac", 32_000, 1),
    (".m4a", "aac", 44_100, 2),
    (".m4a", "aac", 48_000, 3),
    (".m4a", "aac", 48_000, 5),
    (".m4a", "alac", 48_000, 6),
    (".aac", "aac", 44_100, 2),
    (".wma", "wmav2", 22_050, 1),
    (".wma", "wmav2", 44_100, 2),
]


@pytest.mark.parametrize(("suffix", "codec", "rate", "n_channels"), LOSSLESS + LOSSY)
def test_any_format_rate_and_channel_count(
    tmp_path: Path, suffix: str, codec: str | None, rate: int, n_channels: int
) -> None:
    sound = tones(n_channels, rate)
    path = tmp_path / f"Ça plane – 東京{suffix}"
    if codec:
        encode(path, codec, sound, rate)
    else:
        write(path, sound, rate)
    waveform, sample_rate = read_audio(path)
    info = audio_info(path)

    assert path.suffix in AUDIO_SUFFIXES
    assert (sample_rate, len(waveform), waveform.dtype) == (rate, n_channels, np.float32)
    assert (info.sample_rate, info.n_channels) == (rate, n_channels)
    assert info.seconds == pytest.approx(1.5, abs=0.1)
    assert waveform.shape[1] == pytest.approx(sound.shape[1], abs=0.1 * rate)
    order = VORBIS_ORDER if suffix == ".ogg" and n_channels == 6 else range(n_channels)
    full_band = [i for i in range(n_channels) if i != 3 or (rate, suffix) not in WITH_LOW_PASS]
    heard, expected = waveform[full_band], sound[list(order)][full_band]
    np.testing.assert_allclose(level(heard), AMPLITUDE / 2**0.5, rtol=0.06)
    hertz = loudest_hertz(expected, rate)
    np.testing.assert_allclose(loudest_hertz(heard, rate), hertz, atol=8)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_any_sample_format_has_the_same_level(tmp_path: Path, subtype: str) -> None:
    sound = tones(2, 44_100)
    waveform, _ = read_audio(write(tmp_path / "a.wav", sound, 44_100, subtype))
    np.testing.assert_allclose(waveform, sound, atol=0.01 if subtype == "PCM_U8" else 1e-4)


@pytest.mark.parametrize("n_channels", [1, 2])
@pytest.mark.parametrize("codec", ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_f32le", "flac"])
def test_both_decoders_give_the_same_samples(tmp_path: Path, codec: str, n_channels: int) -> None:
    sound = tones(n_channels, 44_100)
    suffix = "flac" if codec == "flac" else "wav"
    by_soundfile, _ = read_audio(encode(tmp_path / f"a.{suffix}", codec, sound, 44_100))
    by_pyav, _ = read_audio(encode(tmp_path / "a.mka", codec, sound, 44_100))
    np.testing.assert_allclose(by_pyav, by_soundfile, atol=1e-6)
    np.testing.assert_allclose(by_pyav, sound, atol=0.01 if codec == "pcm_u8" else 1e-4)


@pytest.mark.parametrize("suffix", [".flac", ".ogg"])
def test_rate_and_channels_as_asked_for(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", tones(2, 48_000), 48_000)
    waveform, sample_rate = read_audio(path, sample_rate=22_050, n_channels=1)
    assert sample_rate == 22_050
    assert waveform.shape == (1, pytest.approx(1.5 * 22_050, abs=2))


@pytest.mark.parametrize("suffix", [".wav", ".ogg"])
def test_blocks_are_the_whole_in_pieces(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", tones(2, 16_000), 16_000)
    blocks = [block for block, rate in read_blocks(path, block_seconds=0.2) if rate == 16_000]
    assert len(blocks) >= 6
    assert max(block.shape[1] for block in blocks) < 0.5 * 16_000
    np.testing.assert_array_equal(np.concatenate(blocks, axis=1), read_audio(path)[0])


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [
        (".ogg", None),
        (".flac", None),
        (".mp3", "libmp3lame"),
        (".aac", "aac"),
        (".m4a", "aac"),
        (".mka", "aac"),
        (".wma", "wmav2"),
        (".opus", "libopus"),
    ],
)
def test_the_length_is_known_without_decoding(
    tmp_path: Path, rng: np.random.Generator, suffix: str, codec: str | None
) -> None:
    clicks = tones(2, 48_000, 20.0) * (rng.random(20 * 48_000) < 1e-4)  # uneven packets
    path = tmp_path / f"a{suffix}"
    if codec:
        encode(path, codec, clicks.astype(np.float32), 48_000)
    else:
        write(path, clicks, 48_000)
    assert audio_info(path).seconds == pytest.approx(20.0, abs=0.1)
    assert read_audio(path)[0].shape[1] == pytest.approx(20 * 48_000, abs=0.1 * 48_000)


@pytest.mark.shared
def test_real_songs() -> None:
    folder = SHARED / "data" / "songs"
    if not folder.is_dir():
        pytest.skip("the songs of ../shared are not here")
    for path in sorted(folder.glob("*/*")):
        waveform, rate = read_audio(path, n_channels=2)
        assert audio_info(path).seconds == pytest.approx(waveform.shape[1] / rate, abs=0.1)
        assert 0.02 < np.std(waveform) < 0.5
