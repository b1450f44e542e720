"""What the `train` command does."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from vocal_explorer.config import MelConfig
from vocal_explorer.datasets.manifest import Recording, load_manifest, split_by_singer
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.errors import VocalExplorerError
from vocal_explorer.progress import Progress
from vocal_explorer.separation.separator import load_separator
from vocal_explorer.separation.tdc_unet import TdcUNet
from vocal_explorer.training.audio_bank import decode_clips
from vocal_explorer.training.loop import PairTrainer
from vocal_explorer.training.presets import PRESETS, SCHEMES
from vocal_explorer.training.separated_bank import separated_clips
from vocal_explorer.training.separator import (
    SeparatorData,
    SeparatorTraining,
    train_separator,
)
from vocal_explorer.training.voice_sampler import VoiceSampler

FIT_BATCHES = 4


def train(
    scheme: str,
    data: Path,
    out: Path,
    *,
    preset: str = "small",
    resume: bool = False,
    seed: int = 0,
    minutes: float | None = None,
    favoured: Sequence[str] = (),
    teacher: Path | None = None,
    start: Path | None = None,
    progress: Progress,
) -> None:
    """Train `scheme` (mixed, cross, cross-sp, or separator) on `data` into `out`.

    The separator alone has favoured singers, a teacher and a start: patterns of the singers
    to draw more often, the TDC U-Net's weights, and the folder of weights to begin with.

    Raises
    ------
    VocalExplorerError
        If the scheme or preset is unknown, or the data have too few singers.
    """
    if scheme == "separator":
        train_separator(
            SeparatorData(data, tuple(favoured), None if teacher is None else TdcUNet(teacher)),
            out,
            SeparatorTraining(),
            start=start,
            resume=resume,
            seed=seed,
            minutes=minutes,
            progress=progress,
        )
    elif scheme in SCHEMES and preset in PRESETS:
        train_pair(
            scheme,
            data,
            out,
            preset=preset,
            resume=resume,
            seed=seed,
            minutes=minutes,
            progress=progress,
        )
    else:
        raise VocalExplorerError(
            f"There is no scheme {scheme!r} with preset {preset!r}; schemes are separator, "
            f"{', '.join(SCHEMES)}, presets are {', '.join(PRESETS)}."
        )


def train_pair(
    scheme: str,
    data: Path,
    out: Path,
    *,
    preset: str,
    resume: bool,
    seed: int,
    minutes: float | None,
    progress: Progress,
) -> None:
    """Train an encoder pair on the training singers of `data`/manifest.csv."""
    config = MelConfig()
    training, validation = (
        _sampler(part, config, out, seed, progress.part(start, stop))
        for part, start, stop in zip(
            split_by_singer(load_manifest(data)), (0.0, 0.1), (0.1, 0.12), strict=True
        )
    )
    torch.manual_seed(seed)
    pair = EncoderPair(config)
    fit_front_ends(pair, training, seed)
    trainer = PairTrainer(pair, SCHEMES[scheme], PRESETS[preset], training, validation, out, seed)
    if resume:
        trainer.resume()
    trainer.run(progress.part(0.12, 1.0), minutes)


def fit_front_ends(pair: EncoderPair, sampler: VoiceSampler, seed: int) -> None:
    """Take each domain's mean and deviation from a few batches."""
    rng = np.random.default_rng((seed, 2))
    batches = [sampler.batch(16, 2, rng) for _ in range(FIT_BATCHES)]
    pair.vocal_encoder.mel.fit(torch.cat([batch.vocals for batch in batches]))
    pair.mix_encoder.mel.fit(torch.cat([batch.mix for batch in batches]))


def _sampler(
    recordings: Sequence[Recording],
    config: MelConfig,
    out: Path,
    seed: int,
    progress: Progress,
) -> VoiceSampler:
    voices = [r for r in recordings if r.domain in ("vocals", "speech")]
    music = [r for r in recordings if r.domain == "accompaniment"]
    if len({voice.singer for voice in voices}) < 2 or not music:
        raise VocalExplorerError("Training needs vocals of two singers and an accompaniment.")
    vocals, accompaniment = (
        decode_clips(part, config.sample_rate, 1, progress.part(0.0, 0.3))
        for part in (voices, music)
    )
    separated = separated_clips(
        vocals,
        accompaniment,
        load_separator(),
        config.sample_rate,
        out / "separated",
        seed=seed,
        progress=progress.part(0.3, 1.0),
    )
    return VoiceSampler(vocals, accompaniment, separated, config.segment_samples)
