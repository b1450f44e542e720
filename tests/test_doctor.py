import json
from functools import partial
from pathlib import Path

from cli_fakes import command_line

from vocal_explorer.base.paths import REFERENCE_VARIABLE
from vocal_explorer.doctor import Finding, examine, separators
from vocal_explorer.separation.spleeter import official_weights as spleeter_files
from vocal_explorer.separation.spleeter.official_weights import spleeter_folder


def test_everything_is_looked_at_and_nothing_is_made(tmp_path: Path, models: Path) -> None:
    library = tmp_path / "new" / "library"
    findings = {finding.name: finding for finding in examine(library, models)}
    assert not library.parent.exists()
    for name in ("decoders", "library folder", "log folder", "window system"):
        assert findings[name].ok, findings[name].text
    assert findings["weights: pair/weights.safetensors"].ok
    assert {"audio device", "separator: embedded", "encoder pair", "graphics card"} <= set(findings)
    for finding in findings.values():
        if not finding.ok:
            assert finding.text.endswith(".")


def found_separators() -> dict[str, Finding]:
    return {finding.name.removeprefix("separator: "): finding for finding in separators()}


def test_separators_that_can_be_installed_are_no_failure(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(REFERENCE_VARIABLE, str(tmp_path / "absent"))
    found = found_separators()
    assert found["auto"].text == "uses embedded"
    for name in ("spleeter", "spleeter-reference"):
        assert found[name].ok
        assert "not installed (optional)" in found[name].text
        assert f"vocal-explorer models fetch {name}" in found[name].text


def test_the_spleeter_package_needs_weights(tmp_path, monkeypatch) -> None:
    python = tmp_path / "python"
    monkeypatch.setattr("vocal_explorer.doctor.reference_python", lambda: python)
    found = found_separators()["spleeter-reference"]
    assert found.ok
    assert found.text.endswith("type vocal-explorer models fetch spleeter")
    monkeypatch.setattr("vocal_explorer.doctor.is_installed", lambda: True)
    assert str(python) in found_separators()["spleeter-reference"].text


def test_spleeter_weights_that_are_damaged_are_a_failure() -> None:
    spleeter_folder().mkdir(parents=True)
    found = found_separators()
    assert not found["spleeter"].ok
    assert "vocal-explorer models fetch spleeter" in found["spleeter"].text
    assert found["auto"].text == "uses embedded"


def test_spleeter_weights_that_are_whole_are_used(weights, monkeypatch) -> None:
    weights.put_in(spleeter_folder())
    for name in ("is_installed", "verify"):
        function = partial(getattr(spleeter_files, name), checkpoint=weights.checkpoint)
        monkeypatch.setattr(f"vocal_explorer.doctor.{name}", function)
    found = found_separators()
    assert found["spleeter"].ok
    assert str(spleeter_folder()) in found["spleeter"].text
    assert found["auto"].text == "uses spleeter"


def test_a_missing_folder_of_weights_is_said(tmp_path: Path) -> None:
    findings = {finding.name: finding for finding in examine(tmp_path, tmp_path / "absent")}
    assert not findings["weights"].ok


def test_the_command_tells_each_finding_in_a_line(tmp_path: Path, capsys) -> None:
    assert command_line("doctor", "--library", tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith(("ok ", "-- ")) for line in lines)
    assert command_line("doctor", "--json", "--library", tmp_path) == 0
    assert len(json.loads(capsys.readouterr().out)["checks"]) == len(lines)
