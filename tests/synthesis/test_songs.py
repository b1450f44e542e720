import re
from dataclasses import fields
from pathlib import Path

import librosa
import mutagen
import numpy as np
import pytest
import soundfile

from vocal_explorer.base.errors import AudioFileError, Cancelled
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.music import PITCH_NAMES
from vocal_explorer.synthesis.songs import (
    SyntheticSong,
    artist_style,
    render_library,
    singer_voice,
    synthetic_song,
)

RATE = 22_050


@pytest.fixture(scope="module")
def song() -> SyntheticSong:
    return synthetic_song(4, 1, seconds=15, sample_rate=RATE)


def rms(waveform):
    return float(np.sqrt(np.mean(np.square(waveform), dtype=np.float64)))


def sung(song):
    mask = np.zeros(song.mix.shape[-1], dtype=bool)
    for note in song.notes:
        mask[round(note.start * song.sample_rate) : round(note.stop * song.sample_rate)] = True
    return mask


def test_stems_have_the_shape_length_and_type_of_audio(song):
    for part in (song.vocals, song.accompaniment, song.mix):
        assert part.shape == (2, 15 * RATE)
        assert part.dtype == np.float32
        assert np.isfinite(part).all()
    assert 0.5 < np.abs(song.mix).max() <= 0.9 + 1e-6
    np.testing.assert_array_equal(song.mix, song.vocals + song.accompaniment)


def test_the_same_numbers_give_the_same_song_and_others_do_not(song):
    again = synthetic_song(4, 1, seconds=15, sample_rate=RATE)
    np.testing.assert_array_equal(again.mix, song.mix)
    assert (again.title, again.key, again.notes) == (song.title, song.key, song.notes)
    for other in (
        synthetic_song(4, 2, seconds=15, sample_rate=RATE),
        synthetic_song(5, 1, seconds=15, sample_rate=RATE),
        synthetic_song(4, 1, seconds=15, sample_rate=RATE, seed=1),
    ):
        assert not np.allclose(other.mix, song.mix)


def test_voices_and_styles_belong_to_singer_and_seed():
    assert singer_voice(3, 7) == singer_voice(3, 7)
    assert artist_style(3, 7) == artist_style(3, 7)
    assert len({singer_voice(singer, seed) for singer in range(50) for seed in range(2)}) == 100
    assert len({artist_style(singer, seed) for singer in range(50) for seed in range(2)}) == 100


def test_large_singers_have_low_voices():
    voices = [singer_voice(singer) for singer in range(300)]
    tract = [voice.tract_length for voice in voices]
    pitch = [voice.centre_pitch for voice in voices]
    assert np.corrcoef(tract, pitch)[0, 1] < -0.7
    for field in fields(voices[0]):
        if field.name != "accent":
            assert np.std([getattr(voice, field.name) for voice in voices]) > 0


@pytest.mark.parametrize("singer", range(6))
def test_vocals_are_about_as_loud_as_the_band_while_somebody_sings(singer):
    song = synthetic_song(singer, 0, seconds=12, sample_rate=RATE)
    mask = sung(song)
    assert 0.4 < mask.mean() < 0.9
    balance = 20 * np.log10(rms(song.vocals[:, mask]) / rms(song.accompaniment[:, mask]))
    assert -3.2 < balance < 3.2
    assert rms(song.vocals[:, mask]) > 5 * rms(song.vocals[:, ~mask])


def test_the_voice_sings_the_notes(song):
    pitch, _, _ = librosa.pyin(song.vocals.mean(0), fmin=60, fmax=1200, sr=RATE, hop_length=512)
    time = librosa.times_like(pitch, sr=RATE, hop_length=512)
    errors = np.concatenate(
        [
            librosa.hz_to_midi(pitch[(time > note.start + 0.1) & (time < note.stop - 0.1)])
            - note.pitch
            for note in song.notes
        ]
    )
    assert np.mean(np.abs(errors) < 1.3) > 0.9  # NaN, not voiced, counts as wrong
    assert abs(np.nanmedian(errors)) < 0.2


def test_the_band_plays_on_the_beats(song):
    assert song.beats[-1] < 15
    np.testing.assert_allclose(np.diff(song.beats), 60 / song.tempo)
    onsets = librosa.onset.onset_strength(y=song.accompaniment.mean(0), sr=RATE, hop_length=256)
    time = librosa.times_like(onsets, sr=RATE, hop_length=256)
    on_beats = np.mean([onsets[np.abs(time - beat) < 0.04].max() for beat in song.beats[:-1]])
    assert on_beats > 2 * onsets.mean()


