import os
from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.errors import VocalExplorerError
from vocal_explorer.records import Stems
from vocal_explorer.separation.stem_cache import StemCache


@pytest.fixture
def stems(rng: np.random.Generator) -> Stems:
    vocals = rng.uniform(-0.5, 0.5, (2, 30_000)).astype(np.float32)
    return Stems(vocals, -vocals[:, ::-1].copy(), 44_100)


def test_gives_back_what_was_saved_to_16_bits(tmp_path: Path, stems: Stems) -> None:
    StemCache(tmp_path / "stems").save("abcdef", "embedded-1", stems)
    loaded = StemCache(tmp_path / "stems").load("abcdef", "embedded-1")
    assert loaded is not None
    assert loaded.sample_rate == 44_100
    np.testing.assert_allclose(loaded.vocals, stems.vocals, atol=1e-4)
    np.testing.assert_allclose(loaded.accompaniment, stems.accompaniment, atol=1e-4)


def test_other_tracks_and_other_separators_have_their_own_entries(
    tmp_path: Path, stems: Stems
) -> None:
    cache = StemCache(tmp_path)
    cache.save("abcdef", "embedded-1", stems)
    assert cache.load("abcdeg", "embedded-1") is None
    assert cache.load("abcdef", "embedded-2") is None


@pytest.mark.parametrize("damage", [b"", b"garbage", None])
def test_a_damaged_entry_counts_as_absent_and_can_be_saved_again(
    tmp_path: Path, stems: Stems, damage: bytes | None
) -> None:
    cache = StemCache(tmp_path)
    cache.save("abcdef", "embedded-1", stems)
    file = next(tmp_path.rglob("accompaniment.flac"))
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage)
    assert cache.load("abcdef", "embedded-1") is None
    cache.save("abcdef", "embedded-1", stems)
    assert cache.load("abcdef", "embedded-1") is not None


def test_stems_of_different_lengths_are_damaged(tmp_path: Path, stems: Stems) -> None:
    cache = StemCache(tmp_path)
    short = Stems(stems.vocals[:, :100], stems.accompaniment[:, :100], 44_100)
    cache.save("aaa", "s-1", stems)
    cache.save("bbb", "s-1", short)
    os.replace(
        tmp_path / "s-1" / "bb" / "bbb" / "vocals.flac",
        tmp_path / "s-1" / "aa" / "aaa" / "vocals.flac",
    )
    assert cache.load("aaa", "s-1") is None


def test_nothing_but_whole_entries_is_left_in_the_folder(tmp_path: Path, stems: Stems) -> None:
    StemCache(tmp_path).save("abcdef", "a/b:1", stems)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == ["accompaniment.flac", "vocals.flac"]
    assert all(path.is_relative_to(tmp_path) for path in files)


def test_the_entries_unused_for_longest_go_when_the_limit_is_reached(
    tmp_path: Path, stems: Stems
) -> None:
    size = 2 * 30_000 * 2 * 2
    cache = StemCache(tmp_path, limit=int(2.5 * size))
    for age, name in ((30, "first"), (20, "second")):
        cache.save(name, "s-1", stems)
        os.utime(tmp_path / "s-1" / name[:2] / name, (1_000_000 - age, 1_000_000 - age))
    assert cache.load("first", "s-1") is not None  # used again: now the second is older
    cache.save("third", "s-1", stems)
    assert cache.load("first", "s-1") is not None
    assert cache.load("second", "s-1") is None
    assert cache.load("third", "s-1") is not None


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, stems: Stems) -> None:
    (tmp_path / "stems").write_text("in the way")
    with pytest.raises(VocalExplorerError, match=r"cannot be kept in .*stems.*\.$"):
        StemCache(tmp_path / "stems").save("abcdef", "embedded-1", stems)
