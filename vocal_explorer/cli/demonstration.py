"""The command that shows the whole job on synthetic singers."""

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocal_explorer.base.records.ranking import Space
from vocal_explorer.cli.options import ExitCode, common_options, services
from vocal_explorer.cli.output import (
    Document,
    message,
    ranked_singer_document,
    ranked_track_document,
    scan_line,
    show,
    track_document,
)
from vocal_explorer.cli.running import stoppable
from vocal_explorer.cli.window import has_display

if TYPE_CHECKING:
    from vocal_explorer.demo import DemoResult


@click.command()
@click.option(
    "--out",
    default="demo-results",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder for the songs, their library and the results.",
)
@click.option("--no-window", is_flag=True, help="Write a picture of the window instead.")
@common_options
@click.pass_context
def demo(context: click.Context, out: Path, no_window: bool) -> int:
    """Render a small library of synthetic singers and run the whole job on it."""
    from vocal_explorer.demo import run_demo

    makers = services(context)
    with stoppable("Demo") as progress:
        result = run_demo(out, progress, makers.open_session)
    document = _document(result)
    (out / "ranking.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    show(context, document, _lines(result))
    if no_window or not has_display():
        with closing(makers.open_session(result.library)) as session:
            makers.grab_window(session, out / "window.png", result.query.track_id)
        message(f"The results are in {out.resolve()}.")
        return ExitCode.DONE
    return makers.run_window(result.library, [result.songs])


def _document(result: "DemoResult") -> Document:
    return {
        "track": track_document(result.query),
        "space": Space.JOINT.value,
        "singers": [ranked_singer_document(ranked) for ranked in result.singers],
        "tracks": [ranked_track_document(ranked) for ranked in result.tracks],
        "matches": [ranked_track_document(ranked) for ranked in result.matches],
        "match": str(result.match) if result.match else None,
        "nearest_singer_is_true": [asdict(count) for count in result.nearest],
        "chance": round(result.chance, 4),
    }


def _lines(result: "DemoResult") -> list[str]:
    query = result.query
    singers = ", ".join(f"{ranked.singer} ({ranked.similarity:.2f})" for ranked in result.singers)
    counts = ", ".join(f"[{n.space}] {n.correct} of {n.of}" for n in result.nearest)
    return [
        scan_line(result.summary),
        f"Singers by similarity to {query.singer} - {query.title}: {singers}.",
        f"The nearest singer is the true one: {counts} songs (chance {result.chance:.0%}).",
    ]
