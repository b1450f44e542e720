"""The weights that ship: unchanged by accident, and good for something."""

from pathlib import Path

import numpy as np
import pytest
from make_golden import GOLDEN, measure, song
from places import SHARED

from vocal_explorer.analysis.embedder import load_embedder
from vocal_explorer.base.progress import Progress
from vocal_explorer.evaluation.embeddings import DatasetEmbedder
from vocal_explorer.evaluation.excerpts import Group, find_excerpts
from vocal_explorer.evaluation.statistics.separation_metrics import sdr
from vocal_explorer.evaluation.tasks.leave_one_out import (
    BalancedExcerpts,
    accuracy_table,
    leave_one_out,
    validation_tracks,
)
from vocal_explorer.evaluation.tasks.separation import evaluate_separation
from vocal_explorer.separation.separator import load_separator, separate

DATA = SHARED / "data"
needs_shared = pytest.mark.skipif(not DATA.is_dir(), reason="needs the recordings of ../shared")


def test_the_shipped_weights_give_the_golden_result() -> None:
    with np.load(GOLDEN) as golden:
        measured = measure()
        assert set(golden) == set(measured)
        for name in golden:
            np.testing.assert_allclose(measured[name], golden[name], atol=1e-3, err_msg=name)


def test_the_separator_isolates_a_synthetic_voice() -> None:
    made = song()
    stems = separate(load_separator("embedded"), made.mix, made.sample_rate, Progress())
    assert sdr(made.vocals, stems.vocals) > sdr(made.vocals, made.mix) + 3
    assert sdr(made.accompaniment, stems.accompaniment) > sdr(made.accompaniment, made.mix) + 3


@pytest.mark.shared
@needs_shared
def test_the_separator_isolates_unseen_singers() -> None:
    excerpts = [e for e in find_excerpts(DATA) if e.group is Group.SINGERS]
    report = evaluate_separation({"ours": load_separator("embedded")}, excerpts, Progress())
    assert report.mean("ours", Group.SINGERS)["vocals_sdr_improvement"] > 4


@pytest.mark.shared
@needs_shared
def test_the_encoders_know_unseen_singers_better_than_chance(tmp_path: Path) -> None:
    dataset = DatasetEmbedder(load_embedder(), BalancedExcerpts(), tmp_path).embed(
        validation_tracks(DATA), Progress()
    )
    mean = accuracy_table(leave_one_out(dataset))["mean"]
    for scenario in ("M->M", "V->V", "M->V", "V->M", "[M,V]"):
        assert mean[scenario] > mean["chance"] + 0.1, scenario
