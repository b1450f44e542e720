"""Batches of voices: who meets whom, and what the encoders and the teacher hear of it."""

from dataclasses import replace

import numpy as np
from voices import byte_mels, clip, music, recording, voice, voices

from vocal_explorer.base.config import MelConfig
from vocal_explorer.training.banks.voice_bank import RATIOS, TEACHER_SECONDS, Version, Voice
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


def test_the_teacher_is_asked_about_the_voice_and_place_that_are_heard(
    rng: np.random.Generator,
) -> None:
    """A voice that is silent but for one segment, whose teacher counts windows."""
    n_rows, first = 32, 450  # 24 s; the segment begins at 10.4 s
    mels = np.zeros((1_034, 128), np.uint8)
    mels[first : first + 129] = 110
    rows = np.arange(n_rows, dtype=np.float16)[:, None]
    versions = {r: Version(mels, taught=rows + 100 * n) for n, r in enumerate(RATIOS)}
    known = [Voice(name, name, "toy", False, versions) for name in "ab"]
    sampler = VoiceSampler(known, music(rng), CONFIG)
    batches = [sampler.batch(8, 2, rng) for _ in range(20)]
    seconds = first * CONFIG.hop_length / CONFIG.sample_rate
    near = 0
    for batch in batches:
        assert batch.targets is not None
        assert batch.identities is not None
        ratio, row = np.divmod(batch.targets[:, 0].numpy(), 100)
        np.testing.assert_array_equal(ratio, batch.identities.numpy() % len(RATIOS))
        played = np.array(RATIOS)[ratio.astype(int)]
        middle = row * TEACHER_SECONDS / played - 1.5
        near += int((np.abs(middle - seconds) < 3.1).sum())
    assert near > 0.7 * 16 * len(batches)  # six draws do not always find the loud segment


def test_without_a_teacher_there_are_no_targets(rng: np.random.Generator) -> None:
    assert VoiceSampler(voices(3, 1), music(rng), CONFIG).batch(4, 2, rng).targets is None


def test_a_silent_voice_does_not_stop_training(rng: np.random.Generator) -> None:
    silent = voice(clip(recording("toy/silent/vocals.wav", "silent"), np.zeros(1000)))
    batch = VoiceSampler([silent, *voices(3, 1)], music(rng), CONFIG).batch(8, 2, rng)
    assert np.isfinite(batch.vocals.numpy()).all()
    assert np.isfinite(batch.mix.numpy()).all()
