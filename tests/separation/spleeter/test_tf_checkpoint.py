"""Checkpoints are read as TensorFlow writes them, and damaged ones never as something else."""

import contextlib
from pathlib import Path

import numpy as np
import pytest
from checkpoint_writer import (
    HEADER,
    block,
    field,
    index_bytes,
    sealed,
    spleeter_shapes,
    table,
    varint,
    write_checkpoint,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from places import SHARED

from vocal_explorer.base.errors import WeightsError
from vocal_explorer.separation.spleeter.official_weights import DATA_BYTES, DATA_NAME, INDEX_NAME
from vocal_explorer.separation.spleeter.sstable import crc32c
from vocal_explorer.separation.spleeter.tf_checkpoint import (
    FLOAT,
    TensorEntry,
    read_index,
    read_tensors,
)

ANCHORS = SHARED / "anchors" / "spleeter"
one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
arrays = st.one_of(
    hnp.arrays(np.float32, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)),
    hnp.arrays(np.int64, ()),
)
TENSORS = {f"layer_{n}/{part}": np.full((n, 3), n, "f4") for n in range(30) for part in "ab"}


def read_bytes(path: Path, content: bytes) -> dict[str, TensorEntry]:
    path.write_bytes(content)
    return read_index(path)


class TestWhatWasWrittenIsRead:
    @one_folder
    @given(
        st.dictionaries(names, arrays, max_size=20),
        st.integers(1, 30),
        st.integers(1, 20),
    )
    def test_any_tensors(
        self, tmp_path: Path, tensors: dict[str, np.ndarray], per_block: int, restart_every: int
    ) -> None:
        write_checkpoint(tmp_path, tensors)
        index = index_bytes(tensors, per_block=per_block, restart_every=restart_every)
        entries = read_bytes(tmp_path / INDEX_NAME, index)
        assert {name: entry.shape for name, entry in entries.items()} == {
            name: array.shape for name, array in tensors.items()
        }
        read = read_tensors(tmp_path / DATA_NAME, entries)
        assert read.keys() == {name for name, array in tensors.items() if array.dtype == np.float32}
        for name, array in read.items():
            np.testing.assert_array_equal(array, tensors[name], strict=True)

    def test_the_checksum_is_castagnolis(self) -> None:
        assert crc32c(b"123456789") == 0xE3069283
        assert crc32c(bytes(32)) == 0x8A9136AA
        assert crc32c(b"") == 0

    @pytest.mark.shared
    @pytest.mark.skipif(not ANCHORS.is_dir(), reason="needs the index of ../shared")
    def test_the_official_index(self) -> None:
        entries = read_index(ANCHORS / "model.index")
        *lines, last = (ANCHORS / "index_listing.txt").read_text().splitlines()
        assert lines == [
            f"{name} dtype {entry.dtype} {list(entry.shape)} "
            f"offset {entry.offset} size {entry.size}"
            for name, entry in entries.items()
        ]
        assert last == f"total bytes {DATA_BYTES}"
        assert sum(entry.size for entry in entries.values()) == DATA_BYTES
        assert {name: entry.shape for name, entry in entries.items()} == spleeter_shapes()


