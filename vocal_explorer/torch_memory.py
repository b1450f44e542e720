"""Tell that memory ran out in Python's words, whoever noticed it."""

from collections.abc import Iterator
from contextlib import contextmanager

# How torch says it on processors (Linux, Windows) and on graphics cards.
_SAYINGS = ("DefaultCPUAllocator", "out of memory")


@contextmanager
def memory_errors() -> Iterator[None]:
    """Raise MemoryError where torch raises a RuntimeError because memory ran out."""
    try:
        yield
    except RuntimeError as error:
        if any(saying in str(error) for saying in _SAYINGS):
            raise MemoryError(str(error)) from error
        raise
