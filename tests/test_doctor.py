import hashlib
import json
from pathlib import Path

import pytest
from cli_fakes import command_line

from vocal_explorer.doctor import examine, installed_models


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models" / "pair"
    folder.mkdir(parents=True)
    weights = folder / "weights.safetensors"
    weights.write_bytes(b"weights")
    (folder / "config.json").write_text("{}")
    digest = hashlib.sha256(b"weights").hexdigest()
    (folder / "README.md").write_text(
        f"# Pair\n\n- **Licence**: CC BY-NC 4.0\n- sha256: {digest}\n"
    )
    return tmp_path / "models"


def test_weights_are_compared_with_their_model_card(models: Path) -> None:
    (model,) = installed_models(models)
    assert (model.name, model.licence) == ("pair/weights.safetensors", "CC BY-NC 4.0")
    assert model.verified
    model.path.write_bytes(b"other weights")
    (model,) = installed_models(models)
    assert not model.verified


def test_weights_without_a_card_are_not_verified(models: Path) -> None:
    (models / "pair" / "README.md").unlink()
    (model,) = installed_models(models)
    assert (model.licence, model.verified) == ("not stated", False)


def test_models_commands(models, monkeypatch, capsys) -> None:
    monkeypatch.setattr("vocal_explorer.cli.health.models_folder", lambda: models)
    assert command_line("models", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)["models"][0]["licence"] == "CC BY-NC 4.0"
    assert command_line("models", "verify") == 0
    (models / "pair" / "weights.safetensors").write_bytes(b"other")
    assert command_line("models", "verify", "--json") == 3
    assert json.loads(capsys.readouterr().out.partition("ok\n")[2])["models"][0]["ok"] is False


def test_everything_is_looked_at_and_nothing_is_made(tmp_path: Path, models: Path) -> None:
    library = tmp_path / "new" / "library"
    findings = {finding.name: finding for finding in examine(library, models)}
    assert not library.parent.exists()
    for name in ("decoders", "library folder", "log folder", "window system"):
        assert findings[name].ok, findings[name].text
    assert findings["weights: pair/weights.safetensors"].ok
    assert {"audio device", "separator: embedded", "encoder pair", "graphics card"} <= set(findings)
    assert not findings["separator: spleeter"].ok
    for finding in findings.values():
        if not finding.ok:
            assert finding.text.endswith(".")


def test_a_missing_folder_of_weights_is_said(tmp_path: Path) -> None:
    findings = {finding.name: finding for finding in examine(tmp_path, tmp_path / "absent")}
    assert not findings["weights"].ok


def test_the_command_tells_each_finding_in_a_line(tmp_path: Path, capsys) -> None:
    assert command_line("doctor", "--library", tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith(("ok ", "-- ")) for line in lines)
    assert command_line("doctor", "--json", "--library", tmp_path) == 0
    assert len(json.loads(capsys.readouterr().out)["checks"]) == len(lines)
