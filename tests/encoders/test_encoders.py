"""The backbone against the paper, checkpoints, and how tracks are embedded."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from vocal_explorer.analysis.embedder import TrackEmbedder
from vocal_explorer.analysis.track_listener import MAX_SEGMENTS, choose_segments
from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.errors import WeightsError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.encoders.backbone import Backbone
from vocal_explorer.encoders.checkpoint import load_pair, save_pair
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.encoders.model_id import model_id, model_scheme
from vocal_explorer.encoders.runtime import PairRuntime, fuse

RATE = 22_050


@pytest.fixture
def pair() -> EncoderPair:
    torch.manual_seed(0)
    return EncoderPair(MelConfig()).eval()


def noise(rng: np.random.Generator, seconds: float) -> np.ndarray:
    return rng.normal(0, 0.1, (1, int(seconds * RATE))).astype(np.float32)


def test_backbone_has_the_papers_layers_and_embedding() -> None:
    backbone = Backbone()
    convolutions = [m for m in backbone.modules() if isinstance(m, torch.nn.Conv2d)]
    assert [c.out_channels for c in convolutions] == [64, 128, 128, 128, 128, 128, 128, 256]
    assert all(c.kernel_size == (3, 3) for c in convolutions)
    weights = 9 * (1 * 64 + 64 * 128 + 5 * 128 * 128 + 128 * 256)
    normalisation = 2 * (64 + 6 * 128 + 256)
    assert sum(p.numel() for p in backbone.parameters()) == weights + normalisation
    assert backbone.eval()(torch.zeros(2, 128, 129)).shape == (2, 256)


def test_the_two_encoders_have_their_own_weights(pair: EncoderPair) -> None:
    ours, theirs = (pair.encoder(domain).state_dict() for domain in Domain)
    assert not torch.equal(ours["backbone.layers.0.weight"], theirs["backbone.layers.0.weight"])


def test_a_checkpoint_comes_back(
    pair: EncoderPair, tmp_path: Path, rng: np.random.Generator
) -> None:
    save_pair(pair, tmp_path, "cross-sp")
    loaded = load_pair(tmp_path)
    segment = torch.from_numpy(noise(rng, 2.97))
    with torch.inference_mode():
        expected, actual = (p.vocal_encoder(segment) for p in (pair, loaded))
    torch.testing.assert_close(actual, expected, rtol=2e-2, atol=2e-3)  # half precision on disk
    assert model_id(tmp_path) == model_id(tmp_path)
    assert json.loads((tmp_path / "config.json").read_text())["scheme"] == "cross-sp"


def test_a_mixed_pair_hears_vocals_with_its_mix_encoder(
    pair: EncoderPair, tmp_path: Path, rng: np.random.Generator
) -> None:
    segment = torch.from_numpy(noise(rng, 2.97))
    for scheme, same in (("mixed", True), ("cross", False)):
        save_pair(pair, tmp_path / scheme, scheme)
        assert model_scheme(tmp_path / scheme) == scheme
        runtime = PairRuntime(load_pair(tmp_path / scheme))
        vocals, mix = (runtime.encode(domain, segment.numpy()) for domain in Domain)
        assert np.array_equal(vocals, mix) == same


def test_other_weights_are_another_model(pair: EncoderPair, tmp_path: Path) -> None:
    save_pair(pair, tmp_path / "a", "cross-sp")
    with torch.no_grad():
        pair.mix_encoder.backbone.layers[0].weight += 0.1
    save_pair(pair, tmp_path / "b", "cross-sp")
    assert model_id(tmp_path / "a") != model_id(tmp_path / "b")


@pytest.mark.parametrize("damage", ["missing", "truncated", "other network", "no json"])
def test_damaged_weights_are_one_sentence(pair: EncoderPair, tmp_path: Path, damage: str) -> None:
    save_pair(pair, tmp_path, "cross-sp")
    weights, config = tmp_path / "weights.safetensors", tmp_path / "config.json"
    if damage == "missing":
        weights.unlink()
    elif damage == "truncated":
        weights.write_bytes(weights.read_bytes()[:1000])
    elif damage == "no json":
        config.write_text("weights")
    else:
        config.write_text(json.dumps({"scheme": "cross-sp", "mel": {"colour": 1}}))
    if damage == "no json":
        with pytest.raises(WeightsError, match="cannot be used"):
            model_scheme(tmp_path)
    with pytest.raises(WeightsError, match="cannot be used"):
        load_pair(tmp_path)


def test_fusing_changes_nothing_but_speed(pair: EncoderPair, rng: np.random.Generator) -> None:
    backbone = pair.vocal_encoder.backbone
    mel = torch.from_numpy(rng.normal(0, 1, (2, 128, 129)).astype(np.float32))
    with torch.inference_mode():
        before = backbone(mel)
        fuse(backbone)
        after = backbone(mel)
    torch.testing.assert_close(after, before, rtol=1e-4, atol=1e-5)
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in backbone.modules())


def test_a_track_is_the_mean_of_its_segments(pair: EncoderPair, rng: np.random.Generator) -> None:
    embedder = TrackEmbedder("test", lambda: PairRuntime(copy.deepcopy(pair)))
    vocals, mix = noise(rng, 7), noise(rng, 7)
    embeddings = embedder.embed(mix, vocals, RATE, Progress())
    length = pair.config.segment_samples
    starts = range(0, 5 * (length // 2), length // 2)
    padded = np.pad(vocals[0], (0, length))
    segments = np.stack([padded[s : s + length] for s in starts])[:4]
    segments *= 0.1 / np.sqrt(np.mean(segments**2))
    with torch.inference_mode():
        each = torch.nn.functional.normalize(pair.vocal_encoder(torch.from_numpy(segments)))
    mean = each.sum(dim=0).numpy()
    np.testing.assert_allclose(embeddings[Domain.VOCALS], mean / np.linalg.norm(mean), atol=1e-4)
    assert embeddings[Domain.MIX].dtype == np.float32
    assert np.linalg.norm(embeddings[Domain.MIX]) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(
        embedder.embed_vocals(vocals, RATE, Progress()), embeddings[Domain.VOCALS], atol=1e-6
    )


def test_the_level_of_a_recording_does_not_matter(
    pair: EncoderPair, rng: np.random.Generator
) -> None:
    embedder = TrackEmbedder("test", lambda: PairRuntime(copy.deepcopy(pair)))
    vocals = noise(rng, 4)
    loud = embedder.embed_vocals(vocals, RATE, Progress())
    quiet = embedder.embed_vocals(vocals * np.float32(0.05), RATE, Progress())
    np.testing.assert_allclose(quiet, loud, atol=1e-4)


def test_very_short_and_silent_tracks_are_finite(pair: EncoderPair) -> None:
    embedder = TrackEmbedder("test", lambda: PairRuntime(copy.deepcopy(pair)))
    for n_samples in (1, 100, RATE):
        silence = np.zeros((2, n_samples), dtype=np.float32)
        for vector in embedder.embed(silence, silence, RATE, Progress()).values():
            assert np.isfinite(vector).all()


def test_long_tracks_are_sampled_evenly(rng: np.random.Generator) -> None:
    chosen = choose_segments(rng.uniform(0.09, 0.1, 500))
    assert len(chosen) == len(set(chosen.tolist())) == MAX_SEGMENTS
    assert np.diff(chosen).max() <= 500 / MAX_SEGMENTS + 1


def test_frozen_layers_stay_and_the_others_learn(rng: np.random.Generator) -> None:
    torch.manual_seed(0)
    encoder = EncoderPair(MelConfig()).vocal_encoder.train()
    encoder.backbone.freeze(5)
    log_mels = torch.from_numpy(rng.uniform(0, 2, (4, 128, 129)).astype(np.float32))
    before = copy.deepcopy(encoder.state_dict())
    encoder.embed(log_mels).square().sum().backward()
    learning = [name for name, p in encoder.named_parameters() if p.grad is not None]
    assert {int(name.split(".")[2]) // 4 for name in learning} == {5, 6, 7}
    for name, value in encoder.state_dict().items():
        of_frozen = "layers" not in name or int(name.split(".")[2]) < 20
        changes = "running" in name or "tracked" in name
        assert torch.equal(value, before[name]) != (changes and not of_frozen), name


def test_features_of_frozen_layers_stand_for_log_mels(rng: np.random.Generator) -> None:
    torch.manual_seed(0)
    encoder = EncoderPair(MelConfig()).eval().mix_encoder
    encoder.backbone.freeze(5)
    log_mels = torch.from_numpy(rng.uniform(0, 2, (3, 128, 129)).astype(np.float32))
    with torch.no_grad():
        features = encoder.features(log_mels)
        assert features.shape == (3, 128, 4, 4)
        assert torch.allclose(encoder.embed(features), encoder.embed(log_mels), atol=1e-5)
