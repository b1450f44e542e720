from pathlib import Path

import pytest
from cli_fakes import command_line, document
from library_fakes import music_folder, write_song
from separator_fakes import Machine


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def music(tmp_path: Path) -> Path:
    music = music_folder(tmp_path / "music")
    write_song(music / "theme.flac", 2_000, artist="Singer 1", title="Theme")
    return music


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


def run(machine: Machine, library: Path, *arguments: object) -> int:
    return command_line(*arguments, "--library", library, open_session=machine.session)


def test_a_scan_follows_an_installation_and_says_so(
    machine: Machine, music: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(machine, library, "scan", music, "--json") == 0
    assert document(capsys)["separator"] == "embedded"
    machine.installed.add("spleeter")
    assert run(machine, library, "similar", "Song 00", "--json") == 0  # nothing is stale yet
    capsys.readouterr()
    assert run(machine, library, "scan", music) == 0
    said = capsys.readouterr()
    assert "isolated with Spleeter from now on" in said.err
    assert said.out.startswith("5 analysed")


def test_a_named_separator_is_kept_in_the_library(
    machine: Machine, music: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.installed.add("spleeter")
    assert run(machine, library, "scan", music, "--separator", "embedded", "--json") == 0
    assert document(capsys)["separator"] == "embedded"
    assert run(machine, library, "scan", music, "--json") == 0
    again = document(capsys)
    assert (again["separator"], again["unchanged"]) == ("embedded", 5)
    assert run(machine, library, "scan", music, "--separator", "auto", "--json") == 0
    assert document(capsys)["separator"] == "spleeter"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("spleeter", "Spleeter is not installed"), ("magic", "There is no separator 'magic'")],
)
def test_a_separator_that_is_not_there_is_one_sentence(
    machine: Machine,
    music: Path,
    library: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    sentence: str,
) -> None:
    assert run(machine, library, "scan", music, "--separator", name) == 3
    assert sentence in capsys.readouterr().err
    assert machine.calls == {"embedded": 0, "spleeter": 0}


def test_instrumentals_are_said_to_be_that(
    machine: Machine, music: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(machine, library, "scan", music)
    capsys.readouterr()
    assert run(machine, library, "similar", "Song 00", "--space", "M", "--json") == 0
    ranking = document(capsys)
    query, tracks = ranking["track"], {track["title"]: track for track in ranking["tracks"]}
    assert (query["instrumental"], query["vocal_presence"]) == (False, 1.0)
    assert query["separator"] == "embedded-1"
    assert (tracks["Theme"]["instrumental"], tracks["Theme"]["vocal_presence"]) == (True, 0.0)
    assert run(machine, library, "similar", "Song 00", "--space", "M") == 0
    assert "Singer 1 - Theme (instrumental)\n" in capsys.readouterr().out
    assert run(machine, library, "similar", "Theme", "--space", "V") == 3
    assert "Theme: no voice is heard in it, so only its mix" in capsys.readouterr().err
    assert run(machine, library, "match", "Theme") == 3
    assert "no vocals to lay over another song" in capsys.readouterr().err
