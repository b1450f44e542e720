import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sounds import tones, write

from vocal_explorer.analysis.boundary import attempt
from vocal_explorer.analysis.jobs import tags_of
from vocal_explorer.base.errors import (
    NO_MEMORY,
    AudioFileError,
    Cancelled,
    StorageError,
    VocalExplorerError,
    WeightsError,
)
from vocal_explorer.base.records.tracks import Failure

SONG = Path("/music/song.mp3")


def failing(error: Exception) -> Callable[[], None]:
    def action() -> None:
        raise error

    return action


def test_what_goes_well_is_returned() -> None:
    assert attempt(SONG, lambda: 5) == 5


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (AudioFileError(SONG, "it is silent"), "it is silent"),
        (VocalExplorerError("The vocals are lost."), "The vocals are lost"),
        (MemoryError(), NO_MEMORY),
    ],
)
def test_what_is_known_to_happen_keeps_its_reason(error: Exception, reason: str) -> None:
    failure = attempt(SONG, failing(error))
    assert isinstance(failure, Failure)
    assert (failure.path, failure.reason) == (SONG, reason)
    assert failure.sentence == f"song.mp3: {reason}."


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a\x1b[31m\nb" + "x" * 9999),
        AttributeError("'NoneType' object has no attribute 'name'"),
        UnicodeDecodeError("utf-8", b"\xc3", 0, 1, "invalid"),
        RecursionError(),
        OSError(5, "Input/output error"),
        AssertionError(),
    ],
)
def test_whatever_else_happens_is_one_sentence_and_the_rest_is_logged(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    failure = attempt(SONG, failing(error))
    assert isinstance(failure, Failure)
    assert type(error).__name__ in failure.reason
    assert failure.reason.isprintable()
    assert len(failure.reason) < 300
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.exc_info is not None
    caplog.clear()


@pytest.mark.parametrize("kind", [Cancelled, StorageError, WeightsError, KeyboardInterrupt])
def test_what_is_no_fault_of_the_file_goes_on(kind: type[BaseException]) -> None:
    def action() -> None:
        raise kind("stop")

    with pytest.raises(kind):
        attempt(SONG, action)


@pytest.mark.parametrize("data", [b"", b"ID3\x04\x00\x00\xff\xff\xff\xff", b"text", b"OggS" * 99])
def test_odd_files_are_labelled_by_their_names(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "Ann - Song.mp3"
    path.write_bytes(data)
    for file in (path, tmp_path / "gone" / "Ann - Song.mp3"):
        tags = tags_of(file)
        assert (tags.artist, tags.title) == ("Ann", "Song")


def test_damaged_tags_never_raise(
    tmp_path: Path, rng: np.random.Generator, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / "Ann - Song.flac", tones(1, 8000, 0.2), 8000)
    data = bytearray(path.read_bytes())
    for _ in range(60):
        damaged = data.copy()
        for position in rng.integers(0, min(len(data), 2000), 8):
            damaged[position] = rng.integers(256)
        path.write_bytes(damaged)
        assert tags_of(path).title
    caplog.clear()
