from PySide6.QtCore import Qt

from vocal_explorer.ui.base.choosers import FILTERS
from vocal_explorer.ui.base.row_list import RowList
from vocal_explorer.ui.base.widgets import quiet_label, tool_tip


def test_tips_show_tags_of_files_as_they_are(qtbot) -> None:
    title = "<h1>Big</h1> & <img src='file:///x.png'>\nAnn"
    tip = tool_tip(title)
    assert tip.startswith("<qt>")
    assert "<h1>" not in tip
    assert "<img" not in tip
    assert tool_tip("Ann & Bob\nSong") == "Ann & Bob\nSong"
    rows = RowList("Rows", ["Title"])
    qtbot.addWidget(rows)
    rows.show_rows([(1, [title])])
    assert "<img" not in rows.topLevelItem(0).toolTip(0)


def test_labels_show_texts_as_they_are(qtbot) -> None:
    label = quiet_label("<b>Bold</b>")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_files_are_chosen_by_the_suffixes_that_a_scan_looks_for() -> None:
    for suffix in ("*.mp3", "*.aifc", "*.wv", "*.ape", "*.tta", "*.m3u8"):
        assert suffix in FILTERS[0]
