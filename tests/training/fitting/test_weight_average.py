"""The running mean of weights, and its place in the network and back."""

import torch
from torch import nn

from vocal_explorer.training.fitting.weight_average import WeightAverage


def network(value: float) -> nn.Linear:
    layer = nn.Linear(2, 1)
    with torch.no_grad():
        layer.weight.fill_(value)
    return layer


def test_steady_weights_become_the_mean() -> None:
    layer = network(0.0)
    average = WeightAverage(layer, 0.9)
    with torch.no_grad():
        layer.weight.fill_(1.0)
    for step in range(200):
        average.add(step)
    assert torch.allclose(average.values["weight"], layer.weight, atol=1e-4)


def test_the_mean_is_in_the_network_while_the_context_is_open() -> None:
    layer = network(0.0)
    average = WeightAverage(layer, 0.9)
    with torch.no_grad():
        layer.weight.fill_(1.0)
    with average.in_place():
        assert (layer.weight == 0).all()
    assert (layer.weight == 1).all()


def test_without_decay_the_network_is_its_own_mean() -> None:
    layer = network(0.5)
    average = WeightAverage(layer, 0.0)
    average.add(0)
    assert not average.values
    with average.in_place():
        assert (layer.weight == 0.5).all()
