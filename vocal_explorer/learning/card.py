"""What lies beside the weights of a pair that was fitted to a library: its model card."""

import hashlib
import json
from collections.abc import Collection
from pathlib import Path

from vocal_explorer.analysis.installed_models import licence_in
from vocal_explorer.base.config import WEIGHTS_FILE
from vocal_explorer.base.files import write_text
from vocal_explorer.base.records.library import Learnt
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.training.runs.pairs import PairRun
from vocal_explorer.training.sampling.song_split import SongSplit

CARD, FACTS = "README.md", "learnt.json"


def write_card(run: PairRun, learnt: Learnt, split: SongSplit) -> None:
    """Write the card and the songs that were learned from into the folder of the weights.

    Raises
    ------
    VocalExplorerError
        If that is not possible.
    """
    seen = sorted(track.name for track in (*split.training, *split.validation))
    write_text(run.out / CARD, _card(run, learnt, split))
    write_text(run.out / FACTS, json.dumps({"learned_from": seen}))


def learned_from(folder: Path) -> Collection[str]:
    """Return the names of the library's songs that the pair in `folder` has learned from."""
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()  # no pair that was fitted to a library
    return frozenset(facts["learned_from"])


def _card(run: PairRun, learnt: Learnt, split: SongSplit) -> str:
    assert run.start is not None  # it was fitted, not made
    digest = hashlib.sha256((run.out / WEIGHTS_FILE).read_bytes()).hexdigest()
    command = f"vocal-explorer train {run.scheme} --preset {run.preset} --seed {run.seed}"
    rows = "\n".join(
        f"| {_bracketed(space)} | {learnt.before[space]} | {learnt.after[space]} |"
        for space in learnt.before
    )
    return f"""# Encoders that were fitted to a library

- Licence: {licence_in(run.start)}
- sha256 of {WEIGHTS_FILE}: {digest}
- Data: {len(split.training)} songs; {len(split.validation)} others decided when to stop
- Command: `{command}`
- Began with: {run.start.name}

Held-out songs, of {learnt.n_queries}, whose nearest of {learnt.n_singers} singers is the right one:

| space | before | after |
|---|---|---|
{rows}
"""


def _bracketed(space: Space) -> str:
    return f"[{space}]" if space in (Space.JOINT, Space.SUM) else space
