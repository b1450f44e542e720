from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.errors import WeightsError
from vocal_explorer.encoders.checkpoint import save_pair
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.training.fitting.loop import PairTrainer
from vocal_explorer.training.fitting.starting_pair import begin_with
from vocal_explorer.training.presets import CROSS_SP, SMALL
from vocal_explorer.training.sampling.batches import Batch

CONFIG = MelConfig()


def trained(folder: Path, scheme: str = "cross-sp") -> Path:
    torch.manual_seed(0)
    pair = EncoderPair(CONFIG)
    for number, encoder in enumerate((pair.vocal_encoder, pair.mix_encoder)):
        encoder.mel.mean.fill_(0.5 + number)
    save_pair(pair, folder, scheme)
    return folder


def draw(rng: np.random.Generator) -> Batch:
    sound = torch.from_numpy(rng.uniform(0, 2, (4, 128, 129)).astype(np.float32))
    return Batch(sound, sound, np.array([0, 0, 1, 1]))


@pytest.mark.usefixtures("one_thread")
def test_fitting_changes_parameters_but_neither_statistics_nor_front_ends(tmp_path: Path) -> None:
    pair = begin_with(trained(tmp_path / "start"), settled=True)
    before = {name: value.clone() for name, value in pair.state_dict().items()}
    preset = replace(SMALL, n_triplets=4, n_negatives=1, batches_per_epoch=1, epochs=1)
    PairTrainer(pair, CROSS_SP, preset, draw, draw, tmp_path / "out", 0)._learn(
        draw(np.random.default_rng(0)), 0
    )
    changed = {name for name, value in pair.state_dict().items() if not value.equal(before[name])}
    assert changed == {name for name, _ in pair.named_parameters()}
    assert not any(module.training for module in pair.modules())


def test_an_ordinary_start_trains_as_always(tmp_path: Path) -> None:
    pair = begin_with(trained(tmp_path), settled=False).train()
    assert all(m.training for m in pair.modules() if isinstance(m, nn.BatchNorm2d))
    assert pair.mix_encoder.mel.mean == 1.5


def test_the_one_encoder_of_mixed_becomes_two(tmp_path: Path) -> None:
    pair = begin_with(trained(tmp_path, "mixed"), settled=True)
    assert pair.vocal_encoder is not pair.mix_encoder
    assert pair.vocal_encoder.mel.mean == pair.mix_encoder.mel.mean == 1.5
    first, second = (e.backbone.state_dict() for e in (pair.vocal_encoder, pair.mix_encoder))
    assert all(value.equal(second[name]) for name, value in first.items())


def test_weights_that_are_not_there_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be used"):
        begin_with(tmp_path / "nosuch", settled=True)
