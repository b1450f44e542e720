"""Memory of tensors and of what torch imports; running out of it is a MemoryError."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# How torch says it on processors (Linux, Windows) and on graphics cards.
_SAYINGS = ("DefaultCPUAllocator", "out of memory")

# The parameters of mallopt in glibc's malloc.h, and what they are set to.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGE = 1 << 28  # bytes
LIMIT = (1 << 31) - 1  # bytes, the largest number that mallopt takes


def keep_large_blocks(limit: int = _LARGE) -> None:
    """Let glibc keep freed blocks of up to `limit` bytes (default: 256 MB) for the next tensor.

    Else it gives each over 32 MB back at once, and the system hands out the next one page
    by page, which takes a third of the time that a network needs.
    """
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        if hasattr(library, "mallopt"):
            library.mallopt(_M_MMAP_THRESHOLD, limit)
            library.mallopt(_M_TRIM_THRESHOLD, limit)


@contextmanager
def lasting_imports() -> Iterator[None]:
    """Import heavy modules without collecting garbage; what they made stays to the end.

    Else each collection, and the program's end, walks all that torch made: 0.3 s.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


@contextmanager
def memory_errors() -> Iterator[None]:
    """Raise MemoryError where torch raises a RuntimeError because memory ran out."""
    try:
        yield
    except RuntimeError as error:
        if any(saying in str(error) for saying in _SAYINGS):
            raise MemoryError(str(error)) from error
        raise
