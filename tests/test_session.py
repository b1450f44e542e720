import csv
import json
import threading
from pathlib import Path

import numpy as np
import pytest
from library_fakes import FakeEmbedder, FakeSeparator, fake_session, music_folder, write_song

from vocal_explorer.audio.files import audio_info, read_audio
from vocal_explorer.base.errors import AudioFileError, NotAnalysedError, TrackNotFoundError
from vocal_explorer.base.records.ranking import Blend, Space
from vocal_explorer.base.records.signals import Domain, Stem
from vocal_explorer.base.records.tracks import TrackState
from vocal_explorer.maps.library_maps import Maps
from vocal_explorer.session import Session


@pytest.fixture
def separator() -> FakeSeparator:
    return FakeSeparator()


@pytest.fixture
def session(tmp_path: Path, separator: FakeSeparator) -> Session:
    session = fake_session(tmp_path / "library", separator)
    session.scans.run([music_folder(tmp_path / "music", n_singers=3, n_songs=3)])
    return session


def called(session: Session, track_id: str, *singers: str) -> str:
    session.labels.change([track_id], singers)
    return session.library.track(track_id).singer


def identity(session: Session, title: str) -> str:
    return session.library.find(title).track_id


@pytest.mark.parametrize("space", list(Space))
def test_the_nearest_tracks_are_the_singers_own(session: Session, space: Space) -> None:
    ranking = session.ranking.similar_tracks(identity(session, "Song 10"), space)
    assert [entry.rank for entry in ranking] == list(range(1, 9))
    assert {entry.track.title for entry in ranking[:2]} == {"Song 11", "Song 12"}
    similarities = [entry.similarity for entry in ranking]
    assert similarities == sorted(similarities, reverse=True)
    assert len(session.ranking.similar_tracks(identity(session, "Song 10"), space, top_n=3)) == 3


@pytest.mark.parametrize("space", list(Space))
def test_the_own_singer_is_first_with_the_query_left_out(session: Session, space: Space) -> None:
    ranking = session.ranking.singers(identity(session, "Song 10"), space)
    assert ranking[0].singer == "Singer 1"
    assert [entry.n_tracks for entry in ranking] == [2, 3, 3]


def test_a_match_is_another_recording(session: Session, tmp_path: Path) -> None:
    # the same song again, ripped differently
    write_song(tmp_path / "music" / "rip.flac", 310.5, artist="singer 1", title="SONG 10")
    session.scans.run([tmp_path / "music"])
    ranking = session.mashups.rank(session.library.find("rip.flac").track_id)
    assert len(ranking) == 8
    assert "song 10" not in {entry.track.title.casefold() for entry in ranking}


def test_missing_tracks_are_ranked_but_not_matched(session: Session, tmp_path: Path) -> None:
    query = identity(session, "Song 10")
    (tmp_path / "music" / "Singer 1" / "Song 11.flac").unlink()
    session.scans.run([tmp_path / "music"])
    assert "Song 11" in {entry.track.title for entry in session.ranking.similar_tracks(query)}
    assert "Song 11" not in {entry.track.title for entry in session.mashups.rank(query)}


def test_tracks_that_cannot_be_compared_say_why(session: Session, tmp_path: Path) -> None:
    (tmp_path / "music" / "bad.mp3").write_bytes(b"bad")
    session.scans.run([tmp_path / "music"])
    with pytest.raises(NotAnalysedError, match=r"bad\.mp3"):
        session.ranking.similar_tracks(session.library.find("bad.mp3").known_id())
    with pytest.raises(AudioFileError, match=r"bad\.mp3"):
        session.sounds.part(session.library.find("bad.mp3"), Stem.MIX)
    with pytest.raises(TrackNotFoundError):
        session.ranking.singers("no such id")
    newer = fake_session(tmp_path / "library", embedder=FakeEmbedder("model-2"))
    with pytest.raises(NotAnalysedError, match=r"Song 10: .* scan it again"):
        newer.mashups.rank(identity(session, "Song 10"))


def test_the_users_singer_wins_and_survives_scans(session: Session, tmp_path: Path) -> None:
    track_id = identity(session, "Song 10")
    assert called(session, track_id, "Singer 2") == "Singer 2"
    other = fake_session(tmp_path / "library", embedder=FakeEmbedder("model-2"))
    other.scans.run([tmp_path / "music"])
    assert other.library.find("Song 10").singer == "Singer 2"
    counts = {e.singer: e.n_tracks for e in session.ranking.singers(identity(session, "Song 00"))}
    assert counts == {"Singer 0": 2, "Singer 1": 2, "Singer 2": 4}
    assert called(session, track_id) == "Singer 1"


def test_parts_sum_to_the_mix_and_come_from_the_cache(
    session: Session, separator: FakeSeparator
) -> None:
    track = session.library.find("Song 10")
    expected, _ = read_audio(track.path, 44_100, 2)
    mix, rate = session.sounds.part(track.track_id, Stem.MIX)
    vocals, _ = session.sounds.part(track.track_id, Stem.VOCALS)
    accompaniment, _ = session.sounds.part(track.track_id, Stem.ACCOMPANIMENT)
    assert rate == 44_100
    np.testing.assert_array_equal(mix, expected)
    np.testing.assert_allclose(vocals + accompaniment, mix, atol=2e-4)
    assert separator.calls == 9


