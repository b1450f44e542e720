"""What a user does with mouse and keyboard, more than once in the tests."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.maps.map_view import MapView

CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
LONG = 20_000  # ms


def search(window: MainWindow, qtbot: QtBot, text: str, n_rows: int) -> None:
    table = window.page.table
    window.activateWindow()  # the offscreen platform does not, after a dialog
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F, CONTROL)
    qtbot.waitUntil(table.search.hasFocus)
    qtbot.keyClicks(table.search, text)
    qtbot.waitUntil(lambda: table.model.rowCount() == n_rows, timeout=LONG)


def drag(
    qtbot: QtBot, view: MapView, way: list[QPoint], modifier: Qt.KeyboardModifier = NONE
) -> None:
    port = view.viewport()
    QTest.mousePress(port, LEFT, modifier, way[0])
    for place in way[1:]:
        where = QPointF(place), QPointF(port.mapToGlobal(place))
        move = QMouseEvent(QEvent.Type.MouseMove, *where, NO_BUTTON, LEFT, modifier)
        QApplication.sendEvent(port, move)
        qtbot.wait(15)  # pyqtgraph looks at the mouse a hundred times a second
    QTest.mouseRelease(port, LEFT, modifier, way[-1])
