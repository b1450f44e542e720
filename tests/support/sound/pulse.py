"""A sound card that records what is played: a PulseAudio server with a null sink.

Use: `from pulse import null_sink` in a conftest, then ask for the fixture `null_sink`.
"""

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

PROGRAMS = ("pulseaudio", "pactl", "parec")
SINK = "vocal_explorer"
N_CHANNELS = 2
SAMPLE_RATE = 44_100
_BYTES_PER_SECOND = SAMPLE_RATE * N_CHANNELS * 4
_DEADLINE = 20.0  # seconds until a server that does not answer is given up
_POLL = 0.01  # seconds
_ALSA = """</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
"""


class Recording:
    """What the sink's monitor hears, from the moment that the recording runs."""

    def __init__(self, process: subprocess.Popen[bytes], path: Path) -> None:
        self._process = process
        self._path = path

    @property
    def seconds(self) -> float:
        """How much is recorded so far; silence counts too."""
        return self._path.stat().st_size / _BYTES_PER_SECOND

    def stop(self) -> NDArray[np.float32]:
        """End the recording and return it: (2, n_samples), 44,100 Hz."""
        self._process.terminate()
        self._process.wait()
        samples = np.fromfile(self._path, np.float32)
        samples = samples[: len(samples) // N_CHANNELS * N_CHANNELS]
        return samples.reshape(-1, N_CHANNELS).T


class NullSink:
    """The system's default output as long as the fixture lives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def record(self) -> Iterator[Recording]:
        path = self._folder / "monitor.f32"
        command = ["parec", f"--device={SINK}.monitor", "--format=float32le", "--raw"]
        command += [f"--rate={SAMPLE_RATE}", f"--channels={N_CHANNELS}", "--latency-msec=50"]
        with path.open("wb") as output, subprocess.Popen(command, stdout=output) as process:
            recording = Recording(process, path)
            try:
                wait_until(lambda: recording.seconds > 0)
                yield recording
            finally:
                process.terminate()


def wait_until(condition: Callable[[], bool], deadline: float = _DEADLINE) -> None:
    """Poll a condition; fail the test when it does not come true in time."""
    end = time.monotonic() + deadline
    never = threading.Event()
    while not condition():
        assert time.monotonic() < end, "waited too long"
        never.wait(_POLL)


def best_correlation(
    recorded: NDArray[np.float32], played: NDArray[np.float32]
) -> tuple[float, int]:
    """Normalised correlation of `played` with the part of `recorded` that fits it best.

    Both are (n_samples,); returns the coefficient and where the part begins, in samples.
    """
    size = len(recorded) + len(played)
    spectrum = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(played, size))
    products = np.fft.irfft(spectrum, size)[: len(recorded) - len(played) + 1]
    start = int(products.argmax())
    part = recorded[start : start + len(played)]
    norm = np.linalg.norm(part.astype(float)) * np.linalg.norm(played.astype(float))
    return float(products[start] / norm) if norm else 0.0, start


@contextmanager
def _server(folder: Path) -> Iterator[None]:
    socket = folder / "native"
    command = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"]
    command += ["--disable-shm=yes", "--log-target=stderr"]
    command += [f"--load=module-native-protocol-unix socket={socket} auth-anonymous=1"]
    command += [f"--load=module-null-sink sink_name={SINK} rate={SAMPLE_RATE}"]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as process,
    ):
        try:
            wait_until(lambda: _answers(process, folder))
            yield
        finally:
            process.terminate()


def _answers(process: subprocess.Popen[bytes], folder: Path) -> bool:
    assert process.poll() is None, (folder / "log").read_text()
    info = subprocess.run(["pactl", "info"], capture_output=True, check=False)
    return info.returncode == 0


@pytest.fixture
def null_sink(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NullSink]:
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}, which make test installs")
    folder = tmp_path_factory.mktemp("pulse")
    folder.chmod(0o700)
    alsa = folder / "asound.conf"
    alsa.write_text(_ALSA)
    for name in ("HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{folder / 'native'}")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(alsa))
    import sounddevice

    with _server(folder):
        sounddevice._terminate()  # PortAudio looks for sound cards only when it starts
        sounddevice._initialize()
        yield NullSink(folder)
        sounddevice._terminate()
        sounddevice._initialize()
