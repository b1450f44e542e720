"""Reads TensorFlow checkpoints (tensor bundles) without TensorFlow.

The index is a sorted string table. Its first value, of the empty key, is a
BundleHeaderProto; the others are one BundleEntryProto for each variable, in the wire
format of protocol buffers: which type, which shape, and where in the data file.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.errors import WeightsError
from vocal_explorer.separation.spleeter.sstable import DamagedError, Reader, read_table

FLOAT = 1  # TensorFlow's number for float32
_MOST_DIMENSIONS = 32
_MOST_NUMBERS = 1 << 40

Tensors = Mapping[str, NDArray[np.float32]]
"""Variables by their names."""


@dataclass(frozen=True)
class TensorEntry:
    """Where a variable lies; `dtype` is TensorFlow's number, offset and size are bytes."""

    dtype: int
    shape: tuple[int, ...]
    offset: int
    size: int


def read_index(path: Path) -> dict[str, TensorEntry]:
    """Return the variables that the index of a checkpoint lists, sorted by name.

    Raises
    ------
    WeightsError
        If the file is missing, damaged, not an index, or of a kind that is not supported:
        several data files, big-endian numbers, variables in slices.
    """
    try:
        table = read_table(path.read_bytes())
        _check_header(table.pop(b"", None))
        return {name.decode(): _entry(value) for name, value in table.items()}
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (DamagedError, UnicodeDecodeError) as error:
        reason = error if isinstance(error, DamagedError) else "a name is not text"
        raise WeightsError(f"{path} cannot be used as a checkpoint's index: {reason}.") from error


def read_tensors(path: Path, entries: Mapping[str, TensorEntry]) -> Tensors:
    """Return the float32 variables in the data file `path`, read only when they are used.

    Whether their values are the right ones, only a hash of the file tells.

    Parameters
    ----------
    path
        The only data file of the checkpoint.
    entries
        What `read_index` returned for it.

    Raises
    ------
    WeightsError
        If the file is missing, or not exactly as long as the index says.
    """
    n_bytes = max((entry.offset + entry.size for entry in entries.values()), default=0)
    try:
        size = path.stat().st_size
        if size != n_bytes:
            raise WeightsError(f"{path} has {size:,} bytes, but its index lists {n_bytes:,}.")
        content = np.memmap(path, np.uint8, "r") if size else np.empty(0, np.uint8)
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror or error}.") from error
    return {name: _tensor(content, entry) for name, entry in entries.items() if _is_float(entry)}


def _is_float(entry: TensorEntry) -> bool:
    return entry.dtype == FLOAT


def _tensor(content: NDArray[np.uint8], entry: TensorEntry) -> NDArray[np.float32]:
    stored = content[entry.offset : entry.offset + entry.size]
    return np.frombuffer(stored, "<f4").reshape(entry.shape)


class _Message:
    """The fields of a protocol buffer by their numbers; what is not set reads as zero."""

    def __init__(self, data: bytes) -> None:
        self._numbers: dict[int, int] = {}
        self._parts: dict[int, list[bytes]] = {}
        reader = Reader(data)
        while reader:
            field, wire_type = divmod(reader.varint(), 8)
            if wire_type == 0:
                self._numbers[field] = reader.varint()
            elif wire_type == 2:
                self._parts.setdefault(field, []).append(reader.take(reader.varint()))
            elif wire_type in (1, 5):  # fixed 64 and 32 bits: checksums of tensors
                reader.take(8 if wire_type == 1 else 4)
            else:
                raise DamagedError("it is damaged")

    def number(self, field: int) -> int:
        return self._numbers.get(field, 0)

    def messages(self, field: int) -> list["_Message"]:
        return [_Message(part) for part in self._parts.get(field, [])]


def _check_header(value: bytes | None) -> None:
    if value is None:
        raise DamagedError("it has no header")
    header = _Message(value)
    n_shards, endianness = header.number(1), header.number(2)
    if n_shards != 1:
        raise DamagedError(f"it belongs to {n_shards} data files instead of one")
    if endianness != 0:
        raise DamagedError("its numbers are big-endian")


def _entry(value: bytes) -> TensorEntry:
    message = _Message(value)
    shape = tuple(dim.number(1) for part in message.messages(2) for dim in part.messages(2))
    entry = TensorEntry(message.number(1), shape, message.number(4), message.number(5))
    if message.number(3) != 0:
        raise DamagedError("a variable lies in a data file that is not there")
    if message.messages(7):
        raise DamagedError("a variable is kept in slices")
    if len(shape) > _MOST_DIMENSIONS or math.prod(max(n, 1) for n in shape) > _MOST_NUMBERS:
        raise DamagedError("a variable has an impossible shape")
    if _is_float(entry) and entry.size != math.prod(shape) * np.dtype(np.float32).itemsize:
        raise DamagedError("a variable's size does not fit its shape")
    return entry
