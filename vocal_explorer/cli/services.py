"""What the commands are built on. Everything heavy is imported at first use."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.separation.spleeter.official_weights import OFFICIAL, Checkpoint

if TYPE_CHECKING:
    from vocal_explorer.analysis.embedder import TrackEmbedder
    from vocal_explorer.separation.separator import Separator
    from vocal_explorer.session import Session


def _open_session(library: Path) -> "Session":
    from vocal_explorer.analysis.workers.installed import local_workers
    from vocal_explorer.session import Session

    return Session(library, make_team=local_workers)


def _load_separator(name: str) -> "Separator":
    from vocal_explorer.separation.separator import load_separator

    return load_separator(name)


def _load_embedder(folder: Path | None) -> "TrackEmbedder":
    from vocal_explorer.analysis.embedder import load_embedder

    return load_embedder(folder)


def _run_window(library: Path, folders: Sequence[Path]) -> int:
    with _window_system():
        from vocal_explorer.app import run_gui
    return run_gui(library, folders)


def _grab_window(session: "Session", picture: Path, track_id: str) -> None:
    with _window_system():
        from vocal_explorer.ui.window_picture import grab_window
    grab_window(session, picture, track_id)


@contextmanager
def _window_system() -> Iterator[None]:
    """Turn a system library that Qt misses into one sentence."""
    try:
        yield
    except ImportError as error:
        raise VocalExplorerError(
            f"The window cannot be shown ({error}); `vocal-explorer doctor` tells what to install."
        ) from error


@dataclass(frozen=True)
class Services:
    """The makers and the weights that a command uses; tests hand in their own."""

    open_session: Callable[[Path], "Session"] = _open_session
    load_separator: Callable[[str], "Separator"] = _load_separator
    load_embedder: Callable[[Path | None], "TrackEmbedder"] = _load_embedder
    run_window: Callable[[Path, Sequence[Path]], int] = _run_window
    grab_window: Callable[["Session", Path, str], None] = _grab_window
    spleeter: Checkpoint = OFFICIAL
