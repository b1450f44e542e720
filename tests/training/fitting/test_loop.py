"""The loop learns, resumes to the identical result, and draws ahead in order."""

import copy
import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from voices import music, voices

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.errors import Cancelled, VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.encoders import backbone
from vocal_explorer.encoders.checkpoint import load_pair
from vocal_explorer.encoders.encoder_pair import Encoder, EncoderPair
from vocal_explorer.training.fitting import loop
from vocal_explorer.training.fitting.loop import PairTrainer
from vocal_explorer.training.fitting.time_left import in_words
from vocal_explorer.training.presets import CROSS, CROSS_SP, MIXED, PAPER, SMALL, Preset, Scheme
from vocal_explorer.training.runs.pairs import fit_front_ends
from vocal_explorer.training.sampling.prefetch import prefetch, timed
from vocal_explorer.training.sampling.voice_sampler import VoiceSampler

CHANNELS = (16, 32, 32, 32, 32, 32, 32, 256)  # a quarter of the paper's
TINY = replace(SMALL, n_singers=4, n_triplets=16, batches_per_epoch=3, epochs=2)


def trainer(
    out: Path,
    preset: Preset = TINY,
    scheme: Scheme = CROSS_SP,
    seed: int = 0,
    data: str = "toy",
    channels: Sequence[int] = CHANNELS,
) -> PairTrainer:
    torch.manual_seed(0)
    pair = EncoderPair(MelConfig(), channels)
    for encoder, fitted in zip(encoders(pair), fitted_front_ends(), strict=True):
        encoder.mel.load_state_dict(fitted)
    draw = partial(toy_singers().batch, preset.n_singers, preset.n_segments)
    return PairTrainer(pair, scheme, preset, draw, draw, out, seed, data=data)


@cache
def toy_singers() -> VoiceSampler:
    return VoiceSampler(voices(4, 2), music(np.random.default_rng(0)), MelConfig())


@cache
def fitted_front_ends() -> list[dict[str, torch.Tensor]]:
    pair = EncoderPair(MelConfig(), CHANNELS)
    fit_front_ends(pair, partial(toy_singers().batch, 16, 2), 0)
    return [encoder.mel.state_dict() for encoder in encoders(pair)]


def encoders(pair: EncoderPair) -> list[Encoder]:
    return [pair.encoder(domain) for domain in Domain]


def stop_at(step: int) -> Progress:
    total = TINY.epochs * TINY.batches_per_epoch

    def listen(fraction: float, _message: str) -> None:
        if round(fraction * total) == step:
            raise Cancelled

    return Progress(listen)


def assert_same(run: PairTrainer, other: PairTrainer) -> None:
    assert run.history == other.history
    for name, tensor in run.pair.state_dict().items():
        assert torch.equal(tensor, other.pair.state_dict()[name]), name
    ours, theirs = (t._optimiser.state_dict()["state"] for t in (run, other))
    assert ours.keys() == theirs.keys()
    for key, state in ours.items():
        assert all(torch.equal(value, theirs[key][name]) for name, value in state.items())


@pytest.fixture(scope="module", autouse=True)
def short_validation() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "VALIDATION_BATCHES", 2)
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> PairTrainer:
    run = trainer(tmp_path_factory.mktemp("whole"))
    run.run(Progress())
    return run


def test_a_run_stopped_at_any_step_ends_exactly_like_a_whole_one(
    whole: PairTrainer, tmp_path: Path
) -> None:
    for step in (1, 3, 5):  # within an epoch, after the last batch of one, within the next
        run = trainer(tmp_path)
        run.resume()
        with pytest.raises(Cancelled):
            run.run(stop_at(step))
        assert run.step == step
    resumed = trainer(tmp_path)
    resumed.resume()
    assert len(resumed._epoch.losses) == 2
    resumed.run(Progress())
    assert_same(resumed, whole)


def test_a_killed_run_goes_on_from_its_last_checkpoint(
    whole: PairTrainer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)

    class Killed(BaseException):
        pass

    def die(fraction: float, _message: str) -> None:
        if fraction > 0.6:
            raise Killed

    with pytest.raises(Killed):
        trainer(tmp_path).run(Progress(die))
    resumed = trainer(tmp_path)
    resumed.resume()
    assert resumed.step == 4
    resumed.run(Progress())
    assert_same(resumed, whole)


def test_a_finished_run_stays_as_it_is(whole: PairTrainer) -> None:
    again = trainer(whole._out)
    again.resume()
    again.run(stop_at(1))
    assert_same(again, whole)


def test_another_seed_gives_another_result(whole: PairTrainer, tmp_path: Path) -> None:
    assert trainer(tmp_path, seed=1).run(Progress()) != whole.history


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"scheme": MIXED}, "scheme"),
        ({"seed": 1}, "seed"),
        ({"data": "others"}, "data"),
        ({"preset": replace(TINY, margin=0.5)}, "margin"),
    ],
)
def test_other_settings_are_refused(
    whole: PairTrainer, changed: dict[str, Any], named: str
) -> None:
    with pytest.raises(VocalExplorerError, match=rf"another {named}; "):
        trainer(whole._out, **changed).resume()


