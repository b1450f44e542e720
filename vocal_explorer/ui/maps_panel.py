"""The vocals map and the mix map side by side, linked: what is marked in one is in the other."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from vocal_explorer.records import Domain
from vocal_explorer.ui.map_layout import MapLayout
from vocal_explorer.ui.map_view import MapView
from vocal_explorer.ui.parts import card, quiet_label, title_label

TITLES = {
    Domain.VOCALS: ("Vocals map", "similar voices lie together"),
    Domain.MIX: ("Mix map", "similar recordings lie together"),
}


class MapsPanel(QSplitter):
    """Both maps."""

    clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.views = {domain: MapView(title) for domain, (title, _) in TITLES.items()}
        for domain, (title, subtitle) in TITLES.items():
            self.addWidget(_framed(self.views[domain], title, subtitle))
            self.views[domain].clicked.connect(self.clicked)
        vocals, mix = self.views.values()
        vocals.hovered.connect(mix.set_hovered)
        mix.hovered.connect(vocals.set_hovered)

    def show_maps(self, layouts: Mapping[Domain, MapLayout]) -> None:
        """Show other maps, each in its own turn of the event loop: big ones take a while."""
        for domain, layout in layouts.items():
            view = self.views[domain]
            QTimer.singleShot(0, view, lambda view=view, layout=layout: view.show_layout(layout))

    def mark(self, track_id: str | None) -> None:
        """Mark a track in both maps."""
        for view in self.views.values():
            view.mark(track_id)


def _framed(view: MapView, title: str, subtitle: str) -> QFrame:
    header = QHBoxLayout()
    header.addWidget(title_label(title))
    header.addWidget(quiet_label(subtitle), 1)
    content = QWidget()
    layout = QVBoxLayout(content)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addLayout(header)
    layout.addWidget(view, 1)
    return card(content)
