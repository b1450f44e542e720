"""The weights on this machine: those that came with the program and those that were added."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from vocal_explorer.separation.spleeter.official_weights import (
    FETCH_COMMAND,
    LICENCE,
    OFFICIAL,
    Checkpoint,
    find_problem,
    spleeter_folder,
)

_LICENCE = re.compile(r"^\W*licen[cs]e\W*:\W*(?P<licence>.+?)\W*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Model:
    """Weights, and whether they are what they should be.

    Attributes
    ----------
    name
        What it is called.
    path
        The file, or the folder where there are two; it need not exist.
    licence
        Of the weights.
    sha256
        Of the file that came along, or of the official one that can be installed.
    n_bytes
        Its size, likewise.
    installed
        Whether anything is there.
    problem
        Why it cannot be used, as a clause; None when it is whole or not installed.
    how
        The command that installs it; empty for what came with the program.
    """

    name: str
    path: Path
    licence: str
    sha256: str
    n_bytes: int
    installed: bool = True
    problem: str | None = None
    how: str = ""


def shipped_models(folder: Path) -> list[Model]:
    """Return the weights in `folder`/<name>/, compared with the hashes in their model cards.

    The licence is the line "Licence: ..." of the card, the folder's README.md.
    """
    return [
        _shipped_model(weights)
        for weights in sorted(folder.glob("*/*.safetensors"))
        if (weights.parent / "config.json").is_file()
    ]


def _shipped_model(weights: Path) -> Model:
    text = _card(weights.parent)
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Model(
        name=f"{weights.parent.name}/{weights.name}",
        path=weights,
        licence=licence_in(weights.parent),
        sha256=digest,
        n_bytes=weights.stat().st_size,
        problem=None if digest in text else "its sha256 is not the one in its model card",
    )


def licence_in(folder: Path) -> str:
    """Return the licence that the model card in `folder` states."""
    found = _LICENCE.search(_card(folder))
    return found["licence"] if found else "not stated"


def _card(folder: Path) -> str:
    card = folder / "README.md"
    return card.read_text(encoding="utf-8") if card.is_file() else ""


def spleeter_model(checkpoint: Checkpoint = OFFICIAL) -> Model:
    """Return Deezer's official weights, compared with `checkpoint`, installed or not."""
    folder = spleeter_folder()
    installed = folder.exists()
    return Model(
        name="spleeter",
        path=folder,
        licence=LICENCE,
        sha256=checkpoint.sha256,
        n_bytes=checkpoint.n_bytes,
        installed=installed,
        problem=find_problem(folder, checkpoint=checkpoint) if installed else None,
        how=FETCH_COMMAND,
    )
