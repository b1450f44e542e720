"""What the tasks that judge encoder pairs have in common: their options, and what these mean."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vocal_explorer.base.paths import evaluation_folder, models_folder
from vocal_explorer.cli.options import choice, data_option, services

if TYPE_CHECKING:
    from vocal_explorer.analysis.embedder import TrackEmbedder
    from vocal_explorer.base.records.tracks import Failure
    from vocal_explorer.datasets.labelled import LabelledTrack
    from vocal_explorer.datasets.signals import TrackSignals

KINDS = ("auto", "folder", "manifest", "library", "msd-singer", "artist20")
_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class EvaluatedPair:
    """An encoder pair to measure, and what it is called in tables."""

    label: str
    embedder: "TrackEmbedder"


@dataclass(frozen=True)
class Setup:
    """The options of `evaluation_options`; `failures` is filled as the dataset is opened."""

    data: Path
    models: tuple[Path, ...]
    kind: str
    audio: Path | None
    separator: str
    separate: bool
    seed: int
    out: Path | None
    cache: Path | None
    failures: "list[Failure]" = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where stems and embeddings are kept."""
        return self.cache or evaluation_folder()

    def tracks(self) -> "list[LabelledTrack]":
        """Open the dataset; what it lists and lacks is added to the failures."""
        from vocal_explorer.datasets.opening import open_dataset

        tracks = open_dataset(
            self.data,
            self.kind,
            audio=self.audio,
            seed=self.seed,
            on_missing=self.failures.append,
        )
        if self.separate:
            tracks = [replace(track, vocals=None) if track.mix else track for track in tracks]
        return tracks

    def pairs(self, context: click.Context) -> list[EvaluatedPair]:
        """Load the pairs, the shipped one where none was named."""
        labels = _labels(self.models)
        load = services(context).load_embedder
        return [
            EvaluatedPair(label, load(model))
            for label, model in zip(labels, self.models or (None,), strict=True)
        ]

    def signals(self, context: click.Context) -> "TrackSignals":
        """Return what loads tracks and isolates the vocals that are missing."""
        from vocal_explorer.datasets.signals import TrackSignals
        from vocal_explorer.separation.stem_cache import StemCache

        separator = services(context).load_separator(self.separator)
        return TrackSignals(separator, StemCache(self.folder / "stems"))


def evaluation_options(command: _Command) -> Callable[..., Any]:
    """Give a command the options of a Setup, and hand it over as `setup`."""

    @functools.wraps(command)
    def with_setup(*arguments: Any, **options: Any) -> Any:
        chosen = {f.name: options.pop(f.name) for f in fields(Setup) if f.name in options}
        return command(*arguments, setup=Setup(**chosen), **options)

    decorators = (
        data_option,
        model_option("Folder of an encoder pair to measure; may be repeated."),
        click.option(
            "--kind",
            type=choice(KINDS),
            default="auto",
            show_default=True,
            help="What the dataset is; auto looks at its files.",
        ),
        click.option(
            "--audio",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            metavar="DIR",
            help="Where the audio of listed tracks lies (default: beside the lists).",
        ),
        click.option(
            "--separator",
            default="auto",
            show_default=True,
            metavar="NAME",
            help="Isolates vocals that the dataset lacks.",
        ),
        click.option(
            "--separate", is_flag=True, help="Isolate the vocals of every mix, given or not."
        ),
        click.option("--seed", default=0, show_default=True, help="Of all random draws."),
        out_option,
        click.option(
            "--cache",
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help="Keeps stems and embeddings (default: your user cache folder).",
        ),
    )
    decorated: Callable[..., Any] = with_setup
    for decorate in reversed(decorators):
        decorated = decorate(decorated)
    return decorated


def model_option(text: str) -> Callable[[_Command], _Command]:
    """Return `--model`, folders of weights."""
    return click.option(
        "--model",
        "models",
        multiple=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="DIR",
        help=text,
    )


def out_option(command: _Command) -> _Command:
    """Give a command `--out`, where results are saved."""
    return click.option(
        "--out",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Save the results there, as CSV, JSON and Markdown.",
    )(command)


def _labels(models: Sequence[Path]) -> list[str]:
    """Return the schemes of pairs, with their folders where one scheme is there twice."""
    from vocal_explorer.analysis.embedder import DEFAULT_PAIR
    from vocal_explorer.encoders.model_id import model_scheme

    folders = models or (models_folder() / DEFAULT_PAIR,)
    schemes = [model_scheme(folder).upper() for folder in folders]
    return [
        scheme if schemes.count(scheme) == 1 else f"{scheme} ({folder})"
        for scheme, folder in zip(schemes, folders, strict=True)
    ]
