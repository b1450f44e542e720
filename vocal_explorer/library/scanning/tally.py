"""What a scan has done so far."""

from dataclasses import dataclass, field
from pathlib import Path

from vocal_explorer.base.records.library import ScanSummary
from vocal_explorer.base.records.tracks import Failure


@dataclass
class Tally:
    """Counts, and which files were good and which failed."""

    n_analysed: int = 0
    n_unchanged: int = 0
    n_completed: int = 0
    audio_seconds: float = 0.0
    failed: dict[Path, Failure] = field(default_factory=dict)
    good: set[Path] = field(default_factory=set)

    def add_analysed(self, seconds: float, *, completed: bool) -> None:
        """Count a track that was analysed, or of which something was missing."""
        self.audio_seconds += seconds
        if completed:
            self.n_completed += 1
        else:
            self.n_analysed += 1

    def add_good(self, path: Path) -> None:
        """Note a file that is a track; what failed before is forgotten."""
        self.failed.pop(path, None)
        self.good.add(path)

    def summary(self, seconds: float) -> ScanSummary:
        """Return what the scan did in `seconds`."""
        return ScanSummary(
            analysed=self.n_analysed,
            unchanged=self.n_unchanged,
            completed=self.n_completed,
            failed=tuple(self.failed.values()),
            seconds=seconds,
            audio_seconds=self.audio_seconds,
        )
