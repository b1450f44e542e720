import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from cli_fakes import command_line, document, tone

from vocal_explorer.evaluation.tasks import transfer_head

N_ARTISTS = 3


@pytest.fixture(autouse=True)
def short_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tones are told apart after a few epochs; 200 are measured in tests of the heads."""
    for name in ("fit_tag_head", "fit_artist_head"):
        quick = partial(getattr(transfer_head, name), max_epochs=60)
        monkeypatch.setattr(transfer_head, name, quick)


def pitch(artist: int, song: int) -> float:
    return 150.0 * 2**artist + song


@pytest.fixture
def albums(tmp_path: Path) -> Path:
    """Three artists, each with tones in an octave of their own, on three albums."""
    folder = tmp_path / "artist20"
    for artist in range(N_ARTISTS):
        for album in range(3):
            for song in range(4):
                path = folder / f"Artist {artist}" / f"Album {album}" / f"{song}.wav"
                tone(path, pitch(artist, 4 * album + song))
    return folder


@pytest.fixture
def annotation(tmp_path: Path) -> Path:
    """Eighteen singers with a song each, low or high; nobody agrees on the third tag."""
    folder, segments, ratings = tmp_path / "kvt", [], []
    folder.mkdir()
    for singer in range(18):
        tone(tmp_path / "audio" / f"Singer {singer}" / "Song.wav", pitch(3 * (singer % 2), singer))
        segments.append({"title": "Song", "artist": f"Singer {singer}", "segID": 0, "offset": 0})
        ratings.append([3 * (singer % 2 == 0), 3 * (singer % 2), 1])
    (folder / "tags.json").write_text(json.dumps(["Low-Range", "High-Range", "Cute"]))
    (folder / "segments.json").write_text(json.dumps(segments))
    np.save(folder / "ratings.npy", np.array(ratings))
    return folder


def test_artists_are_classified(
    albums: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("artist-classification", "--data", albums, "--space", "V", "--json")
    assert command_line("evaluate", *arguments, "--out", tmp_path / "results") == 0
    found = document(capsys)
    assert found["paper"][-1] == {
        "model": "CROSS-SP", "space": "[M,V]", "level": "song", "Accuracy": 0.806, "F1": 0.795
    }  # fmt: skip
    assert [(row["space"], row["level"]) for row in found["ours"]] == [
        ("V", "segment"), ("V", "song")
    ]  # fmt: skip
    assert found["ours"][1]["Accuracy"]["mean"] > 0.8
    assert "36 songs of 3 artists; means over 3 folds" in found["notes"][0]
    assert json.loads((tmp_path / "results" / "artist-classification.json").read_text()) == found
    table = (tmp_path / "results" / "artist-classification.md").read_text().splitlines()
    assert [row.split("|")[1].strip() for row in table[2:18]] == 14 * ["paper"] + 2 * ["ours"]


def test_voices_are_tagged(
    annotation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audio = tmp_path / "audio"
    arguments = ("--data", annotation, "--audio", audio, "--folds", "3", "--space", "M")
    assert command_line("evaluate", "vocal-tagging", *arguments, "--json") == 0
    found = document(capsys)
    assert found["paper"][0]["model"] == "Baseline"
    (row,) = found["ours"]
    assert (row["model"], row["space"]) == ("CROSS-SP", "M")
    assert set(row) == {"model", "space", "AUC", "F1", "Precision", "Recall"}
    assert row["AUC"]["mean"] > 0.8
    assert "In 3 of 9 cases" in found["notes"][0]  # nobody has the third tag
    assert found["folds"] == 3


@pytest.mark.usefixtures("one_thread")
def test_the_baseline_learns_from_log_mels(
    annotation: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vocal_explorer.training.fitting.tag_cnn.MAX_EPOCHS", 2)
    audio = tmp_path / "audio"
    arguments = ("--data", annotation, "--audio", audio, "--folds", "3", "--space", "V")
    assert command_line("evaluate", "vocal-tagging", *arguments, "--baseline", "mix") == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ours")]
    assert [row.split("|")[2].strip() for row in rows] == ["Baseline CNN", "CROSS-SP"]


def test_songs_without_audio_are_named(
    annotation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "audio" / "Singer 4" / "Song.wav").unlink()
    arguments = ("--data", annotation, "--audio", tmp_path / "audio", "--folds", "3")
    assert command_line("evaluate", "vocal-tagging", *arguments, "--space", "M", "--json") == 1
    told = capsys.readouterr()
    assert len(json.loads(told.out)["failed"]) == 1
    assert "Singer 4 - Song" in told.err


def test_too_little_data_is_one_sentence(
    albums: Path, annotation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--data", annotation, "--audio", tmp_path / "audio", "--folds", "20")
    assert command_line("evaluate", "vocal-tagging", *arguments) == 3
    assert "audio of 18 singers" in capsys.readouterr().err
    for path in albums.glob("Artist 1/Album 2/*"):
        path.unlink()
    assert command_line("evaluate", "artist-classification", "--data", albums) == 3
    assert "3 albums each; here are 3 with 2" in capsys.readouterr().err
