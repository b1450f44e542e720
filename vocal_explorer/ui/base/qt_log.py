"""What Qt itself has to say goes to the log, like everything else."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

MEANINGLESS = "This plugin does not support"  # what Qt's offscreen platform says of every window

_log = logging.getLogger(__name__)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
}


def _to_log(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if not message.startswith(MEANINGLESS):
        _log.log(_LEVELS.get(kind, logging.ERROR), "%s", message)


@contextmanager
def qt_messages_logged() -> Iterator[None]:
    """Send Qt's messages to the log inside the with block."""
    before = qInstallMessageHandler(_to_log)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
