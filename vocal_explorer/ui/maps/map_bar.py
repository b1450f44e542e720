"""The lines above the maps: what colours mean, what the mouse does, and linked zoom."""

from PySide6.QtCore import QByteArray, QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.ui.base.widgets import quiet_label, segment_button
from vocal_explorer.ui.maps.attributes import ATTRIBUTES, Attribute
from vocal_explorer.ui.maps.legend import Legend
from vocal_explorer.ui.maps.map_box import Tool

TOOL_TIPS = {
    Tool.MOVE: "Drag to move the map, turn the wheel to zoom; with Shift, drag chooses tracks",
    Tool.RECTANGLE: "Drag a rectangle around tracks to choose them; with Shift, they are added",
    Tool.LASSO: "Drag a line around tracks to choose them; with Shift, they are added",
}


class MapBar(QWidget):
    """Attribute, legend and tools of both maps."""

    attribute_changed = Signal()
    tool_changed = Signal(Tool)
    zoom_linked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mapBar")
        self.attributes = QComboBox()
        self.attributes.addItems([attribute.title for attribute in ATTRIBUTES])
        self.attributes.setAccessibleName("Colour the maps by")
        self.attributes.setToolTip("What the colours and shapes on the maps mean")
        self.attributes.currentIndexChanged.connect(self._on_attribute)
        self.legend = Legend()
        self.link_button = segment_button("Link zoom")
        self.link_button.setToolTip("Move and zoom both maps together")
        self.link_button.toggled.connect(self.zoom_linked)
        self._tools = QButtonGroup(self)
        self._lay_out()
        self._tools.idClicked.connect(lambda i: self.tool_changed.emit(list(Tool)[i]))

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(quiet_label("Colour by"))
        line.addWidget(self.attributes)
        line.addStretch()
        for number, tool in enumerate(Tool):
            button = segment_button(tool.value)
            button.setToolTip(TOOL_TIPS[tool])
            button.setAccessibleName(f"Mouse in the maps: {tool.value}")
            button.setChecked(tool is Tool.MOVE)
            self._tools.addButton(button, number)
            line.addWidget(button)
        line.addSpacing(6)
        line.addWidget(self.link_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(2)
        line.setSpacing(3)
        layout.addLayout(line)
        layout.addWidget(self.legend)

    @property
    def attribute(self) -> Attribute:
        """What the maps are coloured by."""
        return ATTRIBUTES[self.attributes.currentIndex()]

    def tool_button(self, tool: Tool) -> QAbstractButton:
        """Return the button of a tool."""
        return self._tools.button(list(Tool).index(tool))

    def saveState(self) -> QByteArray:
        """Return the attribute, as a splitter returns its state."""
        return QByteArray(self.attribute.title.encode())

    def restoreState(self, state: QByteArray) -> bool:
        """Choose an attribute that was chosen once; say whether there is such a one."""
        titles = [attribute.title.encode() for attribute in ATTRIBUTES]
        title = bytes(state.data())
        if title in titles:
            with QSignalBlocker(self.attributes):
                self.attributes.setCurrentIndex(titles.index(title))
        return title in titles

    def _on_attribute(self) -> None:
        self.legend.show_all_groups()
        self.attribute_changed.emit()
