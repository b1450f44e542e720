"""How long a run of equal steps still takes, in words."""

import time


class TimeLeft:
    """Counts steps and says when they are done.

    Parameters
    ----------
    n_steps
        How many there are.
    """

    def __init__(self, n_steps: int) -> None:
        self._left = n_steps
        self._done = 0
        self._started = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._started

    def after(self, n_steps: int) -> str:
        """Count `n_steps` more as done and say how long the rest takes: "14 min left"."""
        self._done += n_steps
        self._left -= n_steps
        return f"{in_words(self.elapsed / self._done * self._left)} left"


def in_words(seconds: float) -> str:
    """Return a duration as "40 s", "14 min" or "2 h 5 min"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
