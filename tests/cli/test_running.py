"""What a long command says while it works."""

import pytest

from vocal_explorer.cli import running


def test_small_steps_after_large_ones_are_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "_SECONDS_BETWEEN_LINES", 0.0)
    with running.stoppable("Working") as progress:
        for number in range(100):
            progress.report(number / 200, "preparing")
        progress.report(0.501, "learning")
        assert "learning" in capsys.readouterr().err
