"""Matches of a library: what is known of their music, and mashups that are rendered."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from library_fakes import FakeSeparator, fake_session, write_song

from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.mashups import PAPER_WEIGHTS, Fit, Moved
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.library.sounds import Sounds
from vocal_explorer.library.store.database import Database
from vocal_explorer.mashups.mixdown import HIGHEST_PEAK, true_peak
from vocal_explorer.session import Session
from vocal_explorer.synthesis.songs import render_library

SECONDS = 16.0
ONE_STEP = 1.5 / 2**15  # of a file of 16 bits


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("songs")
    render_library(folder, n_singers=3, n_songs=1, seconds=SECONDS)
    return folder


@pytest.fixture(scope="module")
def separator() -> FakeSeparator:
    return FakeSeparator()


@pytest.fixture(scope="module")
def session(
    songs: Path, separator: FakeSeparator, tmp_path_factory: pytest.TempPathFactory
) -> Session:
    session = fake_session(tmp_path_factory.mktemp("library") / "library", separator)
    session.scans.run([songs])
    return session


@pytest.fixture(scope="module")
def pair(session: Session) -> tuple[str, str]:
    first, second, _ = (track.track_id for track in session.library.tracks())
    return first, second


def test_a_scan_finds_tempo_and_key_and_the_ranking_tells_them(
    session: Session, pair: tuple[str, str], separator: FakeSeparator
) -> None:
    before = separator.calls
    for found in session.mashups.rank(pair[0]):
        assert found.track.tempo is not None
        assert None not in (found.parts.tempo, found.parts.key, found.parts.overlap)
    assert session.mashups.music(pair[0]).seconds == pytest.approx(SECONDS, abs=0.01)
    assert separator.calls == before


def test_the_ranking_of_the_paper_is_one_of_similarities(
    session: Session, pair: tuple[str, str]
) -> None:
    ranking = session.mashups.rank(pair[0], weights=PAPER_WEIGHTS)
    similarities = [found.similarity for found in ranking]
    assert similarities == sorted(similarities, reverse=True)
    voices = session.mashups.rank(pair[0], gives=Stem.ACCOMPANIMENT)
    assert {f.track.track_id for f in voices} == {f.track.track_id for f in ranking}


def test_music_that_is_not_known_yet_is_listened_to_once(
    songs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = fake_session(tmp_path / "library")
    session.scans.run([songs])
    track_id = session.library.tracks()[0].track_id
    known = session.mashups.music(track_id)
    with Database(tmp_path / "library").writing() as connection:
        connection.execute("DELETE FROM music")
    assert session.mashups.rank(track_id)[0].track.music is None
    again = session.mashups.music(track_id)
    assert again.tempo == pytest.approx(known.tempo)
    np.testing.assert_allclose(again.beats, known.beats, atol=1e-3)
    monkeypatch.setattr(Sounds, "music", None)
    assert session.mashups.music(track_id).key == again.key


def test_a_mashup_is_its_stems_and_does_not_clip(session: Session, pair: tuple[str, str]) -> None:
    mashup = session.mashups.render(*pair)
    stems = mashup.stems
    assert np.abs(stems.vocals).max() > 0.01
    assert np.abs(stems.accompaniment).max() > 0.01
    np.testing.assert_array_equal(mashup.waveform, stems.vocals + stems.accompaniment)
    assert 20 * np.log10(true_peak(mashup.waveform)) <= HIGHEST_PEAK + 0.01


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_its_settings_render_it_again_bit_for_bit(
    session: Session, pair: tuple[str, str], tmp_path: Path, suffix: str
) -> None:
    fit = Fit(Moved.ACCOMPANIMENT, semitones=1, bars=1, nudge=0.01)
    path = session.mashups.save(session.mashups.render(*pair, fit), tmp_path, "one", suffix)
    settings = json.loads(path.with_suffix(".json").read_text())
    again = session.mashups.render_again(settings)
    other = session.mashups.save(again, tmp_path, "two", suffix, stems=True)
    first, second = read_audio(path)[0], read_audio(other)[0]
    np.testing.assert_array_equal(first, second)
    vocals, instrumental = (
        read_audio(tmp_path / f"two ({stem}){suffix}")[0] for stem in ("vocals", "instrumental")
    )
    np.testing.assert_allclose(vocals + instrumental, second, atol=ONE_STEP)


def test_stems_that_are_not_kept_are_separated_as_it_is_made(
    songs: Path, tmp_path: Path, pair: tuple[str, str]
) -> None:
    separator = FakeSeparator()
    session = fake_session(tmp_path / "library", separator)
    session.scans.run([songs])
    expected = session.mashups.render(*pair).waveform
    session.stems.clear()
    calls = separator.calls
    assert session.sounds.kept(pair[0], Stem.VOCALS) is None
    alignment = session.mashups.align(*pair)
    with closing(session.mashups.sound(*pair, alignment, Progress())) as sound:
        heard = sound.whole(Progress())
        sound.finish()
    assert separator.calls == calls + 2
    assert session.sounds.kept(pair[0], Stem.VOCALS) is not None
    again = session.mashups.sound(*pair, alignment, Progress()).whole(Progress())
    np.testing.assert_array_equal(heard.vocals, again.vocals)
    np.testing.assert_array_equal(heard.accompaniment, again.accompaniment)
    np.testing.assert_array_equal(session.mashups.render(*pair).waveform, expected)
    assert separator.calls == calls + 2


def test_a_sound_that_is_given_up_keeps_nothing(
    songs: Path, tmp_path: Path, pair: tuple[str, str]
) -> None:
    session = fake_session(tmp_path / "library")
    session.scans.run([songs])
    session.stems.clear()
    alignment = session.mashups.align(*pair)
    with closing(session.mashups.sound(*pair, alignment, Progress())) as sound:
        next(sound.pieces(0))
    assert session.sounds.kept(pair[0], Stem.VOCALS) is None
    assert not [*(tmp_path / "library" / "stems").rglob("*.flac")]


def test_a_mashup_can_be_made_from_any_moment_on(session: Session, pair: tuple[str, str]) -> None:
    alignment = session.mashups.align(*pair)
    whole = session.mashups.sound(*pair, alignment, Progress()).whole(Progress())
    first = 5 * whole.sample_rate + 77
    sound = session.mashups.sound(*pair, alignment, Progress())
    start, stems = next(sound.pieces(first))
    assert start == first
    last = first + stems.vocals.shape[1]
    np.testing.assert_array_equal(stems.vocals, whole.vocals[:, first:last])
    np.testing.assert_array_equal(stems.accompaniment, whole.accompaniment[:, first:last])


def test_a_nudge_moves_the_vocals_and_nothing_else(session: Session, pair: tuple[str, str]) -> None:
    plain = session.mashups.align(*pair)
    later = session.mashups.align(*pair, replace(Fit(), nudge=0.25))
    moment = np.array([6.0])
    assert later.accompaniment_time(moment) == pytest.approx(plain.accompaniment_time(moment))
    assert later.vocals_time(moment + 0.25) == pytest.approx(plain.vocals_time(moment), abs=0.05)


def test_settings_of_tracks_that_are_gone_are_refused(session: Session) -> None:
    with pytest.raises(VocalExplorerError, match="not the settings"):
        session.mashups.render_again({"program": "another"})


def test_songs_without_a_beat_are_laid_over_each_other_as_they_are(tmp_path: Path) -> None:
    session = fake_session(tmp_path / "library")
    for number in (1, 2):
        name = f"Song {number}"
        write_song(tmp_path / f"{name}.flac", 200 * number, artist=f"Ann {number}", title=name)
    session.scans.run([tmp_path])
    first, second = (session.library.find(f"Song {n}").track_id for n in (1, 2))
    mashup = session.mashups.render(first, second, Fit(transpose=False))
    assert mashup.waveform.shape[1] == pytest.approx(0.6 * mashup.sample_rate, abs=2)
