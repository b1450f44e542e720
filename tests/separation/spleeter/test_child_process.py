import os
import sys
import time
from pathlib import Path

import pytest

from vocal_explorer.base.errors import Cancelled
from vocal_explorer.separation.spleeter import child_process
from vocal_explorer.separation.spleeter.child_process import run_child

STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
SLEEP = "import time; time.sleep(600)"


def python(program: str) -> list[str]:
    return [sys.executable, "-I", "-u", "-c", program]


class Impatient:
    """Cancels as soon as the program has said the number of its process."""

    def __init__(self) -> None:
        self.process_ids: list[int] = []

    def __call__(self, line: str) -> None:
        if line:
            self.process_ids += [int(word) for word in line.split()]
            raise Cancelled


def is_alive(process_id: int) -> bool:
    """Whether a process runs; one that was ended and waits for its parent does not."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_hears_every_line_in_both_streams_and_tells_the_exit_code() -> None:
    heard: list[str] = []
    program = "import sys; print('one'); print('zwei ü', file=sys.stderr); sys.exit(7)"
    assert run_child([*python(program)[:2], "-X", "utf8", "-c", program], heard.append) == 7
    assert sorted(line for line in heard if line) == ["one", "zwei ü"]


def test_errors_go_to_their_own_file(tmp_path: Path) -> None:
    heard: list[str] = []
    program = "import sys; print('one'); print('two', file=sys.stderr)"
    with (tmp_path / "errors").open("wb") as errors:
        assert run_child(python(program), heard.append, errors) == 0
    assert [line for line in heard if line] == ["one"]
    assert (tmp_path / "errors").read_text() == "two\n"


def test_a_silent_program_can_be_cancelled() -> None:
    def heard(line: str) -> None:
        assert line == ""
        raise Cancelled

    with pytest.raises(Cancelled):
        run_child(python(SLEEP), heard)


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("manners", ["", STUBBORN])
def test_cancelling_ends_the_program(manners: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "PATIENCE", 0.3)
    heard = Impatient()
    with pytest.raises(Cancelled):
        run_child(python(f"{manners}\nimport os\nprint(os.getpid())\n{SLEEP}"), heard)
    (process_id,) = heard.process_ids
    with pytest.raises(ProcessLookupError):  # nor is it a zombie
        os.kill(process_id, 0)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks processes up in /proc")
def test_cancelling_ends_what_the_program_started() -> None:
    program = (
        "import os, subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])\n"
        "print(os.getpid(), child.pid)\n"
        "time.sleep(600)"
    )
    heard = Impatient()
    with pytest.raises(Cancelled):
        run_child(python(program), heard)
    assert len(heard.process_ids) == 2
    deadline = time.monotonic() + 10  # a process that was killed takes a moment to go
    while any(map(is_alive, heard.process_ids)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_signal_shows_in_the_exit_code() -> None:
    program = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run_child(python(program), lambda _line: None) == -9


def test_a_program_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        run_child([tmp_path / "nothing"], lambda _line: None)
