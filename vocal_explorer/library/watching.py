"""Notices what changes in the folders of a library, and when a missing drive comes back.

watchdog, not Qt's watcher: that one wants to be told of every single folder of a tree and
of every new one, and would tie the library to the window.
"""

import logging
import os
import stat
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from vocal_explorer.audio.suffixes import is_audio_name

SETTLED = 2.0  # s without a change after which changes are told: copying takes a while
LONGEST = 30.0  # s; changes that do not stop are told nevertheless
LOOK = 10.0  # s between two looks at which folders are there
HANGING = 3.0  # s; a network drive that does not answer must not keep the program from ending
MOUNTS = Path("/proc/self/mounts")  # of Linux
CHANGES = frozenset({"created", "modified", "moved", "deleted"})

_Place = tuple[int, int, tuple[str, ...]] | None
"""What tells a folder from another of the same name: device, inode, drives below."""

_log = logging.getLogger(__name__)
# It calls it an error that a folder changes in the moment in which it is watched no more.
logging.getLogger("watchdog.observers.inotify").setLevel(logging.CRITICAL)


class FolderWatcher(FileSystemEventHandler):
    """Tells of folders in which songs changed, on a thread of its own.

    Parameters
    ----------
    on_change
        Takes the folders to scan again; when one of the watched folders came or went,
        that one.
    settled, look
        Seconds without a change before it is told, and between looks for missing folders.
    """

    def __init__(
        self,
        on_change: Callable[[list[Path]], None],
        *,
        settled: float = SETTLED,
        look: float = LOOK,
    ) -> None:
        self._on_change = on_change
        self._settled = settled
        self._look = look
        self._observer: BaseObserver = Observer()
        self._watches: dict[Path, ObservedWatch | None] = {}
        self._places: dict[Path, _Place] = {}
        self._changed: set[Path] = set()
        self._first = self._last = 0.0
        self._roots: frozenset[Path] = frozenset()
        self._lock = threading.Lock()  # of what is watched; the observer is called under it
        self._changes_lock = threading.Lock()  # the observer calls back holding its own lock
        self._closing = threading.Event()
        self._observer.start()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        self._thread.start()

    def watch(self, folders: Iterable[Path]) -> None:
        """Watch these folders, and no others any more."""
        wanted = set(folders)
        with self._lock:
            for folder in self._watches.keys() - wanted:
                self._drop(folder)
                del self._watches[folder], self._places[folder]
            for folder in wanted - self._watches.keys():
                self._places[folder] = _place(folder)
                self._watches[folder] = self._schedule(folder) if self._places[folder] else None
            self._roots = frozenset(self._watches)

    def watched(self, folder: Path) -> bool:
        """Return whether changes in a folder are noticed now."""
        with self._lock:
            return self._watches.get(folder) is not None

    def close(self) -> None:
        """Stop watching; nothing is told afterwards."""
        self._closing.set()
        self._thread.join(HANGING)
        self._observer.stop()
        self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note which folder a changed song lies in; reading a file is no change."""
        if event.event_type not in CHANGES:
            return
        if event.is_directory and event.event_type == "modified":
            return
        paths = [Path(str(name)) for name in (event.src_path, event.dest_path) if name]
        songs = [p for p in paths if event.is_directory or is_audio_name(p)]
        with self._changes_lock:
            changed = {path.parent for path in songs if self._is_inside(path.parent)}
            if changed:
                self._last = time.monotonic()
                self._first = self._first if self._changed else self._last
                self._changed |= changed

    def _is_inside(self, path: Path) -> bool:
        """Return whether a path is or lies in a watched folder; what is above is not scanned."""
        return not self._roots.isdisjoint((path, *path.parents))

    def _run(self) -> None:
        looked = time.monotonic()
        while not self._closing.wait(min(self._settled, self._look) / 2):
            changed = self._take_settled()
            if time.monotonic() - looked >= self._look:
                looked = time.monotonic()
                changed += self._look_for_folders()
            if changed:
                self._on_change(list(dict.fromkeys(changed)))

    def _take_settled(self) -> list[Path]:
        now = time.monotonic()
        with self._changes_lock:
            settled = now - self._last >= self._settled or now - self._first >= LONGEST
            if not self._changed or not settled:
                return []
            changed, self._changed = self._changed, set()
        return sorted(path for path in changed if not changed.intersection(path.parents))

    def _look_for_folders(self) -> list[Path]:
        """Return the folders that came, went or are others now; watch those that are there.

        A mount point stays when its drive goes: then it is another, empty folder.
        """
        with self._lock:
            before = dict(self._places)
        now = {folder: _place(folder) for folder in before}  # a drive may take long to answer
        with self._lock:
            turned = [f for f in before if f in self._places and now[f] != self._places[f]]
            for folder in turned:
                self._places[folder] = now[folder]
                self._drop(folder)
                self._watches[folder] = self._schedule(folder) if now[folder] else None
        return turned

    def _schedule(self, folder: Path) -> ObservedWatch | None:
        try:
            return self._observer.schedule(self, str(folder), recursive=True)
        except OSError as error:  # too many folders for the system, or no permission
            _log.info("%s is not watched: %s", folder, error)
            return None

    def _drop(self, folder: Path) -> None:
        watch = self._watches[folder]
        if watch is not None:
            self._observer.unschedule(watch)


def _place(folder: Path) -> _Place:
    try:
        status = os.stat(folder)
    except (OSError, ValueError):
        return None
    if not stat.S_ISDIR(status.st_mode):
        return None
    return status.st_dev, status.st_ino, _mounts_in(folder)


def _mounts_in(folder: Path) -> tuple[str, ...]:
    """Return the drives that are mounted below a folder, where the system tells."""
    try:
        lines = MOUNTS.read_bytes().splitlines()
    except OSError:
        return ()
    places = (line.split(b" ")[:2] for line in lines)
    beginning = os.fsencode(folder).replace(b" ", b"\\040") + b"/"
    return tuple(sorted(os.fsdecode(b" ".join(p)) for p in places if p[-1].startswith(beginning)))
