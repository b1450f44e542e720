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
    in_space: bool = False  # the losses are of the back end's output, in the teachers' space
    own_share: float = 0.0  # of the first pair's f_v as a second teacher; the rest is the first's
    frozen: int = 0  # convolutions that stay as they were at the start
    kept: int = 0  # batches whose frozen layers are computed once, before; 0: all batches are new
    averaging: float = 0.0  # how much of the weights' running mean a step keeps; 0: no mean
    bands: bool = True  # whether synthetic bands play too


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
PEOPLE = Preset(  # many speakers, a few singers; from a trained pair, for hours
    n_singers=24,
    n_segments=2,
    n_triplets=0,
    optimiser="adamw",
    learning_rate=5e-4,
    batches_per_epoch=100,
    epochs=120,
    patience=120,
    weight_decay=1e-3,
    hardest=True,
    identity_weight=2.0,
    teacher_weight=8.0,
    in_space=True,
    own_share=0.6,
    averaging=0.995,
    bands=False,
)
UPPER = replace(  # the three upper convolutions alone, above kept features: before PEOPLE
    PEOPLE,
    n_singers=96,
    learning_rate=1e-3,
    batches_per_epoch=50,
    epochs=22,
    patience=22,
    weight_decay=0.02,
    identity_weight=1.0,
    averaging=0.98,
    frozen=5,
    kept=300,
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
    "people": PEOPLE,
    "people-upper": UPPER,
    "tiny": replace(SMALL, batches_per_epoch=4, epochs=2),
    "reproduction": REPRODUCTION,
    "reproduction-small": replace(REPRODUCTION, batches_per_epoch=20, epochs=3),
    LIBRARY: FINE,
}