def test_melody_and_chords_stay_in_the_key(song):
    tonic, mode = song.key.split()
    steps = (0, 2, 4, 5, 7, 9, 11) if mode == "major" else (0, 2, 3, 5, 7, 8, 10)
    scale = {(PITCH_NAMES.index(tonic) + step) % 12 for step in steps}
    assert {note.pitch % 12 for note in song.notes} <= scale
    chroma = librosa.feature.chroma_stft(y=song.mix.mean(0), sr=RATE, n_fft=8192).mean(1)
    outside = [chroma[pitch] for pitch in range(12) if pitch not in scale]
    assert np.mean(outside) < 0.8 * np.mean([chroma[pitch] for pitch in scale])


def test_singers_can_be_told_apart_but_not_by_everything():
    n_singers, n_songs = 6, 4
    points = []
    for singer in range(n_singers):
        for number in range(n_songs):
            made = synthetic_song(singer, number, seconds=8, sample_rate=RATE)
            mfcc = librosa.feature.mfcc(y=made.vocals.mean(0), sr=RATE, n_mfcc=16)[1:]
            points.append(np.concatenate((mfcc.mean(1), mfcc.std(1))))
    points = np.array(points)
    points = (points - points.mean(0)) / points.std(0)
    labels = np.repeat(np.arange(n_singers), n_songs)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    correct = np.mean(labels[distances.argmin(1)] == labels)
    assert 2 / n_singers < correct < 1


@pytest.mark.parametrize("seconds", [1.0, 2.5, 5.0])
@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_short_songs_and_other_rates_work(seconds, rate):
    song = synthetic_song(0, 0, seconds=seconds, sample_rate=rate)
    assert song.mix.shape == (2, round(seconds * rate))
    assert np.isfinite(song.mix).all()
    assert np.abs(song.mix).max() > 0.1


@pytest.mark.parametrize(("seconds", "rate"), [(0.5, RATE), (10.0, 8000)])
def test_impossible_songs_are_refused(seconds, rate):
    with pytest.raises(ValueError, match="at least"):
        synthetic_song(0, 0, seconds=seconds, sample_rate=rate)


def test_a_library_is_tagged_files_in_folders_of_singers(tmp_path):
    heard = []
    progress = Progress(lambda fraction, message: heard.append((fraction, message)))
    paths = render_library(
        tmp_path / "library", n_singers=2, n_songs=2, seconds=2, progress=progress
    )
    assert sorted(tmp_path.rglob("*.flac")) == sorted(paths)
    assert len(set(paths)) == 4
    assert [fraction for fraction, _ in heard] == [0.25, 0.5, 0.75, 1.0]
    song = synthetic_song(1, 0, seconds=2)
    tags = mutagen.File(paths[2])
    assert tags["artist"] == [song.singer] == [paths[2].parent.name]
    assert tags["title"] == [song.title] == [paths[2].stem]
    assert tags["album"][0]
    samples, rate = soundfile.read(paths[2], dtype="float32")
    assert rate == 44_100
    np.testing.assert_allclose(samples.T, song.mix, atol=1e-4)


def test_written_stems_add_up_to_the_mix(tmp_path):
    paths = render_library(tmp_path, n_singers=1, n_songs=2, seconds=2, stems=True)
    assert [path.name for path in paths] == ["mix.flac", "mix.flac"]
    mix, vocals, accompaniment = (
        soundfile.read(paths[0].with_name(f"{part}.flac"), dtype="float32")[0]
        for part in ("mix", "vocals", "accompaniment")
    )
    np.testing.assert_allclose(vocals + accompaniment, mix, atol=2e-4)


def test_a_cancelled_library_keeps_its_finished_songs(tmp_path: Path):
    control = Control()
    progress = Progress(lambda _fraction, _message: control.cancel(), control)
    with pytest.raises(Cancelled):
        render_library(tmp_path, n_singers=2, n_songs=2, seconds=1, progress=progress)
    assert len(list(tmp_path.rglob("*.flac"))) == 2


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(AudioFileError, match="folder cannot be made"):
        render_library(tmp_path / "taken", n_singers=1, n_songs=1, seconds=1)


def test_names_suit_file_systems_and_some_are_not_ascii():
    songs = [synthetic_song(singer, singer, seconds=1, sample_rate=16_000) for singer in range(31)]
    for song in songs:
        assert not re.search(r'[/\\:*?"<>|]', song.singer + song.title)
    assert any(not song.singer.isascii() for song in songs)
    assert any(not song.title.isascii() for song in songs)
