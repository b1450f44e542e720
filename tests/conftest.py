import gc
import logging
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: matrices of tests are small

import hypothesis
import numpy as np
import pytest
from full_disk import full_disk
from loopback import closed_port, site
from one_thread import one_thread
from shipped_models import models
from tiny_weights import weights

__all__ = ["closed_port", "full_disk", "models", "one_thread", "site", "weights"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("MPLCONFIGDIR", str(Path.home() / ".cache" / "matplotlib"))

signal.signal(signal.SIGINT, signal.default_int_handler)  # shells ignore it in the background

hypothesis.settings.register_profile("tests", deadline=None, derandomize=True)
hypothesis.settings.load_profile("tests")

HOME_FOLDERS = {
    "HOME": "home",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_CACHE_HOME": "cache",
    "XDG_STATE_HOME": "state",
    "VOCAL_EXPLORER_MODELS": "models",
}


def pytest_collection_finish() -> None:
    """What all imports made stays to the end: no collection needs to walk it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where all tests have their homes, and the home of what several tests share."""
    folder = tmp_path_factory.mktemp("homes")
    with pytest.MonkeyPatch.context() as patch:
        settle_in(folder / "shared", patch)
        yield folder


@pytest.fixture(autouse=True)
def own_home(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, libraries, caches and logs of a test lie in its own empty folder."""
    home = Path(tempfile.mkdtemp(dir=homes))  # tmp_path_factory would look at all earlier ones
    settle_in(home, monkeypatch)
    return home


def settle_in(home: Path, patch: pytest.MonkeyPatch) -> None:
    for variable, name in HOME_FOLDERS.items():
        (home / name).mkdir(parents=True)
        patch.setenv(variable, str(home / name))


@pytest.fixture(autouse=True)
def no_logged_warning(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Any logged warning fails a test; one that expects it checks it and calls caplog.clear()."""
    yield
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    loud = [record.getMessage() for record in records if record.levelno >= logging.WARNING]
    assert not loud, f"logged during the test: {loud}"


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
