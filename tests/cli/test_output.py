import io
import sys
from pathlib import Path

import pytest
from cli_fakes import command_line, services, tone

from vocal_explorer.base.paths import log_folder
from vocal_explorer.cli import entry


def test_no_control_character_of_a_name_reaches_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song = tone(tmp_path / "song.wav", 200)
    odd = song.rename(tmp_path / "x\x1b]0;owned\x07\x1b[31m.wav")
    library = tmp_path / "library"
    assert command_line("scan", odd, tmp_path / "gone\x1b[2J", "--library", library) == 1
    assert command_line("similar", "x", "--library", library) == 0
    assert command_line("gui", tmp_path / "gone\x1b[2J") == 2
    said = capsys.readouterr()
    assert "owned" in said.out
    for text in (said.out, said.err.replace("\r", "").replace("\x1b[A", "")):
        assert "\x1b" not in text
        assert "\x07" not in text


def test_what_the_console_cannot_say_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    song = tone(tmp_path / "Łucja - Ш.wav", 200)
    streams = [io.TextIOWrapper(io.BytesIO(), "cp1252", errors="strict") for _ in range(2)]
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    arguments = ["vocal-explorer", "scan", song, "--library", tmp_path / "library"]
    monkeypatch.setattr(sys, "argv", list(map(str, arguments)))
    monkeypatch.setattr(entry, "Services", services)
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 0
    monkeypatch.setattr(sys, "argv", ["vocal-explorer", "similar", "-x", "Łucja"])
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 2


def test_the_command_line_writes_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.mp3").write_bytes(b"no music" * 100)
    arguments = ["vocal-explorer", "scan", tmp_path, "--library", tmp_path / "library"]
    monkeypatch.setattr(sys, "argv", list(map(str, arguments)))
    monkeypatch.setattr(entry, "Services", services)
    with pytest.raises(SystemExit):
        entry.main()
    (log,) = log_folder().glob("*.log")
    text = log.read_text(encoding="utf-8")
    assert "bad.mp3: it is not an audio file" in text
    assert "Traceback" in text
