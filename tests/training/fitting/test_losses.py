"""The losses against plain loops over explicit triplets."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.records.signals import Domain
from vocal_explorer.training.fitting.losses import (
    hardest_rank_loss,
    hinge_rank_loss,
    identity_loss,
    structure_preserving_loss,
    teacher_loss,
)
from vocal_explorer.training.fitting.pair_loss import PairLoss
from vocal_explorer.training.presets import CROSS, CROSS_SP, MIXED, SMALL, VOICES, Scheme
from vocal_explorer.training.sampling.batches import Batch
from vocal_explorer.training.sampling.triplets import Triplets, draw_triplets

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


@given(seed=st.integers(0, 10_000), n_negatives=st.integers(1, 20))
def test_the_hardest_negatives_are_those_of_a_naive_search(seed: int, n_negatives: int) -> None:
    anchors, references = (torch.nn.functional.normalize(rows) for rows in embeddings(seed))
    total, count = 0.0, 0
    for i, singer in enumerate(LABELS):
        others = [-float(anchors[i] @ references[j]) for j in np.flatnonzero(singer != LABELS)]
        for j in np.flatnonzero(singer == LABELS):
            if i != j:
                near = -float(anchors[i] @ references[j])
                total += sum(max(0, MARGIN + near - d) for d in sorted(others)[:n_negatives])
                count += 1
    labels = torch.from_numpy(LABELS)
    loss = hardest_rank_loss(anchors, references, labels, n_negatives, MARGIN)
    assert loss.item() == pytest.approx(total / count, abs=1e-4)


@given(seed=st.integers(0, 10_000), margin=st.floats(0, 0.5))
def test_the_identity_loss_is_the_mean_surprise_of_a_naive_softmax(
    seed: int, margin: float
) -> None:
    rows, _ = embeddings(seed)
    proxies = torch.randn(7, 8, generator=torch.Generator().manual_seed(seed + 1))
    identities = torch.from_numpy(LABELS)
    expected = 0.0
    for row, identity in zip(rows, LABELS, strict=True):
        scores = [-20 * cosine_distance(row, proxy) for proxy in proxies]
        scores[identity] -= 20 * margin
        expected -= scores[identity] - float(np.logaddexp.reduce(scores))
    loss = identity_loss(rows, proxies, identities, margin, 20)
    assert loss.item() == pytest.approx(expected / len(LABELS), abs=1e-3)


def test_the_teacher_loss_is_one_minus_the_mean_cosine() -> None:
    ours, targets = embeddings(0)
    expected = 1 + np.mean([cosine_distance(a, b) for a, b in zip(ours, targets, strict=True)])
    assert teacher_loss(ours, targets).item() == pytest.approx(expected, abs=1e-5)
    assert teacher_loss(ours, 3 * ours).item() == pytest.approx(0, abs=1e-6)


def test_a_preset_weighs_what_the_data_tell() -> None:
    torch.manual_seed(0)
    vocals, mix, targets = torch.randn(3, len(LABELS), 256)
    both = {Domain.VOCALS: vocals, Domain.MIX: mix}
    rng = np.random.default_rng(0)
    told = Batch(vocals, mix, LABELS, identities=torch.from_numpy(LABELS), targets=targets)
    untold = Batch(vocals, mix, LABELS)
    loss = PairLoss(CROSS_SP, VOICES, 5)
    ranking = loss.ranking(both, told, rng)
    assert torch.equal(loss(both, untold, rng), ranking)
    identity = sum(identity_loss(x, loss.proxies, torch.from_numpy(LABELS)) for x in both.values())
    teacher = sum(teacher_loss(x, targets) for x in both.values())
    expected = ranking + 3 * identity / 2 + 6 * teacher / 2
    torch.testing.assert_close(loss(both, told, rng), expected)
    alone = PairLoss(CROSS_SP, SMALL, 5)
    drawn = draw_triplets(LABELS, SMALL.n_triplets, 4, np.random.default_rng(3))
    plain = structure_preserving_loss(vocals, mix, drawn, CROSS_SP, MARGIN)
    assert torch.equal(alone(both, told, np.random.default_rng(3)), plain)


def test_mixed_learns_nothing_of_vocals() -> None:
    mix = torch.randn(len(LABELS), 256)
    batch = Batch(mix, mix, LABELS, identities=torch.from_numpy(LABELS))
    loss = PairLoss(MIXED, VOICES, 5)
    value = loss({Domain.MIX: mix}, batch, np.random.default_rng(0))
    expected = hardest_rank_loss(
        *[torch.nn.functional.normalize(mix)] * 2, torch.from_numpy(LABELS), 4, MARGIN
    ) + 3 * identity_loss(mix, loss.proxies, torch.from_numpy(LABELS))
    torch.testing.assert_close(value, expected)
