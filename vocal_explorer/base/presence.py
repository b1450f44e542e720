"""Whether files and folders are there, on drives that do not answer too.

`Path.is_dir` and `Path.exists` raise where a network drive is gone or a folder above may not
be read (EACCES, ESTALE, EIO); `os.path.isdir` and `os.path.exists` say False.
"""

import os
from pathlib import Path

NOT_THERE = "there is no such file or folder"


def why_absent(path: Path) -> str | None:
    """Return why a file or folder cannot be found, as a clause; None if it is there."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return NOT_THERE
    except OSError as error:
        return why_closed(error)
    return None


def why_closed(error: OSError) -> str:
    """Return why a file or folder cannot be opened, as a clause."""
    if isinstance(error, PermissionError):
        return "you are not allowed to open it"
    return f"it cannot be opened ({error.strerror or error})"
