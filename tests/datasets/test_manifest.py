from pathlib import Path

import pytest
from ci_rules import SHARED

from vocal_explorer.datasets.manifest import is_validation, load_manifest, split_by_singer
from vocal_explorer.errors import VocalExplorerError

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
