"""Recognise a recording by its sound, whatever its file is called and tagged."""

import hashlib
from pathlib import Path

from vocal_explorer.audio.decoding import check_file
from vocal_explorer.audio.pyav_decoder import compressed_sound
from vocal_explorer.base.errors import AudioFileError

_DIGEST_BYTES = 16


def content_id(path: Path) -> str:
    """Hash the compressed sound of a file; nothing is decoded.

    Other tags, another picture or another name leave the id as it is. A file whose sound
    cannot be found is hashed as a whole.

    Raises
    ------
    AudioFileError
        If the file does not exist, is empty, or cannot be opened.
    """
    check_file(path)
    try:
        return _sound_hash(path)
    except AudioFileError:
        with path.open("rb") as file:
            return hashlib.file_digest(file, _new_hash).hexdigest()


def _new_hash() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=_DIGEST_BYTES)


def _sound_hash(path: Path) -> str:
    digest = _new_hash()
    for piece in compressed_sound(path):
        digest.update(piece)
    return digest.hexdigest()
