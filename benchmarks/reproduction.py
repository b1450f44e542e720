"""The paper's experiments on synthetic singers, from the first note to docs/results.md.

    python benchmarks/reproduction.py DIR                   # all of it: hours on two cores
    python benchmarks/reproduction.py DIR --scale small     # minutes; shows that all of it works
    python benchmarks/reproduction.py DIR --stage train     # up to there

Songs are rendered, then separated as a user's songs would be; MIXED, CROSS and CROSS-SP are
trained alike; tasks 1 to 4 are measured. Whatever is done is kept: the same line goes on after
Ctrl+C or a crash, and one more run only writes docs/results.md again.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reproduction_bands import BANDS
from reproduction_report import write_report
from reproduction_tasks import Sizes, Tasks

from vocal_explorer.analysis.embedder import load_embedder
from vocal_explorer.base.files import write_text
from vocal_explorer.base.progress import Progress
from vocal_explorer.datasets.signals import TrackSignals
from vocal_explorer.datasets.synthetic_annotation import annotate_synthetic
from vocal_explorer.datasets.synthetic_dataset import SyntheticPlan, render_dataset
from vocal_explorer.encoders.runtime import load_runtime
from vocal_explorer.evaluation.tables.findings import SCHEMES
from vocal_explorer.evaluation.tables.singer_tables import IDENTIFICATION, RETRIEVAL
from vocal_explorer.evaluation.tables.transfer_tables import ARTISTS, TAGGING
from vocal_explorer.separation.separator import load_separator
from vocal_explorer.separation.stem_cache import StemCache
from vocal_explorer.training.presets import PRESETS
from vocal_explorer.training.runs.pairs import PairRun, train_on_songs

STAGES = ("render", "train", "evaluate", "report")
WORLD = 2021  # seed of the synthetic singers
STEMS_LIMIT = 1024**3  # bytes; stems are needed for a short while only
SAID_EVERY = 10.0  # s
LIBRARIES = ("torch", "numpy", "scikit-learn", "librosa")
DOCS = Path(__file__).parents[1] / "docs"


@dataclass(frozen=True)
class Scale:
    """Which songs there are and how encoders are trained; singers of two sets are different."""

    training: SyntheticPlan
    unseen: SyntheticPlan
    tagged: SyntheticPlan
    artists: SyntheticPlan
    preset: str
    sizes: Sizes = field(default_factory=Sizes)


SCALES = {
    "paper": Scale(
        SyntheticPlan(300, 7, 8.0, WORLD),
        SyntheticPlan(300, 20, 8.0, WORLD, first_singer=400),
        SyntheticPlan(200, 2, 12.5, WORLD, first_singer=700),
        SyntheticPlan(20, 12, 15.0, WORLD, first_singer=900, n_albums=6),
        "reproduction",
    ),
    "small": Scale(
        SyntheticPlan(24, 4, 8.0, WORLD),
        SyntheticPlan(12, 6, 8.0, WORLD, first_singer=400),
        SyntheticPlan(12, 1, 12.5, WORLD, first_singer=700),
        SyntheticPlan(4, 3, 8.0, WORLD, first_singer=900, n_albums=3),
        "reproduction-small",
        Sizes(n_model_songs=4, n_identified=2, n_gallery_songs=4, n_retrieved=2, n_folds=3),
    ),
}


class Reproduction:
    """All stages; each keeps what it did in `folder`.

    `name` is the scale's, `n_processes` render at once (0: one for each processor).
    """

    def __init__(
        self, folder: Path, name: str, scale: Scale, seed: int, n_processes: int, docs: Path
    ) -> None:
        self._folder = folder
        self._name = name
        self._scale = scale
        self._seed = seed
        self._n_processes = n_processes
        self._docs = docs
        self._results = folder / "results"
        self._source = TrackSignals(
            load_separator("embedded"), StemCache(folder / "cache" / "stems", STEMS_LIMIT)
        )

    def run(self, stage: str, progress: Progress) -> None:
        """Do a stage."""
        work: Callable[[Progress], None] = getattr(self, stage)
        with self._noted(stage):
            work(progress)

    def render(self, progress: Progress) -> None:
        """Render all songs."""
        scale, folder = self._scale, self._folder
        plans = {
            "training": scale.training,
            "unseen": scale.unseen,
            "tagged/audio": scale.tagged,
            "artists": scale.artists,
        }
        for number, (place, plan) in enumerate(plans.items()):
            part = progress.part(number / len(plans), (number + 1) / len(plans))
            render_dataset(folder / place, plan, n_processes=self._n_processes, progress=part)
        annotate_synthetic(folder / "tagged" / "audio", folder / "tagged" / "annotation")

    def train(self, progress: Progress) -> None:
        """Train the three schemes: the same songs, steps and seed."""
        for number, scheme in enumerate(SCHEMES):
            run = PairRun(scheme.lower(), self._model(scheme), self._scale.preset, True, self._seed)
            left_out = train_on_songs(
                run,
                self._folder / "training",
                self._source,
                self._folder / "cache" / "segments",
                progress.part(number / len(SCHEMES), (number + 1) / len(SCHEMES)),
            )
        n_left_out = len(left_out.instrumentals) + len(left_out.failures)
        self._note("training_songs_left_out", n_left_out)

    def evaluate(self, progress: Progress) -> None:
        """Measure all three on tasks 1 to 4."""
        scale, folder = self._scale, self._folder
        pairs = [(scheme, load_embedder(self._model(scheme))) for scheme in SCHEMES]
        kept = folder / "cache" / "embeddings"
        tasks = Tasks(pairs, self._source, kept, self._results, self._seed)
        if not tasks.are_measured(IDENTIFICATION, RETRIEVAL):
            tasks.singers(
                folder / "unseen", scale.unseen.n_singers, scale.sizes, progress.part(0.0, 0.7)
            )
        if not tasks.are_measured(TAGGING):
            tasks.tags(folder / "tagged", scale.sizes, progress.part(0.7, 0.9))
        if not tasks.are_measured(ARTISTS):
            tasks.artists(folder / "artists", scale.sizes, progress.part(0.9, 0.97))
        if not tasks.are_measured(BANDS):
            runtimes = [(scheme, load_runtime(self._model(scheme))) for scheme in SCHEMES]
            tasks.bands(runtimes, scale.unseen, scale.sizes, progress.part(0.97, 1.0))

    def report(self, _progress: Progress) -> None:
        """Write docs/results.md and what belongs to it."""
        self._note("scale", {"name": self._name, **asdict(self._scale)})
        self._note("preset", asdict(PRESETS[self._scale.preset]))
        self._note("seed", self._seed)
        self._note("separator", self._source.key)
        self._note("machine", machine())
        write_report(self._folder, self._docs)

    def _model(self, scheme: str) -> Path:
        return self._folder / "models" / scheme.lower()

    @contextmanager
    def _noted(self, stage: str) -> Iterator[None]:
        """Add the time that a stage takes, finished or not, to what earlier runs spent on it."""
        begun = time.monotonic()
        try:
            yield
        finally:
            seconds = dict(self._facts().get("seconds", {}))
            seconds[stage] = round(seconds.get(stage, 0.0) + time.monotonic() - begun, 1)
            self._note("seconds", seconds)

    def _note(self, name: str, value: Any) -> None:
        facts = {**self._facts(), name: value}
        write_text(self._folder / "run.json", json.dumps(facts, indent=1) + "\n")

    def _facts(self) -> dict[str, Any]:
        place = self._folder / "run.json"
        return json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}


def machine() -> dict[str, Any]:
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def listener(stage: str) -> Callable[[float, str], None]:
    """Return what prints how far a stage is, now and then."""
    said = -SAID_EVERY

    def say(share: float, text: str) -> None:
        nonlocal said
        if time.monotonic() - said >= SAID_EVERY:
            said = time.monotonic()
            print(f"{stage} {share:6.1%} {text}", flush=True)

    return say


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="keeps songs, models, results")
    parser.add_argument("--scale", choices=SCALES, default="paper")
    parser.add_argument("--stage", choices=STAGES, default=STAGES[-1], help="the last one to do")
    parser.add_argument("--seed", type=int, default=0, help="of training and all draws")
    parser.add_argument("--processes", type=int, default=0, help="that render at once")
    parser.add_argument("--docs", type=Path, default=DOCS, help="where results.md is written")
    asked = parser.parse_args()
    reproduction = Reproduction(
        asked.folder / asked.scale,
        asked.scale,
        SCALES[asked.scale],
        asked.seed,
        asked.processes,
        asked.docs,
    )
    for stage in STAGES[: STAGES.index(asked.stage) + 1]:
        reproduction.run(stage, Progress(listener(stage)))


if __name__ == "__main__":
    main()
