"""What a scan and its workers say to each other."""

import logging
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from vocal_explorer.analysis.team import AnyJob


class Order(Enum):
    """What a worker is told besides jobs."""

    PAUSE = auto()
    RESUME = auto()
    CANCEL = auto()
    STOP = auto()


@dataclass(frozen=True)
class Ready:
    """A worker has started."""


@dataclass(frozen=True)
class Step:
    """How far the job in hand is, 0 to 1."""

    fraction: float


@dataclass(frozen=True)
class Done:
    """What came of the job in hand: a result, or a Failure."""

    result: Any


@dataclass(frozen=True)
class Broken:
    """What no job can be done with, and is no fault of the file in hand."""

    error: Exception


@dataclass(frozen=True)
class Logged:
    """Something for the log."""

    record: logging.LogRecord


ToWorker = Order | AnyJob
FromWorker = Ready | Step | Done | Broken | Logged
