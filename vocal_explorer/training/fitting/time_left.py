"""How long a run of equal steps still takes, in words."""

import time


class TimeLeft:
    """Counts steps and says when they are done."""

    def __init__(self) -> None:
        self._done = 0
        self._started = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._started

    def after_step(self, n_left: int) -> str:
        """Count a step as done and say how long `n_left` others take: "14 min left"."""
        self._done += 1
        return f"{in_words(self.elapsed / self._done * n_left)} left"


def in_words(seconds: float) -> str:
    """Return a duration as "40 s", "14 min" or "2 h 5 min"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
