"""The window starts wherever its user lives."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import vocal_explorer

PROGRAM = """
import locale
from vocal_explorer.ui.window_trial import build_window
build_window()
print(locale.setlocale(locale.LC_CTYPE))
"""
LOCALES = ("tr_TR", "de_DE", "ja_JP", "ar_EG")


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the locales, which the system may lack."""
    localedef = shutil.which("localedef")
    if localedef is None or not Path("/usr/share/i18n/locales/tr_TR").exists():
        pytest.skip("the system cannot make locales")
    folder = tmp_path_factory.mktemp("locales")
    for name in LOCALES:
        made = [localedef, "-i", name, "-f", "UTF-8", str(folder / f"{name}.UTF-8")]
        subprocess.run(made, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("name", LOCALES)
def test_the_window_is_built(name: str, locales: Path) -> None:
    root = Path(vocal_explorer.__file__).parents[1]
    places = {"LOCPATH": str(locales), "LC_ALL": f"{name}.UTF-8", "PYTHONPATH": str(root)}
    tried = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | places,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert tried.returncode == 0, tried.stderr
    assert tried.stdout.split() == [f"{name}.UTF-8"]  # it was really tried in it


def test_no_property_that_begins_with_i_is_a_keyword() -> None:
    """A window that is open may get the locale of its user later, with the first dead key."""
    package = Path(vocal_explorer.__file__).parent
    for path in (*package.glob("ui/**/*.py"), package / "app.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("Q"):
                names = [keyword.arg or "" for keyword in node.keywords]
                assert not any(name.startswith("i") for name in names), f"{path}:{node.lineno}"
