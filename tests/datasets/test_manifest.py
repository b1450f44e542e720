from pathlib import Path

import pytest
from places import SHARED

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.datasets.manifest import (
    SAME_MUSIC,
    Recording,
    is_validation,
    kept_singers,
    load_manifest,
    split_by_singer,
    split_for_training,
)

HEADER = "path,singer,domain,source,licence,seconds\n"


def test_rows_become_recordings(tmp_path: Path) -> None:
    rows = [f"s/song/{stem}.opus,Ana,{stem},src,CC0,12.5" for stem in ("vocals", "accompaniment")]
    (tmp_path / "manifest.csv").write_text(HEADER + "\n".join(rows))
    vocals, music = load_manifest(tmp_path)
    assert vocals.path == tmp_path / "s/song/vocals.opus"
    assert (vocals.singer, vocals.seconds, vocals.licence) == ("Ana", 12.5, "CC0")
    assert vocals.song == music.song


def test_other_files_are_songs_of_their_own(tmp_path: Path) -> None:
    rows = [f"a/{name}.wav,A,vocals,s,l,1" for name in ("x", "y")]
    (tmp_path / "manifest.csv").write_text(HEADER + "\n".join(rows))
    first, second = load_manifest(tmp_path)
    assert first.song != second.song


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("path,singer\na,b\n")
    with pytest.raises(VocalExplorerError, match="domain"):
        load_manifest(tmp_path)


def test_a_file_says_who_is_kept_for_validation(tmp_path: Path) -> None:
    assert kept_singers(tmp_path) is None
    (tmp_path / "validation.csv").write_text("singer,why\nAna,unclear licence\nBo,kept\n")
    kept = kept_singers(tmp_path)
    assert kept == {"Ana", "Bo"}
    rows = [(f"{name}.opus", name, "vocals", 300.0) for name in ("Ana", "Bo", UNSEEN)]
    training, validation = split_for_training(recordings(*rows), kept)
    assert [r.singer for r in training] == [UNSEEN]
    assert [r.singer for r in validation] == ["Ana", "Bo"]


def test_a_validation_file_without_singers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "validation.csv").write_text("name\nAna\n")
    with pytest.raises(VocalExplorerError, match="singer"):
        kept_singers(tmp_path)


def test_about_one_singer_in_seven_is_for_validation() -> None:
    names = [f"singer {number}" for number in range(7000)]
    assert 900 < sum(map(is_validation, names)) < 1100


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the recordings of ../shared")
def test_no_singer_is_in_both_parts() -> None:
    training, validation = split_by_singer(load_manifest(SHARED / "data"))
    assert not {r.singer for r in training} & {r.singer for r in validation}
    assert len(validation) > 20
    assert all(r.path.is_file() for r in training + validation)


def recordings(*rows: tuple[str, str, str, float]) -> list[Recording]:
    return [Recording(Path(path), who, what, "", "", length) for path, who, what, length in rows]


UNSEEN = next(filter(is_validation, (f"act{number}" for number in range(100))))
ALBUM = [
    (f"album/song{number}/{stem}.opus", "known", stem, 240.0)
    for number in range(400)
    for stem in ("vocals", "accompaniment")
]


def test_the_separator_learns_nothing_of_validation_singers() -> None:
    rows = [("a/1/vocals.opus", UNSEEN, "vocals", 9.0), ("b/x.opus", "known", "vocals", 9.0)]
    training, validation = split_for_training(recordings(*rows))
    assert not is_validation("known")
    assert [r.singer for r in validation] == [UNSEEN]
    assert [r.singer for r in training] == ["known"]


def test_one_long_song_in_four_is_kept_back_with_both_stems() -> None:
    training, validation = split_for_training(recordings(*ALBUM))
    assert 60 < len({r.song for r in validation}) < 140
    assert len(training) + len(validation) == len(ALBUM)
    assert not {r.song for r in training} & {r.song for r in validation}


def test_short_songs_and_songs_without_vocals_of_known_singers_are_for_training() -> None:
    rows = [(path, who, what, 100.0) for path, who, what, _ in ALBUM]
    assert split_for_training(recordings(*rows))[1] == []


def test_long_accompaniments_without_vocals_are_kept_back() -> None:
    rows = [(f"m/{n}.opus", "band", "accompaniment", n) for n in (100.0, 121.0, 300.0)]
    training, validation = split_for_training(recordings(*rows))
    assert [r.seconds for r in training] == [100.0]
    assert [r.seconds for r in validation] == [121.0, 300.0]


def test_nobody_learns_the_music_of_a_validation_song() -> None:
    for group in SAME_MUSIC:
        first, *others = sorted(group)
        rows = [(f"data/{first}/vocals.opus", UNSEEN, "vocals", 9.0)]
        rows += [(f"data/{other}/vocals.opus", "known", "vocals", 9.0) for other in others]
        rows += [("data/mir1k/ann/1/vocals.opus", "known", "vocals", 9.0)]
        training, validation = split_for_training(recordings(*rows))
        assert [r.path.parts[-3] for r in training] == ["ann"]
        assert len(validation) == 1


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the recordings of ../shared")
def test_separation_is_judged_by_a_song_of_the_album_and_a_whole_instrumental() -> None:
    training, validation = split_for_training(load_manifest(SHARED / "data"))
    album = dict.fromkeys(("Francium", "Lithium", "Potassium", "Sodium"), 0)
    for recording in validation:
        if recording.path.parent.name in album:
            album[recording.path.parent.name] += 1
    assert sorted(album.values()) == [0, 0, 0, 2]
    assert "Shearer" in {r.singer for r in validation}
    assert not {r.song for r in training} & {r.song for r in validation}
