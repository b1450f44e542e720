"""The paper's experiments on a handful of synthetic songs, and what is written about them."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import reproduction
from library_fakes import FakeSeparator
from places import ROOT
from reproduction import SCALES, STAGES, Reproduction, Scale
from reproduction_bands import BANDS
from reproduction_report import TITLES, render, table_of
from reproduction_tasks import Sizes

from vocal_explorer.base.progress import Progress
from vocal_explorer.datasets import synthetic_dataset
from vocal_explorer.datasets.synthetic_dataset import SyntheticPlan
from vocal_explorer.evaluation.statistics import cross_validation as rounds
from vocal_explorer.evaluation.statistics.bootstrap import Estimate
from vocal_explorer.evaluation.tables.findings import SCHEMES, Verdict, judge
from vocal_explorer.training import presets

TINY = Scale(
    SyntheticPlan(3, 4, 5.0),
    SyntheticPlan(3, 3, 5.0, first_singer=3),
    SyntheticPlan(9, 1, 12.5, first_singer=20),
    SyntheticPlan(2, 3, 5.0, first_singer=9, n_albums=3),
    "tiny",
    Sizes(2, 1, 2, 1, 3, head_epochs=3),
)
DOCS = ROOT / "docs"


def stamps(folder: Path) -> dict[Path, int]:
    """When songs, segments, embeddings, weights and tables were written."""
    kept = ("*.flac", "*.safetensors", "segments/*/*.npy", "*.csv")
    return {path: path.stat().st_mtime_ns for kind in kept for path in folder.rglob(kind)}


@pytest.mark.timeout(900)  # four minutes at a tenth of a core
def test_all_stages_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = replace(presets.PRESETS["tiny"], n_singers=3, batches_per_epoch=1, epochs=1)
    monkeypatch.setitem(presets.PRESETS, "tiny", tiny)
    monkeypatch.setattr(rounds, "RESAMPLES", 20)
    monkeypatch.setattr(reproduction, "load_separator", lambda _name: FakeSeparator())
    monkeypatch.setattr(
        synthetic_dataset, "ProcessPoolExecutor", lambda n, mp_context: ThreadPoolExecutor(n)
    )  # processes take seconds to begin
    docs = tmp_path / "docs"
    made = Reproduction(tmp_path / "run", "tiny", TINY, 0, 1, docs)
    for stage in STAGES:
        made.run(stage, Progress())
    text = (docs / "results.md").read_text(encoding="utf-8")
    assert "**This is the scale `tiny`**" in text
    assert "3 singers with 4 songs of 5 s each are for training" in text
    check(json.loads((docs / "results.json").read_text(encoding="utf-8")), text)
    assert {path.name for path in (docs / "results").iterdir()} == {
        "figure-4.png",
        *(f"curves-{scheme.lower()}.png" for scheme in SCHEMES),
    }
    before = stamps(tmp_path / "run")
    monkeypatch.setattr(reproduction.Tasks, "singers", None)  # nothing is measured again
    for stage in STAGES:
        made.run(stage, Progress())
    after = stamps(tmp_path / "run")
    assert before == after


def check(facts: dict, text: str) -> None:
    """The text is that of the numbers; each verdict is that of its interval."""
    assert render(facts) == text
    for name in (*TITLES, BANDS):
        task = facts["tasks"][name]
        assert task["findings"]
        table = table_of(task)
        rows = {row.labels: row.values for row in table.ours}
        for finding in task["findings"]:
            place = table.columns.index(finding["column"])
            for found in finding["comparisons"]:
                both = [rows[tuple(found[side])][place] for side in ("first", "second")]
                assert both == [Estimate(**estimate) for estimate in found["ours"]]
                difference = Estimate(**found["difference"])
                assert difference.mean == pytest.approx(both[0].mean - both[1].mean)
                assert found["verdict"] == judge(difference, close=finding["close"])
            verdicts = {found["verdict"] for found in finding["comparisons"]}
            order = (Verdict.FAILS, Verdict.UNDECIDED, Verdict.HOLDS)
            assert finding["verdict"] == next(v for v in order if v in verdicts)
            assert f"**{finding['finding']}** {finding['column']}: {finding['verdict']}." in text


def test_the_results_in_the_repository_are_what_the_command_writes() -> None:
    numbers = json.loads((DOCS / "results.json").read_text(encoding="utf-8"))
    assert numbers["run"]["scale"]["name"] == "paper"
    check(numbers, (DOCS / "results.md").read_text(encoding="utf-8"))


def test_no_singer_of_a_scale_is_in_two_sets() -> None:
    for scale in SCALES.values():
        plans = (scale.training, scale.unseen, scale.tagged, scale.artists)
        singers = [
            singer
            for plan in plans
            for singer in range(plan.first_singer, plan.first_singer + plan.n_singers)
        ]
        assert len(singers) == len(set(singers))
        assert len({plan.seed for plan in plans}) == 1
        assert scale.preset in presets.PRESETS
    paper = SCALES["paper"]
    assert (paper.unseen.n_singers, paper.unseen.n_songs) == (300, 20)
    assert paper.sizes == Sizes(15, 5, 6, 4, 5)
