"""The program's log: what went wrong, in all detail, for whoever wants to know."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler

from vocal_explorer.base.paths import APP_NAME, log_folder

LOG_BYTES = 1_000_000
_PACKAGE = "vocal_explorer"  # says also what is no warning


@contextmanager
def log_file() -> Iterator[None]:
    """Write a log, once; a folder that cannot be written is no reason not to start."""
    root, package = logging.getLogger(), logging.getLogger(_PACKAGE)
    path = log_folder() / f"{APP_NAME}.log"
    if any(getattr(known, "baseFilename", "") == str(path) for known in root.handlers):
        yield
        return
    try:
        log_folder().mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    before = package.level
    root.addHandler(handler)
    package.setLevel(logging.INFO)
    try:
        yield
    finally:
        package.setLevel(before)
        root.removeHandler(handler)
        handler.close()
