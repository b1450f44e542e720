import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.base.errors import AudioFileError, VocalExplorerError
from vocal_explorer.base.records.signals import Stem, Stems
from vocal_explorer.separation.stem_cache import ABANDONED_SECONDS, UNFINISHED, StemCache

N_SAMPLES = 30_000
BYTES = 2 * N_SAMPLES * 2 * 2  # of both stems, were they not compressed


@pytest.fixture
def stems(rng: np.random.Generator) -> Stems:
    vocals = rng.uniform(-0.5, 0.5, (2, N_SAMPLES)).astype(np.float32)
    return Stems(vocals, -vocals[:, ::-1].copy(), 44_100)


def save(cache: StemCache, track_id: str, key: str, stems: Stems, n_pieces: int = 1) -> None:
    with cache.writing(track_id, key) as writer:
        for vocals, accompaniment in zip(
            np.array_split(stems.vocals, n_pieces, axis=1),
            np.array_split(stems.accompaniment, n_pieces, axis=1),
            strict=True,
        ):
            writer.write(Stems(vocals, accompaniment, stems.sample_rate))


def save_until(failure: BaseException, cache: StemCache, track_id: str, stems: Stems) -> None:
    with cache.writing(track_id, "s-1") as writer:
        writer.write(stems)
        raise failure


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("n_pieces", [1, 7])
def test_gives_back_what_was_saved_to_16_bits(tmp_path: Path, stems: Stems, n_pieces: int) -> None:
    save(StemCache(tmp_path / "stems"), "abcdef", "embedded-1", stems, n_pieces)
    cache = StemCache(tmp_path / "stems")
    for part, expected in ((Stem.VOCALS, stems.vocals), (Stem.ACCOMPANIMENT, stems.accompaniment)):
        loaded = cache.load("abcdef", "embedded-1", part)
        assert loaded is not None
        assert loaded[1] == 44_100
        np.testing.assert_allclose(loaded[0], expected, atol=1e-4)


def test_an_entry_is_read_piece_by_piece(tmp_path: Path, rng: np.random.Generator) -> None:
    long = rng.uniform(-0.5, 0.5, (2, 25 * 44_100)).astype(np.float32)
    save(StemCache(tmp_path), "abcdef", "embedded-1", Stems(long, long, 44_100), 9)
    entry = StemCache(tmp_path).entry("abcdef", "embedded-1")
    assert entry is not None
    assert (entry.n_samples, entry.sample_rate) == (25 * 44_100, 44_100)
    blocks = list(entry.blocks(Stem.VOCALS))
    assert len(blocks) == 3
    np.testing.assert_allclose(np.concatenate(blocks, axis=1), long, atol=1e-4)


def test_other_tracks_and_other_separators_have_their_own_entries(
    tmp_path: Path, stems: Stems
) -> None:
    cache = StemCache(tmp_path)
    save(cache, "abcdef", "embedded-1", stems)
    assert cache.entry("abcdeg", "embedded-1") is None
    assert cache.entry("abcdef", "embedded-2") is None


@pytest.mark.parametrize("damage", [b"", b"garbage", None])
def test_a_damaged_entry_counts_as_absent_and_can_be_saved_again(
    tmp_path: Path, stems: Stems, damage: bytes | None
) -> None:
    cache = StemCache(tmp_path)
    save(cache, "abcdef", "embedded-1", stems)
    file = next(tmp_path.rglob("accompaniment.flac"))
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage)
    assert cache.entry("abcdef", "embedded-1") is None
    assert cache.load("abcdef", "embedded-1", Stem.VOCALS) is None
    save(cache, "abcdef", "embedded-1", stems)
    assert cache.load("abcdef", "embedded-1", Stem.ACCOMPANIMENT) is not None
    assert len(files_in(tmp_path)) == 2


def test_an_entry_that_ends_too_early_is_damaged(tmp_path: Path, stems: Stems) -> None:
    cache = StemCache(tmp_path)
    save(cache, "abcdef", "embedded-1", stems)
    file = next(tmp_path.rglob("vocals.flac"))
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    entry = cache.entry("abcdef", "embedded-1")
    assert entry is not None  # its header says nothing of it
    with pytest.raises(AudioFileError):
        list(entry.blocks(Stem.VOCALS))
    assert cache.load("abcdef", "embedded-1", Stem.VOCALS) is None


