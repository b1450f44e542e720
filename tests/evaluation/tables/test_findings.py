"""Verdicts on hand-made numbers, and the paper's statements on the paper's own."""

import numpy as np
import pytest

from vocal_explorer.evaluation.statistics.bootstrap import Estimate
from vocal_explorer.evaluation.tables.findings import (
    CLOSE,
    IN_THE_PAPER,
    STATEMENTS,
    Paired,
    Statement,
    Verdict,
    apart,
    examine,
    judge,
)
from vocal_explorer.evaluation.tables.paper_tables import (
    ARTIST_COLUMNS,
    RETRIEVAL_COLUMNS,
    TABLE_1,
    TABLE_2,
    TABLE_3,
    TAGGING_COLUMNS,
    PaperRow,
)
from vocal_explorer.evaluation.tables.reports import OurRow, ResultTable
from vocal_explorer.evaluation.tables.singer_tables import IDENTIFICATION, RETRIEVAL
from vocal_explorer.evaluation.tables.transfer_tables import ARTISTS, TAGGING
from vocal_explorer.evaluation.tasks.query_by_singer import SPACES
from vocal_explorer.evaluation.tasks.singer_identification import SCENARIOS

PRINTED = {
    RETRIEVAL: (TABLE_1, RETRIEVAL_COLUMNS),
    TAGGING: (TABLE_2, TAGGING_COLUMNS),
    ARTISTS: (TABLE_3, ARTIST_COLUMNS),
}


def table(**rows: Estimate) -> ResultTable:
    ours = tuple(OurRow((name,), (Estimate(0, 0, 0), value)) for name, value in rows.items())
    paper = (PaperRow(("a",), (None, 0.7)), PaperRow(("b",), (None, 0.5)))
    return ResultTable("task", ("Model",), ("other", "right"), paper, ours)


def statement(*pairs: str, close: bool = False) -> Statement:
    both = tuple(((first,), (second,)) for first, second in pairs)
    return Statement("a is above b", "task", "right", both, close)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.001, 0.2, Verdict.HOLDS),
        (-0.2, -0.001, Verdict.FAILS),
        (-0.001, 0.2, Verdict.UNDECIDED),
        (-0.2, 0.001, Verdict.UNDECIDED),
        (0.0, 0.0, Verdict.UNDECIDED),
    ],
)
def test_the_whole_interval_decides(low: float, high: float, expected: Verdict) -> None:
    assert judge(Estimate((low + high) / 2, low, high)) is expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.04, 0.04, Verdict.HOLDS),
        (0.01, 0.04, Verdict.HOLDS),
        (0.06, 0.1, Verdict.FAILS),
        (-0.1, -0.06, Verdict.FAILS),
        (0.04, 0.06, Verdict.UNDECIDED),
        (-0.06, 0.01, Verdict.UNDECIDED),
    ],
)
def test_little_difference_needs_a_narrow_interval(
    low: float, high: float, expected: Verdict
) -> None:
    assert CLOSE == 0.05
    assert judge(Estimate((low + high) / 2, low, high), close=True) is expected


def test_intervals_that_overlap_decide_nothing() -> None:
    low, middle, high = Estimate(0.4, 0.3, 0.5), Estimate(0.5, 0.4, 0.6), Estimate(0.8, 0.7, 0.9)
    assert judge(apart(high, low)) is Verdict.HOLDS
    assert judge(apart(low, high)) is Verdict.FAILS
    assert judge(apart(middle, low)) is judge(apart(low, middle)) is Verdict.UNDECIDED
    assert apart(high, low).mean == pytest.approx(0.4)


def test_a_finding_is_as_good_as_its_worst_comparison() -> None:
    found = table(a=Estimate(0.8, 0.7, 0.9), b=Estimate(0.4, 0.3, 0.5), c=Estimate(0.6, 0.45, 0.75))

    def verdict(*pairs: str) -> Verdict:
        (finding,) = examine(found, statements=[statement(*pairs)])
        return finding.verdict

    assert verdict("ab") is Verdict.HOLDS
    assert verdict("ab", "ac") is Verdict.UNDECIDED
    assert verdict("ab", "ac", "ba") is Verdict.FAILS


def test_a_finding_has_the_numbers_of_both_tables() -> None:
    found = table(a=Estimate(0.8, 0.7, 0.9), b=Estimate(0.4, 0.3, 0.5))
    statements = [statement("ab"), Statement("of another task", "other", "right", ())]
    (finding,) = examine(found, statements=statements)
    (comparison,) = finding.comparisons
    assert comparison.paper == (0.7, 0.5)
    assert comparison.ours == (Estimate(0.8, 0.7, 0.9), Estimate(0.4, 0.3, 0.5))
    document = finding.document()
    assert document["verdict"] == "holds"
    assert document["comparisons"][0]["difference"]["low"] == pytest.approx(0.2)


def test_the_same_queries_say_more_than_their_intervals() -> None:
    """b is right where a is, but for one query of each of 20 singers."""
    rng = np.random.default_rng(0)
    singers = np.repeat(np.arange(20), 10)
    b = rng.uniform(size=200) < 0.5
    b[::10] = False
    a = b.copy()
    a[::10] = True
    paired = Paired({("a",): a, ("b",): b}, [str(singer) for singer in singers])
    difference = paired.difference(("a",), ("b",))
    assert difference.mean == pytest.approx(0.1)
    assert (difference.low, difference.high) == (pytest.approx(0.1), pytest.approx(0.1))
    overlapping = table(a=Estimate(0.55, 0.48, 0.62), b=Estimate(0.45, 0.38, 0.52))
    assert examine(overlapping, statements=[statement("ab")])[0].verdict is Verdict.UNDECIDED
    assert examine(overlapping, paired, [statement("ab")])[0].verdict is Verdict.HOLDS


@pytest.mark.parametrize("said", [s for s in STATEMENTS if s.task in PRINTED], ids=lambda s: s.text)
def test_the_papers_statements_hold_for_the_papers_numbers(said: Statement) -> None:
    rows, columns = PRINTED[said.task]
    place = columns.index(said.column)
    values = {IN_THE_PAPER.get(row.labels, row.labels): row.values[place] for row in rows}
    assert said.pairs
    for first, second in said.pairs:
        above, below = values.get(first), values.get(second)
        assert above is not None
        assert below is not None
        assert abs(above - below) < CLOSE if said.close else above > below


def test_the_statements_about_figure_4_name_its_bars() -> None:
    spaces = {
        pair[1] for s in STATEMENTS if s.task == IDENTIFICATION for p in s.pairs for pair in p
    }
    assert spaces <= set(SCENARIOS)
    spaces = {pair[1] for s in STATEMENTS if s.task == RETRIEVAL for p in s.pairs for pair in p}
    assert spaces <= set(SPACES)
