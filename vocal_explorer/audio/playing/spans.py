"""Which samples of a recording are there, while it is still being made."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Spans:
    """Stretches of samples that are there, each from its first to behind its last one.

    They are in order and do not touch each other.
    """

    spans: tuple[tuple[int, int], ...] = ()

    def joined(self, first: int, last: int) -> "Spans":
        """Return the same with samples `first` to `last`, without the latter, as well."""
        if first >= last:
            return self
        before = tuple(span for span in self.spans if span[1] < first)
        behind = tuple(span for span in self.spans if span[0] > last)
        touching = [span for span in self.spans if span[1] >= first and span[0] <= last]
        first = min([first, *(span[0] for span in touching)])
        last = max([last, *(span[1] for span in touching)])
        return Spans((*before, (first, last), *behind))

    def end_from(self, sample: int) -> int:
        """Return up to where everything is there from a sample on; the sample if it is not."""
        return next((last for first, last in self.spans if first <= sample < last), sample)

    def missing(self, sample: int, n_samples: int) -> int | None:
        """Return the sample that is needed next, of `n_samples`, or None if all are there.

        That is the first missing one from `sample` on, else the first of all.
        """
        for start in (sample, 0):
            end = self.end_from(start)
            if end < n_samples:
                return end
        return None
