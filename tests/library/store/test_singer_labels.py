from collections.abc import Iterator
from pathlib import Path

import pytest
from library_fakes import fake_session, music_folder, retag, write_song

from vocal_explorer.base.records.ranking import Space
from vocal_explorer.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = fake_session(tmp_path / "library")
    session.scans.run([music_folder(tmp_path / "music", n_singers=3)])
    yield session
    session.close()


def ids(session: Session, *titles: str) -> list[str]:
    return [session.library.find(title).track_id for title in titles]


def singers(session: Session) -> dict[str, str]:
    return {track.title: track.singer for track in session.library.tracks()}


def counts(session: Session, title: str) -> dict[str, int]:
    ranked = session.ranking.singers(ids(session, title)[0], Space.M)
    return {singer.singer: singer.n_tracks for singer in ranked}


def test_many_tracks_get_a_label_at_once_and_it_is_undone(session: Session) -> None:
    before = singers(session)
    undo = session.labels.change(ids(session, "Song 00", "Song 10", "Song 20"), ["Dea"])
    assert list(singers(session).values()).count("Dea") == 3
    redo = session.labels.restore(undo)
    assert singers(session) == before
    session.labels.restore(redo)
    session.labels.change(ids(session, "Song 00", "Song 10", "Song 20"), [])
    assert singers(session) == before


def test_labels_are_never_in_the_files_and_survive_new_tags(
    session: Session, tmp_path: Path
) -> None:
    song = tmp_path / "music" / "Singer 0" / "Song 00.flac"
    content = song.read_bytes()
    session.labels.change(ids(session, "Song 00"), ["Dea"])
    assert song.read_bytes() == content
    retag(song, artist="New tag")
    session.scans.run([tmp_path / "music"])
    assert singers(session)["Song 00"] == "Dea"
    session.labels.change(ids(session, "Song 00"), [""])
    assert singers(session)["Song 00"] == "New tag"


def test_a_track_counts_for_each_of_its_singers(session: Session) -> None:
    session.labels.change(ids(session, "Song 00"), ["Singer 0", "Singer 1"])
    track = session.library.find("Song 00")
    assert (track.singer, track.singers) == ("Singer 0 & Singer 1", ("Singer 0", "Singer 1"))
    assert counts(session, "Song 20") == {"Singer 0": 2, "Singer 1": 3, "Singer 2": 1}
    assert counts(session, "Song 00") == {"Singer 0": 1, "Singer 1": 2, "Singer 2": 2}


def test_several_artists_in_a_tag_are_several_singers(session: Session, tmp_path: Path) -> None:
    song = write_song(tmp_path / "music" / "duet.flac", 700, title="Duet")
    retag(song, artist=["Singer 0", "Somebody", "Singer 0"])
    session.scans.run([tmp_path / "music"])
    duet = session.library.find("Duet")
    assert (duet.singer, duet.singers) == ("Singer 0 & Somebody", ("Singer 0", "Somebody"))
    assert counts(session, "Song 20")["Singer 0"] == 3


def test_merged_spellings_are_one_singer_now_and_later(session: Session, tmp_path: Path) -> None:
    session.labels.merge(["Singer 1"], "Singer 0")
    assert counts(session, "Song 20") == {"Singer 0": 4, "Singer 2": 1}
    write_song(tmp_path / "music" / "later.flac", 700, artist="SINGER 1", title="Later")
    session.scans.run([tmp_path / "music"])
    assert singers(session)["Later"] == "Singer 0"
    assert session.labels.merged() == {"singer 1": "Singer 0"}
    session.labels.separate(["Singer 1"])
    assert singers(session)["Later"] == "SINGER 1"
    assert counts(session, "Song 20") == {"Singer 0": 2, "Singer 1": 3, "Singer 2": 1}


def test_merges_follow_each_other_and_never_turn_in_a_circle(session: Session) -> None:
    session.labels.merge(["Singer 0"], "Singer 1")
    session.labels.merge(["Singer 1"], "Singer 2")
    assert set(singers(session).values()) == {"Singer 2"}
    before = session.labels.merge(["Singer 2"], "Singer 0")
    assert set(singers(session).values()) == {"Singer 0"}
    session.labels.replace_merged(before)
    assert set(singers(session).values()) == {"Singer 2"}
    session.labels.merge(["Singer 2"], "Singer 0")
    session.labels.merge(["singer 0"], "Singer 0")
    assert set(singers(session).values()) == {"Singer 0"}


def test_a_duet_of_two_spellings_is_one_singer(session: Session) -> None:
    session.labels.change(ids(session, "Song 00"), ["Dea", "DEA", "Déa"])
    session.labels.merge(["Déa"], "Dea")
    track = session.library.find("Song 00")
    assert (track.singer, track.singers) == ("Dea", ())
