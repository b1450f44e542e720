"""What a session tells about two tracks, and about tracks that are the same song."""

from pathlib import Path

import numpy as np
import pytest
from library_fakes import RATE, FakeEmbedder, FakeSeparator, fake_session, write_song

from vocal_explorer.audio.files import write_audio
from vocal_explorer.base.errors import NotAnalysedError, TrackNotFoundError
from vocal_explorer.base.records.ranking import SegmentPair, Space
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.ranking.why_similar import pitch_overlap
from vocal_explorer.session import Session
from vocal_explorer.synthesis.songs import synthetic_song


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Three songs of 3 s at 200, 210 and 400 Hz."""
    for name, frequency in (("Low", 200), ("Near", 210), ("High", 400)):
        path = tmp_path / "music" / f"{name}.flac"
        write_song(path, frequency, artist="Ann", title=name, seconds=3.0)
    session = fake_session(tmp_path / "library")
    session.scans.run([tmp_path / "music"])
    return session


def test_the_pitch_range_is_measured_and_kept_for_each_separator(
    session: Session, tmp_path: Path
) -> None:
    low = session.library.find("Low").pitch_range
    high = session.library.find("High").pitch_range
    assert low is not None
    assert high is not None
    assert (low.low, low.high) == pytest.approx((55.35, 55.35), abs=0.3)
    assert high.median == pytest.approx(67.35, abs=0.3)
    other = fake_session(tmp_path / "library", FakeSeparator("2"), FakeEmbedder("model-2"))
    assert other.library.find("Low").pitch_range == low  # what was known before
    assert [track.pitch_range for track in other.library.tracks() if track.title == "High"] == [
        high
    ]


def test_why_two_tracks_are_alike_agrees_with_the_rankings(session: Session) -> None:
    low, near, high = (session.library.find(title) for title in ("Low", "Near", "High"))
    why = session.ranking.why_similar(low.track_id, near.track_id)
    for space, similarity in ((Space.V, why.voice), (Space.M, why.mix)):
        ranked = {
            r.track.title: r.similarity for r in session.ranking.similar_tracks(low.track_id, space)
        }
        assert similarity == pytest.approx(ranked["Near"], abs=1e-6)
    overlap = pitch_overlap(low.pitch_range, near.pitch_range)
    assert why.pitch_overlap == pytest.approx(overlap, abs=0.01)  # the stems were rounded
    assert [(pair.first_start, pair.second_start) for pair in why.pairs] == [(0, 0)]
    other = session.ranking.why_similar(low.track_id, high.track_id)
    assert other.pitch_overlap == 0
    assert other.pairs[0].similarity < why.pairs[0].similarity


def test_a_voice_is_listened_to_once_and_again_with_other_encoders(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    session = fake_session(tmp_path / "library", embedder=embedder)
    for name, frequency in (("A", 200), ("B", 300)):
        write_song(tmp_path / "music" / f"{name}.flac", frequency)
    session.scans.run([tmp_path / "music"])
    first, second = (track.track_id for track in session.library.tracks())
    why = session.ranking.why_similar(first, second)
    embedder.embed_vocals = None  # it is not asked again
    assert session.ranking.why_similar(second, first).voice == why.voice
    assert session.ranking.why_similar(first, second) == why


def test_tracks_without_voice_or_analysis(tmp_path: Path) -> None:
    session = fake_session(tmp_path / "library", FakeSeparator())
    write_song(tmp_path / "music" / "A.flac", 200)
    (tmp_path / "music" / "bad.mp3").write_bytes(b"bad")
    session.scans.run([tmp_path / "music"])
    song = session.library.find("A").track_id
    with pytest.raises(NotAnalysedError, match=r"bad\.mp3"):
        session.ranking.why_similar(song, session.library.find("bad.mp3").known_id())
    with pytest.raises(TrackNotFoundError):
        session.ranking.why_similar("no such id", song)


@pytest.mark.parametrize("part", [Stem.MIX, Stem.VOCALS])
def test_a_pair_sounds_in_turn(session: Session, part: Stem) -> None:
    low, high = (session.library.find(title).track_id for title in ("Low", "High"))
    sound, rate = session.ranking.pair_sound(low, high, SegmentPair(0.0, 1.0, 0.5), part)
    assert rate == RATE
    assert sound.shape == (2, round((3.0 + 0.4 + 2.0) * RATE))  # the second file ends after 3 s

    def loudest(start: float, stop: float) -> float:
        piece = sound[0, round(start * rate) : round(stop * rate)]
        return float(np.argmax(np.abs(np.fft.rfft(piece))) * rate / len(piece))

    assert loudest(0.2, 2.8) == pytest.approx(200, abs=1)
    assert loudest(3.6, 5.2) == pytest.approx(400, abs=1)
    assert not sound[:, round(3.05 * rate) : round(3.35 * rate)].any()
    assert abs(sound[:, 0]).max() < 1e-6


def test_copies_are_found_by_sound_when_a_scan_ends(tmp_path: Path) -> None:
    song = synthetic_song(0, 0, seconds=20.0)
    other = synthetic_song(1, 3, seconds=20.0)
    music = tmp_path / "music"
    music.mkdir()
    write_audio(music / "Ann - One.flac", song.mix, RATE)
    write_audio(music / "Bob - Two.flac", other.mix, RATE)
    session = fake_session(tmp_path / "library")
    session.scans.run([music])
    write_audio(music / "Zoe - Rip.wav", 0.3 * song.mix[:, 2 * RATE :], RATE)
    session.scans.run([music])
    one, two = (session.library.find(title).track_id for title in ("One", "Two"))
    assert [r.track.title for r in session.ranking.similar_tracks(one, Space.M)] == ["Two"]
    everything = session.ranking.similar_tracks(one, Space.M, all_versions=True)
    assert {r.track.title for r in everything} == {"Rip", "Two"}
    (best,) = session.ranking.similar_tracks(two, Space.M)
    assert {best.track.title, best.versions[0].title} == {"One", "Rip"}
    assert [r.track.title for r in session.mashups.rank(one)] == ["Two"]
    assert sum(r.n_tracks for r in session.ranking.singers(two, Space.M)) == 1
    session.close()
    again = fake_session(tmp_path / "library")  # what was found is kept
    assert [r.track.title for r in again.ranking.similar_tracks(one, Space.M)] == ["Two"]
