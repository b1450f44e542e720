"""The loop learns, resumes to the identical result, and draws ahead in order."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from voices import noises, tones

from vocal_explorer.config import MelConfig
from vocal_explorer.encoders.checkpoint import load_pair
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.errors import Cancelled
from vocal_explorer.progress import Progress
from vocal_explorer.training.jobs import fit_front_ends
from vocal_explorer.training.loop import PairTrainer
from vocal_explorer.training.prefetch import prefetch
from vocal_explorer.training.presets import CROSS_SP, PAPER, SMALL, Preset
from vocal_explorer.training.voice_sampler import VoiceSampler

TINY = replace(SMALL, n_singers=4, n_triplets=16, batches_per_epoch=2, epochs=2)


def trainer(out: Path, preset: Preset) -> PairTrainer:
    rng = np.random.default_rng(0)
    sampler = VoiceSampler(list(tones(4, 2)), noises(rng), {}, MelConfig().segment_samples)
    torch.manual_seed(0)
    pair = EncoderPair(MelConfig())
    fit_front_ends(pair, sampler, 0)
    return PairTrainer(pair, CROSS_SP, preset, sampler, sampler, out, seed=0)


def test_a_resumed_run_ends_exactly_like_an_uninterrupted_one(tmp_path: Path) -> None:
    whole = trainer(tmp_path / "whole", TINY)
    whole.run(Progress())

    def stop_in_the_second_epoch(fraction: float, _message: str) -> None:
        if fraction > 0.6:
            raise Cancelled

    with pytest.raises(Cancelled):
        trainer(tmp_path / "parts", TINY).run(Progress(stop_in_the_second_epoch))
    resumed = trainer(tmp_path / "parts", TINY)
    resumed.resume()
    resumed.run(Progress())
    assert resumed.history == whole.history
    for name, tensor in whole.pair.state_dict().items():
        assert torch.equal(tensor, resumed.pair.state_dict()[name]), name


def test_training_separates_toy_singers(tmp_path: Path) -> None:
    preset = replace(TINY, batches_per_epoch=10, epochs=2)
    history = trainer(tmp_path, preset).run(Progress())
    assert history.training[1] < 0.6 * history.training[0]
    assert load_pair(tmp_path).config == MelConfig()


def test_the_papers_numbers() -> None:
    assert (PAPER.margin, PAPER.n_negatives, PAPER.n_triplets) == (0.4, 4, 25)
    assert (PAPER.optimiser, PAPER.learning_rate, PAPER.weight_decay) == ("sgd", 0.01, 1e-6)
    assert (PAPER.batches_per_epoch, PAPER.patience) == (1200, 20)


def test_prefetch_keeps_the_order() -> None:
    assert list(prefetch(lambda step: step**2, range(3, 8))) == [(s, s**2) for s in range(3, 8)]
    assert list(prefetch(lambda step: step, [])) == []


def test_prefetch_hands_on_what_went_wrong() -> None:
    with pytest.raises(ZeroDivisionError):
        list(prefetch(lambda step: 1 // step, [1, 0]))
