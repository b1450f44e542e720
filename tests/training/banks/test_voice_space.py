"""The teacher's space: what varies within voices counts less, and what tells them apart more."""

import numpy as np

from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.training.banks.voice_space import fit_discriminant, fit_voice_space

N_VOICES, N_RECORDINGS, N_DIMENSIONS = 200, 4, 24


def recordings(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Voices that differ in the first half of the directions; all vary in the second one."""
    names = np.repeat(np.arange(N_VOICES), N_RECORDINGS)
    voices = rng.normal(0, 1, (N_VOICES, N_DIMENSIONS))
    voices[:, N_DIMENSIONS // 2 :] = 0
    rows = voices[names] + rng.normal(0, 0.3, (len(names), N_DIMENSIONS))
    rows[:, N_DIMENSIONS // 2 :] += rng.normal(0, 1.5, (len(names), N_DIMENSIONS // 2))
    return rows.astype(np.float32), names


def nearest_is_right(rows: np.ndarray, names: np.ndarray) -> float:
    similar = rows @ rows.T - 2 * np.eye(len(rows))
    return float((names[similar.argmax(axis=1)] == names).mean())


def test_other_voices_are_told_apart_where_they_were_not_before(rng: np.random.Generator) -> None:
    space = fit_discriminant(*recordings(rng))
    rows, names = recordings(rng)
    placed = space(rows)
    np.testing.assert_allclose(np.linalg.norm(placed, axis=1), 1, atol=1e-5)
    assert nearest_is_right(unit_rows(rows), names) < 0.5
    assert nearest_is_right(placed, names) > 0.8


def test_directions_that_tell_nothing_are_empty(rng: np.random.Generator) -> None:
    placed = fit_discriminant(*recordings(rng))(recordings(rng)[0])
    strength = np.sort((placed**2).mean(axis=0))
    assert strength[: N_DIMENSIONS // 4].sum() < 0.02


def test_one_row_is_placed_as_one_of_many(rng: np.random.Generator) -> None:
    rows, names = recordings(rng)
    space = fit_discriminant(rows, names)
    np.testing.assert_allclose(space(rows[3]), space(rows)[3], atol=1e-6)


def test_similarities_of_all_teachers_are_joined_by_their_shares(rng: np.random.Generator) -> None:
    rows, names = recordings(rng)
    other = rng.normal(size=(len(rows), 40))
    space = fit_voice_space((rows, other), names, (0.25, 0.75), (False, False))
    parts = [part - part.mean(axis=0) for part in (unit_rows(rows), unit_rows(other))]
    joined = np.concatenate([0.5 * parts[0], 0.75**0.5 * parts[1]], axis=1)
    placed = space((rows, other))
    np.testing.assert_allclose(
        placed @ placed.T, unit_rows(joined) @ unit_rows(joined).T, atol=1e-3
    )
