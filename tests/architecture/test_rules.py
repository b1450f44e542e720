import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("vocal_explorer/**/*.py"), *ROOT.glob("tests/**/*.py")])
LONGEST_FILE = 400  # lines
LONGEST_FUNCTION = 50  # lines
MOST_FILES = 20  # in a folder
HEAVY = ("torch", "librosa", "sklearn", "scipy", "matplotlib", "soundfile", "sounddevice", "av")


def run_python(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_the_layers_are_kept() -> None:
    run_python("import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())")


def test_no_file_is_two_files() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert lengths
    assert [path for path, length in lengths.items() if length > LONGEST_FILE] == []


def test_no_folder_is_two_folders() -> None:
    files = Counter(path.parent for path in SOURCES if path.name != "__init__.py")
    assert files
    assert [folder for folder, n_files in files.items() if n_files > MOST_FILES] == []


def test_no_function_is_two_functions() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_the_window_needs_nothing_heavy() -> None:
    heavy = (*HEAVY, "vocal_explorer.session")
    program = (
        "import sys, vocal_explorer.app, vocal_explorer.ui.main_window;"
        "import vocal_explorer.ui.window_picture;"
        f"print(*set({heavy}) & set(sys.modules))"
    )
    assert run_python(program).strip() == ""


def test_the_command_line_needs_nothing_heavy_to_start() -> None:
    heavy = (*HEAVY, "PySide6")
    program = f"import sys, vocal_explorer.cli; print(*set({heavy}) & set(sys.modules))"
    assert run_python(program).strip() == ""


def test_the_program_says_nothing_of_the_machine_it_was_written_on() -> None:
    texts = [path for path in SOURCES if path != Path(__file__)]
    texts += [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "Makefile", ".ci/run")]
    homes = ("/work" + "/", "/tmp" + "/", "/root" + "/")
    assert [path for path in texts if any(home in path.read_text("utf-8") for home in homes)] == []
