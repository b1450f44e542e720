"""The paper's tables with our rows beneath, printed and saved as CSV, JSON and Markdown."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vocal_explorer.base.files import write_text
from vocal_explorer.evaluation.statistics.bootstrap import Estimate
from vocal_explorer.evaluation.tables.paper_tables import PaperRow

PAPER, OURS = "paper", "ours"


@dataclass(frozen=True)
class OurRow:
    """One row that was measured: what it is of, and an estimate for each column."""

    labels: tuple[str, ...]
    values: tuple[Estimate, ...]


@dataclass(frozen=True)
class ResultTable:
    """A table of results.

    Parameters
    ----------
    name
        Of the task; files are called so.
    label_names, columns
        Headings: of what rows are of, and of what was measured.
    paper, ours
        The rows.
    notes
        Sentences below the table: on how many singers, what the intervals are.
    """

    name: str
    label_names: tuple[str, ...]
    columns: tuple[str, ...]
    paper: tuple[PaperRow, ...]
    ours: tuple[OurRow, ...]
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Return it as Markdown, the paper's rows first."""
        paper = [
            [PAPER, *row.labels, *("-" if v is None else f"{v:.4f}" for v in row.values)]
            for row in self.paper
        ]
        ours = [
            [OURS, *row.labels, *(f"{e.mean:.4f} [{e.low:.4f}, {e.high:.4f}]" for e in row.values)]
            for row in self.ours
        ]
        text = markdown_table(["", *self.label_names, *self.columns], paper + ours)
        return [*text, *(line for note in self.notes for line in ("", note))]

    def document(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "task": self.name,
            "notes": list(self.notes),
            PAPER: [
                {**self._labels(row.labels), **dict(zip(self.columns, row.values, strict=True))}
                for row in self.paper
            ],
            OURS: [
                {
                    **self._labels(row.labels),
                    **{c: asdict(e) for c, e in zip(self.columns, row.values, strict=True)},
                }
                for row in self.ours
            ],
        }

    def csv_rows(self) -> list[list[str]]:
        """Return a heading and a line a row; intervals have columns of their own."""
        bounds = [f"{column} {bound}" for column in self.columns for bound in ("low", "high")]
        rows = [["from", *self.label_names, *self.columns, *bounds]]
        for paper in self.paper:
            values = ["" if value is None else f"{value}" for value in paper.values]
            rows.append([PAPER, *paper.labels, *values, *("" for _ in bounds)])
        for ours in self.ours:
            limits = [f"{x:.6f}" for e in ours.values for x in (e.low, e.high)]
            rows.append([OURS, *ours.labels, *(f"{e.mean:.6f}" for e in ours.values), *limits])
        return rows

    def _labels(self, labels: Sequence[str]) -> dict[str, str]:
        return {k.lower(): v for k, v in zip(self.label_names, labels, strict=True)}


def save_table(table: ResultTable, facts: Mapping[str, Any], folder: Path) -> None:
    """Write NAME.csv, NAME.json (`facts` and the document) and NAME.md.

    Raises
    ------
    VocalExplorerError
        If the folder cannot be written.
    """
    document = json.dumps({**table.document(), **facts}, indent=2, ensure_ascii=False)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table.csv_rows())
    write_text(folder / f"{table.name}.json", document + "\n")
    write_text(folder / f"{table.name}.md", "\n".join(table.lines()) + "\n")
    write_text(folder / f"{table.name}.csv", text.getvalue())


def markdown_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table whose columns are also aligned as plain text."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    ruled = [headings, ["-" * width for width in widths], *rows]
    return [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in ruled
    ]
