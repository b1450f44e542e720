"""The spleeter package itself, run in its own interpreter: the reference for our own runs."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.errors import VocalExplorerError, WeightsError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.separation.spleeter import official_weights as spleeter_files
from vocal_explorer.separation.spleeter import worker as spleeter_worker
from vocal_explorer.separation.spleeter.child_process import run_child
from vocal_explorer.separation.spleeter.environment import (
    FETCH_COMMAND,
    SPLEETER_VERSION,
    reference_python,
)

WORKER = Path(spleeter_worker.__file__)
BLOCK = 60 * STEM_SAMPLE_RATE  # samples read back at once
_SAMPLE = np.dtype("<f4")
_MESSAGE = "Spleeter is isolating the vocals"
_SENTENCES = {
    spleeter_worker.NO_PACKAGE: (
        f"The spleeter package is damaged: `{FETCH_COMMAND}` installs it anew."
    ),
    spleeter_worker.NO_WEIGHTS: "The spleeter package cannot read its weights.",
    spleeter_worker.NO_MEMORY: "There is not enough memory for the spleeter package.",
    spleeter_worker.NO_DISK: "The spleeter package cannot write the stems: the disk may be full.",
    -9: "The system ended the spleeter package, probably because memory ran out.",
}


class SpleeterReference:
    """Hands the mix to the spleeter package and its stems back; needs about 5 GB of memory.

    Parameters
    ----------
    folder
        Holds the official weights (default: the installed ones).
    extension
        What happens above 11 kHz: "zeros" or "average".
    python
        Interpreter that has the package (default: that of the installed environment).
    checkpoint
        What the weights must be; they are compared before every run.
    worker
        The script that the interpreter runs.

    Raises
    ------
    WeightsError
        If the package is not installed.
    """

    name = "spleeter-reference"

    def __init__(
        self,
        folder: Path | None = None,
        extension: str = "zeros",
        *,
        python: Path | None = None,
        checkpoint: spleeter_files.Checkpoint = spleeter_files.OFFICIAL,
        worker: Path = WORKER,
    ) -> None:
        found = python or reference_python()
        if found is None:
            raise WeightsError(
                f"The spleeter package is not installed: type `{FETCH_COMMAND}` (2.4 GB)."
            )
        self._python = found
        self._folder = folder or spleeter_files.spleeter_folder()
        self._extension = extension
        self._checkpoint = checkpoint
        self._worker = worker
        self.version = f"{SPLEETER_VERSION}-{checkpoint.sha256[:12]}-{extension}"

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        """See Separator.stream; the whole mix is separated before the first stems come.

        Raises
        ------
        WeightsError
            If the weights are missing or not the expected ones.
        VocalExplorerError
            If the package fails.
        """
        spleeter_files.verify(self._folder, checkpoint=self._checkpoint)
        with tempfile.TemporaryDirectory(prefix="vocal-explorer-") as temporary:
            files = _Files(Path(temporary))
            try:
                n_written = files.write_mix(mix, n_samples, progress.part(0.0, 0.1))
                files.link_weights(self._folder)
            except OSError as error:
                raise VocalExplorerError(
                    f"The mix cannot be handed to the spleeter package: {error.strerror}."
                ) from error
            if n_written:
                self._run(files, progress.part(0.1, 1.0))
                yield from files.stems(n_written)
        progress.report(1.0, _MESSAGE)

    def _run(self, files: "_Files", progress: Progress) -> None:
        sounds = (files.mix, files.vocals, files.accompaniment)
        options = ("--model", files.model, "--extension", self._extension)
        # -I: the script's own folder, where a module is called spleeter too, is not searched
        command: list[str | Path] = [self._python, "-I", self._worker, *sounds, *options]
        try:
            with files.errors.open("wb") as errors:
                code = run_child(command, _Relay(progress), errors)
        except OSError as error:
            raise VocalExplorerError(
                f"The spleeter package cannot be started: {error.strerror}."
            ) from error
        if code != 0:
            raise VocalExplorerError(_SENTENCES.get(code) or _sentence(code, files.errors))


class _Relay:
    """Turns the worker's lines into progress; other programs' chatter among them is ignored."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._fraction = 0.0
        self._message = _MESSAGE

    def __call__(self, line: str) -> None:
        if line.startswith('{"fraction"'):
            said = json.loads(line)
            self._fraction, self._message = said["fraction"], said["message"]
        self._progress.report(self._fraction, self._message)


class _Files:
    """What the two interpreters exchange: bare float32 samples, left and right in turn."""

    def __init__(self, folder: Path) -> None:
        self.mix = folder / "mix.f32"
        self.vocals = folder / "vocals.f32"
        self.accompaniment = folder / "accompaniment.f32"
        self.errors = folder / "errors.txt"
        self.model = folder / "model"

    def write_mix(self, mix: Iterable[Waveform], n_samples: int, progress: Progress) -> int:
        """Return how many samples came."""
        n_written = 0
        with self.mix.open("wb") as file:
            for piece in mix:
                progress.report(min(1.0, n_written / max(1, n_samples)), _MESSAGE)
                file.write(np.ascontiguousarray(piece.T, _SAMPLE).tobytes())
                n_written += piece.shape[1]
        return n_written

    def link_weights(self, folder: Path) -> None:
        """Give TensorFlow the weights as it wants them, with a note on which is the newest."""
        self.model.mkdir()
        for name in (spleeter_files.INDEX_NAME, spleeter_files.DATA_NAME):
            shutil.copyfile(folder / name, self.model / name)
        (self.model / "checkpoint").write_text('model_checkpoint_path: "model"\n')

    def stems(self, n_samples: int) -> Iterator[Stems]:
        """Read the stems in blocks."""
        with self.vocals.open("rb") as vocals, self.accompaniment.open("rb") as accompaniment:
            for start in range(0, n_samples, BLOCK):
                size = min(BLOCK, n_samples - start)
                yield Stems(_read(vocals, size), _read(accompaniment, size), STEM_SAMPLE_RATE)


def _read(file: BinaryIO, n_samples: int) -> Waveform:
    samples = np.frombuffer(file.read(n_samples * 2 * _SAMPLE.itemsize), _SAMPLE)
    if len(samples) != 2 * n_samples:
        raise VocalExplorerError("The spleeter package gave stems that are too short.")
    return np.ascontiguousarray(samples.reshape(-1, 2).T, np.float32)


def _sentence(code: int, errors: Path) -> str:
    if code < 0:
        return f"The spleeter package was ended by signal {-code}."
    said = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"The spleeter package failed: {said[-1].rstrip('.') if said else f'exit code {code}'}."
