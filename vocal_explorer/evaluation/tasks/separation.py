"""Separators on songs that none of them has learned from, beside the mix itself."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import STEMS, Stems, Waveform
from vocal_explorer.evaluation.excerpts import Excerpt
from vocal_explorer.evaluation.statistics.bootstrap import Estimate, bootstrap_mean
from vocal_explorer.evaluation.statistics.separation_metrics import sdr, si_sdr
from vocal_explorer.separation.separator import Separator, separate

MIX = "mix"  # the row in which the mix is taken for each of its stems
ALL = "all"
METRICS = {"sdr": sdr, "si_sdr": si_sdr}
MEASURES = tuple(
    f"{stem}_{metric}{kind}" for stem, metric, kind in product(STEMS, METRICS, ("", "_improvement"))
)


@dataclass(frozen=True)
class SeparationScore:
    """What one separator reached on one excerpt: its MEASURES in dB, and its time."""

    separator: str
    song: str
    group: str
    values: Mapping[str, float]
    audio_seconds: float
    seconds: float


@dataclass(frozen=True)
class SeparationReport:
    """All scores, excerpt by excerpt."""

    scores: tuple[SeparationScore, ...]

    @property
    def separators(self) -> list[str]:
        """Names of the rows, the mix first, in the order they were given."""
        return list(dict.fromkeys(score.separator for score in self.scores))

    @property
    def groups(self) -> list[str]:
        """Names of the groups of excerpts; the last one is all."""
        return [*dict.fromkeys(score.group for score in self.scores), ALL]

    def estimates(self, separator: str, group: str = ALL) -> dict[str, Estimate]:
        """Return each measure's mean and 95 % interval over the excerpts of a group."""
        scores = self._of(separator, group)
        return {m: bootstrap_mean([s.values[m] for s in scores]) for m in MEASURES}

    def mean(self, separator: str, group: str = ALL) -> dict[str, float]:
        """Return each measure's mean over the excerpts of a group, in dB."""
        return {m: estimate.mean for m, estimate in self.estimates(separator, group).items()}

    def n_excerpts(self, group: str = ALL) -> int:
        """Return how many excerpts a group has."""
        return len(self._of(MIX, group))

    def speed(self, separator: str) -> float | None:
        """Return the seconds of audio a second; the mix has none."""
        scores = self._of(separator, ALL)
        spent = sum(score.seconds for score in scores)
        return sum(score.audio_seconds for score in scores) / spent if spent else None

    def speed_ratio(self, separator: str) -> float | None:
        """Return how many times faster a separator is than the first one that was given."""
        speed, first = self.speed(separator), self.speed(self.separators[1])
        return speed / first if speed and first else None

    def _of(self, separator: str, group: str) -> list[SeparationScore]:
        return [s for s in self.scores if s.separator == separator and group in (s.group, ALL)]


def evaluate_separation(
    separators: Mapping[str, Separator], excerpts: Sequence[Excerpt], progress: Progress
) -> SeparationReport:
    """Measure separators on excerpts, one after the other on each.

    Parameters
    ----------
    separators
        By the name under which they are reported; the speed ratio is to the first.
    excerpts
        At least one; see excerpts.find_excerpts.
    progress
        Reported at each block of each excerpt.
    """
    warm_up = excerpts[0].load()
    for separator in separators.values():  # loading weights is no part of the speed
        start = (warm_up.vocals + warm_up.accompaniment)[:, :STEM_SAMPLE_RATE]
        separate(separator, start, STEM_SAMPLE_RATE, progress.part(0.0, 0.0))
    scores: list[SeparationScore] = []
    for number, excerpt in enumerate(excerpts):
        part = progress.part(number / len(excerpts), (number + 1) / len(excerpts))
        scores += measure(excerpt, separators, part)
    return SeparationReport(tuple(scores))


def measure(
    excerpt: Excerpt, separators: Mapping[str, Separator], progress: Progress
) -> Sequence[SeparationScore]:
    """Return the scores of the mix itself and of each separator on one excerpt."""
    truth = excerpt.load()
    mix = truth.vocals + truth.accompaniment
    lone_mix = Stems(mix, mix, truth.sample_rate)
    estimates = {MIX: (lone_mix, 0.0)}
    for number, (name, separator) in enumerate(separators.items()):
        progress.report(number / len(separators), f"{name}: {excerpt.name}")
        part = progress.part(number / len(separators), (number + 1) / len(separators))
        started = time.perf_counter()
        stems = separate(separator, mix, truth.sample_rate, part)
        estimates[name] = (stems, time.perf_counter() - started)
    seconds = mix.shape[1] / truth.sample_rate
    return [
        SeparationScore(
            name, excerpt.name, excerpt.group, _values(truth, stems, mix), seconds, spent
        )
        for name, (stems, spent) in estimates.items()
    ]


def _values(truth: Stems, stems: Stems, mix: Waveform) -> dict[str, float]:
    values: dict[str, float] = {}
    for part, (name, metric) in product(STEMS, METRICS.items()):
        reference: Waveform = getattr(truth, part)
        values[f"{part}_{name}"] = reached = metric(reference, getattr(stems, part))
        values[f"{part}_{name}_improvement"] = reached - metric(reference, mix)
    return values
