"""The training loop of an encoder pair: resumable at any step, seeded, one pass over a Preset."""

import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from vocal_explorer.base.errors import Cancelled, VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.encoders.checkpoint import save_pair
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.training.fitting.checkpoint import read_checkpoint, restore, save_checkpoint
from vocal_explorer.training.fitting.history import History
from vocal_explorer.training.fitting.pair_loss import PairLoss
from vocal_explorer.training.fitting.parallel_encoders import ParallelEncoders
from vocal_explorer.training.fitting.time_left import TimeLeft
from vocal_explorer.training.fitting.weight_average import WeightAverage
from vocal_explorer.training.presets import Preset, Scheme
from vocal_explorer.training.sampling.batches import Batch, Draw
from vocal_explorer.training.sampling.prefetch import prefetch, timed

VALIDATION_BATCHES = 8
VALIDATION_SEED = 999_983
CHECKPOINT_SECONDS = 5.0  # what a killed run loses at most
CPU = torch.device("cpu")


@dataclass
class Epoch:
    """What the running epoch has so far: its losses, and seconds spent waiting and in all."""

    losses: list[float] = field(default_factory=list)
    waited: float = 0.0
    seconds: float = 0.0


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
        Draw batches of singers, or of songs, that have nothing in common.
    out
        Receives checkpoint.pt, history.json, curves.png, and the best pair's weights.
    seed
        Of every draw.
    data
        Says what is drawn from; a run is resumed on the same data only.
    n_identities
        How many voices the batches name, if they do.
    points
        Where these voices are in the space of the losses, (n_identities, n), if it is known.
    device
        Where the encoders compute.
    """

    def __init__(
        self,
        pair: EncoderPair,
        scheme: Scheme,
        preset: Preset,
        training: Draw,
        validation: Draw,
        out: Path,
        seed: int,
        *,
        data: str = "",
        n_identities: int = 0,
        points: Tensor | None = None,
        device: torch.device = CPU,
    ) -> None:
        self.pair = pair.to(device)
        self.scheme = scheme
        self.preset = preset
        self.history = History()
        self.step = 0
        self._epoch = Epoch()
        self._training = training
        self._validation = validation
        self._out = out
        self._seed = seed
        self._settings = {"seed": seed, "data": data, "scheme": asdict(scheme), **asdict(preset)}
        self._loss = PairLoss(scheme, preset, n_identities, points).to(device)
        self._learning = nn.ModuleList((pair, self._loss))
        for domain in scheme.domains:
            if preset.in_space:
                pair.encoder(domain).back_end.learn()
            pair.encoder(domain).backbone.freeze(preset.frozen)
        self._average = WeightAverage(pair, preset.averaging)
        self._optimiser = make_optimiser(self._learning, preset)
        self._encoders = ParallelEncoders(pair, scheme.domains, device)

    def resume(self) -> None:
        """Go on from the checkpoint in the output folder, if there is one.

        Raises
        ------
        VocalExplorerError
            If it is damaged or was made with other settings.
        """
        state = read_checkpoint(self._out)
        if state is None:
            return
        self._check(state.get("settings", {}))
        self.step = restore(state, self._learning, self._optimiser)
        self._average.values.update(state.get("average", {}))
        self.history = History(**state["history"])
        self._epoch = Epoch(**state["epoch"])

    def run(self, progress: Progress, minutes: float | None = None) -> History:
        """Train until the epochs are done or the validation loss stops falling.

        Parameters
        ----------
        progress
            Reported at each batch; cancelling there loses nothing.
        minutes
            No epoch begins after this long; a resumed run goes on there.
        """
        preset, left = self.preset, TimeLeft()
        with self._encoders:
            for epoch in range(len(self.history.training), preset.epochs):
                late = minutes is not None and left.elapsed > 60 * minutes
                if late or epoch - self.history.best_epoch > preset.patience:
                    break
                self._train(epoch, progress, left)
                self._finish(epoch)
        return self.history

    def _train(self, epoch: int, progress: Progress, left: TimeLeft) -> None:
        """Do what the epoch has left to do."""
        total = self.preset.epochs * self.preset.batches_per_epoch
        last = (epoch + 1) * self.preset.batches_per_epoch
        self.pair.train()
        saved = begun = time.monotonic()
        for step, batch, waited in timed(prefetch(self._draw, range(self.step, last))):
            loss = self._learn(batch, step)
            self.step += 1
            now = time.monotonic()
            self._epoch.losses.append(loss)
            self._epoch.waited += waited
            self._epoch.seconds += now - begun
            begun = now
            if now - saved > CHECKPOINT_SECONDS:
                self._keep()
                saved = now
            try:
                progress.report(self.step / total, self._said(epoch, loss, left))
            except Cancelled:
                self._keep()
                raise

    def _said(self, epoch: int, loss: float, left: TimeLeft) -> str:
        """Describe a step that was done; the run ends here if the validation loss stays."""
        preset = self.preset
        end = min(preset.epochs, self.history.best_epoch + preset.patience + 1)
        more = " or more" if end < preset.epochs else ""
        remaining = left.after_step(end * preset.batches_per_epoch - self.step)
        return f"epoch {epoch + 1} of {end}{more}, loss {loss:.3f}, {remaining}"

    def _learn(self, batch: Batch, step: int) -> float:
        self._set_rate(step)
        self._optimiser.zero_grad(set_to_none=True)
        embeddings = self._encoders.embed(batch.log_mels, learning=True)
        rng = np.random.default_rng((self._seed, step, 1))
        loss = self._encoders.backward(
            embeddings, lambda leaves: self._loss(self._placed(leaves), batch, rng)
        )
        self._optimiser.step()
        self._average.add(step)
        return loss

    def _placed(self, embeddings: Mapping[Domain, Tensor]) -> Mapping[Domain, Tensor]:
        """Return the embeddings in the space in which the loss compares them."""
        if not self.preset.in_space:
            return embeddings
        return {
            domain: self.pair.encoder(domain).back_end(rows) for domain, rows in embeddings.items()
        }

    def _draw(self, step: int) -> Batch:
        return self._training(np.random.default_rng((self._seed, step)))

    @torch.no_grad()
    def _validation_loss(self) -> float:
        """Return the mean loss of fixed batches of what is kept for validation."""
        self.pair.eval()
        losses = []
        for number in range(VALIDATION_BATCHES):
            batch = self._validation(np.random.default_rng((VALIDATION_SEED, number)))
            embeddings = self._encoders.embed(batch.log_mels, learning=False)
            rng = np.random.default_rng((self._seed, number, 1))
            losses.append(self._loss.ranking(self._placed(embeddings), batch, rng).item())
        return float(np.mean(losses))

    def _finish(self, epoch: int) -> None:
        done, history = self._epoch, self.history
        history.training.append(float(np.mean(done.losses)))
        history.waiting.append(done.waited / max(done.seconds, 1e-9))
        self._epoch = Epoch()
        with self._average.in_place():
            history.validation.append(self._validation_loss())
            if epoch == history.best_epoch:
                save_pair(self.pair, self._out, self.scheme.name)
        self._keep()
        history.save(self._out)

    def _keep(self) -> None:
        more = {
            "settings": self._settings,
            "history": asdict(self.history),
            "epoch": asdict(self._epoch),
            "average": self._average.values,
        }
        save_checkpoint(self._out, self._learning, self._optimiser, self.step, more)

    def _check(self, saved: dict[str, Any]) -> None:
        other = [name for name, value in self._settings.items() if saved.get(name) != value]
        if other:
            raise VocalExplorerError(
                f"The training in {self._out} cannot go on with another {', '.join(other)}; "
                "choose what it was started with, or start anew without --resume."
            )

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


def make_optimiser(learning: nn.Module, preset: Preset) -> torch.optim.Optimizer:
    """Return SGD with Nesterov momentum (paper, 4.1) or AdamW, as the preset says."""
    if preset.optimiser == "sgd":
        return torch.optim.SGD(
            learning.parameters(), preset.learning_rate, momentum=0.9, nesterov=True
        )
    return torch.optim.AdamW(
        learning.parameters(), preset.learning_rate, weight_decay=preset.weight_decay
    )
