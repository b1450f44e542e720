import json
from functools import partial
from pathlib import Path

import pytest
from cli_fakes import command_line, open_session

import vocal_explorer.demo
from vocal_explorer.audio.files import audio_info
from vocal_explorer.base.progress import Progress
from vocal_explorer.demo import DemoSize, run_demo
from vocal_explorer.session import Session

SMALL = DemoSize(n_singers=2, n_songs=2, seconds=3.0)


def test_runs_the_whole_job_on_known_singers(tmp_path: Path) -> None:
    heard: list[float] = []
    progress = Progress(lambda fraction, _message: heard.append(fraction))
    result = run_demo(tmp_path, progress, open_session, SMALL)
    assert result.summary.analysed == 4
    assert len(list(result.songs.rglob("*.flac"))) == 4
    assert len(result.singers) == 2
    assert len(result.tracks) == 3
    assert result.chance == 0.5
    assert [(count.space, count.of) for count in result.nearest] == [
        ("M", 4), ("V", 4), ("M+V", 4), ("M,V", 4),
    ]  # fmt: skip
    assert all(0 <= count.correct <= 4 for count in result.nearest)
    assert result.match == tmp_path / "match.wav"
    assert audio_info(result.match).seconds == pytest.approx(SMALL.seconds, abs=0.1)
    assert (tmp_path / "maps.png").stat().st_size > 10_000
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0)


def test_a_second_run_analyses_nothing_again(tmp_path: Path) -> None:
    small = DemoSize(n_singers=2, n_songs=1, seconds=3.0)
    first, second = (run_demo(tmp_path, Progress(), open_session, small) for _ in range(2))
    assert (second.summary.analysed, second.summary.unchanged) == (0, 2)
    assert second.match == first.match


class TestCommand:
    @pytest.fixture(autouse=True)
    def small_demo(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(vocal_explorer.demo, "run_demo", partial(run_demo, size=SMALL))

    def test_without_a_window_its_picture_is_written(self, tmp_path, capsys):
        grabbed = []

        def grab_window(session: Session, picture: Path, track_id: str) -> None:
            assert track_id in [track.track_id for track in session.library.tracks()]
            grabbed.append(picture)

        assert run_command(tmp_path, "--no-window", grab_window=grab_window) == 0
        out, err = capsys.readouterr()
        assert grabbed == [tmp_path / "window.png"]
        assert json.loads(out) == json.loads((tmp_path / "ranking.json").read_text())
        assert str(tmp_path) in err
        singers = json.loads(out)["singers"]
        assert [singer["rank"] for singer in singers] == [1, 2]

    def test_with_a_display_the_window_opens_on_it(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DISPLAY", ":99")
        opened = []

        def run_window(*arguments: object) -> int:
            opened.append(arguments)
            return 0

        assert run_command(tmp_path, run_window=run_window) == 0
        assert opened == [(tmp_path / "library", [tmp_path / "songs"])]


def run_command(out: Path, *options: str, **makers: object) -> int:
    return command_line("demo", "--out", out, "--json", *options, **makers)
