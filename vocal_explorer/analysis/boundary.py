"""The boundary of one file: whatever happens to it is one sentence, and nothing stops."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from vocal_explorer.base.errors import (
    NO_MEMORY,
    Cancelled,
    StorageError,
    VocalExplorerError,
    WeightsError,
)
from vocal_explorer.base.names import one_line
from vocal_explorer.base.records.tracks import Failure

_Result = TypeVar("_Result")
_LONGEST_TEXT = 200  # characters of an error that nobody expected

_log = logging.getLogger(__name__)


def attempt(path: Path, action: Callable[[], _Result]) -> _Result | Failure:
    """Do something with one file; whatever goes wrong is its failure, and the log has all of it.

    Raises
    ------
    Cancelled
        If the user cancelled.
    StorageError, WeightsError
        What would happen to every other file too, and is none of their faults.
    """
    try:
        return action()
    except (Cancelled, StorageError, WeightsError):
        raise
    except VocalExplorerError as error:
        _log.info("%s: %s", path, error.clause, exc_info=True)
        return Failure(path, error.clause)
    except MemoryError:
        _log.info("%s: %s", path, NO_MEMORY, exc_info=True)
        return Failure(path, NO_MEMORY, lasting=False)
    except Exception as error:
        _log.warning("%s fails in a way that nobody expected", path, exc_info=True)
        return Failure(path, unexpected(error))


def unexpected(error: BaseException) -> str:
    """Return what to say of an error that nobody expected, as a clause."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    said = one_line(text)[:_LONGEST_TEXT].rstrip(". ")
    kind = type(error).__name__
    return f"it cannot be used ({kind}: {said})" if said else f"it cannot be used ({kind})"
