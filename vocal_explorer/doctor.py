"""What works on this machine, one sentence each, and what to do about what does not."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vocal_explorer.analysis.installed_models import Model, shipped_models
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.errors import WeightsError
from vocal_explorer.base.paths import log_folder
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.separation.spleeter.environment import FETCH_COMMAND as REFERENCE_COMMAND
from vocal_explorer.separation.spleeter.environment import reference_python
from vocal_explorer.separation.spleeter.official_weights import FETCH_COMMAND as SPLEETER_COMMAND
from vocal_explorer.separation.spleeter.official_weights import (
    SHA256,
    is_installed,
    spleeter_folder,
    verify,
)

DECODERS = {"MP3": "mp3float", "AAC": "aac", "ALAC": "alac", "Opus": "opus", "WMA": "wmav2"}
SMALLEST_FREE_SPACE = 2e9  # bytes; stems of about fifty songs
QT_SECONDS = 60.0  # a machine that is busy may need long to load Qt
QT_LIBRARIES = (
    "libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-keysyms1 libxcb-shape0 libdbus-1-3 libfontconfig1"
)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `text` says what was found, or what to do."""

    name: str
    ok: bool
    text: str


def examine(library: Path, models: Path) -> list[Finding]:
    """Look at everything the program needs; what is missing never raises.

    Parameters
    ----------
    library
        Folder of the user's library; it need not exist.
    models
        Folder of the shipped weights.
    """
    return [
        _audio_device(),
        _decoders(),
        *separators(),
        _encoders(),
        *_weights(models),
        _graphics_card(),
        _folder("library folder", library),
        _folder("log folder", log_folder()),
        _free_space(library),
        _window_system(),
    ]


def _audio_device() -> Finding:
    name = "audio device"
    try:
        import sounddevice
    except OSError:
        return Finding(
            name, False, "PortAudio is missing; install it: apt-get install libportaudio2."
        )
    try:
        device = sounddevice.query_devices(kind="output")
    except (sounddevice.PortAudioError, ValueError):
        return Finding(
            name, False, "There is no sound card to play to; connect or enable one to listen."
        )
    return Finding(name, True, str(device["name"]))


def _decoders() -> Finding:
    import av
    import soundfile

    formats = soundfile.available_formats()
    missing = [label for label, codec in DECODERS.items() if codec not in av.codecs_available]
    missing += [label for label in ("WAV", "FLAC", "OGG") if label not in formats]
    if missing:
        return Finding(
            "decoders",
            False,
            f"{', '.join(missing)} cannot be read; install av and soundfile again with pip.",
        )
    return Finding("decoders", True, "WAV, FLAC, OGG, AIFF, " + ", ".join(DECODERS))


def separators() -> list[Finding]:
    """Look at every separator; one that can be installed, but is not, is no failure."""
    return [
        _chosen_separator(),
        _loads("separator: embedded", _load_separator),
        _spleeter(),
        _spleeter_reference(),
    ]


def _chosen_separator() -> Finding:
    chosen = "spleeter" if is_installed() else "embedded"
    return Finding("separator: auto", True, f"uses {chosen}")


def _spleeter() -> Finding:
    name = "separator: spleeter"
    if not spleeter_folder().exists():
        return Finding(name, True, f"not installed (optional): type {SPLEETER_COMMAND}")
    try:
        verify()
    except WeightsError as error:
        return Finding(name, False, str(error))
    return Finding(name, True, f"official weights in {spleeter_folder()}; sha256 {SHA256[:12]}...")


def _spleeter_reference() -> Finding:
    name = "separator: spleeter-reference"
    python = reference_python()
    if python is None:
        return Finding(name, True, f"not installed (optional): type {REFERENCE_COMMAND}")
    if not is_installed():
        return Finding(name, True, f"needs Spleeter's weights (optional): type {SPLEETER_COMMAND}")
    return Finding(name, True, f"the spleeter package, run by {python}")


def _load_separator() -> str:
    from vocal_explorer.separation.separator import load_separator, separate

    separator = load_separator("embedded")
    separate(separator, _second_of_silence(), STEM_SAMPLE_RATE, Progress())
    return f"version {separator.version}"


def _encoders() -> Finding:
    return _loads("encoder pair", _load_encoders)


def _load_encoders() -> str:
    from vocal_explorer.analysis.embedder import load_embedder

    embedder = load_embedder()
    embedder.embed_vocals(_second_of_silence(), STEM_SAMPLE_RATE, Progress())
    return f"model {embedder.model_id}"


def _second_of_silence() -> Waveform:
    return np.zeros((2, STEM_SAMPLE_RATE), np.float32)


def _loads(name: str, load: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, load())
    except WeightsError as error:
        return Finding(name, False, f"{error} Install the program again to repair it.")


def _weights(models: Path) -> list[Finding]:
    found = shipped_models(models)
    if not found:
        return [Finding("weights", False, f"There are none in {models}; install it again.")]
    return [_hash_finding(model) for model in found]


def _hash_finding(model: Model) -> Finding:
    name = f"weights: {model.name}"
    if model.problem is None:
        return Finding(name, True, f"sha256 {model.sha256[:12]}...")
    return Finding(
        name, False, "The file is not the one its model card names; install the program again."
    )


def _graphics_card() -> Finding:
    import torch

    if torch.cuda.is_available():
        return Finding("graphics card", True, torch.cuda.get_device_name())
    if torch.version.cuda is None and shutil.which("nvidia-smi"):
        advice = "This torch does not use your NVIDIA card; choose a CUDA build, see the README."
        return Finding("graphics card", False, advice)
    return Finding("graphics card", True, "none that torch can use; the processor does the work")


def _folder(name: str, folder: Path) -> Finding:
    if os.access(_existing(folder), os.W_OK):
        return Finding(name, True, str(folder))
    return Finding(name, False, f"{folder} cannot be written; choose another with --library DIR.")


def _existing(folder: Path) -> Path:
    """Return `folder` or the closest folder above it that exists."""
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _free_space(library: Path) -> Finding:
    free = shutil.disk_usage(_existing(library)).free
    if free < SMALLEST_FREE_SPACE:
        return Finding(
            "free space",
            False,
            f"Only {free / 1e9:.1f} GB are free; make room or choose another --library DIR.",
        )
    return Finding("free space", True, f"{free / 1e9:.0f} GB")


def _window_system() -> Finding:
    """Build the window in a process of its own: a missing system library ends the process."""
    name = "window system"
    if importlib.util.find_spec("PySide6") is None:
        return Finding(name, False, "PySide6 is missing; install the program again with pip.")
    headless = sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    environment = os.environ | ({"QT_QPA_PLATFORM": "offscreen"} if headless else {})
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    program = "from vocal_explorer.ui.window_trial import build_window; build_window()"
    try:
        tried = subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=QT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding(name, False, "Qt does not start; restart the desktop and try again.")
    if tried.returncode:
        return Finding(name, False, _why_no_window(tried.stderr))
    if headless:
        return Finding(name, True, "the window opens; there is no display, so only commands work")
    return Finding(name, True, "the window opens")


def _why_no_window(stderr: str) -> str:
    """Return a sentence on what a process said that did not build the window."""
    last = (stderr.strip().splitlines() or [""])[-1]
    if "Traceback" in stderr and "ImportError" not in last:
        return f"The window cannot be built here ({last}); please report this."
    return f"Qt does not start; install its libraries: apt-get install {QT_LIBRARIES}."
