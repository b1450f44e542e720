"""Commands on weights: list, verify, fetch and add them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocal_explorer.cli.options import ExitCode, choice, common_options, exit_code, services
from vocal_explorer.cli.output import Document, message, show
from vocal_explorer.cli.running import Stopped, stoppable
from vocal_explorer.paths import models_folder
from vocal_explorer.separation.spleeter_files import Checkpoint

if TYPE_CHECKING:
    from vocal_explorer.installed import Model

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
    """List the weights, their licence, size and hash."""
    found = _models(services(context).spleeter)
    documents = [_document(model) for model in found]
    show(context, {"models": documents}, [_line(model) for model in found])
    return ExitCode.DONE if any(model.installed for model in found) else ExitCode.NOTHING_DONE


@models.command()
@common_options
@click.pass_context
def verify(context: click.Context) -> int:
    """Compare the installed weights with the hashes that they must have."""
    found = [model for model in _models(services(context).spleeter) if model.installed]
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
        from vocal_explorer.separation.spleeter_environment import make_environment

        with stoppable("Installing") as progress:
            place = make_environment(progress)
    else:
        place = _fetch_spleeter(services(context).spleeter)
    _show_place(context, name, place)
    return ExitCode.DONE


def _fetch_spleeter(checkpoint: Checkpoint) -> Path:
    from vocal_explorer.separation.spleeter_install import fetch, kept_bytes

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
    from vocal_explorer.separation.spleeter_install import add

    with stoppable("Installing") as progress:
        place = add(path, progress, checkpoint=services(context).spleeter)
    _show_place(context, name, place)
    return ExitCode.DONE


def _show_place(context: click.Context, name: str, place: Path) -> None:
    show(context, {"name": name, "path": str(place)}, [f"{name} is installed: {place}"])


def _models(checkpoint: Checkpoint) -> list["Model"]:
    from vocal_explorer.installed import shipped_models, spleeter_model

    return [*shipped_models(models_folder()), spleeter_model(checkpoint)]


def _document(model: "Model") -> Document:
    return {
        "name": model.name,
        "path": str(model.path),
        "licence": model.licence,
        "sha256": model.sha256,
        "bytes": model.n_bytes,
        "installed": model.installed,
        "verified": model.installed and model.problem is None,
        "how": model.how,
    }


def _line(model: "Model") -> str:
    if not model.installed:
        return f"{model.name}: {model.licence}; not installed: {model.how}"
    size = f"{model.n_bytes / 1e6:.1f} MB"
    return f"{model.name}: {model.licence}; sha256 {model.sha256}; {size}; {model.path}"
