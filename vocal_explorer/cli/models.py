"""Commands on weights: list, verify, use, fetch and add them."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocal_explorer.base.paths import DATABASE_FILE, PAIRS_FOLDER, models_folder
from vocal_explorer.base.records.tracks import TrackState
from vocal_explorer.cli.options import (
    ExitCode,
    choice,
    common_options,
    exit_code,
    library,
    open_session,
    services,
)
from vocal_explorer.cli.output import Document, message, show
from vocal_explorer.cli.running import Stopped, stoppable
from vocal_explorer.separation.spleeter.official_weights import Checkpoint

if TYPE_CHECKING:
    from vocal_explorer.analysis.installed_models import Model

SPLEETER = "spleeter"
REFERENCE = "spleeter-reference"


@click.group()
@common_options
def models() -> None:
    """Tell about the weights that are installed, and install more."""


@models.command("list")
@common_options
@click.pass_context
def list_models(context: click.Context) -> int:
    """List the weights, their licence, size and hash, and which encoders the library uses."""
    found, used = _models(context), _used_pair(context)
    documents = [_document(model, used) for model in found]
    show(context, {"models": documents}, [_line(model, used) for model in found])
    return ExitCode.DONE if any(model.installed for model in found) else ExitCode.NOTHING_DONE


@models.command()
@common_options
@click.pass_context
def verify(context: click.Context) -> int:
    """Compare the installed weights with the hashes that they must have."""
    found = [model for model in _models(context) if model.installed]
    for model in found:
        if model.problem:
            message(f"{model.path}: {model.problem}.")
    documents = [{"name": model.name, "ok": model.problem is None} for model in found]
    lines = [f"{model.name}: {'changed' if model.problem else 'ok'}" for model in found]
    show(context, {"models": documents}, lines)
    n_good = sum(model.problem is None for model in found)
    return exit_code(n_good, len(found) - n_good) if found else ExitCode.NOTHING_DONE


@models.command()
@click.argument("name", type=choice([SPLEETER, REFERENCE]))
@common_options
@click.pass_context
def fetch(context: click.Context, name: str) -> int:
    """Download NAME and install it.

    spleeter: Deezer's official weights, 79 MB. spleeter-reference: the spleeter package in
    an environment of its own, 2.4 GB.
    """
    if name == REFERENCE:
        from vocal_explorer.separation.spleeter.environment import make_environment

        with stoppable("Installing") as progress:
            place = make_environment(progress)
    else:
        place = _fetch_spleeter(services(context).spleeter)
    _show_place(context, name, place)
    return ExitCode.DONE


def _fetch_spleeter(checkpoint: Checkpoint) -> Path:
    from vocal_explorer.separation.spleeter.install import fetch, kept_bytes

    try:
        with stoppable("Downloading") as progress:
            return fetch(progress, checkpoint=checkpoint)
    except Stopped:
        if kept := kept_bytes(checkpoint):
            message(f"{kept / 1e6:.1f} MB of the download are kept; the next one goes on there.")
        raise


@models.command()
@click.argument("name", type=choice([SPLEETER]))
@click.argument("path", type=click.Path(path_type=Path))
@common_options
@click.pass_context
def add(context: click.Context, name: str, path: Path) -> int:
    """Install NAME from PATH: the archive, its folder, or one of the files in it."""
    from vocal_explorer.separation.spleeter.install import add

    with stoppable("Installing") as progress:
        place = add(path, progress, checkpoint=services(context).spleeter)
    _show_place(context, name, place)
    return ExitCode.DONE


def _show_place(context: click.Context, name: str, place: Path) -> None:
    show(context, {"name": name, "path": str(place)}, [f"{name} is installed: {place}"])


@models.command()
@click.argument("name")
@common_options
@click.pass_context
def use(context: click.Context, name: str) -> int:
    """Use the encoders NAME for the library: cross-sp, or learnt; `models list` shows them."""
    with open_session(context) as session:
        session.choices.pairs.choose(name)
        states = Counter(track.state for track in session.library.tracks())
    n_ready, n_stale = states[TrackState.ANALYSED], states[TrackState.STALE]
    again = f", {n_stale} after they are scanned again" if n_stale else ""
    document = {"name": name, "ready": n_ready, "stale": n_stale}
    show(context, document, [f"{name} is used: {n_ready} tracks can be compared at once{again}."])
    return ExitCode.DONE


def _models(context: click.Context) -> list["Model"]:
    from vocal_explorer.analysis.installed_models import shipped_models, spleeter_model

    return [
        *shipped_models(models_folder()),
        *shipped_models(library(context) / PAIRS_FOLDER),
        spleeter_model(services(context).spleeter),
    ]


def _used_pair(context: click.Context) -> Path | None:
    """Return the folder of the encoders that the library uses; None where there is none."""
    if not (library(context) / DATABASE_FILE).is_file():
        return None
    with open_session(context) as session:
        return next(pair.folder for pair in session.choices.pairs.choices() if pair.chosen)


def _document(model: "Model", used: Path | None) -> Document:
    return {
        "name": model.name,
        "path": str(model.path),
        "licence": model.licence,
        "sha256": model.sha256,
        "bytes": model.n_bytes,
        "installed": model.installed,
        "verified": model.installed and model.problem is None,
        "how": model.how,
        "used": model.path.parent == used,
    }


def _line(model: "Model", used: Path | None) -> str:
    if not model.installed:
        return f"{model.name}: {model.licence}; not installed: {model.how}"
    size = f"{model.n_bytes / 1e6:.1f} MB"
    mark = " (used by the library)" if model.path.parent == used else ""
    return f"{model.name}{mark}: {model.licence}; sha256 {model.sha256}; {size}; {model.path}"
