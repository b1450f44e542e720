"""What the paper says of its results, and whether it holds for ours."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from vocal_explorer.evaluation.statistics.bootstrap import Estimate, bootstrap_mean
from vocal_explorer.evaluation.tables import singer_tables, transfer_tables
from vocal_explorer.evaluation.tables.paper_tables import (
    ARTIST_COLUMNS,
    RETRIEVAL_COLUMNS,
    TAGGING_COLUMNS,
)
from vocal_explorer.evaluation.tables.reports import ResultTable

Labels = tuple[str, ...]
Pairs = tuple[tuple[Labels, Labels], ...]
CLOSE = 0.05  # of accuracy: what the paper calls little difference, read off figure 4
SCHEMES = ("MIXED", "CROSS", "CROSS-SP")
BASELINE = ("Baseline CNN", "M")
IN_THE_PAPER: dict[Labels, Labels] = {
    **{("X-SP", space): ("CROSS-SP", space) for space in ("M", "V", "[M+V]", "[M,V]")},
    ("MIX", "M"): ("MIXED", "M"),
    ("Baseline", "-"): BASELINE,
}
"""Labels of the paper's rows where ours differ."""


class Verdict(StrEnum):
    """What the intervals say of a statement."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Statement:
    """A sentence of the paper about rows of one table.

    Parameters
    ----------
    text
        The sentence.
    task
        Name of the table.
    column
        The measure.
    pairs
        Labels of two rows each: the first is said to be above the second.
    close
        Instead, the two are said to differ by less than CLOSE.
    """

    text: str
    task: str
    column: str
    pairs: Pairs
    close: bool = False


@dataclass(frozen=True)
class Paired:
    """What each query contributed to rows of a table, (n_queries,) each, and whose it is."""

    values: Mapping[Labels, ArrayLike]
    singers: Sequence[str]

    def difference(self, first: Labels, second: Labels) -> Estimate:
        """Return the mean difference of two rows; the bootstrap draws singers."""
        difference = np.subtract(self.values[first], self.values[second], dtype=np.float64)
        return bootstrap_mean(difference, groups=self.singers)


@dataclass(frozen=True)
class Comparison:
    """Two rows that a statement compares; `paper` has their numbers there, if printed."""

    first: Labels
    second: Labels
    paper: tuple[float, float] | None
    ours: tuple[Estimate, Estimate]
    difference: Estimate
    verdict: Verdict


@dataclass(frozen=True)
class Finding:
    """A statement, and what was measured of it."""

    statement: Statement
    comparisons: tuple[Comparison, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of the comparisons' verdicts: a statement holds where all of it does."""
        found = {comparison.verdict for comparison in self.comparisons}
        return next(v for v in (Verdict.FAILS, Verdict.UNDECIDED, Verdict.HOLDS) if v in found)

    def document(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "finding": self.statement.text,
            "task": self.statement.task,
            "column": self.statement.column,
            "close": self.statement.close,
            "verdict": self.verdict.value,
            "comparisons": [asdict(comparison) for comparison in self.comparisons],
        }


def judge(difference: Estimate, *, close: bool = False) -> Verdict:
    """Return whether a difference is above 0, or within CLOSE of it, by its whole interval."""
    if close:
        inside = difference.low > -CLOSE and difference.high < CLOSE
        outside = difference.high < -CLOSE or difference.low > CLOSE
    else:
        inside, outside = difference.low > 0, difference.high < 0
    if inside:
        return Verdict.HOLDS
    return Verdict.FAILS if outside else Verdict.UNDECIDED


def apart(first: Estimate, second: Estimate) -> Estimate:
    """Return the difference of two estimates of which no more is known than their intervals.

    Its interval excludes 0 exactly where the two do not overlap.
    """
    return Estimate(first.mean - second.mean, first.low - second.high, first.high - second.low)


def examine(
    table: ResultTable, paired: Paired | None = None, statements: Sequence[Statement] = ()
) -> list[Finding]:
    """Return what a table says of the statements about it.

    Parameters
    ----------
    table
        With our rows.
    paired
        Its values query by query, where they are known; else intervals must not overlap.
    statements
        Default: the paper's.
    """
    about = [s for s in statements or STATEMENTS if s.task == table.name]
    return [_examined(statement, table, paired) for statement in about]


