"""What workers analyse with: plain data, from which each makes its own networks at first need."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psutil

from vocal_explorer.analysis.pipeline import Embedder
from vocal_explorer.analysis.workers.local import LocalWorkers, n_processors
from vocal_explorer.separation.separator import Separator
from vocal_explorer.separation.stem_cache import StemCache

WORKER_BYTES = 2_000_000_000  # of memory, at the most; 1.4 to 1.6 GB were measured
REFERENCE = "spleeter-reference"  # one takes more than all others together
SPARED_BYTES = 1_000_000_000  # for the window and everything else


@dataclass(frozen=True)
class InstalledTools:
    """Tools that are made of what is installed; see analysis.jobs.Tools.

    Attributes
    ----------
    separator_name
        As `load_separator` takes it, not "auto".
    encoders
        Folder of the encoder pair.
    stems
        Folder of the stem cache.
    stems_limit
        How many bytes it may keep.
    """

    separator_name: str
    encoders: Path
    stems: Path
    stems_limit: int

    @cached_property
    def separator(self) -> Separator:
        """Isolates the vocals."""
        from vocal_explorer.separation.separator import load_separator

        return load_separator(self.separator_name)

    @cached_property
    def embedder(self) -> Embedder:
        """Gives the embeddings."""
        from vocal_explorer.analysis.embedder import load_embedder

        return load_embedder(self.encoders)

    @cached_property
    def cache(self) -> StemCache:
        """Keeps the stems."""
        return StemCache(self.stems, self.stems_limit)


def local_workers(tools: InstalledTools, n_workers: int | None = None) -> LocalWorkers:
    """Return workers on this machine: as many as wanted, or as processors and memory allow."""
    most = 1 if tools.separator_name == REFERENCE else default_workers()
    return LocalWorkers(tools, n_workers or most)


def default_workers() -> int:
    """Return how many workers this machine has room for now."""
    room = psutil.virtual_memory().available - SPARED_BYTES
    return max(1, min(n_processors(), int(room // WORKER_BYTES)))
