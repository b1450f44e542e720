import csv
import itertools
import json
import shutil
from pathlib import Path

import pytest
import torch
from cli_fakes import command_line, document, tone
from places import ROOT

from vocal_explorer.datasets.manifest import is_validation
from vocal_explorer.separation.tdc_unet import TdcNetwork

MODELS = ROOT / "models"
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
    for song in data.glob("*/2"):  # the TDC-U-Net takes seconds for each
        shutil.rmtree(song)
    rows = (data / "manifest.csv").read_text().splitlines()
    (data / "manifest.csv").write_text("\n".join(row for row in rows if "/2/" not in row))
    torch.manual_seed(0)
    torch.save(TdcNetwork().state_dict(), tmp_path / "tdc.pt")
    options = ("--tdc", tmp_path / "tdc.pt", "--repet", "--separator", "half")
    arguments = ("separation", "--data", data, *options, "--out", tmp_path / "results")
    assert command_line("evaluate", *arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if line.startswith("| all (2)")]
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
    assert "--repet" in capsys.readouterr().err


def test_singers_of_a_manifest_are_identified_by_leaving_one_out(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line("evaluate", "singer-identification", "--data", data, "--json") == 0
    found = document(capsys)
    assert found["scores"]["toy"]["V->V"] == 1.0
    assert found["scores"]["mean"]["chance"] == 0.5
    assert found["scores_by_model"] == {"CROSS-SP": found["scores"]}


def test_data_without_validation_singers_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manifest.csv").write_text(HEADER)
    assert command_line("evaluate", "separation", "--data", tmp_path) == 3
    assert "both stems" in capsys.readouterr().err


@pytest.fixture
def singers(tmp_path: Path) -> Path:
    """Six singers at pitches of their own, with six songs each; a seventh has only one."""
    folder = tmp_path / "singers"
    for singer, pitch in enumerate((100, 150, 220, 330, 500, 750)):
        for song in range(6):
            tone(folder / f"Singer {singer}" / f"{song}.wav", pitch + song)
    tone(folder / "Other" / "single.wav", 1500)
    return folder


def csv_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


NUMBERS = ("--model-songs", 3, "--query-songs", 2)


def test_singers_are_identified_as_in_the_paper(
    singers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results"
    arguments = ("singer-identification", "--data", singers, *NUMBERS, "--out", out)
    assert command_line("evaluate", *arguments, "--json") == 0
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert "6 singers have enough songs" in captured.err
    assert "6 singers (6 have enough songs), 18 model songs, 12 queries." in found["notes"]
    scores = {row["scenario"]: row for row in found["ours"]}
    assert len(scores) == 6
    assert scores["M->M"]["top-1"] == {"mean": 1.0, "low": 1.0, "high": 1.0}
    assert found["models"] == {"CROSS-SP": "bands"}
    assert (found["signals"], found["singers"], found["seed"]) == ("half-1", 6, 0)
    assert json.loads((out / "singer-identification.json").read_text()) == found
    assert (out / "singer-identification.png").read_bytes().startswith(b"\x89PNG")
    markdown = (out / "singer-identification.md").read_text()
    assert command_line("evaluate", *arguments) == 0
    assert capsys.readouterr().out == markdown
    rows = csv_rows(out / "singer-identification.csv")
    assert [row["top-1"] for row in rows if row["Scenario"] == "M->M"] == ["1.000000"]


def test_songs_of_a_singer_are_found_beside_the_papers_table(
    singers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results"
    arguments = ("query-by-singer", "--data", singers, "--gallery-songs", 4, "--query-songs", 2)
    assert command_line("evaluate", *arguments, "--out", out, "--singers", 5, "--json") == 0
    found = document(capsys)
    assert "5 singers (6 have enough songs), 20 gallery songs, 10 queries." in found["notes"]
    assert [row["space"] for row in found["ours"]] == ["M", "V", "[M+V]", "[M,V]"]
    assert found["ours"][0]["mAP"]["mean"] > 0.9
    assert found["ours"][0]["R@5"]["mean"] * 4 == pytest.approx(
        found["ours"][0]["Pr@5"]["mean"] * 5
    )
    assert len(found["paper"]) == 12
    assert {"model": "X-SP", "space": "[M,V]"}.items() <= found["paper"][-1].items()
    assert found["paper"][-1]["mAP"] == 0.2211
    lines = (out / "query-by-singer.md").read_text().splitlines()
    assert lines[13].split("|")[1:4] == [" paper ", " X-SP     ", " [M,V] "]
    assert lines[14].split("|")[1:3] == [" ours  ", " CROSS-SP "]
    rows = csv_rows(out / "query-by-singer.csv")
    assert [row["from"] for row in rows] == ["paper"] * 12 + ["ours"] * 4
    assert float(rows[-1]["mAP low"]) <= float(rows[-1]["mAP"]) <= float(rows[-1]["mAP high"])


def test_several_pairs_are_told_apart(
    singers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = tmp_path / "second"
    second.mkdir()
    (second / "config.json").write_text('{"scheme": "mixed"}')
    pairs = ("--model", MODELS / "cross-sp", "--model", second)
    arguments = ("singer-identification", "--data", singers, *NUMBERS, *pairs)
    assert command_line("evaluate", *arguments, "--out", tmp_path / "out", "--json") == 0
    found = document(capsys)
    assert [row["model"] for row in found["ours"]] == ["CROSS-SP"] * 6 + ["MIXED"] * 6


def test_too_few_songs_say_how_many_singers_qualify(
    singers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line("evaluate", "singer-identification", "--data", singers) == 3
    assert "0 of 7 singers have the 20 songs that are needed" in capsys.readouterr().err


def test_a_failing_file_is_named_and_the_rest_is_measured(
    singers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for song in range(6):
        (singers / "Singer 0" / f"{song}.wav").write_bytes(b"damaged")
    arguments = ("query-by-singer", "--data", singers, "--gallery-songs", 4, "--query-songs", 2)
    assert command_line("evaluate", *arguments, "--json") == 1
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert len(found["failed"]) == 6
    assert str(singers / "Singer 0" / "3.wav") in captured.err
    assert found["ours"][0]["mAP"]["mean"] > 0.9


def test_any_small_set_can_be_judged_by_leaving_one_out(
    singers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("singer-identification", "--data", singers, "--protocol", "leave-one-out")
    assert command_line("evaluate", *arguments, "--json") == 0
    scores = document(capsys)["scores"]
    assert list(scores) == ["all", "mean"]
    assert scores["all"]["M->M"] == 1.0
    assert scores["all"]["chance"] == pytest.approx(1 / 7)


def test_given_vocals_can_be_isolated_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Vocals that tell singers apart, in mixes that do not."""
    for singer, pitch in (("Ann", 150.0), ("Bob", 700.0)):
        for song in range(2):
            folder = tmp_path / "data" / singer / str(song)
            tone(folder / "vocals.wav", pitch + song)
            tone(folder / "mix.wav", 400.0 + 7 * song)
    arguments = ("singer-identification", "--data", tmp_path / "data", "--protocol")
    scores = []
    for more in ((), ("--separate",)):
        assert command_line("evaluate", *arguments, "leave-one-out", "--json", *more) == 0
        scores.append(document(capsys)["scores"]["all"]["V->V"])
    assert scores[0] == 1.0
    assert scores[1] < 1.0
