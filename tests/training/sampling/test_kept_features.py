"""Kept batches are computed once, and joined to larger ones."""

from functools import partial
from pathlib import Path

import numpy as np
import torch
from voices import music, voices

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.progress import Progress
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.training.banks.array_cache import ArrayCache
from vocal_explorer.training.banks.voice_bank import Voice
from vocal_explorer.training.sampling.batches import Batch
from vocal_explorer.training.sampling.kept_features import KeptFeatures
from vocal_explorer.training.sampling.voice_sampler import VoiceSampler


def taught(voice: Voice, number: int) -> Voice:
    for version in voice.versions.values():
        object.__setattr__(version, "taught", (np.full(256, number, np.float32),))
    return voice


def test_kept_batches_stand_for_what_was_drawn(tmp_path: Path, rng: np.random.Generator) -> None:
    torch.manual_seed(0)
    pair = EncoderPair(MelConfig()).eval()
    for encoder in (pair.vocal_encoder, pair.mix_encoder):
        encoder.backbone.freeze(5)
    known = [taught(voice, number) for number, voice in enumerate(voices(5, 2))]
    draw = partial(VoiceSampler(known, music(rng), MelConfig()).batch, 4, 2)
    drawn: list[Batch] = []

    def counted(generator: np.random.Generator) -> Batch:
        drawn.append(draw(generator))
        return drawn[-1]

    for _ in range(2):  # the second time from the cache
        kept = KeptFeatures(pair, counted, ArrayCache(tmp_path), "toy", seed=1)
        kept.prepare(3, Progress())
    assert len(drawn) == 3
    batch = kept.batch(8, 2, np.random.default_rng(0))
    assert batch.vocals.shape == batch.mix.shape == (16, 128, 4, 4)
    assert batch.identities is not None
    assert batch.targets is not None
    np.testing.assert_array_equal(batch.labels, batch.identities.numpy())
    first = drawn[np.random.default_rng(0).choice(3, 2, replace=False)[0]]
    assert first.identities is not None
    assert torch.equal(batch.identities[:8], first.identities)
    with torch.no_grad():
        for domain, log_mels in first.log_mels.items():
            expected = pair.encoder(domain).features(log_mels)
            found = batch.log_mels[domain][:8]
            assert not torch.allclose(found, expected, atol=0.01)
            for voice in range(0, 8, 2):  # columns of two segments, dealt out to them anew
                both, dealt = expected[voice : voice + 2], found[voice : voice + 2]
                assert torch.allclose(both.sort(0).values, dealt.sort(0).values, atol=0.01)
