"""The isolated environment in which the spleeter package lives; one call makes it."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.paths import reference_folder
from vocal_explorer.base.progress import Progress
from vocal_explorer.separation.spleeter.child_process import run_child

FETCH_COMMAND = "vocal-explorer models fetch spleeter-reference"
SPLEETER_VERSION = "2.4.2"
REQUIREMENTS = (
    f"spleeter=={SPLEETER_VERSION}",  # asks for tensorflow 2.12.1
    *("numpy<1.25", "setuptools<81"),  # what that tensorflow starts with
    *("grpcio<1.75", "jax<0.4.39", "scipy<1.16"),  # or pip downloads every newer one first
)
NEEDED_BYTES = 4_000_000_000  # the environment has 2.4 GB; pip needs room to unpack
STAMP = "vocal-explorer.txt"
_BUILDING = "unfinished\n"
_FINISHED = "\n".join(REQUIREMENTS) + "\n"

_PYTHONS = (
    *(("python3.11",), ("python3.10",), ("python3.9",), ("python3.8",)),
    *(("py", "-3.11"), ("py", "-3.10")),  # Windows
)
_FITS = (
    "import sys, venv, ensurepip; "
    "sys.exit(not (3, 8) <= sys.version_info < (3, 12) or sys.maxsize < 2**32)"
)
_STARTS = "from spleeter.separator import Separator"

_EXPECTED_PACKAGES = 54
_TELLING = ("Collecting", "Processing", "Downloading", "Installing")
_MESSAGE_LENGTH = 60
_NO_ROOM = ("No space left on device", "not enough space on the disk", "Disk quota exceeded")
_NO_NETWORK = (
    *("Temporary failure in name resolution", "Name or service not known", "getaddrinfo failed"),
    *("nodename nor servname", "NewConnectionError", "NameResolutionError", "ProxyError"),
    *("ConnectTimeoutError", "Connection refused", "Network is unreachable", "Read timed out"),
)

Runner = Callable[[Sequence[str | Path], Callable[[str], None]], int]
"""Runs a command, hands on its lines (and "" now and then), returns its exit code."""


def reference_python(folder: Path | None = None) -> Path | None:
    """Return the interpreter that has the spleeter package; None when it is not installed.

    Parameters
    ----------
    folder
        The environment (default: the one in the user's data folder).
    """
    place = folder or reference_folder()
    python = _python_in(place)
    return python if _stamp_of(place) == _FINISHED and python.exists() else None


def make_environment(
    progress: Progress, folder: Path | None = None, *, run: Runner = run_child
) -> Path:
    """Install the spleeter package (2.4 GB) where nothing else sees it; return its interpreter.

    An environment that is complete is left as it is; one that was left unfinished is made
    anew. A failed or cancelled installation leaves nothing behind.

    Parameters
    ----------
    progress
        Hears pip's lines; cancelling ends pip and raises Cancelled.
    folder
        Of the environment (default: in the user's data folder); absent, empty, or made by
        this function.
    run
        Runs the commands.

    Raises
    ------
    VocalExplorerError
        If there is no network, no room, no Python that fits, or pip fails.
    """
    place = (folder or reference_folder()).absolute()
    with _alone(place):
        if reference_python(place) is None:
            _make(place, progress, run)
    progress.report(1.0, "the spleeter package is installed")
    return _python_in(place)


def _make(place: Path, progress: Progress, run: Runner) -> None:
    progress.report(0.0, "looking for a Python for the spleeter package")
    python = _fitting_python(run)
    _check_room(place)
    _clear(place)
    try:
        place.mkdir(parents=True, exist_ok=True)
        (place / STAMP).write_text(_BUILDING, encoding="utf-8")
        _install(place, python, progress, run)
        (place / STAMP).write_text(_FINISHED, encoding="utf-8")
    finally:
        if _stamp_of(place) != _FINISHED:
            shutil.rmtree(place, ignore_errors=True)


def _install(place: Path, python: Sequence[str], progress: Progress, run: Runner) -> None:
    own = _python_in(place)
    _call([*python, "-I", "-m", "venv", place], _Listener(progress.part(0.0, 0.1)), run)
    pip: list[str | Path] = [own, "-I", "-m", "pip", "install", "--no-input"]
    quick = ("--progress-bar", "off", "--retries", "2")
    _call([*pip, *quick, *REQUIREMENTS], _Listener(progress.part(0.1, 0.9)), run)
    _call([own, "-I", "-c", _STARTS], _Listener(progress.part(0.9, 1.0)), run)


class _Listener:
    """Turns a command's lines into progress and remembers them."""

    def __init__(self, progress: Progress) -> None:
        self.lines: list[str] = []
        self._progress = progress
        self._n_packages = 0
        self._message = "installing the spleeter package"

    def __call__(self, line: str) -> None:
        if line:
            self.lines.append(line)
            self._n_packages += line.startswith(("Collecting", "Processing"))
            if line.strip().startswith(_TELLING):
                self._message = line.strip()[:_MESSAGE_LENGTH]
        fraction = min(1.0, self._n_packages / _EXPECTED_PACKAGES)
        self._progress.report(0.8 * fraction, self._message)


def _call(command: Sequence[str | Path], listener: _Listener, run: Runner) -> None:
    code = run(command, listener)
    if code != 0:
        raise VocalExplorerError(_sentence(code, listener.lines))


def _sentence(code: int, lines: Sequence[str]) -> str:
    said = "\n".join(lines)
    if any(sign in said for sign in _NO_ROOM):
        return "The disk became full while the spleeter package was being installed."
    if any(sign in said for sign in _NO_NETWORK):
        return "The spleeter package cannot be downloaded: there is no connection to the internet."
    errors = [line for line in lines if line.startswith("ERROR:")] or list(lines[-1:])
    reason = errors[0].removeprefix("ERROR:").strip(" .") if errors else f"exit code {code}"
    return f"The spleeter package cannot be installed: {reason}."


def _fitting_python(run: Runner) -> Sequence[str]:
    for command in ((sys.executable,), *_PYTHONS):
        try:
            if run([*command, "-I", "-c", _FITS], lambda _line: None) == 0:
                return command
        except OSError:
            continue
    raise VocalExplorerError(
        "The spleeter package needs Python 3.8 to 3.11 with its venv module, and none was found: "
        f"install Python 3.11, then type `{FETCH_COMMAND}` again."
    )


def _check_room(place: Path) -> None:
    free = shutil.disk_usage(place.parent).free
    if free < NEEDED_BYTES:
        raise VocalExplorerError(
            f"The spleeter package needs {NEEDED_BYTES / 1e9:.0f} GB of room in {place.parent}, "
            f"and only {free / 1e9:.1f} GB are free."
        )


def _clear(place: Path) -> None:
    """Remove what an earlier installation left, and nothing else."""
    if place.exists() and _stamp_of(place) is None and any(place.iterdir()):
        raise VocalExplorerError(
            f"{place} holds other files: choose an empty folder for the spleeter package."
        )
    shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(place.with_name(f".{place.name}.lock"), timeout=0):
            yield
    except Timeout as error:
        raise VocalExplorerError(
            "The spleeter package is being installed by another Vocal Explorer: let it finish."
        ) from error
    except OSError as error:
        raise VocalExplorerError(
            f"The spleeter package cannot be installed in {place}: {error.strerror or error}."
        ) from error


def _stamp_of(place: Path) -> str | None:
    try:
        return (place / STAMP).read_text(encoding="utf-8")
    except OSError:
        return None


def _python_in(place: Path) -> Path:
    return place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
