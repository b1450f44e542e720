"""Room above full scale: files of floating-point numbers may be louder than 16 bits can say."""

import logging
from pathlib import Path

import numpy as np

from vocal_explorer.audio.decoding import check_file
from vocal_explorer.audio.files import read_blocks
from vocal_explorer.audio.pyav_decoder import pyav_is_float
from vocal_explorer.audio.soundfile_decoder import (
    NotDecodedError,
    is_for_soundfile,
    soundfile_is_float,
)

LOUDEST = 0.7  # what a louder peak becomes: stems may peak higher than their mix

_log = logging.getLogger(__name__)


def gain_for(path: Path) -> float:
    """Return what a file's samples are to be multiplied by, so that its stems need no clipping.

    It is 1 but for files of floating-point numbers that exceed [-1, 1]; these are decoded
    once for it.

    Raises
    ------
    AudioFileError
        If the file cannot be decoded.
    """
    if not _is_float(path):
        return 1.0
    peak = max((float(np.abs(block).max(initial=0.0)) for block, _ in read_blocks(path)))
    if peak <= 1.0:
        return 1.0
    gain = LOUDEST / peak
    _log.info("%s peaks at %.2f: it is taken %.1f dB quieter", path, peak, -decibels(gain))
    return gain


def decibels(gain: float) -> float:
    """Return a gain in dB."""
    return float(20 * np.log10(gain))


def _is_float(path: Path) -> bool:
    if is_for_soundfile(check_file(path)):
        try:
            return soundfile_is_float(path)
        except NotDecodedError:
            pass
    return pyav_is_float(path)
