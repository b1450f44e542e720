"""The parts of one match's score as small bars."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vocal_explorer.base.records.mashups import Match
from vocal_explorer.ui.base.colours import Theme
from vocal_explorer.ui.base.texts import MATCH_TERMS

HEIGHT = 32  # px
BAR = 5  # px


class MatchTermsView(QWidget):
    """Five bars side by side; a part that is not known has none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._match: Match | None = None
        self.show_match(None)

    @property
    def match(self) -> Match | None:
        """Whose parts are shown."""
        return self._match

    def show_match(self, match: Match | None) -> None:
        """Show another match, or none."""
        self._match = match
        said = [f"{name} {self._words(part)}" for part, (name, _) in MATCH_TERMS.items()]
        self.setAccessibleName("Parts of the score")
        self.setAccessibleDescription(", ".join(said) if match else "")
        meanings = [f"{name}: {self._words(part)}. {meaning}"
                    for part, (name, meaning) in MATCH_TERMS.items()]  # fmt: skip
        self.setToolTip("\n".join(meanings) if match else "")
        self.update()

    def sizeHint(self) -> QSize:
        """Be as wide as there is room."""
        return QSize(200, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw names and bars."""
        if self._match is None:
            return
        theme = Theme.of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        width = self.width() / len(MATCH_TERMS)
        for number, (part, (name, _)) in enumerate(MATCH_TERMS.items()):
            area = QRectF(number * width, 0, width - 8, HEIGHT - BAR - 3)
            painter.setPen(theme.quiet)
            text = painter.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideRight, int(area.width())
            )
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
            bar = QRectF(area.x(), HEIGHT - BAR - 2, area.width(), BAR)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.faint)
            painter.drawRoundedRect(bar, 2, 2)
            value = getattr(self._match.parts, part)
            if value:
                painter.setBrush(theme.accent)
                bar.setWidth(bar.width() * value)
                painter.drawRoundedRect(bar, 2, 2)
        painter.end()

    def _words(self, part: str) -> str:
        value = getattr(self._match.parts, part) if self._match else None
        return "not known" if value is None else f"{100 * value:.0f} %"
