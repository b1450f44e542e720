"""Which encoder pair is it? Answered from its files, without loading a network."""

import hashlib
from pathlib import Path

from vocal_explorer.errors import WeightsError

WEIGHTS = "weights.safetensors"
CONFIG = "config.json"


def model_id(folder: Path) -> str:
    """Return a hash of the pair in `folder`: other weights or front end, other id.

    Raises
    ------
    WeightsError
        If a file is missing.
    """
    try:
        files = [(folder / name).read_bytes() for name in (CONFIG, WEIGHTS)]
    except OSError as error:
        raise WeightsError(
            f"There are no encoders in {folder}: {error.strerror or error}."
        ) from error
    return hashlib.sha256(b"".join(files)).hexdigest()[:16]
