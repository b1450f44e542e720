"""How fast a scan is, in seconds of music a second, and so how long it takes still."""

import time
from collections.abc import Callable

HALF_LIFE = 300.0  # s of work after which what was measured counts half: machines get busy
SHORTEST_MEASURE = 3.0  # s; a pace from less than this would be a wild guess


class Pace:
    """Measures the analysis of one track after the other.

    Tracks differ in length and some need no analysis at all, so neither their number nor
    the time since the beginning tells how long the rest takes.

    Parameters
    ----------
    clock
        Seconds spent working; it stands still while the scan is paused.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._music = 0.0
        self._work = 0.0
        self._skipped = 0.0
        self._began = 0.0

    def begin(self) -> None:
        """The first track after a pause in work is begun."""
        self._began = self._clock()

    def finish(self, music: float) -> None:
        """A track is analysed; `music` is its length in seconds. Others may be in work."""
        now = self._clock()
        work, self._began = now - self._began, now
        kept = 0.5 ** (work / HALF_LIFE)
        self._music = self._music * kept + music
        self._work = self._work * kept + work
        self._skipped *= kept

    def skip(self, music: float) -> None:
        """A track needed no analysis: it moved, is a copy, or is broken."""
        self._skipped += music

    def left(self, rest: float, done: float) -> float | None:
        """Return the seconds that remain, None while too little was measured.

        Parameters
        ----------
        rest
            Seconds of music that are not analysed, those of the tracks in work included.
        done
            Seconds of music of the tracks in work that are analysed.
        """
        music, work = self._music + done, self._work + self._clock() - self._began
        if music <= 0.0 or work < SHORTEST_MEASURE:
            return None
        needed = music / (music + self._skipped)  # of what remains, if it is like what was
        return max(rest - done, 0.0) * needed * work / music
