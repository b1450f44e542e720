import itertools
from pathlib import Path

import pytest
from cli_fakes import command_line, document, tone

from vocal_explorer.datasets.manifest import is_validation

HEADER = "path,singer,domain,source,licence,seconds\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two validation singers with two songs each: low and high tones over one band."""
    names = (f"singer{number}" for number in itertools.count())
    low, high = itertools.islice(filter(is_validation, names), 2)
    rows = []
    for singer, pitch in ((low, 150.0), (high, 700.0)):
        for song in (1, 2):
            for stem, frequency in (("vocals", pitch + song), ("accompaniment", 3000.0)):
                path = Path(singer) / str(song) / f"{stem}.wav"
                tone(tmp_path / path, frequency)
                rows.append(f"{path},{singer},{stem},toy,none,1")
    (tmp_path / "manifest.csv").write_text(HEADER + "\n".join(rows))
    return tmp_path


def test_separation_is_measured_per_song(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line("evaluate", "separation", "--data", data, "--json") == 0
    scores = document(capsys)["scores"]
    assert len(scores) == 5
    mean = scores["mean"]
    assert mean["vocals"] == pytest.approx(mean["accompaniment"], abs=0.1)  # half of the mix each
    assert mean["vocals"] > mean["mix"] + 3
    assert mean["speed"] > 0


def test_singers_are_identified(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line("evaluate", "singer-identification", "--data", data, "--json") == 0
    scores = document(capsys)["scores"]
    assert scores["toy"]["V->V"] == 1.0
    assert scores["mean"]["chance"] == 0.5


def test_data_without_validation_singers_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manifest.csv").write_text(HEADER)
    assert command_line("evaluate", "separation", "--data", tmp_path) == 3
    assert "both stems" in capsys.readouterr().err
