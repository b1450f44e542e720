import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.features import segment_store
from vocal_explorer.features.segment_store import SegmentStore

HALF = 10


def naive_segments(sound: np.ndarray) -> np.ndarray:
    """Slices of two halves that start every half, the last one filled up with zeros."""
    starts = [0]
    while starts[-1] + 2 * HALF < len(sound):
        starts.append(starts[-1] + HALF)
    padded = np.pad(sound, (0, 3 * HALF))
    return np.stack([padded[start : start + 2 * HALF] for start in starts])


@pytest.mark.parametrize("in_memory", [1 << 25, 64])
@given(n_samples=st.integers(0, 200), lengths=st.lists(st.integers(1, 50), min_size=1))
def test_segments_and_levels_are_those_of_the_whole_sound(
    in_memory: int, n_samples: int, lengths: list[int]
) -> None:
    sound = np.random.default_rng(n_samples).normal(0, 1, n_samples).astype(np.float32)
    expected = naive_segments(sound)
    with pytest.MonkeyPatch.context() as patch, SegmentStore(HALF) as store:
        patch.setattr(segment_store, "IN_MEMORY", in_memory)
        for piece in np.split(sound, np.cumsum(lengths)):
            store.write(piece)
        everything = np.arange(len(expected))
        np.testing.assert_array_equal(store.read(everything), expected)
        np.testing.assert_array_equal(store.read(everything[::-2]), expected[::-2])
        levels = np.sqrt((expected.astype(float) ** 2).mean(axis=1))
        np.testing.assert_allclose(store.levels(), levels, rtol=1e-6)
        halves = expected.reshape(-1, 2, HALF).astype(float)
        np.testing.assert_allclose(
            store.half_levels()[:-1], np.sqrt((halves[:, 0] ** 2).mean(axis=1)), rtol=1e-6
        )
        assert len(store.half_levels()) == len(expected) + 1


def test_long_sound_lies_in_a_file_without_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(segment_store, "IN_MEMORY", 100)
    with SegmentStore(HALF) as store:
        store.write(np.ones(1000, np.float32))
        assert list(tmp_path.iterdir()) == []
        assert store.read(np.array([90]))[0].all()


def test_a_folder_without_room_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    monkeypatch.setattr(segment_store, "IN_MEMORY", 100)
    with (
        SegmentStore(HALF) as store,
        pytest.raises(VocalExplorerError, match=r"^Temporary files cannot be kept in .*missing"),
    ):
        store.write(np.ones(1000, np.float32))
