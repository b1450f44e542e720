import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.audio.files import write_audio
from vocal_explorer.base.errors import Cancelled
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.evaluation.excerpts import Excerpt, Group
from vocal_explorer.evaluation.statistics.separation_metrics import sdr, si_sdr
from vocal_explorer.evaluation.tables import separation_tables
from vocal_explorer.evaluation.tasks.separation import (
    MEASURES,
    SeparationReport,
    SeparationScore,
    measure,
)

RATE = 44_100


class Share:
    """Calls a fixed share of the mix its vocals."""

    version = "1"

    def __init__(self, share: float) -> None:
        self.name = f"share {share}"
        self._share = np.float32(share)

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        for piece in mix:
            progress.report(0.5)
            yield Stems(self._share * piece, piece - self._share * piece, RATE)


@pytest.fixture
def excerpt(tmp_path: Path, rng: np.random.Generator) -> Excerpt:
    for name, level in (("vocals", 0.2), ("accompaniment", 0.1)):
        waveform = rng.uniform(-level, level, (2, RATE)).astype(np.float32)
        write_audio(tmp_path / f"{name}.wav", waveform, RATE)
    return Excerpt("song", Group.SINGERS, tmp_path / "vocals.wav", tmp_path / "accompaniment.wav")


def test_scores_are_the_metrics_of_each_stem_and_the_gain_over_the_mix(excerpt: Excerpt) -> None:
    stems = excerpt.load()
    mix = stems.vocals + stems.accompaniment
    separators = {"half": Share(0.5), "most": Share(0.8)}
    lone_mix, half, most = measure(excerpt, separators, Progress())
    assert [s.separator for s in (lone_mix, half, most)] == ["mix", "half", "most"]
    assert lone_mix.values["vocals_sdr"] == pytest.approx(sdr(stems.vocals, mix))
    assert {v for m, v in lone_mix.values.items() if m.endswith("improvement")} == {0.0}
    reached = sdr(stems.accompaniment, mix - np.float32(0.8) * mix)
    assert most.values["accompaniment_sdr"] == pytest.approx(reached)
    assert most.values["accompaniment_sdr_improvement"] == pytest.approx(
        reached - sdr(stems.accompaniment, mix)
    )
    assert half.values["vocals_si_sdr"] == pytest.approx(si_sdr(stems.vocals, mix), abs=1e-4)
    assert half.audio_seconds == 1.0


def test_progress_rises_and_cancel_stops_within_an_excerpt(excerpt: Excerpt) -> None:
    seen: list[float] = []
    separators = {"half": Share(0.5), "most": Share(0.8)}
    measure(excerpt, separators, Progress(lambda fraction, _: seen.append(fraction)))
    assert seen == [0.0, 0.25, 0.5, 0.75]
    control = Control()
    stopping = Progress(lambda fraction, _: control.cancel() if fraction else None, control)
    with pytest.raises(Cancelled):
        measure(excerpt, separators, stopping)


def score(separator: str, group: str, value: float, seconds: float) -> SeparationScore:
    values = dict.fromkeys(MEASURES, value)
    return SeparationScore(separator, f"song {value}", group, values, 30.0, seconds)


@pytest.fixture
def report() -> SeparationReport:
    return SeparationReport(
        tuple(
            score(name, group, value + gain, seconds)
            for group, value in (("new", 1.0), ("new", 3.0), ("pop", 8.0))
            for name, gain, seconds in (("mix", 0.0, 0.0), ("slow", 2.0, 10.0), ("fast", 4.0, 0.5))
        )
    )


def test_means_are_by_group_and_over_all(report: SeparationReport) -> None:
    assert report.groups == ["new", "pop", "all"]
    assert [report.n_excerpts(group) for group in report.groups] == [2, 1, 3]
    assert report.mean("mix", "new")["vocals_sdr"] == 2.0
    assert report.mean("fast")["vocals_sdr"] == pytest.approx(8.0)
    interval = report.estimates("slow", "new")["vocals_sdr"]
    assert (interval.low, interval.mean, interval.high) == (3.0, 4.0, 5.0)


def test_speed_is_audio_per_time_and_its_ratio_is_to_the_first(report: SeparationReport) -> None:
    speeds = [report.speed(name) for name in report.separators]
    assert speeds == [None, pytest.approx(3.0), pytest.approx(60.0)]
    ratios = [report.speed_ratio(name) for name in report.separators]
    assert ratios == [None, pytest.approx(1.0), pytest.approx(20.0)]


def test_the_files_hold_each_excerpt_and_the_summary(
    report: SeparationReport, tmp_path: Path
) -> None:
    separation_tables.save(report, {"task": "separation"}, tmp_path)
    with (tmp_path / "separation.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 9
    assert rows[-1]["separator"] == "fast"
    assert float(rows[-1]["vocals_sdr"]) == 12.0
    document = json.loads((tmp_path / "separation.json").read_text())
    assert document["task"] == "separation"
    assert document["scores"]["slow"]["pop"]["accompaniment_si_sdr"]["mean"] == 10.0
    assert document["speed_ratio"]["fast"] == pytest.approx(20.0)
    table = (tmp_path / "separation.md").read_text().splitlines()
    row = next(line for line in table if "all (3)" in line and "fast" in line)
    assert row.split("|")[3].strip() == "8.00 [5.00, 12.00]"
    assert next(line for line in table if "pop (1)" in line).split("|")[3].strip() == "8.00"
    assert len({len(line) for line in table[: table.index("")]}) == 1
