"""Options that every command takes, before or after its name."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vocal_explorer.base.paths import default_library
from vocal_explorer.cli.services import Services

if TYPE_CHECKING:
    from vocal_explorer.session import Session

_JSON = "vocal_explorer.json"
_LIBRARY = "vocal_explorer.library"
_Command = TypeVar("_Command", bound=Callable[..., Any])


class ExitCode(IntEnum):
    """What the process says when it ends; a signal ends it with 128 + its number."""

    DONE = 0
    SOME_FAILED = 1
    USAGE = 2
    NOTHING_DONE = 3


def exit_code(n_done: int, n_failed: int) -> ExitCode:
    """Return the code for a job that handled `n_done` files and failed on `n_failed`."""
    if n_failed == 0:
        return ExitCode.DONE
    return ExitCode.SOME_FAILED if n_done else ExitCode.NOTHING_DONE


def _remember(key: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def remember(context: click.Context, _parameter: click.Parameter, value: Any) -> None:
        if value:
            context.meta[key] = value

    return remember


def common_options(command: _Command) -> _Command:
    """Give a command `--library` and `--json`; read them with `library` and `wants_json`."""
    command = click.option(
        "--library",
        type=click.Path(file_okay=False, path_type=Path),
        callback=_remember(_LIBRARY),
        expose_value=False,
        metavar="DIR",
        help="Folder of the library (default: your user data folder).",
    )(command)
    return click.option(
        "--json",
        is_flag=True,
        callback=_remember(_JSON),
        expose_value=False,
        help="Print one JSON document on the standard output.",
    )(command)


def wants_json(context: click.Context) -> bool:
    """Whether the result is to be printed as JSON."""
    return bool(context.meta.get(_JSON))


def library(context: click.Context) -> Path:
    """Folder of the library that was asked for."""
    chosen: Path | None = context.meta.get(_LIBRARY)
    return chosen or default_library()


def services(context: click.Context) -> Services:
    """Return the makers that this run uses."""
    found = context.find_object(Services)
    return found or Services()


@contextmanager
def open_session(context: click.Context) -> "Iterator[Session]":
    """Open the library that was asked for and close it again."""
    with closing(services(context).open_session(library(context))) as session:
        yield session


def path_argument(name: str, *, required: bool = True) -> Callable[[_Command], _Command]:
    """Return an argument that takes any number of paths; they need not exist."""
    return click.argument(name, nargs=-1, required=required, type=click.Path(path_type=Path))


all_versions_option = click.option(
    "--all-versions",
    is_flag=True,
    help="Rank copies and versions of a song one by one, not each song once.",
)


def top_option(default: int) -> Callable[[_Command], _Command]:
    """Return `--top`, the length of a ranking."""
    return click.option(
        "--top",
        "top_n",
        type=click.IntRange(min=1),
        default=default,
        show_default=True,
        metavar="N",
        help="Length of the ranking.",
    )


def data_option(command: _Command) -> _Command:
    """Give a command `--data`, the folder of a dataset that is there."""
    return click.option(
        "--data",
        required=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="DIR",
        help="Folder of the dataset.",
    )(command)


def choice(values: Sequence[str]) -> click.Choice[str]:
    """Return the type of an option with these values, in any case."""
    return click.Choice(values, case_sensitive=False)
