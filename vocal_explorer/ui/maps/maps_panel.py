"""The vocals map and the mix map side by side, linked: what is marked in one is in the other."""

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from vocal_explorer.base.records.signals import Domain
from vocal_explorer.ui.base.time_slices import TimeSlices
from vocal_explorer.ui.base.widgets import card, named, quiet_label, title_label
from vocal_explorer.ui.maps.map_bar import MapBar
from vocal_explorer.ui.maps.map_layout import MapLayout
from vocal_explorer.ui.maps.map_view import MapView
from vocal_explorer.ui.maps.set_bar import SetBar

TITLES = {
    Domain.VOCALS: ("Vocals map", "similar voices lie together"),
    Domain.MIX: ("Mix map", "similar recordings lie together"),
}


class MapsPanel(QWidget):
    """Both maps, the line above them, and what can be done with a set.

    `clicked` and `region_chosen` tell what MapView tells.

    Parameters
    ----------
    turns
        Where maps are drawn; big ones take a while.
    """

    clicked = Signal(str)
    region_chosen = Signal(tuple, bool)

    def __init__(self, turns: TimeSlices | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._turns = turns or TimeSlices()
        self.bar = MapBar()
        self.set_bar = SetBar()
        self.splitter = named(QSplitter(Qt.Orientation.Horizontal), "maps")
        self.views = {domain: MapView(title, self._turns) for domain, (title, _) in TITLES.items()}
        self._chosen: tuple[str, ...] = ()
        for domain, (title, subtitle) in TITLES.items():
            self.splitter.addWidget(_framed(self.views[domain], title, subtitle))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.set_bar)
        self._connect()

    def _connect(self) -> None:
        vocals, mix = self.views.values()
        for view, other in ((vocals, mix), (mix, vocals)):
            view.clicked.connect(self.clicked)
            view.hovered.connect(other.set_hovered)
            view.region_chosen.connect(self.region_chosen)
            view.moved.connect(lambda view=view, other=other: self._on_moved(view, other))
            self.bar.legend.filtered.connect(view.hide_groups)
            self.bar.tool_changed.connect(view.use_tool)
        self.bar.zoom_linked.connect(lambda _linked: self._on_moved(vocals, mix))

    @property
    def resting(self) -> bool:
        """Whether neither map moved just now."""
        return all(view.resting for view in self.views.values())

    @property
    def chosen(self) -> tuple[str, ...]:
        """The tracks that stand out."""
        return self._chosen

    def show_maps(self, layouts: Mapping[Domain, MapLayout]) -> None:
        """Show other maps as soon as there is time."""
        self._turns.run(self, self._show(layouts))

    def _show(self, layouts: Mapping[Domain, MapLayout]) -> Iterator[None]:
        for domain, layout in layouts.items():
            self.views[domain].show_layout(layout)
            yield
            self.bar.legend.show_groups(layout.colouring.groups)

    def mark(self, track_id: str | None) -> None:
        """Mark a track in both maps."""
        for view in self.views.values():
            view.mark(track_id)

    def fly_to(self, track_id: str) -> None:
        """Bring a track into view in both maps."""
        for view in self.views.values():
            view.fly_to(track_id)

    def link(self, track_ids: Sequence[str]) -> None:
        """Draw lines from the marked track to these, in both maps."""
        for view in self.views.values():
            view.link(track_ids)

    def show_set(self, track_ids: tuple[str, ...], n_tracks: int) -> None:
        """Let a set stand out in both maps; some of its tracks may have no place on them yet."""
        self._chosen = track_ids
        self.set_bar.show_set(n_tracks)
        for view in self.views.values():
            view.choose(track_ids)

    def _on_moved(self, view: MapView, other: MapView) -> None:
        if self.bar.link_button.isChecked() and other.seen != view.seen:
            other.set_seen(view.seen)


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