def test_lost_stems_are_made_again(
    session: Session, separator: FakeSeparator, tmp_path: Path
) -> None:
    for stem in (tmp_path / "library" / "stems").rglob("*.flac"):
        stem.unlink()
    track_id = identity(session, "Song 10")
    assert session.sounds.kept(track_id, Stem.VOCALS) is None
    vocals, _ = session.sounds.part(track_id, Stem.VOCALS)
    session.sounds.part(track_id, Stem.ACCOMPANIMENT)
    assert separator.calls == 10
    kept = session.sounds.kept(track_id, Stem.VOCALS)
    assert kept is not None
    np.testing.assert_array_equal(kept[0], vocals)


def test_a_file_that_changed_or_went_is_not_taken_for_the_track(
    session: Session, tmp_path: Path
) -> None:
    track = session.library.find("Song 10")
    write_song(track.path, 999)
    with pytest.raises(AudioFileError, match="has changed"):
        session.sounds.part(track.track_id, Stem.MIX)
    track.path.unlink()
    with pytest.raises(AudioFileError, match="no such file"):
        session.sounds.part(track.track_id, Stem.MIX)
    assert session.sounds.part(track.track_id, Stem.VOCALS)[0].shape[0] == 2  # still in the cache


def test_a_match_is_rendered_and_saved_with_its_settings(session: Session, tmp_path: Path) -> None:
    vocals, accompaniment = identity(session, "Song 10"), identity(session, "Song 20")
    mashup = session.mashups.render(vocals, accompaniment)
    length = session.sounds.part(vocals, Stem.VOCALS)[0].shape
    assert mashup.waveform.shape == length
    assert mashup.settings["vocals_track_id"] == vocals
    assert mashup.settings["accompaniment_title"] == "Song 20"

    path = session.mashups.save(mashup, tmp_path / "out", "Song 10 / Song 20: x")
    assert path.parent == tmp_path / "out"
    assert audio_info(path).seconds == pytest.approx(0.6)
    settings = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert settings == mashup.settings
    assert session.mashups.save(mashup, tmp_path / "out", "Song 10 / Song 20: x") == path


def test_saving_a_match_never_replaces_another_file(session: Session, tmp_path: Path) -> None:
    song = write_song(tmp_path / "out" / "mine.wav", 300)
    before = song.read_bytes()
    mashup = session.mashups.render(identity(session, "Song 10"), identity(session, "Song 20"))
    assert session.mashups.save(mashup, tmp_path / "out", "mine").name == "mine (2).wav"
    assert song.read_bytes() == before


