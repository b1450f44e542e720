"""Which scans did not come to their end, so that the next start goes on with them."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from vocal_explorer.library.store.store import Store

SETTING = "unfinished"


def unfinished(store: Store) -> list[Path]:
    """Return the files and folders that were being scanned."""
    return [Path(name) for name in json.loads(store.settings.get(SETTING) or "[]")]


def begin_scan(store: Store, paths: Iterable[Path]) -> None:
    """Say that files and folders are being scanned from now on."""
    _remember(store, [*unfinished(store), *_absolute(paths)])


def finish_scan(store: Store, paths: Iterable[Path]) -> None:
    """Say that the scan of files and folders, and so of all that lies in them, is done."""
    done = _absolute(paths)
    left = [path for path in unfinished(store) if not any(map(path.is_relative_to, done))]
    _remember(store, left)


def forget_unfinished(store: Store) -> None:
    """Leave unfinished what is."""
    _remember(store, [])


def _absolute(paths: Iterable[Path]) -> list[Path]:
    return [Path(os.path.abspath(path)) for path in paths]


def _remember(store: Store, paths: Iterable[Path]) -> None:
    names = list(dict.fromkeys(map(str, paths)))
    if names != [str(path) for path in unfinished(store)]:
        store.settings.change({SETTING: json.dumps(names)})
