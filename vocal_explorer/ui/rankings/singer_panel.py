"""Which singers and tracks are most alike, in the blend of mix and vocals that the user chose."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from vocal_explorer.base.records.ranking import Blend, Hubness, RankedSinger, RankedTrack
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.colours import UNKNOWN
from vocal_explorer.ui.base.texts import counted, hub_sentence
from vocal_explorer.ui.base.widgets import quiet_label, title_label
from vocal_explorer.ui.rankings.blend_selector import BlendSelector
from vocal_explorer.ui.rankings.ranking_list import RankingList, RankingRow

TITLE = "Most alike"
HINT = "Select a track to see who sounds alike."


class SingerPanel(QWidget):
    """Two rankings of what is most similar to the selected track."""

    blend_changed = Signal(Blend)
    singer_chosen = Signal(str)
    track_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.selector = BlendSelector()
        self.selector.changed.connect(self.blend_changed)
        self.hub_words = quiet_label()
        self.hub_words.setWordWrap(True)
        self.hub_words.hide()
        self.singers = RankingList("Singers most alike")
        self.tracks = RankingList("Tracks most alike")
        self.singers.setToolTip("Double click: show this singer's tracks")
        self.singers.chosen.connect(self.singer_chosen)
        self.tracks.chosen.connect(self.track_chosen)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.singers, "Singers")
        self.tabs.addTab(self.tracks, "Tracks")
        self.tabs.setAccessibleName(TITLE)
        self.title = title_label(TITLE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        layout.addWidget(self.selector)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.hub_words)
        self.show_message(HINT)

    def show_message(self, sentence: str) -> None:
        """Show a sentence instead of the rankings."""
        self.singers.set_rows((), sentence)
        self.tracks.set_rows((), sentence)

    def show_title(self, title: str) -> None:
        """Say what is ranked."""
        self.title.setText(title)

    def show_hub_effect(self, effect: tuple[Hubness, Hubness] | None) -> None:
        """Say what the correction of hubs does; None says nothing."""
        self.hub_words.setText(hub_sentence(*effect) if effect else "")
        self.hub_words.setVisible(effect is not None)

    def show_rankings(self, singers: Sequence[RankedSinger], tracks: Sequence[RankedTrack]) -> None:
        """Show both rankings."""
        self.singers.set_rows(
            [
                RankingRow(
                    s.singer,
                    s.rank,
                    s.singer or UNKNOWN,
                    counted(s.n_tracks, "track"),
                    s.similarity,
                )
                for s in singers
            ],
            "There is no other singer to compare with yet.",
        )
        self.tracks.set_rows(ranked_rows(tracks), "There is no other track to compare with yet.")


def ranked_rows(tracks: Sequence[RankedTrack]) -> list[RankingRow]:
    """Return the rows of a ranking of tracks."""
    return [
        RankingRow(
            ranked.track.track_id,
            ranked.rank,
            ranked.track.title,
            (ranked.track.singer or UNKNOWN) + _and_versions(ranked),
            ranked.similarity,
            "\n".join(_version_line(track) for track in ranked.versions),
            versions=version_rows(ranked.versions),
        )
        for ranked in tracks
    ]


def version_rows(versions: Sequence[Track]) -> tuple[RankingRow, ...]:
    """Return the rows that open below a song."""
    return tuple(
        RankingRow(track.track_id, 0, track.title, track.album or track.singer, None)
        for track in versions
    )


def _and_versions(ranked: RankedTrack) -> str:
    n_versions = len(ranked.versions)
    return f", and {counted(n_versions, 'version')}" if n_versions else ""


def _version_line(track: Track) -> str:
    return f"Also: {track.title}, {track.album}" if track.album else f"Also: {track.title}"
