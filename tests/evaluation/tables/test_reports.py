from pathlib import Path

import pytest

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.evaluation.tables.reports import save_text


def test_a_text_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "results.md"
    save_text(path, "old\n")
    save_text(path, "Zoë\n")
    assert path.read_text(encoding="utf-8") == "Zoë\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_where_a_folder_is_needed_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(VocalExplorerError, match=r"results\.md cannot be written: Not a directory"):
        save_text(tmp_path / "taken" / "deep" / "results.md", "text")
    with pytest.raises(VocalExplorerError, match=r"results\.md cannot be written: File exists"):
        save_text(tmp_path / "taken" / "results.md", "text")
