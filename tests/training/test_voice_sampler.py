import numpy as np
from voices import clip, noises, recording, tones

from vocal_explorer.config import MelConfig
from vocal_explorer.training.voice_sampler import VoiceSampler

LENGTH = MelConfig().segment_samples


def test_a_batch_holds_pairs_of_leveled_segments(rng: np.random.Generator) -> None:
    sampler = VoiceSampler(list(tones(5, 2)), noises(rng), {}, LENGTH)
    batch = sampler.batch(4, 2, rng)
    assert batch.vocals.shape == batch.mix.shape == (8, LENGTH)
    assert batch.labels.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    levels = batch.vocals.square().mean(dim=1).sqrt()
    assert ((levels > 0.05) & (levels < 0.2)).all()
    assert not np.allclose(batch.vocals.numpy(), batch.mix.numpy())


def test_a_batch_is_a_function_of_its_generator(rng: np.random.Generator) -> None:
    sampler = VoiceSampler(list(tones(5, 2)), noises(rng), {}, LENGTH)
    first, second = (sampler.batch(4, 2, np.random.default_rng(7)) for _ in range(2))
    assert (first.vocals == second.vocals).all()
    assert (first.mix == second.mix).all()


def test_singers_compete_inside_their_source(rng: np.random.Generator) -> None:
    clips = [*tones(4, 2, "a"), *tones(4, 2, "b"), *tones(4, 2, "c")]
    batch = VoiceSampler(clips, noises(rng), {}, LENGTH).batch(8, 2, rng)
    assert len(set(batch.labels.tolist())) == 8  # two sources with all their four singers


def test_separated_voices_are_heard_where_they_reach(rng: np.random.Generator) -> None:
    clips = list(tones(4, 1))
    loud = np.sign(np.sin(np.arange(6 * 22_050))) * 0.5
    separated = {c.recording.path: clip(c.recording, loud) for c in clips}
    crest = [
        float(segment.abs().max() / segment.square().mean().sqrt())
        for _ in range(6)
        for segment in VoiceSampler(clips, noises(rng), separated, LENGTH).batch(4, 1, rng).vocals
    ]
    assert min(crest) < 2.5 < max(crest)  # square waves and voices both occur


def test_a_silent_clip_does_not_stop_training(rng: np.random.Generator) -> None:
    silent = clip(recording("toy/silent/vocals.wav", "silent"), np.zeros(1000))
    sampler = VoiceSampler([silent, *tones(3, 1)], noises(rng), {}, LENGTH)
    assert np.isfinite(sampler.batch(4, 2, rng).vocals.numpy()).all()


def test_more_singers_than_there_are_is_no_error(rng: np.random.Generator) -> None:
    batch = VoiceSampler(list(tones(3, 1)), noises(rng), {}, LENGTH).batch(20, 2, rng)
    assert batch.labels.tolist() == [0, 0, 1, 1, 2, 2]
