import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock

from vocal_explorer.base.errors import Cancelled, VocalExplorerError
from vocal_explorer.base.paths import reference_folder
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.separation.spleeter import environment as spleeter_environment
from vocal_explorer.separation.spleeter.environment import make_environment, reference_python

NO_NAMES = (
    "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError('"
    "<pip._vendor.urllib3.connection.HTTPSConnection object>: Failed to establish a new "
    "connection: [Errno -3] Temporary failure in name resolution')': /simple/spleeter/",
    "ERROR: Could not find a version that satisfies the requirement spleeter (versions: none)",
)
NO_ROOM = (
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
)
NO_WHEEL = ("Collecting spleeter", "ERROR: No matching distribution found for tensorflow==2.12.1")


class FakeCommands:
    """Plays python, venv and pip; `fitting` are the interpreters that fit."""

    def __init__(
        self, pip_says: Sequence[str] = ("Collecting spleeter",), pip_ends: int = 0
    ) -> None:
        self.commands: list[list[str]] = []
        self.fitting = {sys.executable}
        self.starts = 0
        self._pip_says, self._pip_ends = pip_says, pip_ends

    def __call__(self, command: Sequence[str | Path], heard: Callable[[str], None]) -> int:
        words = [str(word) for word in command]
        self.commands.append(words)
        if "venv" in words:
            self._make_venv(Path(words[-1]))
            return 0
        if "pip" in words:
            for line in self._pip_says:
                heard(line)
            return self._pip_ends
        if "spleeter" in words[-1]:
            heard("ImportError: no tensorflow")
            return self.starts
        if words[0] not in {sys.executable, "python3.10"}:
            raise FileNotFoundError(words[0])
        return int(words[0] not in self.fitting)

    @property
    def venvs(self) -> list[list[str]]:
        return [words for words in self.commands if "venv" in words]

    @staticmethod
    def _make_venv(folder: Path) -> None:
        for name in ("bin/python", "Scripts/python.exe"):
            (folder / name).parent.mkdir(parents=True)
            (folder / name).touch()


class Disk(NamedTuple):
    free: int


@pytest.fixture(autouse=True)
def large_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Disk(10**12))


def test_makes_an_environment_with_the_package(tmp_path: Path) -> None:
    commands = FakeCommands()
    python = make_environment(Progress(), tmp_path / "here", run=commands)
    assert python.is_relative_to(tmp_path / "here")
    assert reference_python(tmp_path / "here") == python
    (pip,) = (words for words in commands.commands if "pip" in words)
    assert pip[0] == str(python)
    assert "spleeter==2.4.2" in pip


