"""Which encoder pair is it? Answered from its files, without loading a network."""

import hashlib
import json
from pathlib import Path

from vocal_explorer.base.config import WEIGHTS_FILE
from vocal_explorer.base.errors import WeightsError

CONFIG = "config.json"


def model_id(folder: Path) -> str:
    """Return a hash of the pair in `folder`: other weights or front end, other id.

    Raises
    ------
    WeightsError
        If a file is missing.
    """
    try:
        files = [(folder / name).read_bytes() for name in (CONFIG, WEIGHTS_FILE)]
    except OSError as error:
        raise WeightsError(
            f"There are no encoders in {folder}: {error.strerror or error}."
        ) from error
    return hashlib.sha256(b"".join(files)).hexdigest()[:16]


def model_scheme(folder: Path) -> str:
    """Return the scheme that the pair in `folder` was trained with: mixed, cross, cross-sp.

    Raises
    ------
    WeightsError
        If there is no pair, or it does not say.
    """
    try:
        return str(json.loads((folder / CONFIG).read_text(encoding="utf-8"))["scheme"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"The encoders in {folder} cannot be used: {error}") from error
