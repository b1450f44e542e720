"""The fused step of training does what the plain modules do, forwards and backwards."""

import copy

import pytest
import torch
from torch import nn

from vocal_explorer.encoders.backbone import Backbone
from vocal_explorer.encoders.norm_relu_pool import convolve_norm_relu_pool


def modules(seed: int) -> tuple[nn.Conv2d, nn.BatchNorm2d]:
    torch.manual_seed(seed)
    norm = nn.BatchNorm2d(7)
    nn.init.normal_(norm.weight)  # negative scales too
    nn.init.normal_(norm.bias)
    return nn.Conv2d(3, 7, 3, padding=1, bias=False), norm


@pytest.mark.parametrize("shape", [(4, 3, 8, 8), (2, 3, 9, 13), (3, 3, 2, 2)])
def test_it_equals_the_plain_modules(shape: tuple[int, ...]) -> None:
    convolution, norm = modules(1)
    assert norm.weight.min() < 0 < norm.weight.max()
    plain = nn.Sequential(*copy.deepcopy((convolution, norm)), nn.ReLU(), nn.MaxPool2d(2)).double()
    convolution, norm = convolution.double(), norm.double()
    given = torch.randn(shape, dtype=torch.float64, requires_grad=True)
    twin = given.detach().clone().requires_grad_()
    for _ in range(2):  # twice: the running statistics go on
        ours, theirs = convolve_norm_relu_pool(given, convolution, norm), plain(twin)
        torch.testing.assert_close(ours, theirs)
        weights = torch.randn_like(ours)
        (ours * weights).sum().backward()
        (theirs * weights).sum().backward()
    torch.testing.assert_close(given.grad, twin.grad)
    for mine, other in zip((convolution, norm), plain[:2], strict=True):
        torch.testing.assert_close(mine.state_dict(), other.state_dict())
        for parameter, reference in zip(mine.parameters(), other.parameters(), strict=True):
            torch.testing.assert_close(parameter.grad, reference.grad)


def backbones() -> tuple[Backbone, Backbone]:
    torch.manual_seed(0)
    ours = Backbone([4, 8, 8, 8, 8, 8, 8, 16]).to(memory_format=torch.channels_last)
    return ours, copy.deepcopy(ours)


def test_a_backbone_trains_like_its_plain_layers() -> None:
    ours, plain = (network.double() for network in backbones())
    mel = torch.randn(5, 128, 129, dtype=torch.float64)
    ours(mel).square().sum().backward()
    plain.layers(mel.unsqueeze(1)).square().sum().backward()
    for (name, mine), other in zip(ours.named_parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(mine.grad, other.grad, msg=name)
    torch.testing.assert_close(ours.state_dict(), plain.state_dict())


def test_half_precision_is_as_near_to_the_truth_as_the_plain_layers() -> None:
    torch.manual_seed(2)
    mel = torch.randn(16, 128, 129)
    gradients = []
    for fused, precise in ((True, True), (True, False), (False, False)):
        network = backbones()[0]
        with torch.autocast("cpu", torch.bfloat16, enabled=not precise):
            embedding = network(mel) if fused else network.layers(mel.unsqueeze(1))
        embedding.float().square().sum().backward()
        gradients.append(torch.cat([p.grad.flatten() for p in network.parameters()]))
    truth, ours, plain = gradients
    assert (ours - truth).norm() < 1.2 * (plain - truth).norm()
