"""Which scans did not come to their end, so that the next start goes on with them."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from vocal_explorer.index.store import Store

SETTING = "unfinished"


def unfinished(store: Store) -> list[Path]:
    """Return the files and folders that were being scanned."""
    return [Path(name) for name in json.loads(store.setting(SETTING) or "[]")]


def remember_unfinished(store: Store, paths: Iterable[Path]) -> None:
    """Say what is being scanned from now on."""
    names = list(dict.fromkeys(os.path.abspath(path) for path in paths))
    if names != [str(path) for path in unfinished(store)]:
        store.change_settings({SETTING: json.dumps(names)})
