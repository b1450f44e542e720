"""Independent pieces of work, shared out to processes in blocks."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

import torch

from vocal_explorer.base.progress import Progress

Task = TypeVar("Task")

BLOCK = 32  # tasks that a process is given at once


def in_blocks(
    work: Callable[[Sequence[Task]], None],
    tasks: Sequence[Task],
    n_workers: int,
    progress: Progress,
    message: str,
) -> None:
    """Call `work` on blocks of `tasks`, in any order.

    Parameters
    ----------
    work
        Keeps its results itself. With several workers it is pickled for every block.
    tasks
        What to do.
    n_workers
        How many processes do it, each on one core; this process where one is enough.
    progress
        Reported at each block; when it is cancelled, the blocks that were begun are finished.
    message
        Of the reports.
    """
    blocks = [tasks[start : start + BLOCK] for start in range(0, len(tasks), BLOCK)]
    if min(n_workers, len(blocks)) <= 1:
        for number, block in enumerate(blocks):
            progress.report(number / len(blocks), message)
            work(block)
        return
    context = multiprocessing.get_context("spawn")  # a fork would inherit torch's threads
    with ProcessPoolExecutor(n_workers, context, torch.set_num_threads, (1,)) as pool:
        running = [pool.submit(work, block) for block in blocks]
        try:
            for number, future in enumerate(as_completed(running)):
                future.result()
                progress.report((number + 1) / len(blocks), message)
        finally:
            pool.shutdown(cancel_futures=True)
