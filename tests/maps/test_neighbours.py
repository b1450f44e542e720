import numpy as np
import pytest

from vocal_explorer.base.errors import Cancelled
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.maps.neighbours import LARGEST, Neighbours

MANY = 7000  # tracks, enough for cells


def singers(n: int, rng: np.random.Generator) -> np.ndarray:
    middles = rng.standard_normal((n // 25 + 1, 32))
    chosen = rng.integers(0, len(middles), n)
    return unit_rows((middles[chosen] + 0.5 * rng.standard_normal((n, 32))).astype(np.float32))


def by_all_pairs(units: np.ndarray, rows: np.ndarray, k: int) -> np.ndarray:
    similarities = units[rows] @ units.T
    similarities[np.arange(len(rows)), rows] = -np.inf
    return np.argsort(-similarities, axis=1, kind="stable")[:, :k]


def test_among_thousands_they_are_exact(rng: np.random.Generator) -> None:
    units = singers(300, rng)
    rows, distances = Neighbours(units, 300, Progress()).nearest(units, 9, Progress(), are_own=True)
    expected = by_all_pairs(units, np.arange(300), 9)
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_allclose(
        distances, np.linalg.norm(units[:, None] - units[expected], axis=2), atol=1e-3
    )


def test_among_more_nearly_all_are_found_and_the_same_again(rng: np.random.Generator) -> None:
    units = singers(MANY, rng)
    rows, _ = Neighbours(units, MANY, Progress()).nearest(units, 10, Progress(), are_own=True)
    assert (rows != np.arange(MANY)[:, None]).all()
    asked = rng.choice(MANY, 200, replace=False)
    expected = by_all_pairs(units, asked, 10)
    found = [len(set(a) & set(b)) for a, b in zip(rows[asked], expected, strict=True)]
    assert np.mean(found) > 9.5
    again, _ = Neighbours(units, MANY, Progress()).nearest(units, 10, Progress(), are_own=True)
    np.testing.assert_array_equal(rows, again)


def test_others_are_asked_for_among_them(rng: np.random.Generator) -> None:
    units = singers(50, rng)
    rows, distances = Neighbours(units, 3, Progress()).nearest(units[[4, 7, 9]], 1, Progress())
    assert rows.tolist() == [[4], [7], [9]]
    np.testing.assert_allclose(distances, 0, atol=1e-3)


def test_equal_ones_make_no_cell_too_large(rng: np.random.Generator) -> None:
    units = np.tile(singers(1, rng), (MANY, 1))
    rows, distances = Neighbours(units, MANY, Progress()).nearest(
        units, 5, Progress(), are_own=True
    )
    assert (rows != np.arange(MANY)[:, None]).all()
    assert all(len(set(row)) == 5 for row in rows[:: MANY // 50].tolist())
    assert np.isfinite(distances).all()
    assert MANY > 6 * LARGEST


def test_a_cancel_is_heard_between_cells(rng: np.random.Generator) -> None:
    units, control, told = singers(MANY, rng), Control(), []

    def listen(fraction: float, _message: str) -> None:
        told.append(fraction)
        if fraction > 0.2:
            control.cancel()

    with pytest.raises(Cancelled):
        Neighbours(units, MANY, Progress()).nearest(
            units, 5, Progress(listen, control), are_own=True
        )
    assert told == sorted(told)
    assert 0.2 < told[-1] < 0.5
