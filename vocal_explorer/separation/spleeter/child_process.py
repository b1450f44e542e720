"""Run another program, hear what it says, and end it when the job is cancelled."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

PATIENCE = 5.0  # seconds that a program gets to end by itself
SILENCE = 0.2  # seconds after which the listener is called although nothing was said


def run_child(
    command: Sequence[str | Path], heard: Callable[[str], None], errors: IO[bytes] | None = None
) -> int:
    """Run a program to its end; the program and all that it started end with the job.

    Parameters
    ----------
    command
        The program and its arguments.
    heard
        Called with each line of its output, and with "" whenever it has been silent for a
        while. What it raises (Cancelled, for instance) ends the program.
    errors
        File for the standard error, which otherwise counts as output.

    Returns
    -------
    int
        Its exit code; minus the signal's number when a signal ended it.

    Raises
    ------
    OSError
        If the program cannot be started.
    """
    with subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors or subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # Ctrl+C reaches this program only, which then ends that one
    ) as child:
        try:
            _listen(child, heard)
            return child.wait()
        finally:
            _end(child)


def _listen(child: subprocess.Popen[str], heard: Callable[[str], None]) -> None:
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(child.stdout, lines), daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=SILENCE)
        except queue.Empty:
            heard("")
            continue
        if line is None:
            return
        heard(line.rstrip())


def _read(output: IO[str], lines: "queue.SimpleQueue[str | None]") -> None:
    for line in output:
        lines.put(line)
    lines.put(None)


def _end(child: subprocess.Popen[str]) -> None:
    if child.poll() is not None:
        return
    _stop(child, kill=False)
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        _stop(child, kill=True)
        child.wait()


def _stop(child: subprocess.Popen[str], *, kill: bool) -> None:
    if sys.platform == "win32":
        child.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL if kill else signal.SIGTERM)
