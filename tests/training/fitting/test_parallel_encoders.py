"""Side by side, encoders give the gradients of one graph, and give the cores back."""

import copy
from collections.abc import Mapping

import pytest
import torch
from torch import Tensor

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.training.fitting import parallel_encoders
from vocal_explorer.training.fitting.parallel_encoders import ParallelEncoders

CPU = torch.device("cpu")


def loss(embeddings: Mapping[Domain, Tensor]) -> Tensor:
    return (embeddings[Domain.VOCALS] @ embeddings[Domain.MIX].T).square().mean()


def test_gradients_are_those_of_one_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel_encoders, "half_precision", lambda _device: None)
    torch.manual_seed(0)
    pair = EncoderPair(MelConfig()).double().train()
    plain = copy.deepcopy(pair)
    shape = (3, 128, 129)
    log_mels = {domain: torch.randn(shape, dtype=torch.float64) for domain in Domain}
    before = torch.get_num_threads()
    with ParallelEncoders(pair, tuple(Domain), CPU) as encoders:
        embeddings = encoders.embed(log_mels, learning=True)
        value = encoders.backward(embeddings, loss)
        still = encoders.embed(log_mels, learning=False)
    assert torch.get_num_threads() == before
    assert not any(embedding.requires_grad for embedding in still.values())
    expected = loss({domain: plain.encoder(domain).embed(log_mels[domain]) for domain in Domain})
    expected.backward()
    assert value == pytest.approx(expected.item(), rel=1e-4)
    for (name, ours), theirs in zip(pair.named_parameters(), plain.parameters(), strict=True):
        error = (ours.grad - theirs.grad).norm() / theirs.grad.norm()
        assert error < 1e-3, name


def test_only_the_needed_encoder_works() -> None:
    pair = EncoderPair(MelConfig())
    log_mels = {domain: torch.randn(2, 128, 129) for domain in Domain}
    with ParallelEncoders(pair, (Domain.MIX,), CPU) as encoders:
        embeddings = encoders.embed(log_mels, learning=True)
        assert set(embeddings) == {Domain.MIX}
        assert embeddings[Domain.MIX].dtype == torch.float32
        encoders.backward(embeddings, lambda given: given[Domain.MIX].square().mean())
    assert all(p.grad is None for p in pair.vocal_encoder.parameters())
    assert all(p.grad is not None for p in pair.mix_encoder.parameters())