def test_a_damaged_checkpoint_is_one_sentence(whole: PairTrainer, tmp_path: Path) -> None:
    whole_file = (whole._out / "checkpoint.pt").read_bytes()
    (tmp_path / "checkpoint.pt").write_bytes(whole_file[:1000])
    with pytest.raises(VocalExplorerError, match="is damaged"):
        trainer(tmp_path).resume()


def test_mixed_leaves_the_vocal_encoder_alone(tmp_path: Path) -> None:
    run = trainer(tmp_path, replace(TINY, epochs=1), MIXED, channels=backbone.CHANNELS)
    vocals, mix = (copy.deepcopy(run.pair.encoder(domain).state_dict()) for domain in Domain)
    run.run(Progress())
    for domain, before, changes in ((Domain.VOCALS, vocals, False), (Domain.MIX, mix, True)):
        weight = run.pair.encoder(domain).state_dict()["backbone.layers.4.weight"]
        assert torch.equal(weight, before["backbone.layers.4.weight"]) != changes
    assert load_pair(tmp_path).config == MelConfig()


def test_progress_says_how_long_it_takes(tmp_path: Path) -> None:
    said: list[tuple[float, str]] = []
    trainer(tmp_path).run(Progress(lambda *report: said.append(report)))
    fractions, messages = zip(*said, strict=True)
    np.testing.assert_allclose(fractions, np.arange(1, 7) / 6)
    for message, epoch in zip(messages, (1, 1, 1, 2, 2, 2), strict=True):
        assert re.fullmatch(rf"epoch {epoch} of 2, loss \d\.\d{{3}}, \d+ s left", message)
    assert messages[-1].endswith(", 0 s left")


def test_patience_ends_a_run_and_progress_says_when(tmp_path: Path) -> None:
    said: list[str] = []
    run = trainer(tmp_path, replace(TINY, batches_per_epoch=1, epochs=9, patience=1))
    losses = iter((2.0, 1.0, 3.0, 4.0))
    run._validation_loss = lambda: next(losses)  # type: ignore[method-assign]
    history = run.run(Progress(lambda _fraction, message: said.append(message)))
    assert history.validation == [2.0, 1.0, 3.0]
    assert [message.split(",")[0] for message in said] == [
        "epoch 1 of 2 or more",
        "epoch 2 of 2 or more",
        "epoch 3 of 3 or more",
    ]


def test_history_and_curves_are_beside_the_weights(whole: PairTrainer) -> None:
    saved = json.loads((whole._out / "history.json").read_text())
    assert saved["training"] == whole.history.training
    assert len(saved["waiting"]) == 2
    assert all(0 <= share <= 1 for share in saved["waiting"])
    assert (whole._out / "curves.png").read_bytes().startswith(b"\x89PNG")
    names = {place.name for place in whole._out.iterdir()}
    assert not {name for name in names if name.endswith(".part")}


def test_a_slow_sampler_shows_as_waiting() -> None:
    def draw(step: int) -> int:
        time.sleep(0.05)
        return step

    waited = [seconds for _, _, seconds in timed(prefetch(draw, range(4)))]
    assert 0.15 < sum(waited) < 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(8.4, "8 s"), (89, "1 min"), (14 * 60, "14 min"), (3 * 3600 + 300, "3 h 5 min")],
)
def test_durations_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_training_separates_toy_singers(tmp_path: Path) -> None:
    preset = replace(TINY, batches_per_epoch=10, epochs=2, learning_rate=5e-3)
    history = trainer(tmp_path, preset).run(Progress())
    assert history.training[1] < 0.6 * history.training[0]


def test_the_papers_numbers() -> None:
    assert (PAPER.margin, PAPER.n_negatives, PAPER.n_triplets) == (0.4, 4, 25)
    assert (PAPER.optimiser, PAPER.learning_rate, PAPER.weight_decay) == ("sgd", 0.01, 1e-6)
    assert (PAPER.batches_per_epoch, PAPER.patience) == (1200, 20)
    assert MIXED.weights == (0, 0, 1, 0)
    assert CROSS.weights == (1, 0, 0, 0)
    assert CROSS_SP.weights == (0.25, 0.25, 0.25, 0.25)


def test_prefetch_keeps_the_order() -> None:
    assert list(prefetch(lambda step: step**2, range(3, 8))) == [(s, s**2) for s in range(3, 8)]
    assert list(prefetch(lambda step: step, [])) == []


def test_prefetch_hands_on_what_went_wrong() -> None:
    with pytest.raises(ZeroDivisionError):
        list(prefetch(lambda step: 1 // step, [1, 0]))
