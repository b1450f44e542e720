"""Timers.

PySide6 looks for the setter of a keyword with C's toupper, and under a Turkish locale the
capital of "i" is no "I": `QTimer(interval=...)` raises AttributeError there. So properties
that begin with i are set by their setters.
"""

from PySide6.QtCore import QObject, QTimer


def ticker(parent: QObject | None, milliseconds: int) -> QTimer:
    """Return a timer that fires again and again, from its start on."""
    timer = QTimer(parent)
    timer.setInterval(milliseconds)
    return timer


def delay(parent: QObject | None, milliseconds: int) -> QTimer:
    """Return a timer that fires once, so long after its last start."""
    timer = ticker(parent, milliseconds)
    timer.setSingleShot(True)
    return timer
