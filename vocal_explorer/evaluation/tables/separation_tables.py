"""A separation report as tables, as one document, and as files."""

import csv
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vocal_explorer.base.records.signals import STEMS
from vocal_explorer.evaluation.statistics.bootstrap import Estimate
from vocal_explorer.evaluation.tables.reports import markdown_table
from vocal_explorer.evaluation.tasks.separation import MEASURES, SeparationReport

NAME = "separation"  # of the files
HEADINGS = {
    "sdr": "SDR",
    "sdr_improvement": "over the mix",
    "si_sdr": "SI-SDR",
    "si_sdr_improvement": "over the mix",
}


def document(report: SeparationReport) -> dict[str, Any]:
    """Return all that was measured, ready for JSON; values are dB, speed is audio per time."""
    names = report.separators
    return {
        "excerpts": {group: report.n_excerpts(group) for group in report.groups},
        "scores": {
            name: {group: _intervals(report.estimates(name, group)) for group in report.groups}
            for name in names
        },
        "speed": {name: report.speed(name) for name in names},
        "speed_ratio": {name: report.speed_ratio(name) for name in names},
        "songs": [_row(report, number) for number in range(len(report.scores))],
    }


def lines(report: SeparationReport) -> list[str]:
    """Return Markdown: a table for each stem, means with 95 % intervals, and the speeds."""
    text: list[str] = []
    for stem in STEMS:
        rows = [
            [f"{group} ({report.n_excerpts(group)})", name, *_cells(report, name, group, stem)]
            for group in report.groups
            for name in report.separators
        ]
        text += markdown_table(["excerpts", f"{stem}, dB", *HEADINGS.values()], rows)
        text.append("")
    speeds = [_speeds(report, name) for name in report.separators[1:]]
    times = f"times {report.separators[1]}"
    return [*text, *markdown_table(["separator", "seconds of audio a second", times], speeds)]


def save(report: SeparationReport, facts: Mapping[str, Any], folder: Path) -> None:
    """Write separation.csv (each excerpt), .json (`facts` and the document) and .md."""
    content = json.dumps({**facts, **document(report)}, indent=2)
    (folder / f"{NAME}.json").write_text(content + "\n", encoding="utf-8")
    (folder / f"{NAME}.md").write_text("\n".join(lines(report)) + "\n", encoding="utf-8")
    with (folder / f"{NAME}.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [_row(report, number) for number in range(len(report.scores))]
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _intervals(estimates: Mapping[str, Estimate]) -> dict[str, dict[str, float]]:
    return {measure: asdict(estimate) for measure, estimate in estimates.items()}


def _row(report: SeparationReport, number: int) -> dict[str, Any]:
    score = report.scores[number]
    return {
        "song": score.song,
        "group": str(score.group),
        "separator": score.separator,
        **{measure: round(score.values[measure], 4) for measure in MEASURES},
        "audio_seconds": round(score.audio_seconds, 3),
        "seconds": round(score.seconds, 3),
    }


def _cells(report: SeparationReport, name: str, group: str, stem: str) -> list[str]:
    estimates = report.estimates(name, group)
    chosen = (estimates[f"{stem}_{measure}"] for measure in HEADINGS)
    if report.n_excerpts(group) == 1:  # says nothing about others
        return [f"{estimate.mean:.2f}" for estimate in chosen]
    return [f"{e.mean:.2f} [{e.low:.2f}, {e.high:.2f}]" for e in chosen]


def _speeds(report: SeparationReport, name: str) -> list[str]:
    numbers = (report.speed(name), report.speed_ratio(name))
    return [name, *("-" if number is None else f"{number:.2f}" for number in numbers)]
