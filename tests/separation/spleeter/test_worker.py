import ast
import json
import sys
from io import BytesIO
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vocal_explorer.separation.spleeter import worker

Frames = NDArray[np.float32]  # (n_samples, 2)


class OpError(Exception):
    pass


class ResourceExhaustedError(OpError):
    pass


class DataLossError(OpError):
    pass


class NotFoundError(OpError):
    pass


class FakeSeparator:
    """Masks segments of frames that begin before their samples, as Spleeter does.

    Frame k holds the 4 samples before sample k; what lies before the beginning is zero.
    The mask of a frame depends on all frames of its segment.
    """

    failure: BaseException | None = None
    used: ClassVar[list[int]] = []

    def __init__(self, description: str, multiprocess: bool) -> None:
        self.parameters = json.loads(Path(description).read_text())
        assert not multiprocess

    def separate(self, mix: Frames) -> dict[str, Frames]:
        if FakeSeparator.failure:
            raise FakeSeparator.failure
        FakeSeparator.used.append(len(mix))
        segment = worker.SEGMENT
        samples = np.pad(mix.mean(axis=1), (4, 2 * segment))
        frames = np.lib.stride_tricks.sliding_window_view(samples, 4).sum(axis=1)
        loudest = frames[: len(frames) // segment * segment].reshape(-1, segment).max(axis=1)
        masks = loudest.repeat(segment)
        mask = np.stack([masks[k : k + len(mix)] for k in range(1, 5)]).mean(axis=0)
        vocals = (mix * mask[:, None]).astype(np.float32)
        return {"accompaniment": mix - vocals, "vocals": vocals}


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in for spleeter and tensorflow; segments have 16 samples, blocks 3 segments."""
    checkpoints = SimpleNamespace(
        latest_checkpoint=lambda folder: folder if (Path(folder) / "checkpoint").exists() else None
    )
    modules = {
        "tensorflow": {
            "train": checkpoints,
            "errors": SimpleNamespace(
                ResourceExhaustedError=ResourceExhaustedError,
                DataLossError=DataLossError,
                NotFoundError=NotFoundError,
            ),
        },
        "spleeter": {},
        "spleeter.separator": {"Separator": FakeSeparator},
        "spleeter.utils": {},
        "spleeter.utils.configuration": {
            "load_configuration": lambda name: {"name": name, "mask_extension": "none"}
        },
    }
    for name, content in modules.items():
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(worker, "SEGMENT", 16)
    monkeypatch.setattr(worker, "BLOCK_SEGMENTS", 3)
    monkeypatch.setattr(FakeSeparator, "used", [])
    monkeypatch.setattr(FakeSeparator, "failure", None)
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "2")


@pytest.fixture
def arguments(tmp_path: Path, rng: np.random.Generator) -> list[str]:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "checkpoint").touch()
    rng.normal(0, 0.1, (200, 2)).astype("<f4").tofile(tmp_path / "mix.f32")
    names = ("mix.f32", "vocals.f32", "accompaniment.f32")
    return [*(str(tmp_path / name) for name in names), "--model", str(tmp_path / "model")]


@given(st.integers(0, 10**9))
def test_blocks_are_the_file_and_have_a_segment_of_context(n_samples: int) -> None:
    position = 0
    for block in worker.blocks(n_samples):
        assert block.first == position
        assert block.start % worker.SEGMENT == 0
        assert block.first - block.start == worker.SEGMENT or block.start == 0
        assert block.stop - block.last == worker.SEGMENT or block.stop == n_samples
        assert block.last - block.first <= 300 * 44_100
        position = block.last
    assert position == n_samples


@pytest.mark.parametrize("n_samples", [1, 15, 16, 48, 49, 64, 65, 96, 500])
@pytest.mark.usefixtures("package")
def test_blocks_give_what_the_whole_file_gives(n_samples: int, rng: np.random.Generator) -> None:
    mix = rng.normal(0, 0.1, (n_samples, 2)).astype(np.float32)
    whole = FakeSeparator.separate(FakeSeparator.__new__(FakeSeparator), mix)
    FakeSeparator.used.clear()
    files = [BytesIO(), BytesIO()]
    separator = FakeSeparator.__new__(FakeSeparator)
    worker.separate(separator, mix, files, lambda _fraction, _message: None)
    assert max(FakeSeparator.used) <= 5 * 16
    for name, file in zip(worker.STEMS, files, strict=True):
        stem = np.frombuffer(file.getvalue(), "<f4").reshape(-1, 2)
        np.testing.assert_array_equal(stem, whole[name])


@pytest.mark.usefixtures("package")
def test_separates_a_file_and_says_how_far_it_is(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert worker.main([*arguments, "--extension", "average"]) == 0
    mix, vocals, accompaniment = (
        np.fromfile(tmp_path / f"{name}.f32", "<f4") for name in ("mix", *worker.STEMS)
    )
    np.testing.assert_allclose(vocals + accompaniment, mix, atol=1e-6)
    assert np.abs(vocals).max() > 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["fraction"] for one in said] == pytest.approx([0, 0, 0.24, 0.48, 0.72, 0.96, 1])
    description = json.loads((tmp_path / "model" / "description.json").read_text())
    assert description == {
        "name": "spleeter:2stems",
        "mask_extension": "average",
        "model_dir": str(tmp_path / "model"),
    }


@pytest.mark.usefixtures("package")
def test_never_starts_without_a_checkpoint(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "model" / "checkpoint").unlink()
    assert worker.main(arguments) == worker.NO_WEIGHTS
    assert FakeSeparator.used == []


def test_says_that_the_package_is_not_there(arguments: list[str]) -> None:
    assert worker.main(arguments) == worker.NO_PACKAGE


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (MemoryError(), worker.NO_MEMORY),
        (ResourceExhaustedError(), worker.NO_MEMORY),
        (DataLossError(), worker.NO_WEIGHTS),
        (NotFoundError(), worker.NO_WEIGHTS),
        (OSError(28, "No space left on device"), worker.NO_DISK),
    ],
)
@pytest.mark.usefixtures("package")
def test_each_failure_has_its_exit_code(
    arguments: list[str],
    failure: Exception,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(FakeSeparator, "failure", failure)
    assert worker.main(arguments) == code
    assert type(failure).__name__ in capsys.readouterr().err


def test_the_other_interpreter_understands_the_script() -> None:
    source = Path(worker.__file__).read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None), *(alias.name for alias in node.names)]
        if name
    }
    assert "numpy" in imported
    assert not any("vocal_explorer" in name for name in imported)