def test_lies_in_the_users_data_folder_or_where_the_variable_says(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reference_folder().is_relative_to(own_home)
    monkeypatch.setenv("VOCAL_EXPLORER_REFERENCE", str(tmp_path / "there"))
    assert reference_python() is None
    python = make_environment(Progress(), run=FakeCommands())
    assert python.is_relative_to(tmp_path / "there")
    assert reference_python() == python


def test_a_complete_environment_is_left_alone(tmp_path: Path) -> None:
    python = make_environment(Progress(), tmp_path / "here", run=FakeCommands())
    again = FakeCommands()
    assert make_environment(Progress(), tmp_path / "here", run=again) == python
    assert again.commands == []


@pytest.mark.parametrize("stamp", ["unfinished\n", "spleeter==1.0\n", ""])
def test_an_unfinished_or_outdated_environment_is_made_anew(tmp_path: Path, stamp: str) -> None:
    place = tmp_path / "here"
    make_environment(Progress(), place, run=FakeCommands())
    (place / "half").touch()
    (place / spleeter_environment.STAMP).write_text(stamp)
    assert reference_python(place) is None
    make_environment(Progress(), place, run=FakeCommands())
    assert reference_python(place) is not None
    assert not (place / "half").exists()


def test_an_environment_without_its_python_is_made_anew(tmp_path: Path) -> None:
    make_environment(Progress(), tmp_path / "here", run=FakeCommands()).unlink()
    assert reference_python(tmp_path / "here") is None
    make_environment(Progress(), tmp_path / "here", run=FakeCommands())
    assert reference_python(tmp_path / "here") is not None


def test_pips_lines_are_the_progress(tmp_path: Path) -> None:
    heard: list[tuple[float, str]] = []
    lines = [f"Collecting package{number}" for number in range(80)]
    commands = FakeCommands([*lines, "", "WARNING: of no interest", ""])
    progress = Progress(lambda fraction, message: heard.append((fraction, message)))
    make_environment(progress, tmp_path / "here", run=commands)
    fractions = [fraction for fraction, _ in heard]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert "Collecting package7" in [message for _, message in heard]
    assert not any("WARNING" in message for _, message in heard)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (NO_NAMES, "no connection to the internet"),
        (NO_ROOM, "disk became full"),
        (NO_WHEEL, "cannot be installed: No matching distribution found for tensorflow==2.12.1."),
        ((), "cannot be installed: exit code 1."),
    ],
)
def test_a_failure_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, lines: Sequence[str], sentence: str
) -> None:
    with pytest.raises(VocalExplorerError, match=sentence):
        make_environment(Progress(), tmp_path / "here", run=FakeCommands(lines, 1))
    assert not (tmp_path / "here").exists()


def test_a_package_that_does_not_start_is_not_installed(tmp_path: Path) -> None:
    commands = FakeCommands()
    commands.starts = 1
    with pytest.raises(VocalExplorerError, match="ImportError: no tensorflow"):
        make_environment(Progress(), tmp_path / "here", run=commands)
    assert reference_python(tmp_path / "here") is None


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    control = Control()

    def listener(_fraction: float, message: str) -> None:
        if message == "Collecting tensorflow":
            control.cancel()

    commands = FakeCommands(["Collecting spleeter", "Collecting tensorflow", "Collecting numpy"])
    with pytest.raises(Cancelled):
        make_environment(Progress(listener, control), tmp_path / "here", run=commands)
    assert not (tmp_path / "here").exists()


def test_takes_another_python_when_the_running_one_does_not_fit(tmp_path: Path) -> None:
    commands = FakeCommands()
    commands.fitting = {"python3.10"}
    make_environment(Progress(), tmp_path / "here", run=commands)
    assert [words[0] for words in commands.venvs] == ["python3.10"]


def test_without_a_fitting_python_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    commands = FakeCommands()
    commands.fitting = set()
    with pytest.raises(VocalExplorerError, match=r"Python 3\.8 to 3\.11 .* install Python 3\.11"):
        make_environment(Progress(), tmp_path / "here", run=commands)
    assert commands.venvs == []


def test_a_full_disk_is_noticed_before_the_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Disk(1_200_000_000))
    commands = FakeCommands()
    with pytest.raises(VocalExplorerError, match=r"needs 4 GB .* only 1\.2 GB are free"):
        make_environment(Progress(), tmp_path / "here", run=commands)
    assert commands.venvs == []


def test_other_peoples_files_are_never_removed(tmp_path: Path) -> None:
    (tmp_path / "song.mp3").touch()
    with pytest.raises(VocalExplorerError, match="holds other files"):
        make_environment(Progress(), tmp_path, run=FakeCommands())
    assert os.listdir(tmp_path) == ["song.mp3"]


def test_a_file_in_the_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "here").write_text("mine")
    with pytest.raises(VocalExplorerError, match="cannot be installed in"):
        make_environment(Progress(), tmp_path / "here", run=FakeCommands())
    assert (tmp_path / "here").read_text() == "mine"


def test_two_installations_do_not_meet(tmp_path: Path) -> None:
    with (
        FileLock(tmp_path / ".here.lock"),
        pytest.raises(VocalExplorerError, match="by another Vocal Explorer"),
    ):
        make_environment(Progress(), tmp_path / "here", run=FakeCommands())
