import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from cli_fakes import command_line, document

from vocal_explorer.analysis.installed_models import shipped_models
from vocal_explorer.separation.spleeter.official_weights import (
    DATA_NAME,
    INDEX_NAME,
    spleeter_folder,
)

HALF = 200_000


@pytest.fixture(autouse=True)
def shipped(models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("vocal_explorer.cli.models.models_folder", lambda: models)
    return models


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, dict]:
    return {model["name"]: model for model in document(capsys)["models"]}


class TestShipped:
    def test_weights_are_compared_with_their_model_card(self, models: Path) -> None:
        (model,) = shipped_models(models)
        assert (model.name, model.licence) == ("pair/weights.safetensors", "CC BY-NC 4.0")
        assert model.problem is None
        model.path.write_bytes(b"other weights")
        (model,) = shipped_models(models)
        assert model.problem == "its sha256 is not the one in its model card"

    def test_weights_without_a_card_are_not_verified(self, models: Path) -> None:
        (models / "pair" / "README.md").unlink()
        (model,) = shipped_models(models)
        assert model.licence == "not stated"
        assert model.problem


class TestList:
    def test_tells_what_can_be_installed(self, weights, capsys) -> None:
        assert command_line("models", "list", "--json", spleeter=weights.checkpoint) == 0
        found = listed(capsys)
        assert found["pair/weights.safetensors"]["licence"] == "CC BY-NC 4.0"
        assert found["pair/weights.safetensors"]["verified"] is True
        spleeter = found["spleeter"]
        assert (spleeter["installed"], spleeter["verified"]) == (False, False)
        assert spleeter["how"] == "vocal-explorer models fetch spleeter"
        assert spleeter["path"] == str(spleeter_folder())
        assert command_line("models", "list") == 0
        line = capsys.readouterr().out.splitlines()[-1]
        assert line.endswith("not installed: vocal-explorer models fetch spleeter")

    def test_tells_what_is_installed(self, weights, capsys) -> None:
        weights.put_in(spleeter_folder())
        assert command_line("models", "list", "--json", spleeter=weights.checkpoint) == 0
        spleeter = listed(capsys)["spleeter"]
        assert spleeter["licence"] == "MIT (Deezer)"
        assert spleeter["sha256"] == weights.checkpoint.sha256
        assert spleeter["bytes"] == len(weights.data)
        assert (spleeter["installed"], spleeter["verified"]) == (True, True)
        assert command_line("models", "list", spleeter=weights.checkpoint) == 0
        line = capsys.readouterr().out.splitlines()[-1]
        assert "MIT (Deezer)" in line
        assert weights.checkpoint.sha256 in line
        assert "0.4 MB" in line
        assert str(spleeter_folder()) in line

    def test_nothing_at_all(self, models, weights) -> None:
        (models / "pair" / "config.json").unlink()
        assert command_line("models", "list") == 3
        weights.put_in(spleeter_folder())
        assert command_line("models", "list") == 0


class TestVerify:
    def test_what_is_not_installed_is_not_missed(self, weights, capsys) -> None:
        assert command_line("models", "verify", "--json", spleeter=weights.checkpoint) == 0
        assert list(listed(capsys)) == ["pair/weights.safetensors"]

    @pytest.mark.parametrize("name", [DATA_NAME, INDEX_NAME])
    def test_names_what_is_damaged(self, weights, capsys, name) -> None:
        folder = weights.put_in(spleeter_folder())
        assert command_line("models", "verify", spleeter=weights.checkpoint) == 0
        assert capsys.readouterr().out.splitlines()[-1] == "spleeter: ok"
        (folder / name).write_bytes(b"damaged")
        assert command_line("models", "verify", "--json", spleeter=weights.checkpoint) == 1
        out, err = capsys.readouterr()
        assert json.loads(out)["models"][-1] == {"name": "spleeter", "ok": False}
        assert f"{folder}: {name}" in err

    def test_nothing_is_whole(self, models) -> None:
        (models / "pair" / "weights.safetensors").write_bytes(b"other")
        assert command_line("models", "verify") == 3


class TestFetch:
    def test_installs_spleeter(self, site, weights, capsys) -> None:
        checkpoint = weights.served_by(site)
        assert command_line("models", "fetch", "spleeter", "--json", spleeter=checkpoint) == 0
        out, err = capsys.readouterr()
        assert json.loads(out) == {"name": "spleeter", "path": str(spleeter_folder())}
        assert "Downloading" in err
        assert "100%" in err
        assert weights.are_in(spleeter_folder())

    def test_a_failure_is_one_sentence(self, weights, closed_port, capsys) -> None:
        checkpoint = replace(weights.checkpoint, url=f"{closed_port}/2stems.tar.gz")
        assert command_line("models", "fetch", "spleeter", "--json", spleeter=checkpoint) == 3
        out, err = capsys.readouterr()
        assert "accepts no connection" in json.loads(out)["error"]
        assert json.loads(out)["error"] in err
        assert "Traceback" not in err

    def test_ctrl_c_keeps_the_download_and_says_so(self, site, weights, capsys) -> None:
        def interrupt() -> bool:
            os.kill(os.getpid(), signal.SIGINT)
            return True

        checkpoint = weights.served_by(site, cut_after=HALF, at_cut=interrupt)
        assert command_line("models", "fetch", "spleeter", spleeter=checkpoint) == 130
        err = capsys.readouterr().err
        assert "MB of the download are kept; the next one goes on there." in err
        assert not spleeter_folder().exists()
        weights.served_by(site)
        assert command_line("models", "fetch", "spleeter", spleeter=checkpoint) == 0
        assert weights.are_in(spleeter_folder())
        assert site.ranges[0] is None
        assert site.ranges[1].startswith("bytes=")

    def test_makes_the_environment_of_the_reference(self, tmp_path, monkeypatch, capsys) -> None:
        def make_environment(progress) -> Path:
            progress.report(1.0, "made")
            return tmp_path / "python"

        module = "vocal_explorer.separation.spleeter.environment"
        monkeypatch.setattr(f"{module}.make_environment", make_environment)
        assert command_line("models", "fetch", "spleeter-reference", "--json") == 0
        told = {"name": "spleeter-reference", "path": str(tmp_path / "python")}
        assert document(capsys) == told


class TestAdd:
    def test_installs_what_the_user_has(self, tmp_path, weights, capsys) -> None:
        path = tmp_path / "2stems.tar.gz"
        path.write_bytes(weights.archive)
        assert command_line("models", "add", "spleeter", path, spleeter=weights.checkpoint) == 0
        assert str(spleeter_folder()) in capsys.readouterr().out
        assert weights.are_in(spleeter_folder())

    def test_anything_else_is_refused(self, tmp_path, weights, capsys) -> None:
        path = tmp_path / "song.mp3"
        path.write_bytes(b"ID3" + bytes(2000))
        assert command_line("models", "add", "spleeter", path, spleeter=weights.checkpoint) == 3
        assert f"{path} is no .tar.gz archive." in capsys.readouterr().err
        assert not spleeter_folder().exists()


@pytest.mark.parametrize(
    "arguments",
    [["fetch"], ["fetch", "nosuch"], ["add", "spleeter"], ["add", "spleeter-reference", "x"]],
    ids=" ".join,
)
def test_wrong_usage(arguments: list[str]) -> None:
    assert command_line("models", *arguments) == 2
