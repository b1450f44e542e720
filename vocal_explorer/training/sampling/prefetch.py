"""Draw the next batch while the network learns from this one."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Batch = TypeVar("Batch")


def prefetch(
    draw: Callable[[int], Batch], steps: Iterable[int], ahead: int = 2
) -> Iterator[tuple[int, Batch]]:
    """Yield (step, draw(step)) in order; up to `ahead` draws run in another thread."""
    with ThreadPoolExecutor(1) as pool:
        waiting: list[tuple[int, Future[Batch]]] = []
        for step in steps:
            waiting.append((step, pool.submit(draw, step)))
            if len(waiting) > ahead:
                first, future = waiting.pop(0)
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


def timed(batches: Iterator[tuple[int, Batch]]) -> Iterator[tuple[int, Batch, float]]:
    """Yield each (step, batch) with the seconds that were spent waiting for it."""
    begun = time.monotonic()
    for step, batch in batches:
        yield step, batch, time.monotonic() - begun
        begun = time.monotonic()
