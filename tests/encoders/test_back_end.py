"""Within-class covariance normalisation against NumPy, and what it is good for."""

import numpy as np
import torch

from vocal_explorer.encoders.back_end import (
    STEADINESS,
    BackEnd,
    fit_back_ends,
    fit_to_targets,
)

N_VOICES, N_ROWS, N_DIMENSIONS = 300, 8, 256


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def voices(rng: np.random.Generator, nuisance: float) -> tuple[np.ndarray, np.ndarray]:
    """Voices that differ in all directions, and vary in one of them more than they differ."""
    labels = np.repeat(np.arange(N_VOICES), N_ROWS)
    means = rng.normal(0, 1, (N_VOICES, N_DIMENSIONS))
    rows = means[labels] + rng.normal(0, 1, (len(labels), N_DIMENSIONS))
    rows[:, 0] += rng.normal(0, nuisance, len(labels))
    return rows.astype(np.float32), labels


def nearest_is_right(rows: np.ndarray, labels: np.ndarray) -> float:
    similar = rows @ rows.T - 2 * np.eye(len(rows))
    return float((labels[similar.argmax(axis=1)] == labels).mean())


def test_a_new_back_end_changes_nothing_but_the_length(rng: np.random.Generator) -> None:
    rows = rng.normal(0, 3, (5, N_DIMENSIONS)).astype(np.float32)
    np.testing.assert_allclose(BackEnd()(torch.from_numpy(rows)).numpy(), unit(rows), atol=1e-6)


def test_it_is_the_inverse_root_of_the_covariance_within_voices(
    rng: np.random.Generator,
) -> None:
    both = [voices(rng, 5.0)[0], voices(rng, 2.0)[0] + 0.5]
    labels = voices(rng, 1.0)[1]
    ends = [BackEnd(), BackEnd()]
    fit_back_ends(ends, [torch.from_numpy(rows) for rows in both], torch.from_numpy(labels))
    units = [unit(rows.astype(np.float64)) for rows in both]
    for end, rows in zip(ends, units, strict=True):
        np.testing.assert_allclose(end.centre.numpy(), rows.mean(axis=0), atol=1e-6)
    centred = np.concatenate([rows - rows.mean(axis=0) for rows in units])
    twice = np.concatenate([labels, labels])
    for voice in range(N_VOICES):
        centred[twice == voice] -= centred[twice == voice].mean(axis=0)
    within = centred.T @ centred / len(centred)
    steady = within + STEADINESS * np.trace(within) / N_DIMENSIONS * np.eye(N_DIMENSIONS)
    for end in ends:
        matrix = end.whitening.numpy().astype(np.float64)
        product = matrix @ steady @ matrix
        scale = np.trace(product) / N_DIMENSIONS
        np.testing.assert_allclose(product / scale, np.eye(N_DIMENSIONS), atol=1e-3)
        assert np.linalg.norm(matrix, 2) < 1 + 1e-5  # half precision holds it


def test_a_back_end_finds_the_map_to_targets(rng: np.random.Generator) -> None:
    rows = unit(rng.normal(0.2, 1, (3000, N_DIMENSIONS)))
    turned = np.linalg.qr(rng.normal(size=(N_DIMENSIONS, N_DIMENSIONS)))[0]
    targets = unit((rows - rows.mean(axis=0)) @ turned)
    end = BackEnd()
    fit_to_targets(end, *(torch.from_numpy(array).float() for array in (rows, targets)))
    found = end(torch.from_numpy(rows).float()).numpy()
    assert (found * targets).sum(axis=1).min() > 0.99


def test_a_map_that_learns_is_saved_like_one_that_does_not() -> None:
    end, other = BackEnd(), BackEnd()
    assert not list(end.parameters())
    end.learn()
    assert [name for name, _ in end.named_parameters()] == ["whitening"]
    assert end.state_dict().keys() == other.state_dict().keys()
    other.load_state_dict(end.state_dict())


def test_what_follows_a_learnt_map_is_fitted_to_its_output(rng: np.random.Generator) -> None:
    rows, labels = voices(rng, 20.0)
    end = BackEnd()
    fit_to_targets(end, torch.from_numpy(rows), torch.from_numpy(unit(np.roll(rows, 7, axis=1))))
    before = end(torch.from_numpy(rows)).detach().numpy()
    fit_back_ends([end], [torch.from_numpy(rows)], torch.from_numpy(labels))
    after = end(torch.from_numpy(rows)).detach().numpy()
    assert nearest_is_right(after, labels) > nearest_is_right(before, labels)
    assert abs(after[:, 7]).mean() < 0.3 * abs(before[:, 7]).mean()  # the direction that varies


def test_voices_are_told_apart_in_spite_of_what_varies(rng: np.random.Generator) -> None:
    known, labels = voices(rng, 40.0)
    end = BackEnd()
    fit_back_ends([end], [torch.from_numpy(known)], torch.from_numpy(labels))
    others, labels = voices(rng, 40.0)
    before = nearest_is_right(unit(others), labels)
    after = nearest_is_right(end(torch.from_numpy(others)).numpy(), labels)
    assert before < 0.85
    assert after > 0.95
