"""The paper's three schemes and the sizes of a training run."""

from dataclasses import dataclass, replace

from vocal_explorer.base.records.signals import Domain


@dataclass(frozen=True)
class Scheme:
    """Which of the four terms of equation 4 count, and by how much.

    The weights are lambda 1 to 4: vocals to mix (4a), mix to vocals (4b), mix to
    mix (4c), vocals to vocals (4d).
    """

    name: str
    weights: tuple[float, float, float, float]

    @property
    def domains(self) -> tuple[Domain, ...]:
        """Whose encoders take part: MIXED trains f_m only."""
        vocals_to_mix, mix_to_vocals, _, vocals_to_vocals = self.weights
        vocals = vocals_to_mix or mix_to_vocals or vocals_to_vocals
        return (Domain.VOCALS, Domain.MIX) if vocals else (Domain.MIX,)


MIXED = Scheme("mixed", (0.0, 0.0, 1.0, 0.0))  # equation 1
CROSS = Scheme("cross", (1.0, 0.0, 0.0, 0.0))  # equation 3
CROSS_SP = Scheme("cross-sp", (0.25, 0.25, 0.25, 0.25))  # equation 4
SCHEMES = {scheme.name: scheme for scheme in (MIXED, CROSS, CROSS_SP)}


@dataclass(frozen=True)
class Preset:
    """Sizes, rates and patience of a training run.

    A batch holds `n_singers` singers with `n_segments` segments each, and triplets
    are found inside the batch: `n_triplets` random ones make the loss of one batch,
    or with `hardest` all pairs with their most similar negatives.
    """

    n_singers: int
    n_segments: int
    n_triplets: int
    optimiser: str  # "sgd" (Nesterov) or "adamw"
    learning_rate: float
    batches_per_epoch: int
    epochs: int
    patience: int  # epochs without a better validation loss
    n_negatives: int = 4
    margin: float = 0.4
    weight_decay: float = 1e-6
    hardest: bool = False
    identity_weight: float = 0.0  # of losses.identity_loss, where the data know all voices
    teacher_weight: float = 0.0  # of losses.teacher_loss, where there is a teacher


PAPER = Preset(
    n_singers=25,
    n_segments=2,
    n_triplets=25,
    optimiser="sgd",
    learning_rate=0.01,
    batches_per_epoch=1200,
    epochs=1000,
    patience=20,
)
SMALL = Preset(
    n_singers=16,
    n_segments=2,
    n_triplets=192,
    optimiser="adamw",
    learning_rate=1e-3,
    batches_per_epoch=100,
    epochs=48,
    patience=48,
    weight_decay=1e-4,
)
VOICES = Preset(
    n_singers=24,
    n_segments=2,
    n_triplets=0,
    optimiser="adamw",
    learning_rate=7e-4,
    batches_per_epoch=200,
    epochs=18,
    patience=18,
    weight_decay=1e-3,
    hardest=True,
    identity_weight=3.0,
    teacher_weight=6.0,
)
REPRODUCTION = replace(SMALL, epochs=24, patience=24)  # benchmarks/reproduction.py
FINE = Preset(  # to fit a trained pair to the songs of one user, without forgetting others
    n_singers=8,
    n_segments=4,
    n_triplets=192,
    optimiser="adamw",
    learning_rate=1e-4,
    batches_per_epoch=20,
    epochs=10,
    patience=2,
    weight_decay=1e-4,
)
LIBRARY = "library"  # the name of FINE
PRESETS = {
    "paper": PAPER,
    "small": SMALL,
    "voices": VOICES,
    "tiny": replace(SMALL, batches_per_epoch=4, epochs=2),
    "reproduction": REPRODUCTION,
    "reproduction-small": replace(REPRODUCTION, batches_per_epoch=20, epochs=3),
    LIBRARY: FINE,
}
