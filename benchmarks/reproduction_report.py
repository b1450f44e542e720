"""docs/results.md from what `reproduction.py` measured; no number in it is typed by hand."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reproduction_bands import BANDS
from reproduction_tasks import FIGURE

from vocal_explorer.base.files import write_text
from vocal_explorer.evaluation.statistics.bootstrap import Estimate
from vocal_explorer.evaluation.tables.findings import CLOSE, SCHEMES, Verdict
from vocal_explorer.evaluation.tables.paper_tables import PaperRow
from vocal_explorer.evaluation.tables.reports import OurRow, ResultTable, markdown_table
from vocal_explorer.evaluation.tables.singer_tables import IDENTIFICATION, RETRIEVAL
from vocal_explorer.evaluation.tables.transfer_tables import ARTISTS, TAGGING
from vocal_explorer.synthesis.tags import TRAITS
from vocal_explorer.training.fitting.history import CURVES_FILE, HISTORY_FILE
from vocal_explorer.training.presets import PAPER

TITLES = {
    IDENTIFICATION: "Task 1: singer identification",
    RETRIEVAL: "Task 2: query-by-singer",
    TAGGING: "Task 3: vocal tagging",
    ARTISTS: "Task 4: artist classification",
}
COMMAND = "python benchmarks/reproduction.py DIR --scale {}"
NUMBERS = "results.json"  # all that the text is made of
PICTURES = "results"  # folder
TIMED = ("render", "train", "evaluate")


def write_report(folder: Path, docs: Path) -> None:
    """Write docs/results.json, docs/results.md and the pictures in docs/results/."""
    facts = collect(folder)
    pictures = docs / PICTURES
    pictures.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / "results" / FIGURE, pictures / FIGURE)
    for scheme in SCHEMES:
        name = scheme.lower()
        shutil.copyfile(folder / "models" / name / CURVES_FILE, pictures / f"curves-{name}.png")
    write_text(docs / NUMBERS, json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    write_text(docs / "results.md", render(facts))


def collect(folder: Path) -> dict[str, Any]:
    """Return all numbers of a finished run, ready for JSON."""
    return {
        "run": _read(folder / "run.json"),
        "tasks": {name: _read(folder / "results" / f"{name}.json") for name in (*TITLES, BANDS)},
        "histories": {
            scheme: _read(folder / "models" / scheme.lower() / HISTORY_FILE) for scheme in SCHEMES
        },
    }


def render(facts: Mapping[str, Any]) -> str:
    """Return the text of results.md."""
    findings = [f for name in TITLES for f in facts["tasks"][name]["findings"]]
    parts = (
        _introduction(facts["run"]),
        _overview(findings),
        _room(facts["tasks"][IDENTIFICATION], facts["run"]),
        *(_task(TITLES[name], facts["tasks"][name]) for name in TITLES),
        _bands(facts["tasks"][BANDS]),
        _training(facts),
        _conditions(facts["run"]),
    )
    return "\n".join("\n".join(part) + "\n" for part in parts)


def _introduction(run: Mapping[str, Any]) -> Iterator[str]:
    scale, name = run["scale"], run["scale"]["name"]
    yield "# Do the paper's findings hold?"
    yield ""
    yield f"Written by `{COMMAND.format(name)}`; please do not edit."
    if name != "paper":
        yield ""
        yield (
            f"**This is the scale `{name}`**: it shows that every step works. Its sets are far too"
            " small, and its training far too short, to say anything about the paper."
        )
    yield ""
    yield (
        "**What is synthetic: everything that is heard.** The voices are models of larynx and"
        " vocal tract with parameters of their own, which change a little from song to song;"
        " bands play with an artist's instruments and patterns, many of which change too. So"
        " singers, tags and artists are known exactly, and the sound is much simpler than music."
        " The numbers cannot be compared with the paper's one by one; what can be compared is"
        " which model and which space is above which."
    )
    yield ""
    yield (
        "Songs are treated as a user's: only mixes are given, the embedded separator isolates the"
        f" vocals. {_songs(scale['training'])} are for training (of each singer's songs, some"
        f" decide which epoch is kept and some are left alone). {_songs(scale['unseen'])} are for"
        f" tasks 1 and 2, {_songs(scale['tagged'])} for task 3, in the form of the K-pop Vocal Tag"
        f" dataset, and {_songs(scale['artists'])} on {scale['artists']['n_albums']} albums"
        " for task 4, in the form of artist20. No singer is in two sets."
        f" {len(TRAITS)} tags of that dataset follow from the parameters of a voice; the others"
        " are not used."
    )


def _songs(plan: Mapping[str, Any]) -> str:
    n_singers, n_songs = plan["n_singers"], plan["n_songs"]
    return f"{n_singers} singers with {n_songs} songs of {plan['seconds']:g} s each"


def _overview(findings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    verdicts = [finding["verdict"] for finding in findings]
    counts = ", ".join(f"{verdicts.count(verdict)} {verdict.value}" for verdict in Verdict)
    yield "## Findings"
    yield ""
    yield f"Of the paper's {len(findings)} findings: {counts}."
    yield ""
    rows = [[TITLES[f["task"]][:6], f["finding"], f"**{f['verdict']}**"] for f in findings]
    yield from markdown_table(["", "The paper's finding", "Here"], rows)
    yield ""
    yield (
        "A finding holds if each of its comparisons does: the whole 95 % interval of the"
        ' difference is above 0 (for "differ little" and "no better": within'
        f" {CLOSE:g} of 0). It does not hold if for one of them the whole interval is on the"
        " wrong side, and is undecided otherwise. In tasks 1 and 2 the differences are those of"
        " the same queries, and the bootstrap draws singers; in tasks 3 and 4 the intervals of"
        " the two rows must not overlap. Whether a model knows mixes by the voice or by the band"
        " is asked at the end."
    )


def _room(task: Mapping[str, Any], run: Mapping[str, Any]) -> Iterator[str]:
    scenarios = ("M->M", "V->V", "[M,V]")
    measured = [row["top-1"] for row in task["ours"] if row["scenario"] in scenarios]
    chance = 1 / run["scale"]["unseen"]["n_singers"]
    lowest, highest = (pick(e["mean"] for e in measured) for pick in (min, max))
    above = min(e["low"] for e in measured) > chance
    below = max(e["high"] for e in measured) < 1
    yield "## Do the voices leave room?"
    yield ""
    yield (
        f"Within a domain, top-1 lies between {lowest:.3f} and {highest:.3f}; chance is"
        f" {chance:.4f}. The intervals are {'all' if above else 'NOT all'} above chance and"
        f" {'all' if below else 'NOT all'} below 1: differences between models"
        f" {'can' if above and below else 'may not'} show."
    )


def _bands(task: Mapping[str, Any]) -> Iterator[str]:
    yield "## The voice or the band?"
    yield ""
    yield (
        "A synthetic artist's band has a style of its own, in training and here, and MIXED may"
        " learn whatever mixes of one artist share; CROSS and CROSS-SP compare mixes with isolated"
        " vocals. So mixes of unseen singers are identified as they are, without the voice, and"
        " with the band of some other singer, another one in each song (the true stems are mixed;"
        " nothing is separated)."
    )
    yield ""
    yield from _measured(task)


def _task(title: str, task: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    if task["task"] == IDENTIFICATION:
        yield f"![Figure 4 with our numbers]({PICTURES}/{FIGURE})"
        yield ""
    yield from _measured(task)


def _measured(task: Mapping[str, Any]) -> Iterator[str]:
    """Tell a table, and what follows of it."""
    yield from table_of(task).lines()
    if task["failed"]:
        yield ""
        yield f"{task['failed']} files could not be used."
    for finding in task["findings"]:
        yield ""
        yield f"**{finding['finding']}** {finding['column']}: {finding['verdict']}."
        yield ""
        yield from markdown_table(
            ["Above" if not finding["close"] else "Compared", "Below" if not finding["close"]
             else "With", "Paper", "Here", "Difference here", "Verdict"],
            [_comparison(comparison) for comparison in finding["comparisons"]],
        )  # fmt: skip


def _comparison(comparison: Mapping[str, Any]) -> list[str]:
    paper, ours = comparison["paper"], comparison["ours"]
    difference = comparison["difference"]
    return [
        " ".join(comparison["first"]),
        " ".join(comparison["second"]),
        "-" if paper is None else f"{paper[0]:.4f}, {paper[1]:.4f}",
        f"{ours[0]['mean']:.4f}, {ours[1]['mean']:.4f}",
        f"{difference['mean']:+.4f} [{difference['low']:+.4f}, {difference['high']:+.4f}]",
        comparison["verdict"],
    ]


def table_of(task: Mapping[str, Any]) -> ResultTable:
    """Return the table that was saved as a document."""
    row = task["ours"][0]
    columns = tuple(name for name, value in row.items() if isinstance(value, dict))
    names = tuple(name for name in row if name not in columns)
    paper = tuple(
        PaperRow(tuple(r[n] for n in names), tuple(r[c] for c in columns)) for r in task["paper"]
    )
    ours = tuple(
        OurRow(tuple(r[n] for n in names), tuple(Estimate(**r[c]) for c in columns))
        for r in task["ours"]
    )
    headings = tuple(name.capitalize() for name in names)
    return ResultTable(task["task"], headings, columns, paper, ours, tuple(task["notes"]))


def _training(facts: Mapping[str, Any]) -> Iterator[str]:
    preset, run = facts["run"]["preset"], facts["run"]
    kind = "SGD (Nesterov)" if preset["optimiser"] == "sgd" else "AdamW"
    yield "## Training"
    yield ""
    yield (
        f"All three alike, on the same songs with seed {run['seed']}: up to {preset['epochs']}"
        f" epochs of {preset['batches_per_epoch']} batches, {kind}, rate"
        f" {preset['learning_rate']:g}, decay {preset['weight_decay']:g}, margin"
        f" {preset['margin']:g}, {preset['n_negatives']} negatives, batches of"
        f" {preset['n_singers']} singers with {preset['n_segments']} segments each, of which"
        f" {preset['n_triplets']} triplets are drawn. The paper has SGD (Nesterov), rate"
        f" {PAPER.learning_rate:g}, decay {PAPER.weight_decay:g}, and trains until"
        f" {PAPER.patience} epochs bring nothing: about 100 epochs of"
        f" {PAPER.batches_per_epoch:,} batches of {PAPER.n_triplets} triplets with segments of"
        " their own, far more than two processor cores can do in hours. The weights kept are"
        " those of the epoch with the lowest validation loss, as in the paper."
        f" {run['training_songs_left_out']} songs were left out (too little voice, or damaged)."
    )
    yield ""
    rows = []
    for scheme, history in facts["histories"].items():
        validation = history["validation"]
        best = min(range(len(validation)), key=validation.__getitem__)
        steps = len(validation) * preset["batches_per_epoch"]
        losses = (history["training"][best], validation[best])
        rows.append([scheme, f"{steps:,}", f"{best + 1}", *(f"{loss:.4f}" for loss in losses)])
    headings = ["Scheme", "Steps", "Epoch kept", "Training loss there", "Validation loss there"]
    yield from markdown_table(headings, rows)
    yield ""
    yield "Losses of different schemes are sums of different terms and cannot be compared."
    for scheme in SCHEMES:
        yield ""
        yield f"![Losses of {scheme}]({PICTURES}/curves-{scheme.lower()}.png)"


def _conditions(run: Mapping[str, Any]) -> Iterator[str]:
    machine, seconds = run["machine"], run["seconds"]
    hours = ", ".join(f"{name} {seconds[name] / 3600:.2f} h" for name in TIMED)
    versions = ", ".join(
        f"{name} {value}" for name, value in machine.items()
        if name not in ("system", "processor", "cores")
    )  # fmt: skip
    yield "## Conditions"
    yield ""
    yield f"- time spent, without what was killed before its end: {hours}"
    yield f"- machine: {machine['system']}, {machine['processor']}, {machine['cores']} cores"
    yield f"- versions: {versions}; separator {run['separator']}"
    yield f"- seeds: {run['scale']['unseen']['seed']} of the singers, {run['seed']} of all draws"


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
