"""A mashup on disk: the sound, and beside it the settings that it was rendered with."""

import json
from pathlib import Path

from vocal_explorer.audio.files import write_audio
from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.file_names import file_name
from vocal_explorer.base.files import write_text
from vocal_explorer.base.records.mashups import Mashup

STEM_NAMES = {"vocals": "vocals", "accompaniment": "instrumental"}


def save_mashup(
    mashup: Mashup, folder: Path, name: str, suffix: str = ".wav", *, stems: bool = False
) -> Path:
    """Write NAME.wav and NAME.json into `folder` and return the former's path.

    Only an earlier mashup of that name is replaced, never another file: then the name
    gets a number.

    Parameters
    ----------
    mashup
        What is written.
    folder
        Made when it does not exist.
    name
        Without suffix; what no file name may hold is replaced.
    suffix
        .wav or .flac.
    stems
        Whether NAME (vocals) and NAME (instrumental) are written as well: together they
        are the mashup.

    Raises
    ------
    VocalExplorerError
        If the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = _free_path(folder, file_name(name, "match"), suffix)
        write_audio(path, mashup.waveform, mashup.sample_rate)
        for stem, said in STEM_NAMES.items() if stems else ():
            place = path.with_name(f"{path.stem} ({said}){suffix}")
            write_audio(place, getattr(mashup.stems, stem), mashup.sample_rate)
        document = json.dumps(dict(mashup.settings), indent=1)  # ASCII: any path can be said in it
        write_text(path.with_name(f"{path.stem}.json"), document + "\n")
    except OSError as error:
        raise VocalExplorerError(
            f"The match cannot be written to {folder}: {error.strerror}."
        ) from error
    return path


def _free_path(folder: Path, name: str, suffix: str) -> Path:
    """Return a path that is free, or holds an earlier mashup (a JSON lies beside it)."""
    number = 1
    while True:
        stem = name if number == 1 else f"{name} ({number})"
        path, settings = folder / f"{stem}{suffix}", folder / f"{stem}.json"
        if path.exists() == settings.exists():
            return path
        number += 1
