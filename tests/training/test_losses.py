"""The losses against plain loops over explicit triplets."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.training.losses import hinge_rank_loss, structure_preserving_loss
from vocal_explorer.training.presets import CROSS, CROSS_SP, MIXED, Scheme
from vocal_explorer.training.triplets import Triplets, draw_triplets

LABELS = np.repeat(np.arange(5), 3)
MARGIN = 0.4


def embeddings(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    shape = (len(LABELS), 8)
    return torch.randn(shape, generator=generator), torch.randn(shape, generator=generator)


def triplets(seed: int, n_triplets: int = 12) -> Triplets:
    return draw_triplets(LABELS, n_triplets, 4, np.random.default_rng(seed))


def cosine_distance(x: torch.Tensor, y: torch.Tensor) -> float:
    return -float(x @ y) / (float(x.norm()) * float(y.norm()))


def naive_term(anchors: torch.Tensor, references: torch.Tensor, drawn: Triplets) -> float:
    total = 0.0
    for anchor, positive, negatives in zip(
        drawn.anchors, drawn.positives, drawn.negatives, strict=True
    ):
        near = cosine_distance(anchors[anchor], references[positive])
        for negative in negatives:
            total += max(
                0.0, MARGIN + near - cosine_distance(anchors[anchor], references[negative])
            )
    return total / len(drawn.anchors)


@given(seed=st.integers(0, 10_000))
def test_cross_sp_is_the_weighted_sum_of_four_naive_terms(seed: int) -> None:
    vocals, mix = embeddings(seed)
    drawn = triplets(seed)
    scheme = Scheme("any", (0.1, 0.2, 0.3, 0.4))
    expected = (
        0.1 * naive_term(vocals, mix, drawn)
        + 0.2 * naive_term(mix, vocals, drawn)
        + 0.3 * naive_term(mix, mix, drawn)
        + 0.4 * naive_term(vocals, vocals, drawn)
    )
    loss = structure_preserving_loss(vocals, mix, drawn, scheme, MARGIN)
    assert loss.item() == pytest.approx(expected, abs=1e-5)


def test_mixed_and_cross_are_special_cases() -> None:
    vocals, mix = embeddings(0)
    drawn = triplets(0)
    mixed = structure_preserving_loss(vocals, mix, drawn, MIXED, MARGIN)
    cross = structure_preserving_loss(vocals, mix, drawn, CROSS, MARGIN)
    assert mixed.item() == pytest.approx(naive_term(mix, mix, drawn), abs=1e-5)
    assert cross.item() == pytest.approx(naive_term(vocals, mix, drawn), abs=1e-5)
    assert CROSS_SP.weights == (0.25, 0.25, 0.25, 0.25)


@given(seed=st.integers(0, 10_000), n_triplets=st.integers(1, 30), margin=st.floats(0, 1))
def test_one_weight_gives_exactly_the_other_schemes(
    seed: int, n_triplets: int, margin: float
) -> None:
    vocals, mix = embeddings(seed)
    drawn = triplets(seed, n_triplets)

    def loss(scheme: Scheme) -> float:
        return structure_preserving_loss(vocals, mix, drawn, scheme, margin).item()

    assert loss(replace(CROSS_SP, weights=(1, 0, 0, 0))) == loss(CROSS)
    assert loss(replace(CROSS_SP, weights=(0, 0, 1, 0))) == loss(MIXED)
    unit_vocals, unit_mix = (torch.nn.functional.normalize(e) for e in (vocals, mix))
    assert loss(CROSS) == hinge_rank_loss(unit_vocals, unit_mix, drawn, margin).item()  # equation 3
    assert loss(MIXED) == hinge_rank_loss(unit_mix, unit_mix, drawn, margin).item()  # equation 1


def test_met_margins_cost_nothing_and_give_no_gradient() -> None:
    angles = torch.tensor([0.0, 0.0, 1.6, 1.6], requires_grad=True)
    points = torch.stack((angles.cos(), angles.sin()), dim=1)
    drawn = draw_triplets(np.array([0, 0, 1, 1]), 8, 2, np.random.default_rng(0))
    loss = hinge_rank_loss(points, points, drawn, MARGIN)
    loss.backward()
    assert loss.item() == 0.0
    assert angles.grad is not None
    assert angles.grad.abs().max() == 0.0


def test_the_gradient_pulls_the_positive_and_pushes_the_negative() -> None:
    angles = torch.tensor([0.0, 0.8, 0.9], requires_grad=True)
    points = torch.stack((angles.cos(), angles.sin()), dim=1)
    drawn = Triplets(np.array([0]), np.array([1]), np.array([[2]]))
    hinge_rank_loss(points, points, drawn, MARGIN).backward()
    assert angles.grad is not None
    assert angles.grad[1] > 0  # a step against it brings the positive nearer
    assert angles.grad[2] < 0
    before = hinge_rank_loss(points, points, drawn, MARGIN).item()
    moved = (angles - 0.05 * angles.grad).detach()
    nearer = torch.stack((moved.cos(), moved.sin()), dim=1)
    assert hinge_rank_loss(nearer, nearer, drawn, MARGIN).item() < before


@given(seed=st.integers(0, 10_000), n_negatives=st.integers(1, 20))
def test_triplets_follow_the_labels(seed: int, n_negatives: int) -> None:
    drawn = draw_triplets(LABELS, 10, n_negatives, np.random.default_rng(seed))
    assert (LABELS[drawn.anchors] == LABELS[drawn.positives]).all()
    assert (drawn.anchors != drawn.positives).all()
    assert (LABELS[drawn.negatives] != LABELS[drawn.anchors][:, None]).all()
    if n_negatives <= 12:
        assert all(len(set(row)) == n_negatives for row in drawn.negatives.tolist())


@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2]])
def test_triplets_need_two_singers_and_a_pair(labels: list[int]) -> None:
    with pytest.raises(ValueError, match="triplets need"):
        draw_triplets(np.array(labels), 3, 4, np.random.default_rng(0))
