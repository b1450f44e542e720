"""Reads a sorted string table, LevelDB's file format, in which TensorFlow keeps its indexes.

A table is a sequence of blocks; a footer says where the index block is, whose values say
where the data blocks are. Each block carries a checksum. In a block each key is stored as
what it adds to the key before.
"""

from collections.abc import Iterator
from itertools import pairwise

MAGIC = 0xDB4775248B80FB57
FOOTER_BYTES = 48  # two block handles, padding, and the magic number
TRAILER_BYTES = 5  # the compression of a block and its checksum
_UNCOMPRESSED = 0
_WORD = 4  # bytes of a restart point
_MASK_DELTA = 0xA282EAD8  # checksums that are stored among the data are masked with it
_POLYNOMIAL = 0x82F63B78  # Castagnoli's, bits reversed


class DamagedError(ValueError):
    """Bytes that are not what the format asks for; the text is a clause for a sentence."""


class Reader:
    """Takes bytes from the front to the back; running over the end raises DamagedError."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def __bool__(self) -> bool:
        return self._position < len(self._data)

    def take(self, n_bytes: int) -> bytes:
        """Return the next `n_bytes`."""
        start, self._position = self._position, self._position + n_bytes
        if self._position > len(self._data):
            raise DamagedError("it ends too early")
        return self._data[start : self._position]

    def varint(self) -> int:
        """Return the next number, of at most 64 bits: seven bits a byte, the lowest first."""
        number = 0
        for shift in range(0, 64, 7):
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
        raise DamagedError("it holds a number that is too long")


def read_table(data: bytes) -> dict[bytes, bytes]:
    """Return all keys and values of the table whose file holds `data`, in their order.

    Raises
    ------
    DamagedError
        If it is damaged, compressed, or no table.
    """
    if len(data) < FOOTER_BYTES or int.from_bytes(data[-8:], "little") != MAGIC:
        raise DamagedError("it is cut off or another kind of file")
    handles = Reader(data[-FOOTER_BYTES:-8])
    _handle(handles)  # of the filters, which TensorFlow does not use
    blocks = (_handle(Reader(value)) for _, value in _entries(_block(data, *_handle(handles))))
    pairs = [pair for offset, size in blocks for pair in _entries(_block(data, offset, size))]
    if any(key >= following for (key, _), (following, _) in pairwise(pairs)):
        raise DamagedError("its names are out of order")
    return dict(pairs)


def crc32c(data: bytes) -> int:
    """Return Castagnoli's cyclic redundancy check, 32 bits."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ _CRC_OF_BYTE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def masked(crc: int) -> int:
    """Return a checksum as it is stored among the data that it protects."""
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF


def _crc_of(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


_CRC_OF_BYTE = tuple(_crc_of(byte) for byte in range(256))


def _handle(reader: Reader) -> tuple[int, int]:
    """Return the offset and the size of a block, without its trailer."""
    return reader.varint(), reader.varint()


def _block(data: bytes, offset: int, size: int) -> bytes:
    stop = offset + size
    if stop + TRAILER_BYTES > len(data) - FOOTER_BYTES:
        raise DamagedError("it points outside itself")
    stored = int.from_bytes(data[stop + 1 : stop + TRAILER_BYTES], "little")
    if masked(crc32c(data[offset : stop + 1])) != stored:
        raise DamagedError("a checksum does not fit")
    if data[stop] != _UNCOMPRESSED:
        raise DamagedError("it is compressed")
    return data[offset:stop]


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield keys and values; restart points serve only who searches for one key."""
    n_restarts = int.from_bytes(block[-_WORD:], "little")
    n_bytes = len(block) - _WORD * (n_restarts + 1)
    if n_bytes < 0:
        raise DamagedError("it ends too early")
    reader = Reader(block[:n_bytes])
    key = b""
    while reader:
        n_shared, n_added, n_value = reader.varint(), reader.varint(), reader.varint()
        if n_shared > len(key):
            raise DamagedError("a name is incomplete")
        key = key[:n_shared] + reader.take(n_added)
        yield key, reader.take(n_value)
