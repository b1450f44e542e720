"""The blocks of a recording that were made last."""

from collections import OrderedDict
from collections.abc import Callable

from vocal_explorer.base.records.signals import Waveform

N_KEPT = 6


class RecentBlocks:
    """Makes blocks at first need, and keeps a few; used by one thread."""

    def __init__(self, make: Callable[[int], Waveform]) -> None:
        self._make = make
        self._blocks: OrderedDict[int, Waveform] = OrderedDict()

    def get(self, number: int) -> Waveform:
        """Return a block."""
        if number not in self._blocks:
            self._blocks[number] = self._make(number)
        self._blocks.move_to_end(number)
        while len(self._blocks) > N_KEPT:
            self._blocks.popitem(last=False)
        return self._blocks[number]
