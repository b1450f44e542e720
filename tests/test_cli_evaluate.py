import itertools
import json
from pathlib import Path

import pytest
import torch
from cli_fakes import command_line, document, tone

from vocal_explorer.datasets.manifest import is_validation
from vocal_explorer.separation.tdc_unet import TdcNetwork

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
    found = document(capsys)
    assert found["task"] == "separation"
    assert found["excerpts"] == {"unseen singers": 4, "all": 4}
    assert len(found["songs"]) == 8  # the mix and the separator on four songs
    assert found["versions"] == {"half": "1"}
    mix, half = (found["scores"][name]["all"] for name in ("mix", "half"))
    sdr = {part: half[f"{part}_sdr"]["mean"] for part in ("vocals", "accompaniment")}
    assert sdr["vocals"] == pytest.approx(sdr["accompaniment"], abs=0.1)  # half of the mix each
    assert sdr["vocals"] > mix["vocals_sdr"]["mean"] + 3
    assert found["speed"]["mix"] is None
    assert found["speed"]["half"] > 0


def test_separators_are_measured_beside_references(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(0)
    torch.save(TdcNetwork().state_dict(), tmp_path / "tdc.pt")
    options = ("--tdc", tmp_path / "tdc.pt", "--repet", "--separator", "half")
    arguments = ("separation", "--data", data, *options, "--out", tmp_path / "results")
    assert command_line("evaluate", *arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if line.startswith("| all (4)")]
    assert [row.split("|")[2].strip() for row in rows] == 2 * [
        "mix",
        "tdc-u-net",
        "repet-sim",
        "half",
    ]
    saved = json.loads((tmp_path / "results" / "separation.json").read_text())
    assert saved["speed_ratio"]["tdc-u-net"] == 1.0
    assert saved["speed_ratio"]["half"] > 1
    assert (tmp_path / "results" / "separation.csv").is_file()
    assert (tmp_path / "results" / "separation.md").read_text().splitlines() == lines


def test_options_of_separation_are_refused_for_singers(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line("evaluate", "singer-identification", "--data", data, "--repet") == 2
    assert "belong to separation" in capsys.readouterr().err


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
