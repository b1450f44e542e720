"""Colours: from the system's palette, and marks of groups that colour-blind people can tell."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

# Okabe and Ito's palette, the blue and the vermillion lightened or darkened for the background
_ON_LIGHT = ("#0072b2", "#d55e00", "#009e73", "#b0548c", "#b98500", "#3d9bd4", "#5b5b5b")
_ON_DARK = ("#4aa3df", "#f0813a", "#2fc495", "#dd93bf", "#f0b429", "#8fd0f5", "#bdbdbd")
# viridis, as far as it stands out from the background; also in grey, its order is seen
_SCALE_ON_LIGHT = ("#440154", "#482677", "#404788", "#33638d", "#287d8e", "#1f968b", "#29a072")
_SCALE_ON_DARK = ("#2d8f9e", "#25a08a", "#35b779", "#6ccd5a", "#a5db36", "#d2e21b", "#fde725")
N_COLOURS = len(_ON_LIGHT)
N_SHADES = len(_SCALE_ON_LIGHT)
SYMBOLS = ("o", "s", "t1", "d", "t", "star")
UNKNOWN = "Unknown singer"


@dataclass(frozen=True)
class Mark:
    """How the tracks of a group look on a map; `colour` is an index into the theme's colours."""

    colour: int
    symbol: str


def is_dark(palette: QPalette) -> bool:
    """Whether texts are lighter than what they stand on."""
    return palette.windowText().color().lightness() > palette.window().color().lightness()


def blend(front: QColor, back: QColor, share: float) -> QColor:
    """Return a mixture with `share` of the front colour."""
    return QColor.fromRgbF(
        front.redF() * share + back.redF() * (1 - share),
        front.greenF() * share + back.greenF() * (1 - share),
        front.blueF() * share + back.blueF() * (1 - share),
    )


@dataclass(frozen=True)
class Theme:
    """The colours that the window's own drawings take, light or dark."""

    dark: bool
    base: QColor
    text: QColor
    accent: QColor

    @classmethod
    def of(cls, palette: QPalette) -> "Theme":
        """Return the theme that fits a palette."""
        base, text = palette.base().color(), palette.text().color()
        return cls(is_dark(palette), base, text, palette.highlight().color())

    @property
    def quiet(self) -> QColor:
        """Colour of what is less important, still readable."""
        return blend(self.text, self.base, 0.66)

    @property
    def faint(self) -> QColor:
        """Colour of lines and the empty part of bars."""
        return blend(self.text, self.base, 0.12)

    @property
    def error(self) -> QColor:
        """Colour of failures."""
        return QColor("#ff8a7a" if self.dark else "#b3261e")

    @property
    def good(self) -> QColor:
        """Colour of what is done."""
        return QColor("#4fc3a1" if self.dark else "#00795a")

    def readable(self, colour: QColor) -> QColor:
        """Return the colour, closer to that of the text, for small letters."""
        return blend(colour, self.text, 0.72)

    def mark_colours(self) -> list[QColor]:
        """Return the colours that Mark.colour counts."""
        names = _ON_DARK + _SCALE_ON_DARK if self.dark else _ON_LIGHT + _SCALE_ON_LIGHT
        return [QColor(name) for name in names]


OTHERS = Mark(N_COLOURS - 1, "+")
NONE = Mark(N_COLOURS - 1, "x")


def category_mark(number: int) -> Mark:
    """Return the mark of a category; the first 42 are different.

    Seven colours and six symbols run at once, so neighbours in the list differ in both.
    """
    return Mark(number % N_COLOURS, SYMBOLS[number % len(SYMBOLS)])


def shade_mark(share: float) -> Mark:
    """Return the mark of a number; `share` is where it lies between least and most, [0, 1]."""
    return Mark(N_COLOURS + round(share * (N_SHADES - 1)), SYMBOLS[0])
