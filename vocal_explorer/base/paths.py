"""Where things lie: the user's library, the caches, and what the program brings along."""

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).parents[1]
APP_NAME = "vocal-explorer"
MODELS_VARIABLE = "VOCAL_EXPLORER_MODELS"
DATABASE_FILE = "library.sqlite"  # of a library
PAIRS_FOLDER = "pairs"  # of a library: the encoders that were fitted to it
REFERENCE_VARIABLE = "VOCAL_EXPLORER_REFERENCE"


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


def installed_models_folder() -> Path:
    """Weights that the user installed, one folder a model; VOCAL_EXPLORER_MODELS moves it."""
    chosen = os.environ.get(MODELS_VARIABLE)
    return Path(chosen).absolute() if chosen else default_library() / "models"


def reference_folder() -> Path:
    """Environment of the spleeter package; VOCAL_EXPLORER_REFERENCE moves it."""
    chosen = os.environ.get(REFERENCE_VARIABLE)
    return Path(chosen).absolute() if chosen else default_library() / "spleeter-reference"


def downloads_folder() -> Path:
    """Files on their way from the internet; what is in it may be removed at any time."""
    return Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False)) / "downloads"


def evaluation_folder() -> Path:
    """Stems and embeddings of datasets; what is in it may be removed at any time."""
    return Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False)) / "evaluation"


def resources_folder() -> Path:
    """Icons and style that ship with the program."""
    return _shipped("resources")
