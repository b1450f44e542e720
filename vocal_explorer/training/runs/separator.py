"""Training of the embedded separator on a manifest's vocals and accompaniments."""

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.progress import Progress
from vocal_explorer.datasets.manifest import (
    Recording,
    kept_singers,
    load_manifest,
    split_for_training,
)
from vocal_explorer.separation.embedded.mask_unet import MaskUNet, MaskUNetConfig, views_of
from vocal_explorer.separation.embedded.masking import Spectrogram, load_network, save_network
from vocal_explorer.separation.separator import Separator
from vocal_explorer.training.banks.audio_bank import decode_clips
from vocal_explorer.training.banks.teacher_bank import taught_clips
from vocal_explorer.training.fitting.checkpoint import load_checkpoint, save_checkpoint
from vocal_explorer.training.sampling.prefetch import prefetch
from vocal_explorer.training.sampling.stem_mixer import StemMixer

EPS = 1e-6
FLOOR = 0.01  # of the mix: an error under it is as good as none


@dataclass(frozen=True)
class SeparatorTraining:
    """How the separator is trained."""

    steps: int = 20_000
    batch_size: int = 8
    n_frames: int = 256  # frames of an example, 6 s
    learning_rate: float = 1e-3
    learning_rate_after_start: float = 5e-4  # for weights that were trained before
    warm_up: int = 100  # steps
    report_every: int = 25  # steps
    save_every: int = 200  # steps


@dataclass(frozen=True)
class SeparatorData:
    """What the separator is trained on.

    Parameters
    ----------
    folder
        Holds a manifest.csv.
    favoured
        Patterns of singers to draw more often.
    teacher
        Takes songs without stems apart; without one they are left out.
    """

    folder: Path
    favoured: tuple[str, ...] = ()
    teacher: Separator | None = None

    def mixer(self, n_samples: int, cache: Path, progress: Progress) -> StemMixer:
        """Decode all training clips; `cache` keeps what the teacher said."""
        kept = kept_singers(self.folder) or ()
        known = [r for r in load_manifest(self.folder) if r.singer not in kept]
        recordings, _ = split_for_training(known)
        by_domain: dict[str, list[Recording]] = {"vocals": [], "accompaniment": [], "mix": []}
        for recording in recordings:
            by_domain.setdefault(recording.domain, []).append(recording)
        vocals = decode_clips(by_domain["vocals"], STEM_SAMPLE_RATE, None, progress.part(0.0, 0.5))
        music = decode_clips(
            by_domain["accompaniment"], STEM_SAMPLE_RATE, None, progress.part(0.5, 0.7)
        )
        if self.teacher is not None:
            taught = taught_clips(by_domain["mix"], self.teacher, cache, progress.part(0.7, 1.0))
            vocals, music = vocals + taught[0], music + taught[1]
        return StemMixer(vocals, music, n_samples, self.favoured)


def masked_error(network: MaskUNet, vocals: Tensor, music: Tensor) -> Tensor:
    """Mean over examples of log |mask * mix - vocals| / |mix|, by amplitude and by energy.

    It is the error of both stems, which sum to the mix. The logarithm makes the mean of
    decibels over songs what is trained.

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
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mask = network(views_of(mix)).float()
    error, level = (mask * mix - spectra[0]).abs(), mix.abs()
    loss = torch.zeros(())
    for power in (1, 2):
        relative = error.pow(power).mean(dim=(1, 2, 3)) / (
            level.pow(power).mean(dim=(1, 2, 3)) + EPS
        )
        loss = loss + torch.log(relative + FLOOR**power).mean() / (2 * power)
    return loss


class SeparatorTrainer:
    """Trains one separator network on endless random pairs.

    Parameters
    ----------
    mixer
        Source of the pairs; each is a function of seed and step.
    training
        Sizes and rates.
    out
        Folder for checkpoint and weights.
    seed
        Of the network's first weights and of every draw.
    start
        Folder of a separator whose weights are the first ones.
    """

    def __init__(
        self,
        mixer: StemMixer,
        training: SeparatorTraining,
        out: Path,
        seed: int,
        start: Path | None = None,
    ) -> None:
        torch.manual_seed(seed)
        self.network = MaskUNet(MaskUNetConfig()) if start is None else load_network(start)
        self._peak_rate = training.learning_rate_after_start if start else training.learning_rate
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._mixer = mixer
        self._training = training
        self._out = out
        self._seed = seed
        self._first = 0
        self._optimiser = torch.optim.AdamW(
            self.network.parameters(), self._peak_rate, weight_decay=1e-4
        )

    def resume(self) -> None:
        """Go on from the checkpoint in the output folder, if there is one."""
        self._first = load_checkpoint(self._out, self.network, self._optimiser)

    def run(self, progress: Progress, minutes: float | None = None) -> None:
        """Train all steps, or for `minutes`; then the rate falls with the clock."""
        training, started, running = self._training, time.monotonic(), 0.0
        self.network.train()
        for step, pairs in prefetch(self._draw, range(self._first, training.steps)):
            done = step / training.steps
            if minutes is not None:
                done = (time.monotonic() - started) / (60 * minutes)
                if done >= 1:
                    break
            loss = self._step(step, done, pairs)
            running += (loss - running) / min(step - self._first + 1, 100)
            if step % training.report_every == 0:
                progress.report(done, f"step {step}, loss {running:.4f}")
            if (step + 1) % training.save_every == 0:
                save_checkpoint(self._out, self.network, self._optimiser, step + 1)
                save_network(self.network, self._out)
        save_network(self.network, self._out)

    def _draw(self, step: int) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng((self._seed, step))
        return self._mixer.batch(self._training.batch_size, rng)

    def _step(self, step: int, done: float, pairs: tuple[Tensor, Tensor]) -> float:
        warm = min(1.0, (step + 1) / self._training.warm_up)
        fall = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))
        for group in self._optimiser.param_groups:
            group["lr"] = self._peak_rate * warm * fall
        loss = masked_error(self.network, *pairs)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimiser.step()
        return loss.item()


def train_separator(
    data: SeparatorData,
    out: Path,
    training: SeparatorTraining,
    *,
    start: Path | None = None,
    resume: bool = False,
    seed: int = 0,
    minutes: float | None = None,
    progress: Progress,
) -> None:
    """Train on the training singers and songs of a manifest and save into `out`.

    Parameters
    ----------
    data
        Where the recordings lie and which are favoured.
    out
        Folder for weights, checkpoint and what the teacher said.
    training
        Sizes and rates.
    start
        Folder of a separator to begin with, instead of random weights.
    resume
        Whether to go on from the checkpoint in `out`.
    seed
        Of the first weights and of every draw.
    minutes
        Stop after this long.
    """
    n_samples = training.n_frames * MaskUNetConfig().hop_length
    mixer = data.mixer(n_samples, out / "taught", progress.part(0.0, 0.05))
    trainer = SeparatorTrainer(mixer, training, out, seed, start)
    if resume:
        trainer.resume()
    trainer.run(progress.part(0.05, 1.0), minutes)