def test_maps_show_each_track_and_are_kept(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maps = {domain: session.maps.points(domain) for domain in Domain}
    ids = {track.track_id for track in session.library.tracks()}
    for points in maps.values():
        assert {point.track_id for point in points} == ids
        assert all(0 <= point.x <= 1 and 0 <= point.y <= 1 for point in points)

    def not_again(_vectors: object) -> None:
        raise AssertionError("the map was made again")

    with monkeypatch.context() as context:
        context.setattr("vocal_explorer.maps.library_maps.project", not_again)
        other = fake_session(tmp_path / "library")
        assert {domain: other.maps.points(domain) for domain in Domain} == maps
    write_song(tmp_path / "music" / "new.flac", 900)
    session.scans.run([tmp_path / "music"])
    assert len(session.maps.points(Domain.MIX)) == 10


def test_what_did_not_change_is_the_very_same(tmp_path: Path) -> None:
    session = fake_session(tmp_path / "library")
    session.scans.run([music_folder(tmp_path)])
    before = session.library.tracks()
    assert session.library.tracks() is before
    session.labels.change([before[0].track_id], ["Someone"])
    after = session.library.tracks()
    assert after is not before
    assert [old is new for old, new in zip(before, after, strict=True)] == [
        False,
        *[True] * (len(before) - 1),
    ]


def test_an_empty_library_answers_everything(tmp_path: Path) -> None:
    session = fake_session(tmp_path / "library")
    assert session.library.tracks() == ()
    assert session.maps.points(Domain.VOCALS) == []
    assert session.scans.run([]).analysed == 0
    with pytest.raises(TrackNotFoundError, match="empty"):
        session.library.find("x")


def test_nothing_heavy_is_made_before_it_is_needed_and_only_once(tmp_path: Path) -> None:
    made = []

    def make_embedder(_folder: Path) -> FakeEmbedder:
        made.append("embedder")
        return FakeEmbedder()

    session = Session(
        tmp_path / "library",
        make_separator=lambda _name: FakeSeparator(),
        make_embedder=make_embedder,
    )
    assert made == []
    threads = [threading.Thread(target=session.tracks) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == ["embedder"]
    session.close()


def test_a_session_sees_what_another_one_finds(session: Session, tmp_path: Path) -> None:
    other = fake_session(tmp_path / "library")
    assert len(other.library.tracks()) == 9
    write_song(tmp_path / "music" / "new.flac", 900)
    session.scans.run([tmp_path / "music"])
    assert len(other.library.tracks()) == 10
    assert all(track.state is TrackState.ANALYSED for track in other.library.tracks())


def test_two_scans_at_once_share_a_library(tmp_path: Path) -> None:
    music = music_folder(tmp_path / "music")
    sessions = [fake_session(tmp_path / "library") for _ in range(2)]
    threads = [threading.Thread(target=session.scan, args=([music],)) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sessions[0].tracks()) == 4
    assert all(track.state is TrackState.ANALYSED for track in sessions[1].tracks())


def test_chosen_tracks_are_exported_in_their_order(session: Session, tmp_path: Path) -> None:
    chosen = [identity(session, title) for title in ("Song 21", "Song 02")]
    assert session.exports.write(tmp_path / "list.m3u8", chosen) == 2
    lines = (tmp_path / "list.m3u8").read_text(encoding="utf-8").splitlines()
    assert lines[2::2] == ["music/Singer 2/Song 21.flac", "music/Singer 0/Song 02.flac"]


def test_maps_are_made_for_files_that_show_them(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session.exports.write(tmp_path / "all.csv") == 9
    with (tmp_path / "all.csv").open(encoding="utf-8") as file:
        assert any(row["vocals_x"] and row["mix_y"] for row in csv.DictReader(file))
    monkeypatch.delattr(Maps, "points")
    assert (
        session.exports.write(tmp_path / "all.m3u8")
        == session.exports.write(tmp_path / "all.npz")
        == 9
    )


def test_the_whole_library_is_exported(session: Session, tmp_path: Path) -> None:
    assert session.exports.write(tmp_path / "all.npz") == 9
    with np.load(tmp_path / "all.npz") as arrays:
        assert arrays["vocals"].shape == arrays["mix"].shape == (9, FakeEmbedder.n_dimensions)


def test_parts_are_given_as_files(session: Session, tmp_path: Path) -> None:
    track_id = identity(session, "Song 10")
    mix, vocals = (session.sounds.file(track_id, part) for part in (Stem.MIX, Stem.VOCALS))
    assert mix == tmp_path / "music" / "Singer 1" / "Song 10.flac"
    assert vocals.name == "Singer 1 - Song 10 (vocals).flac"
    np.testing.assert_allclose(
        read_audio(vocals)[0], session.sounds.part(track_id, Stem.VOCALS)[0], atol=1e-4
    )


def test_stems_keep_to_their_room(session: Session, separator: FakeSeparator) -> None:
    room = session.stems.room()
    assert room.used > 0
    assert session.stems.set_limit(room.used // 3).used <= room.used // 3
    assert Session(room.folder.parent).stems.room().limit == room.used // 3
    assert session.stems.clear().used == 0
    calls = separator.calls
    session.sounds.part(identity(session, "Song 10"), Stem.VOCALS)
    assert separator.calls == calls + 1


def test_demo_songs_are_made_once(tmp_path: Path) -> None:
    session = fake_session(tmp_path / "library")
    folder = session.make_demo_songs()
    songs = sorted(folder.rglob("*.flac"))
    assert len(songs) == 24
    before = songs[0].stat().st_mtime_ns
    assert session.make_demo_songs() == folder
    assert songs[0].stat().st_mtime_ns == before


def test_sets_blends_hubs_and_clusters_are_asked_of_the_library(tmp_path: Path) -> None:
    session = fake_session(tmp_path / "library")
    for i in range(7):
        write_song(tmp_path / "music" / f"{i}.flac", 200 + 40 * i)
    session.scans.run([tmp_path / "music"])
    ids = [track.track_id for track in session.library.tracks()]
    found = session.ranking.similar_tracks((ids[0], ids[1], "gone"), Blend(0.3), 9)
    assert {ranked.track.track_id for ranked in found} == set(ids[2:])
    corrected = session.ranking.similar_tracks(ids[0], Blend(0.3, hub_corrected=True), 9)
    assert {ranked.track.track_id for ranked in corrected} == set(ids[1:])
    before, after = session.ranking.hub_effect(Blend(0.3))
    assert before.n_tracks == after.n_tracks == 7
    assert set(session.ranking.clusters()) <= set(ids)
    with pytest.raises(TrackNotFoundError):
        session.ranking.similar_tracks(("gone",), Blend(0.3), 9)


def test_tracks_stay_where_they_are_on_the_map_when_others_come(tmp_path: Path) -> None:
    session = fake_session(tmp_path / "library")
    for i in range(12):
        write_song(tmp_path / "music" / f"{i}.flac", 200 + 40 * i)
    session.scans.run([tmp_path / "music"])
    before = {p.track_id: (p.x, p.y) for p in session.maps.points(Domain.MIX)}
    write_song(tmp_path / "music" / "new.flac", 330)
    session.scans.run([tmp_path / "music"])
    after = {p.track_id: (p.x, p.y) for p in session.maps.points(Domain.MIX)}
    moves = [np.hypot(after[i][0] - x, after[i][1] - y) for i, (x, y) in before.items()]
    assert np.median(moves) < 0.15
    assert len(after) == 13
