from pathlib import Path

import pytest
from broken_files import broken_files
from worker_fakes import OddTools

from vocal_explorer.analysis.jobs import Analyse, Identify, Measure, do
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.tracks import Failure


def test_fifty_broken_files_are_fifty_sentences(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tools = OddTools(tmp_path / "stems")
    for path in broken_files(tmp_path / "music"):
        do(Measure(path), tools, Progress())
        do(Identify(path), tools, Progress())
        failure = do(Analyse(path, "id"), tools, Progress())
        assert isinstance(failure, Failure), path
        assert failure.path == path
        assert failure.reason.startswith(("it ", "its ")), path
    assert capfd.readouterr() == ("", "")
