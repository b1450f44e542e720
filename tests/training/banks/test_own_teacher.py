"""A pair's own f_v as a teacher hears what the pair hears."""

from pathlib import Path

import numpy as np
import torch

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.encoders.checkpoint import load_pair, save_pair
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.encoders.model_id import model_id
from vocal_explorer.encoders.runtime import PairRuntime
from vocal_explorer.features.segments import level
from vocal_explorer.training.banks.own_teacher import OwnTeacher


def test_segments_are_heard_as_the_pair_hears_them(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    torch.manual_seed(0)
    config = MelConfig()
    save_pair(EncoderPair(config), tmp_path, "cross-sp")
    vocals = rng.normal(0, 0.05, 10 * config.sample_rate).astype(np.float32)
    teacher = OwnTeacher(tmp_path)
    rows = teacher.listen(vocals, 2.0)
    assert teacher.sample_rate == config.sample_rate
    assert teacher.version == model_id(tmp_path)
    assert rows.shape == (5, 256)
    first = 4 * config.sample_rate - config.segment_samples // 2  # row 2 is about 4 s
    segment = level(vocals[None])[:, first : first + config.segment_samples]
    expected = PairRuntime(load_pair(tmp_path)).encode(Domain.VOCALS, segment)
    np.testing.assert_allclose(rows[2:3], expected, atol=1e-4)


def test_short_vocals_have_one_row(tmp_path: Path) -> None:
    save_pair(EncoderPair(MelConfig()), tmp_path, "cross-sp")
    assert OwnTeacher(tmp_path).listen(np.zeros(500, np.float32), 5.0).shape == (1, 256)
