"""`train` without a dataset, and `models use`: the library and its encoders."""

from dataclasses import replace
from pathlib import Path

import pytest
from cli_fakes import HalfSeparator, command_line, document
from learning_fakes import N_QUERIES, Home, Trained

from vocal_explorer.base.paths import models_folder
from vocal_explorer.encoders.model_id import model_id
from vocal_explorer.session import Session
from vocal_explorer.synthesis.songs import render_library
from vocal_explorer.training.presets import FINE, LIBRARY, PRESETS


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path)
    for module in ("library.encoder_choice", "cli.models"):
        monkeypatch.setattr(f"vocal_explorer.{module}.models_folder", lambda: home.shipped)
    return home


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Trained:
    trained = Trained("good")
    monkeypatch.setattr("vocal_explorer.learning.learn_library.train_on_split", trained)
    return trained


def run(home: Home, *arguments: object) -> int:
    return command_line(*arguments, "--library", home.library, open_session=home.session)


def test_what_learning_gained_is_told_and_kept(
    home: Home, trained: Trained, capsys: pytest.CaptureFixture[str]
) -> None:
    run(home, "scan", home.music)
    capsys.readouterr()
    assert run(home, "train", "cross-sp", "--seed", "0", "--json") == 0
    said = document(capsys)
    assert (said["adopted"], said["pair"], said["queries"]) == (True, "learnt", N_QUERIES)
    assert said["after"] == {"V": 1.0, "M": 1.0, "M,V": 1.0}
    assert said["before"]["M,V"] == round(1 / 3, 4)
    assert said["out"] == str(home.library / "pairs" / "learnt")
    assert run(home, "train", "cross-sp") == 0
    out = capsys.readouterr().out
    assert " [M,V]  before   3 (100.0%),  after   3 (100.0%)\n" in out
    assert "not better in [M,V], so 'learnt' is used as before" in out


def test_pairs_are_listed_and_chosen_by_name(
    home: Home, trained: Trained, capsys: pytest.CaptureFixture[str]
) -> None:
    run(home, "scan", home.music)
    run(home, "train", "cross-sp")
    capsys.readouterr()
    run(home, "models", "list", "--json")
    listed = {model["name"]: model["used"] for model in document(capsys)["models"]}
    names = [f"{name}/weights.safetensors" for name in ("cross-sp", "learnt")]
    assert [listed[name] for name in names] == [False, True]
    assert run(home, "models", "use", "cross-sp", "--json") == 0
    assert document(capsys) == {"name": "cross-sp", "ready": 12, "stale": 0}
    run(home, "models", "list")
    assert "cross-sp/weights.safetensors (used by the library)" in capsys.readouterr().out
    assert run(home, "models", "use", "nosuch") == 3
    assert "choose from cross-sp, learnt" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [("separator",), ("cross-sp", "--separator", "spleeter"), ("cross-sp", "--favour", "x")],
)
def test_what_a_library_cannot_teach_is_wrong_usage(home: Home, arguments: tuple[str, ...]) -> None:
    assert run(home, "train", *arguments) == 2
    assert not home.library.exists()


def test_a_dataset_needs_a_folder_for_the_weights(home: Home) -> None:
    assert run(home, "train", "cross-sp", "--data", home.music) == 2


@pytest.mark.usefixtures("one_thread")
def test_from_synthetic_singers_to_a_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    size = {"n_singers": 2, "n_segments": 2, "n_triplets": 4, "n_negatives": 1}
    monkeypatch.setitem(PRESETS, LIBRARY, replace(FINE, batches_per_epoch=1, epochs=1, **size))
    monkeypatch.setattr("vocal_explorer.training.fitting.loop.VALIDATION_BATCHES", 1)
    music, library, out = (tmp_path / name for name in ("music", "library", "out"))
    render_library(music, n_singers=2, n_songs=3, seconds=5.0)

    def open_session(folder: Path) -> Session:
        return Session(folder, make_separator=lambda _name: HalfSeparator())

    def said(*arguments: object) -> dict:
        chosen = ("--library", library, "--json")
        assert command_line(*arguments, *chosen, open_session=open_session) == 0
        return document(capsys)

    assert said("scan", music)["analysed"] == 6
    learnt = said("train", "cross-sp", "--out", out, "--device", "cpu")
    assert (learnt["queries"], learnt["singers"], learnt["failed"]) == (2, 2, [])
    assert learnt["adopted"] == (learnt["after"]["M,V"] > learnt["before"]["M,V"])
    assert model_id(out) != model_id(models_folder() / "cross-sp")
    assert said("models", "use", learnt["pair"]) == {
        "name": learnt["pair"], "ready": 6, "stale": 0
    }  # fmt: skip
    again = said("train", "cross-sp", "--out", out, "--device", "cpu", "--resume")
    assert (again["before"], again["after"]) == (learnt["before"], learnt["after"])
