"""Training of the embedded separator on a manifest's vocals and accompaniments."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vocal_explorer.config import STEM_SAMPLE_RATE
from vocal_explorer.datasets.manifest import Recording, load_manifest, split_by_singer
from vocal_explorer.progress import Progress
from vocal_explorer.separation.mask_unet import MaskUNet, MaskUNetConfig
from vocal_explorer.separation.masking import Spectrogram, save_network
from vocal_explorer.training.audio_bank import Clip, decode_clips
from vocal_explorer.training.checkpoint import load_checkpoint, save_checkpoint
from vocal_explorer.training.prefetch import prefetch
from vocal_explorer.training.stem_mixer import StemMixer


@dataclass(frozen=True)
class SeparatorTraining:
    """How the separator is trained."""

    steps: int = 4000
    batch_size: int = 12
    n_frames: int = 128  # frames of an example, 3 s
    learning_rate: float = 1e-3
    warm_up: int = 100  # steps
    report_every: int = 25  # steps
    save_every: int = 200  # steps


def training_clips(
    recordings: Sequence[Recording], progress: Progress
) -> tuple[list[Clip], list[Clip]]:
    """Decode the vocals and accompaniments among `recordings` in stereo."""
    vocals = [r for r in recordings if r.domain == "vocals"]
    music = [r for r in recordings if r.domain == "accompaniment"]
    return (
        decode_clips(vocals, STEM_SAMPLE_RATE, 2, progress.part(0.0, 0.7)),
        decode_clips(music, STEM_SAMPLE_RATE, 2, progress.part(0.7, 1.0)),
    )


def masked_error(network: MaskUNet, vocals: Tensor, music: Tensor) -> Tensor:
    """Mean |mask * mix - vocals| over complex STFT bins, relative to the mix's magnitude.

    Parameters
    ----------
    network
        Estimates the mask.
    vocals, music
        Waveforms (batch, 2, n_samples).
    """
    config = network.config
    spectrogram = Spectrogram(config)
    batch, _, n_samples = vocals.shape
    spectra = spectrogram.analyse(torch.cat((vocals, music)).reshape(-1, n_samples))
    spectra = spectra[:, : config.n_bins, :-1]
    spectra = spectra.reshape(2, batch, 2, *spectra.shape[1:])
    mix = spectra.sum(dim=0)
    magnitude = mix.abs().contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mask = network(magnitude).float()
    error: Tensor = (mask * mix - spectra[0]).abs().mean(dim=(1, 2, 3))
    return (error / (mix.abs().mean(dim=(1, 2, 3)) + 1e-3)).mean()


def train_separator(
    data: Path,
    out: Path,
    training: SeparatorTraining,
    *,
    resume: bool = False,
    seed: int = 0,
    minutes: float | None = None,
    progress: Progress,
) -> MaskUNet:
    """Train on the training singers of `data`/manifest.csv and save into `out`.

    Parameters
    ----------
    data, out
        Folder with the manifest, and the folder for weights and checkpoint.
    training
        Sizes and rates.
    resume
        Whether to go on from the checkpoint in `out`.
    seed
        Of the weights and of every draw.
    minutes
        Stop after this long; the rate follows the clock, so the run is always complete.
    """
    config = MaskUNetConfig()
    torch.manual_seed(seed)
    network = MaskUNet(config)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(network.parameters(), training.learning_rate, weight_decay=1e-4)
    first = load_checkpoint(out, network, optimiser) if resume else 0
    recordings, _ = split_by_singer(load_manifest(data))
    vocals, music = training_clips(recordings, progress.part(0.0, 0.05))
    n_samples = training.n_frames * config.hop_length
    mixer = StemMixer(vocals, music, n_samples)
    started, running = time.monotonic(), 0.0
    network.train()
    draw = lambda step: mixer.batch(training.batch_size, np.random.default_rng((seed, step)))  # noqa: E731
    for step, pairs in prefetch(draw, range(first, training.steps)):
        done = step / training.steps
        if minutes is not None:
            done = (time.monotonic() - started) / (60 * minutes)
            if done >= 1:
                break
        _set_rate(optimiser, training, step, done)
        loss = masked_error(network, *pairs)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        running += (loss.item() - running) / min(step - first + 1, 100)
        if step % training.report_every == 0:
            progress.report(0.05 + 0.95 * done, f"step {step}, loss {running:.4f}")
        if step % training.save_every == training.save_every - 1:
            save_checkpoint(out, network, optimiser, step + 1)
            save_network(network, out)
    save_network(network, out)
    return network


def _set_rate(
    optimiser: torch.optim.Optimizer, training: SeparatorTraining, step: int, done: float
) -> None:
    warm = min(1.0, (step + 1) / training.warm_up)
    rate = training.learning_rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
    for group in optimiser.param_groups:
        group["lr"] = rate