def test_stems_of_different_lengths_are_damaged(tmp_path: Path, stems: Stems) -> None:
    cache = StemCache(tmp_path)
    save(cache, "aaa", "s-1", stems)
    save(cache, "bbb", "s-1", Stems(stems.vocals[:, :100], stems.accompaniment[:, :100], 44_100))
    os.replace(
        tmp_path / "s-1" / "bb" / "bbb" / "vocals.flac",
        tmp_path / "s-1" / "aa" / "aaa" / "vocals.flac",
    )
    assert cache.entry("aaa", "s-1") is None


def test_nothing_but_whole_entries_is_left_in_the_folder(tmp_path: Path, stems: Stems) -> None:
    for _ in range(2):
        save(StemCache(tmp_path), "abcdef", "a/b:1", stems)
    assert files_in(tmp_path) == [
        f"a_b_1/ab/abcdef/{name}.flac" for name in ("accompaniment", "vocals")
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["a_b_1"]


def test_both_stems_appear_together_at_the_end_or_not_at_all(tmp_path: Path, stems: Stems) -> None:
    cache = StemCache(tmp_path)
    with cache.writing("abcdef", "s-1") as writer:
        writer.write(stems)
        assert cache.entry("abcdef", "s-1") is None
        assert not list(tmp_path.rglob("vocals.flac"))
    assert cache.entry("abcdef", "s-1") is not None
    with pytest.raises(AudioFileError, match="of the job"):
        save_until(AudioFileError("song.mp3", "a failure of the job"), cache, "other", stems)
    assert cache.entry("other", "s-1") is None
    assert len(files_in(tmp_path)) == 2


def test_a_failure_leaves_the_entry_of_before(tmp_path: Path, stems: Stems) -> None:
    cache = StemCache(tmp_path)
    save(cache, "abcdef", "s-1", stems)
    with pytest.raises(KeyboardInterrupt):
        save_until(KeyboardInterrupt(), cache, "abcdef", stems)
    assert cache.load("abcdef", "s-1", Stem.VOCALS) is not None
    assert len(files_in(tmp_path)) == 2


def test_the_entries_unused_for_longest_go_when_the_limit_is_reached(
    tmp_path: Path, stems: Stems
) -> None:
    cache = StemCache(tmp_path, limit=int(2.5 * BYTES))
    for age, name in ((30, "first"), (20, "second")):
        save(cache, name, "s-1", stems)
        os.utime(tmp_path / "s-1" / name[:2] / name, (1_000_000 - age, 1_000_000 - age))
    assert cache.entry("first", "s-1") is not None  # used again: now the second is older
    save(cache, "third", "s-1", stems)
    assert cache.entry("first", "s-1") is not None
    assert cache.entry("second", "s-1") is None
    assert cache.entry("third", "s-1") is not None


def test_what_a_process_left_behind_goes_when_it_is_old(tmp_path: Path, stems: Stems) -> None:
    cache = StemCache(tmp_path)
    for name, age in (("old", ABANDONED_SECONDS + 60), ("new", 60.0)):
        folder = tmp_path / f"{UNFINISHED}{name}"
        folder.mkdir()
        (folder / "vocals.flac").write_bytes(b"half")
        written = folder.stat().st_mtime - age
        os.utime(folder, (written, written))
    save(cache, "abcdef", "s-1", stems)
    assert [path.name for path in tmp_path.glob(f"{UNFINISHED}*")] == [f"{UNFINISHED}new"]


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, stems: Stems) -> None:
    (tmp_path / "stems").write_text("in the way")
    with pytest.raises(VocalExplorerError, match=r"cannot be kept in .*stems.*\.$"):
        save(StemCache(tmp_path / "stems"), "abcdef", "embedded-1", stems)


@contextmanager
def file_size_limit(n_bytes: int) -> Iterator[None]:
    """Let no file of this process grow any further, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path, stems: Stems) -> None:
    long = Stems(np.tile(stems.vocals, 20), np.tile(stems.accompaniment, 20), 44_100)
    reason = r"cannot be kept in .* cannot be written .*\.$"
    with pytest.raises(VocalExplorerError, match=reason), file_size_limit(200_000):
        save(StemCache(tmp_path), "abcdef", "s-1", long)
    assert files_in(tmp_path) == []
