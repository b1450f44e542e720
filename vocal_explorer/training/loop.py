"""The training loop of an encoder pair: resumable, seeded, one pass over a Preset."""

import json
import math
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vocal_explorer.encoders.checkpoint import save_pair
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.progress import Progress
from vocal_explorer.training.checkpoint import load_checkpoint, save_checkpoint
from vocal_explorer.training.losses import structure_preserving_loss
from vocal_explorer.training.prefetch import prefetch
from vocal_explorer.training.presets import Preset, Scheme
from vocal_explorer.training.triplets import draw_triplets
from vocal_explorer.training.voice_sampler import Batch, VoiceSampler

VALIDATION_BATCHES = 8
VALIDATION_SEED = 999_983


@dataclass
class History:
    """Losses of the epochs done so far, saved beside the checkpoint."""

    training: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)

    @property
    def best_epoch(self) -> int:
        """The epoch with the lowest validation loss, from 0."""
        return int(np.argmin(self.validation)) if self.validation else 0


class PairTrainer:
    """Trains one pair with one scheme.

    Batches and triplets are functions of the seed and the step, so a resumed run
    repeats exactly what an uninterrupted one would have done.

    Parameters
    ----------
    pair
        Trained in place.
    scheme, preset
        The loss and the sizes.
    training, validation
        Samplers over disjoint singers.
    out
        Receives checkpoint.pt, history.json, and the best pair's weights.
    seed
        Of every draw.
    """

    def __init__(
        self,
        pair: EncoderPair,
        scheme: Scheme,
        preset: Preset,
        training: VoiceSampler,
        validation: VoiceSampler,
        out: Path,
        seed: int,
    ) -> None:
        self.pair = pair
        self.scheme = scheme
        self.preset = preset
        self.history = History()
        self._training = training
        self._validation = validation
        self._out = out
        self._seed = seed
        self._optimiser = make_optimiser(pair, preset)

    def resume(self) -> None:
        """Go on from the checkpoint in the output folder, if there is one."""
        if load_checkpoint(self._out, self.pair, self._optimiser):
            saved = json.loads((self._out / "history.json").read_text())
            self.history = History(saved["training"], saved["validation"])

    def run(self, progress: Progress, minutes: float | None = None) -> History:
        """Train until the epochs are done or the validation loss stops falling.

        Parameters
        ----------
        progress
            Reported at each batch.
        minutes
            No epoch begins after this long; a resumed run goes on there.
        """
        preset, started = self.preset, time.monotonic()
        for epoch in range(len(self.history.training), preset.epochs):
            late = minutes is not None and time.monotonic() - started > 60 * minutes
            if late or epoch - self.history.best_epoch > preset.patience:
                break
            part = progress.part(epoch / preset.epochs, (epoch + 1) / preset.epochs)
            self.history.training.append(self._epoch(epoch, part))
            self.history.validation.append(self.validation_loss())
            self._save(epoch)
        return self.history

    def _epoch(self, epoch: int, progress: Progress) -> float:
        count = self.preset.batches_per_epoch
        losses: list[float] = []
        self.pair.train()
        for step, batch in prefetch(self._draw, range(epoch * count, (epoch + 1) * count)):
            self._set_rate(step)
            loss = self.loss(batch, step)
            self._optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            self._optimiser.step()
            losses.append(loss.item())
            progress.report(len(losses) / count, f"epoch {epoch + 1}, loss {losses[-1]:.4f}")
        return float(np.mean(losses))

    def _draw(self, step: int) -> Batch:
        rng = np.random.default_rng((self._seed, step))
        return self._training.batch(self.preset.n_singers, self.preset.n_segments, rng)

    def loss(self, batch: Batch, step: int) -> Tensor:
        """Return the scheme's loss of one batch; `step` seeds its triplets."""
        rng = np.random.default_rng((self._seed, step, 1))
        preset = self.preset
        triplets = draw_triplets(batch.labels, preset.n_triplets, preset.n_negatives, rng)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vocals = self.pair.vocal_encoder(batch.vocals)
            mix = self.pair.mix_encoder(batch.mix)
        return structure_preserving_loss(
            vocals.float(), mix.float(), triplets, self.scheme, preset.margin
        )

    @torch.no_grad()
    def validation_loss(self) -> float:
        """Return the mean loss of fixed batches of the validation singers."""
        self.pair.eval()
        losses = []
        for number in range(VALIDATION_BATCHES):
            rng = np.random.default_rng((VALIDATION_SEED, number))
            batch = self._validation.batch(self.preset.n_singers, self.preset.n_segments, rng)
            losses.append(self.loss(batch, number).item())
        return float(np.mean(losses))

    def _save(self, epoch: int) -> None:
        if epoch == self.history.best_epoch:
            save_pair(self.pair, self._out, self.scheme.name)
        saved = {"training": self.history.training, "validation": self.history.validation}
        part = self._out / "history.json.part"
        part.write_text(json.dumps(saved))
        part.replace(self._out / "history.json")
        steps = (epoch + 1) * self.preset.batches_per_epoch
        save_checkpoint(self._out, self.pair, self._optimiser, steps)

    def _set_rate(self, step: int) -> None:
        """Follow half a cosine with AdamW; the paper's decay 1e-6 a step with SGD."""
        preset = self.preset
        if preset.optimiser == "sgd":
            factor = 1 / (1 + preset.weight_decay * step)
        else:
            total = preset.epochs * preset.batches_per_epoch
            factor = min(1.0, (step + 1) / 50) * 0.5 * (1 + math.cos(math.pi * step / total))
        for group in self._optimiser.param_groups:
            group["lr"] = preset.learning_rate * factor


def make_optimiser(pair: EncoderPair, preset: Preset) -> torch.optim.Optimizer:
    """Return SGD with Nesterov momentum (paper, 4.1) or AdamW, as the preset says."""
    if preset.optimiser == "sgd":
        return torch.optim.SGD(pair.parameters(), preset.learning_rate, momentum=0.9, nesterov=True)
    return torch.optim.AdamW(
        pair.parameters(), preset.learning_rate, weight_decay=preset.weight_decay
    )
