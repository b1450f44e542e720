"""Options of the commands that rank and render matches."""

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any, TypeVar

import click

from vocal_explorer.base.records.mashups import PAPER_WEIGHTS, Fit, MatchWeights, Moved
from vocal_explorer.cli.options import choice

FORMATS = ("wav", "flac")
PARTS = tuple(field.name for field in fields(MatchWeights))
_Command = TypeVar("_Command", bound=Callable[..., Any])


class Weight(click.ParamType[tuple[str, float]]):
    """PART=NUMBER, such as key=2."""

    name = "weight"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """Return the part and its weight."""
        part, _, number = str(value).partition("=")
        try:
            weight = float(number)
        except ValueError:
            weight = -1.0
        if part not in PARTS or not 0 <= weight < float("inf"):
            self.fail(f"{value!r} is not PART=NUMBER with a part out of {', '.join(PARTS)}.")
        return part, weight


def weights_of(paper: bool, said: tuple[tuple[str, float], ...]) -> MatchWeights:
    """Return the weights that were asked for."""
    start = PAPER_WEIGHTS if paper else MatchWeights()
    return MatchWeights(**asdict(start) | dict(said))


def ranking_options(command: _Command) -> _Command:
    """Give a command `--voices`, `--paper` and `--weight`."""
    command = click.option(
        "--weight",
        "said_weights",
        multiple=True,
        type=Weight(),
        metavar="PART=NUMBER",
        help=f"How much a part of the score counts: {', '.join(PARTS)}. Any number of times.",
    )(command)
    command = click.option(
        "--paper", is_flag=True, help="Rank by similarity alone, as the paper does."
    )(command)
    return click.option(
        "--voices",
        is_flag=True,
        help="The other way round: find voices for the accompaniment of TRACK.",
    )(command)


def fit_options(command: _Command) -> _Command:
    """Give a command the options of a Fit; `fit_of` reads them."""
    command = click.option(
        "--moved",
        type=choice([moved.value for moved in Moved]),
        default=Moved.AUTO.value,
        show_default=True,
        help="Which side becomes faster or slower, and higher or lower.",
    )(command)
    command = click.option(
        "--semitones",
        type=click.IntRange(-12, 12),
        metavar="N",
        help="By how much the vocals are to be higher against the accompaniment.",
    )(command)
    command = click.option("--no-stretch", is_flag=True, help="Leave both tempi as they are.")(
        command
    )
    return click.option("--no-transpose", is_flag=True, help="Leave both keys as they are.")(
        command
    )


def fit_of(moved: str, semitones: int | None, no_stretch: bool, no_transpose: bool) -> Fit:
    """Return what the options of `fit_options` say."""
    return Fit(
        moved=Moved(moved),
        semitones=semitones,
        stretch=not no_stretch,
        transpose=not no_transpose,
    )


def file_options(command: _Command) -> _Command:
    """Give a command `--format` and `--stems`."""
    command = click.option(
        "--format",
        "audio_format",
        type=choice(FORMATS),
        default=FORMATS[0],
        show_default=True,
        help="Of the files that are written.",
    )(command)
    return click.option(
        "--stems", is_flag=True, help="Write both stems, as they are in the mashup, as well."
    )(command)
