"""Batches of voices: who meets whom, and what the encoders and the teacher hear of it."""

from dataclasses import replace

import numpy as np
import pytest
from voices import byte_mels, clip, music, recording, voice, voices

from vocal_explorer.base.config import MelConfig
from vocal_explorer.training.banks.voice_bank import RATIOS, Voice
from vocal_explorer.training.banks.voice_space import fit_voice_space
from vocal_explorer.training.sampling.mel_effects import mean_square
from vocal_explorer.training.sampling.voice_sampler import VoiceSampler

CONFIG = MelConfig()


def power(log_mels: np.ndarray) -> np.ndarray:
    return ((10**log_mels - 1) / 1e4).swapaxes(-1, -2)


def test_a_batch_holds_leveled_segments_of_both_domains(rng: np.random.Generator) -> None:
    batch = VoiceSampler(voices(5, 2), music(rng), CONFIG).batch(4, 2, rng)
    assert batch.vocals.shape == batch.mix.shape == (8, 128, 129)
    assert batch.labels.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    for log_mels in (batch.vocals, batch.mix):
        levels = np.sqrt([mean_square(p, CONFIG).mean() for p in power(log_mels.numpy())])
        assert ((levels > 0.06) & (levels < 0.16)).all()  # 0.1, and 4 dB up or down
    assert not np.allclose(batch.vocals.numpy(), batch.mix.numpy())


def test_a_batch_is_a_function_of_its_generator(rng: np.random.Generator) -> None:
    sampler = VoiceSampler(voices(5, 2), music(rng), CONFIG)
    first, second, other = (sampler.batch(4, 2, np.random.default_rng(s)) for s in (7, 7, 8))
    assert (first.vocals == second.vocals).all()
    assert (first.mix == second.mix).all()
    assert not np.array_equal(first.mix, other.mix)


def test_sources_meet_and_have_different_voices(rng: np.random.Generator) -> None:
    known = [v for source in "abcd" for v in voices(4, 1, source)]
    batch = VoiceSampler(known, music(rng), CONFIG).batch(12, 2, rng)
    assert len(set(batch.labels.tolist())) == 12
    assert batch.identities is not None
    assert len(set(batch.identities[::2].tolist())) == 12
    assert (batch.identities[::2] == batch.identities[1::2]).all()


def test_one_singer_is_several_voices(rng: np.random.Generator) -> None:
    sampler = VoiceSampler(voices(2, 2), music(rng), CONFIG)
    assert sampler.n_identities == 2 * len(RATIOS)
    batch = sampler.batch(8, 2, rng)
    assert batch.identities is not None
    assert len(set(batch.identities.tolist())) == 8
    assert len(sampler.batch(99, 1, rng).labels) == 2 * len(RATIOS)  # all that there are


def test_separated_voices_are_heard_where_they_reach(rng: np.random.Generator) -> None:
    hiss = byte_mels(clip(recording("hiss.wav", "hiss"), rng.normal(0, 0.1, 4 * 22_050)))
    known = [
        replace(v, versions={r: replace(one, separated=hiss) for r, one in v.versions.items()})
        for v in voices(4, 1)
    ]
    sampler = VoiceSampler(known, music(rng), CONFIG)
    flatness = [
        float(np.exp(np.log(p + 1e-9).mean()) / p.mean())
        for _ in range(6)
        for p in power(sampler.batch(4, 1, rng).vocals.numpy())
    ]
    assert min(flatness) < 0.1 < 0.3 < max(flatness)  # tones and hiss both occur


def test_the_first_teacher_is_asked_about_the_voice_that_is_heard(
    rng: np.random.Generator,
) -> None:
    versions = {
        ratio: replace(version, taught=(np.full(3, 100 * ratio), np.zeros(9)))
        for ratio, version in voices(1, 1)[0].versions.items()
    }
    known = [Voice(name, name, "toy", False, versions) for name in "ab"]
    sampler = VoiceSampler(known, music(rng), CONFIG)
    batch = sampler.batch(8, 2, rng)
    assert batch.targets is not None
    assert batch.identities is not None
    ratios = np.array(sorted(RATIOS))[batch.identities.numpy() % len(RATIOS)]
    np.testing.assert_allclose(batch.targets.numpy(), np.tile(100 * ratios[:, None], 3))
    np.testing.assert_array_equal(sampler.targets()[batch.identities.numpy()], batch.targets)


def test_in_a_space_all_teachers_say_where_a_voice_is(rng: np.random.Generator) -> None:
    known = [
        replace(
            singer,
            versions={
                ratio: replace(version, taught=(rng.normal(size=8), rng.normal(size=6)))
                for ratio, version in singer.versions.items()
            },
        )
        for singer in voices(5, 2)
    ]
    versions = [
        ((singer.singer, ratio), version.taught)
        for singer in known
        for ratio, version in singer.versions.items()
    ]
    heard = [np.stack(rows) for rows in zip(*(taught for _, taught in versions), strict=True)]
    space = fit_voice_space(heard, [name for name, _ in versions], (0.4, 0.6), (True, False))
    batch = VoiceSampler(known, music(rng), CONFIG, space).batch(4, 2, rng)
    assert batch.targets is not None
    possible = space(heard)
    for target in batch.targets.numpy():
        assert np.linalg.norm(target) == pytest.approx(1, abs=1e-5)
        assert np.abs(possible - target).max(axis=1).min() < 1e-5


def test_without_a_teacher_there_are_no_targets(rng: np.random.Generator) -> None:
    assert VoiceSampler(voices(3, 1), music(rng), CONFIG).batch(4, 2, rng).targets is None


def test_a_silent_voice_does_not_stop_training(rng: np.random.Generator) -> None:
    silent = voice(clip(recording("toy/silent/vocals.wav", "silent"), np.zeros(1000)))
    batch = VoiceSampler([silent, *voices(3, 1)], music(rng), CONFIG).batch(8, 2, rng)
    assert np.isfinite(batch.vocals.numpy()).all()
    assert np.isfinite(batch.mix.numpy()).all()
