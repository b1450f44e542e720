import numpy as np
import torch

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.evaluation.log_mels import log_mels, mel_embedder
from vocal_explorer.features.mel import LogMel
from vocal_explorer.features.segments import level

CONFIG = MelConfig()


def test_a_track_gives_the_log_mels_of_its_leveled_segments(rng: np.random.Generator) -> None:
    sound = rng.normal(0, 0.1, (1, 2 * CONFIG.segment_samples)).astype(np.float32)
    with mel_embedder(CONFIG, Domain.MIX).listen(CONFIG.sample_rate) as listener:
        for domain in Domain:
            listener.hear(domain, sound)
        segments = listener.embed(Progress()).segments
    found = log_mels(CONFIG, Domain.MIX)(segments)
    half = CONFIG.segment_samples // 2
    cut = np.stack([sound[0, n * half : (n + 2) * half] for n in range(3)])
    expected = LogMel(CONFIG).unnormalised(torch.from_numpy(level(cut))).numpy()
    assert found.dtype == np.float16
    np.testing.assert_allclose(found, expected, atol=0.01)
    assert segments[Domain.VOCALS].shape == (3, 0)


def test_mels_of_another_front_end_or_domain_are_kept_apart() -> None:
    names = {
        mel_embedder(config, domain).model_id
        for config in (CONFIG, MelConfig(n_mels=64))
        for domain in Domain
    }
    assert len(names) == 4
