import hashlib
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.base.errors import Cancelled, VocalExplorerError, WeightsError
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.separation.separator import separate
from vocal_explorer.separation.spleeter import official_weights as spleeter_files
from vocal_explorer.separation.spleeter import reference as spleeter_reference
from vocal_explorer.separation.spleeter import worker as spleeter_worker
from vocal_explorer.separation.spleeter.official_weights import DATA_NAME, INDEX_NAME, Checkpoint
from vocal_explorer.separation.spleeter.reference import SpleeterReference

WEIGHTS = b"weights of every kind"
CHECKPOINT = Checkpoint(hashlib.sha256(WEIGHTS).hexdigest(), len(WEIGHTS))
GOOD_WORKER = """
import json, os, sys
from pathlib import Path
import numpy as np
mix, vocals, accompaniment, _, model, _, extension = sys.argv[1:]
assert (Path(model) / "model.data-00000-of-00001").read_bytes() == b"weights of every kind"
assert (Path(model) / "model.index").is_file() and (Path(model) / "checkpoint").is_file()
print("a line of chatter", flush=True)
for fraction in (0.0, 0.5, 1.0):
    print(json.dumps({"fraction": fraction, "message": extension}), flush=True)
samples = np.fromfile(mix, "<f4").reshape(-1, 2)
(0.75 * samples * [1, 0]).astype("<f4").tofile(vocals)
(0.25 * samples).astype("<f4").tofile(accompaniment)
"""
NO_CORE_FILE = """
import os, resource, signal, sys
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
"""
ENDLESS_WORKER = """
import json, os, time
print(json.dumps({"fraction": 0.5, "message": str(os.getpid())}), flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Weights whose data file is only checked by its hash."""
    monkeypatch.setattr(spleeter_files, "_index_problem", lambda _path, _checkpoint: None)
    (tmp_path / INDEX_NAME).touch()
    (tmp_path / DATA_NAME).write_bytes(WEIGHTS)
    return tmp_path


def reference(folder: Path, program: str, extension: str = "zeros") -> SpleeterReference:
    worker = folder / "scripts" / "worker.py"
    worker.parent.mkdir()
    worker.write_text(program)
    return SpleeterReference(
        folder, extension, python=Path(sys.executable), checkpoint=CHECKPOINT, worker=worker
    )


def song(seconds: float = 1.0) -> Waveform:
    generator = np.random.default_rng(0)
    return generator.uniform(-1, 1, (2, round(seconds * 44_100))).astype(np.float32)


def test_hands_the_mix_to_the_worker_and_its_stems_back(folder: Path, temporary: Path) -> None:
    mix = song()
    stems = separate(reference(folder, GOOD_WORKER), mix, 44_100, Progress())
    np.testing.assert_allclose(stems.vocals[0], 0.75 * mix[0], rtol=1e-6)
    np.testing.assert_array_equal(stems.vocals[1], 0)
    np.testing.assert_allclose(stems.accompaniment, 0.25 * mix, rtol=1e-6)
    assert list(temporary.iterdir()) == []


def test_streams_pieces_of_any_length_in_and_blocks_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spleeter_reference, "BLOCK", 10_000)
    mix = song()
    pieces = [mix[:, :17], mix[:, 17:40_000], mix[:, 40_000:]]
    blocks: list[Stems] = list(
        reference(folder, GOOD_WORKER).stream(pieces, mix.shape[1], Progress())
    )
    assert [block.vocals.shape for block in blocks] == [(2, 10_000)] * 4 + [(2, 4_100)]
    together = np.concatenate([block.accompaniment for block in blocks], axis=1)
    np.testing.assert_allclose(together, 0.25 * mix, rtol=1e-6)


def test_relays_the_progress_and_ignores_chatter(folder: Path) -> None:
    heard: list[tuple[float, str]] = []
    progress = Progress(lambda fraction, message: heard.append((fraction, message)))
    separate(reference(folder, GOOD_WORKER, "average"), song(), 44_100, progress)
    fractions = [fraction for fraction, _ in heard]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert (pytest.approx(0.55), "average") in heard
    assert not any("chatter" in message for _, message in heard)


