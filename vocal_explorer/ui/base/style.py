"""The look of the whole application; its colours come from the system's palette."""

from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QApplication

from vocal_explorer.base.paths import APP_NAME, resources_folder
from vocal_explorer.ui.base.colours import Theme, blend


def application_object() -> QApplication:
    """Return the process's one QApplication, made at the first call."""
    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) else QApplication([APP_NAME])


def apply_style(application: QApplication) -> None:
    """Give the application its style, icon and names."""
    application.setApplicationName(APP_NAME)
    application.setApplicationDisplayName("Vocal Explorer")
    application.setDesktopFileName(APP_NAME)
    application.setStyle("Fusion")
    application.setWindowIcon(QIcon(str(resources_folder() / f"{APP_NAME}.svg")))
    follow_palette(application)


def follow_palette(application: QApplication) -> None:
    """Fit the style sheet to the palette; does nothing when it fits already."""
    sheet = _style_sheet(application.palette())
    if sheet != application.styleSheet():
        application.setStyleSheet(sheet)


def _style_sheet(palette: QPalette) -> str:
    theme = Theme.of(palette)
    colours = {"@quiet": theme.quiet, "@hover": blend(theme.accent, theme.text, 0.88)}
    sheet = (resources_folder() / "style.qss").read_text(encoding="utf-8")
    for name, colour in colours.items():
        sheet = sheet.replace(name, colour.name())
    return sheet