class TestDamage:
    @one_folder
    @given(st.data())
    def test_a_damaged_index_is_an_error_or_read_as_before(
        self, tmp_path: Path, data: st.DataObject
    ) -> None:
        whole = index_bytes(TENSORS)
        right = read_bytes(tmp_path / "right", whole)
        damaged = bytearray(whole)
        places = st.integers(0, len(whole) - 1) | st.integers(len(whole) - 60, len(whole) - 1)
        for place in data.draw(st.lists(places, min_size=1, max_size=4)):
            damaged[place] = data.draw(st.integers(0, 255))
        try:
            read = read_bytes(tmp_path / "damaged", bytes(damaged))
        except WeightsError:
            return
        assert read == right

    def test_every_flipped_byte_is_noticed_or_without_effect(self, tmp_path: Path) -> None:
        whole = index_bytes({"a": np.zeros(3, "f4"), "b": np.zeros((2, 2), "f4")})
        right = read_bytes(tmp_path / "index", whole)
        n_noticed = 0
        for place in range(len(whole)):
            damaged = bytearray(whole)
            damaged[place] ^= 0xFF
            try:
                assert read_bytes(tmp_path / "index", bytes(damaged)) == right
            except WeightsError:
                n_noticed += 1
        assert n_noticed > len(whole) / 2

    def test_every_truncation_is_noticed(self, tmp_path: Path) -> None:
        whole = index_bytes({"a": np.zeros(3, "f4"), "b": np.zeros((2, 2), "f4")})
        for length in range(len(whole)):
            with pytest.raises(WeightsError, match=r"index .*: .*\.$"):
                read_bytes(tmp_path / "index", whole[:length])

    @one_folder
    @given(st.binary(max_size=200))
    def test_garbage_is_no_index(self, tmp_path: Path, garbage: bytes) -> None:
        with pytest.raises(WeightsError):
            read_bytes(tmp_path / "index", garbage)

    @one_folder
    @given(st.binary(max_size=60), st.binary(max_size=30), st.binary(max_size=40))
    def test_garbage_with_right_checksums_is_an_error_or_an_index(
        self, tmp_path: Path, entries: bytes, handles: bytes, entry: bytes
    ) -> None:
        n_entries = len(sealed(entries))
        footer = varint(0) + varint(0) + varint(n_entries) + varint(len(handles))
        tail = footer.ljust(40, b"\0") + table([])[-8:]
        for content in (
            table([(b"x", entries)]),
            sealed(entries) + sealed(handles) + tail,
            table([(b"x", block([(b"", HEADER), (b"x", entry)]))]),
        ):
            (tmp_path / "data").write_bytes(bytes(16))
            with contextlib.suppress(WeightsError):
                read_tensors(tmp_path / "data", read_bytes(tmp_path / "index", content))

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (table([(b"", block([(b"", HEADER)]))], compression=1), "compressed"),
            (table([(b"a", block([(b"a", b"")]))]), "no header"),
            (index_bytes(TENSORS, header=b"\x08\x02"), "2 data files"),
            (index_bytes(TENSORS, header=b"\x08\x01\x10\x01"), "big-endian"),
            (index_bytes(TENSORS, extra=field(3, 1)), "not there"),
            (index_bytes(TENSORS, extra=field(7, b"")), "slices"),
            (index_bytes(TENSORS, extra=field(5, 4)), "size"),
            (index_bytes(TENSORS, extra=field(2, field(2, field(1, 1 << 50)))), "shape"),
            (table([(b"", block([(b"", HEADER), (b"b", b""), (b"a", b"")]))]), "out of order"),
            (table([(b"", block([(b"", HEADER), (b"\xff", b"")]))]), "not text"),
            (table([(b"", block([(b"", HEADER), (b"a", b"\x0b")]))]), "damaged"),
            (table([(b"", block([(b"", HEADER), (b"a", b"\xff" * 11)]))]), "too long"),
        ],
    )
    def test_what_is_not_supported_is_said(
        self, tmp_path: Path, content: bytes, reason: str
    ) -> None:
        with pytest.raises(WeightsError, match=f"index cannot be used .*{reason}"):
            read_bytes(tmp_path / "index", content)

    def test_a_missing_file_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(WeightsError, match=r"gone cannot be read: No such file"):
            read_index(tmp_path / "gone")
        with pytest.raises(WeightsError, match=r"gone cannot be read: No such file"):
            read_tensors(tmp_path / "gone", {"a": TensorEntry(FLOAT, (1,), 0, 4)})

    @pytest.mark.parametrize("n_bytes", [0, 11, 13])
    def test_data_of_another_length_is_said(self, tmp_path: Path, n_bytes: int) -> None:
        (tmp_path / "data").write_bytes(bytes(n_bytes))
        entries = {"a": TensorEntry(FLOAT, (3,), 0, 12)}
        with pytest.raises(WeightsError, match=f"has {n_bytes} bytes, but its index lists 12"):
            read_tensors(tmp_path / "data", entries)