def test_nothing_in_gives_nothing_out_and_starts_nothing(folder: Path) -> None:
    failing = reference(folder, "raise SystemExit(1)")
    assert list(failing.stream([], 0, Progress())) == []
    assert list(failing.stream([np.zeros((2, 0), np.float32)], 0, Progress())) == []


def test_cancelling_ends_the_worker(folder: Path, temporary: Path) -> None:
    control = Control()
    process_ids: list[int] = []

    def listener(fraction: float, message: str) -> None:
        if message.isdigit():
            process_ids.append(int(message))
            control.cancel()

    with pytest.raises(Cancelled):
        separate(reference(folder, ENDLESS_WORKER), song(), 44_100, Progress(listener, control))
    assert not Path(f"/proc/{process_ids[0]}").exists()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        (f"sys.exit({spleeter_worker.NO_PACKAGE})", "package is damaged: `vocal-explorer models"),
        (f"sys.exit({spleeter_worker.NO_WEIGHTS})", "cannot read its weights"),
        (f"sys.exit({spleeter_worker.NO_MEMORY})", "not enough memory"),
        (f"sys.exit({spleeter_worker.NO_DISK})", "cannot write the stems"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "ended the spleeter .* because memory ran out"),
        ("os.kill(os.getpid(), signal.SIGILL)", "was ended by signal 4"),
        ("raise ValueError('Found array with dim 4.')", "failed: ValueError: Found .* dim 4\\.$"),
        ("sys.exit(77)", "failed: exit code 77"),
        ("open(sys.argv[2], 'w'); open(sys.argv[3], 'w')", "stems that are too short"),
    ],
)
def test_every_end_has_its_sentence(
    folder: Path, temporary: Path, ending: str, sentence: str
) -> None:
    program = f"{NO_CORE_FILE}\n{ending}"
    with pytest.raises(VocalExplorerError, match=sentence):
        separate(reference(folder, program), song(), 44_100, Progress())
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("content", [b"weights of another kind", b"", None])
def test_other_weights_are_refused_before_the_start(folder: Path, content: bytes | None) -> None:
    separator = reference(folder, f"open({str(folder / 'started')!r}, 'w')")
    (folder / DATA_NAME).unlink()
    if content is not None:
        (folder / DATA_NAME).write_bytes(content)
    with pytest.raises(WeightsError, match=DATA_NAME):
        separate(separator, song(), 44_100, Progress())
    assert not (folder / "started").exists()


def test_weights_are_checked_before_every_run(folder: Path) -> None:
    separator = reference(folder, GOOD_WORKER)
    separate(separator, song(0.1), 44_100, Progress())
    (folder / DATA_NAME).write_bytes(WEIGHTS.swapcase())
    with pytest.raises(WeightsError, match="sha256"):
        separate(separator, song(0.1), 44_100, Progress())


def test_without_the_package_the_sentence_says_what_to_type(folder: Path) -> None:
    with pytest.raises(WeightsError, match="`vocal-explorer models fetch spleeter-reference`"):
        SpleeterReference(folder)


def test_an_interpreter_that_is_gone_is_one_sentence(folder: Path) -> None:
    separator = SpleeterReference(folder, python=folder / "gone", checkpoint=CHECKPOINT)
    with pytest.raises(VocalExplorerError, match="cannot be started: No such file"):
        separate(separator, song(0.1), 44_100, Progress())


def test_modules_beside_the_script_do_not_stand_in_for_the_packages(folder: Path) -> None:
    separator = reference(folder, GOOD_WORKER)
    (folder / "scripts" / "numpy.py").write_text("raise ImportError")
    separate(separator, song(0.1), 44_100, Progress())


def test_the_version_changes_with_weights_and_extension(folder: Path) -> None:
    python = Path(sys.executable)
    versions = {
        SpleeterReference(folder, extension, python=python, checkpoint=checkpoint).version
        for extension in ("zeros", "average")
        for checkpoint in (CHECKPOINT, spleeter_files.OFFICIAL)
    }
    assert len(versions) == 4
