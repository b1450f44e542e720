"""Beats, bars and keys of songs whose truth is known."""

import mir_eval
import numpy as np
import pytest

from vocal_explorer.analysis.music_listener import MusicListener
from vocal_explorer.base.records.music import Music
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.synthesis.songs import SyntheticSong, synthetic_song

RATE = 44_100
SINGERS = (0, 1, 4, 9, 12)
SECONDS = 30.0


def listen(vocals: Waveform, accompaniment: Waveform, cut: int = 10 * RATE) -> Music:
    listener = MusicListener(RATE)
    for start in range(0, vocals.shape[1], cut):
        part = slice(start, start + cut)
        listener.hear(Stems(vocals[:, part], accompaniment[:, part], RATE))
    return listener.music()


@pytest.fixture(scope="module")
def songs() -> list[tuple[SyntheticSong, Music]]:
    made = [synthetic_song(singer, 0, seconds=SECONDS) for singer in SINGERS]
    return [(song, listen(song.vocals, song.accompaniment)) for song in made]


@pytest.fixture(scope="module")
def song(songs: list[tuple[SyntheticSong, Music]]) -> SyntheticSong:
    return songs[0][0]


def test_beats_are_where_they_are(songs: list[tuple[SyntheticSong, Music]]) -> None:
    for song, music in songs:
        assert music.tempo == pytest.approx(song.tempo, rel=0.002)
        assert mir_eval.beat.f_measure(song.beats, music.beats) > 0.95
        distances = np.abs(music.beats[:, None] - song.beats).min(axis=1)
        assert np.mean(distances < 0.02) > 0.95
        assert music.stability > 0.9


def test_bars_begin_where_they_begin(songs: list[tuple[SyntheticSong, Music]]) -> None:
    right = [
        np.abs(music.beats[music.downbeats][:, None] - song.beats[::4]).min(axis=1).max() < 0.07
        for song, music in songs
    ]
    assert sum(right) >= len(SINGERS) - 1


def test_keys_are_mostly_right(songs: list[tuple[SyntheticSong, Music]]) -> None:
    scores = []
    for song, music in songs:
        assert music.key is not None
        names = (key.replace("♭", "b").replace("♯", "#") for key in (song.key, music.key.name))
        scores.append(mir_eval.key.weighted_score(*names))
    assert np.mean(scores) > 0.75


def test_singing_is_found_where_notes_are(songs: list[tuple[SyntheticSong, Music]]) -> None:
    for song, music in songs:
        middles = [note.start + note.seconds / 2 for note in song.notes]
        sung = [any(p.start <= moment <= p.stop for p in music.phrases) for moment in middles]
        assert np.mean(sung) > 0.9


def test_it_does_not_matter_how_the_sound_is_cut(song: SyntheticSong) -> None:
    first, second = (listen(song.vocals, song.accompaniment, cut) for cut in (10**9, 33_333))
    np.testing.assert_allclose(first.beats, second.beats, atol=1e-3)
    assert first.key is not None
    assert second.key is not None
    assert first.key.name == second.key.name
    assert first.phrases == second.phrases
    assert first.energy == pytest.approx(second.energy, rel=1e-3)
    assert first.vocals_loudness == pytest.approx(second.vocals_loudness, abs=1e-6)


def test_loudness_is_not_energy(song: SyntheticSong) -> None:
    loud = listen(song.vocals, song.accompaniment)
    soft = listen(0.25 * song.vocals, 0.25 * song.accompaniment)
    assert soft.accompaniment_loudness == pytest.approx(
        loud.accompaniment_loudness - 12.04, abs=0.1
    )
    assert soft.energy == pytest.approx(loud.energy, rel=0.35)
    np.testing.assert_allclose(soft.beats, loud.beats, atol=0.01)


def test_a_transposed_and_faster_song_is_heard_as_such(song: SyntheticSong) -> None:
    # played faster by 2 semitones, as a record would be
    ratio = 2 ** (2 / 12)
    places = np.arange(0, song.accompaniment.shape[1] - 1, ratio)
    faster = np.stack(
        [np.interp(places, np.arange(len(row)), row) for row in song.accompaniment]
    ).astype(np.float32)
    before = listen(song.vocals, song.accompaniment)
    after = listen(np.zeros_like(faster), faster)
    assert after.tempo == pytest.approx(before.tempo * ratio, rel=0.01)
    assert before.key is not None
    assert after.key is not None
    assert (after.key.tonic, after.key.minor) == ((before.key.tonic + 2) % 12, before.key.minor)
    assert after.phrases == ()
    assert after.vocals_loudness == float("-inf")


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.6, 3.0])
@pytest.mark.parametrize("kind", ["silence", "noise", "drone"])
def test_what_has_no_beat_gets_none(kind: str, seconds: float) -> None:
    time = np.arange(round(seconds * RATE)) / RATE
    sounds = {
        "silence": np.zeros((2, len(time))),
        "noise": 0.1 * np.random.default_rng(0).standard_normal((2, len(time))),
        "drone": np.tile(0.2 * np.sin(2 * np.pi * 110 * time), (2, 1)),
    }
    waveform = sounds[kind].astype(np.float32)
    music = listen(waveform, waveform)
    assert music.tempo == 0
    assert len(music.beats) == len(music.downbeats) == len(music.sections) == 0
    assert music.seconds == pytest.approx(seconds, abs=1e-4)
    if kind == "silence":
        assert music.key is None