def _examined(statement: Statement, table: ResultTable, paired: Paired | None) -> Finding:
    place = table.columns.index(statement.column)
    ours = {row.labels: row.values[place] for row in table.ours}
    paper = {IN_THE_PAPER.get(row.labels, row.labels): row.values[place] for row in table.paper}
    comparisons = []
    for first, second in statement.pairs:
        both = ours[first], ours[second]
        printed = paper.get(first), paper.get(second)
        known = None if printed[0] is None or printed[1] is None else (printed[0], printed[1])
        difference = paired.difference(first, second) if paired else apart(*both)
        verdict = judge(difference, close=statement.close)
        comparisons.append(Comparison(first, second, known, both, difference, verdict))
    return Finding(statement, tuple(comparisons))


def _each(models: Sequence[str], first: str, seconds: Sequence[str]) -> Pairs:
    """Pair the space `first` with each other one, for each model."""
    return tuple(((model, first), (model, second)) for model, second in product(models, seconds))


def _schemes(first: str, second: str, spaces: Sequence[str]) -> Pairs:
    """Pair two schemes in each space."""
    return tuple(((first, space), (second, space)) for space in spaces)


def _levels(first: str, seconds: Sequence[str], level: str) -> Pairs:
    return tuple((("CROSS-SP", first, level), ("CROSS-SP", second, level)) for second in seconds)


_ONE = singer_tables.IDENTIFICATION, "top-1"
_TWO = singer_tables.RETRIEVAL, RETRIEVAL_COLUMNS[0]
_THREE = transfer_tables.TAGGING, TAGGING_COLUMNS[0]
_FOUR = transfer_tables.ARTISTS, ARTIST_COLUMNS[0]
_SAME = ("M->M", "V->V")
_ACROSS = ("M->V", "V->M")
STATEMENTS = (
    Statement("Within a domain, CROSS-SP identifies singers better than CROSS.", *_ONE,
              _schemes("CROSS-SP", "CROSS", (*_SAME, "[M,V]"))),
    Statement("Within a domain, CROSS identifies singers better than MIXED.", *_ONE,
              _schemes("CROSS", "MIXED", (*_SAME, "[M,V]"))),
    Statement("Across domains, CROSS and CROSS-SP differ little.", *_ONE,
              _schemes("CROSS-SP", "CROSS", _ACROSS), close=True),
    Statement("Across domains, MIXED is poor.", *_ONE, _schemes("CROSS", "MIXED", _ACROSS)),
    Statement("Both embeddings concatenated, [M,V], identify singers best, in all models.", *_ONE,
              _each(SCHEMES, "[M,V]", _SAME)),
    Statement("Their sum, [M+V], is no better than the mix alone, in all models.", *_ONE,
              _each(SCHEMES, "[M+V]", ("M->M",)), close=True),
    Statement("CROSS-SP finds a singer's songs better than CROSS.", *_TWO,
              _schemes("CROSS-SP", "CROSS", ("M", "V", "[M,V]"))),
    Statement("CROSS finds a singer's songs better than MIXED.", *_TWO,
              _schemes("CROSS", "MIXED", ("M", "V", "[M,V]"))),
    Statement("Mixes find a singer's songs better than isolated vocals, in all models.", *_TWO,
              _each(SCHEMES, "M", ("V",))),
    Statement("[M,V] finds a singer's songs best, in all models.", *_TWO,
              _each(SCHEMES, "[M,V]", ("M", "V"))),
    Statement("Every model tags voices better than a CNN trained from scratch.", *_THREE,
              tuple(((model, "M"), BASELINE) for model in SCHEMES)),
    Statement("Isolated vocals tag voices better than mixes.", *_THREE,
              _each(SCHEMES[1:], "V", ("M",))),
    Statement("[M,V] tags voices best.", *_THREE, _each(SCHEMES[1:], "[M,V]", ("M", "V"))),
    Statement("CROSS-SP tags voices best.", *_THREE, _schemes("CROSS-SP", "CROSS", ("[M,V]",))),
    Statement("For single segments, [M+V] and [M,V] tell artists apart better than M or V.",
              *_FOUR, _levels("[M+V]", ("M", "V"), "segment")
              + _levels("[M,V]", ("M", "V"), "segment")),
    Statement("For whole songs, isolated vocals tell artists apart best.", *_FOUR,
              _levels("V", ("M", "[M+V]", "[M,V]"), "song")),
)  # fmt: skip
"""Sections 4.2.2, 4.3.2, 4.4.2 and 4.5; tests compare them with the paper's own tables."""
