"""Which singers and tracks are most alike, in the space that the user chose."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from vocal_explorer.records import RankedSinger, RankedTrack, Space, Track
from vocal_explorer.ui.colours import UNKNOWN
from vocal_explorer.ui.parts import segment_button, title_label
from vocal_explorer.ui.ranking_list import RankingList, RankingRow
from vocal_explorer.ui.words import SPACE_WORDS, counted

HINT = "Select a track to see who sounds alike."


class SpaceSelector(QWidget):
    """Three buttons, one of them on."""

    changed = Signal(Space)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Compare by")
        self._group = QButtonGroup(self)
        self._spaces = list(SPACE_WORDS)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for i, (word, sentence) in enumerate(SPACE_WORDS.values()):
            button = segment_button(word)
            button.setToolTip(sentence)
            button.setAccessibleName(f"Compare by: {word}")
            button.setAccessibleDescription(sentence)
            self._group.addButton(button, i)
            layout.addWidget(button)
        self._group.button(self._spaces.index(Space.JOINT)).setChecked(True)
        self._group.idClicked.connect(lambda i: self.changed.emit(self._spaces[i]))

    @property
    def space(self) -> Space:
        """The chosen space."""
        return self._spaces[self._group.checkedId()]

    def choose(self, space: Space) -> None:
        """Press the button of a space."""
        self._group.button(self._spaces.index(space)).click()


class SingerPanel(QWidget):
    """Two rankings of what is most similar to the selected track."""

    space_changed = Signal(Space)
    singer_chosen = Signal(str)
    track_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.selector = SpaceSelector()
        self.selector.changed.connect(self.space_changed)
        self.singers = RankingList("Singers most alike")
        self.tracks = RankingList("Tracks most alike")
        self.singers.setToolTip("Double click: show this singer's tracks")
        self.singers.chosen.connect(self.singer_chosen)
        self.tracks.chosen.connect(self.track_chosen)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.singers, "Singers")
        self.tabs.addTab(self.tracks, "Tracks")
        self.tabs.setAccessibleName("Most alike")
        header = QHBoxLayout()
        header.addWidget(title_label("Most alike"), 1)
        header.addWidget(self.selector)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(header)
        layout.addWidget(self.tabs, 1)
        self.show_message(HINT)

    def show_message(self, sentence: str) -> None:
        """Show a sentence instead of the rankings."""
        self.singers.set_rows((), sentence)
        self.tracks.set_rows((), sentence)

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
        )
        for ranked in tracks
    ]


def _and_versions(ranked: RankedTrack) -> str:
    n_versions = len(ranked.versions)
    return f", and {counted(n_versions, 'version')}" if n_versions else ""


def _version_line(track: Track) -> str:
    return f"Also: {track.title}, {track.album}" if track.album else f"Also: {track.title}"
