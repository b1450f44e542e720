"""Where things lie: the user's library, the caches, and what the program brings along."""

from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).parent
APP_NAME = "vocal-explorer"


def default_library() -> Path:
    """Folder of the user's library: database, embeddings, cached stems."""
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def log_folder() -> Path:
    """Folder of the program's log."""
    return Path(platformdirs.user_log_dir(APP_NAME, appauthor=False))


def _shipped(name: str) -> Path:
    bundled = _PACKAGE / "_bundled" / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name


def models_folder() -> Path:
    """Weights that ship with the program, one folder a model."""
    return _shipped("models")


def resources_folder() -> Path:
    """Icons and style that ship with the program."""
    return _shipped("resources")
