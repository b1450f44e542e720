"""Commands on single files, without a library: separate, embed."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import click
import numpy as np

from vocal_explorer.analysis.boundary import attempt
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.errors import AudioFileError
from vocal_explorer.base.file_names import LONGEST_NAME, cut, file_name
from vocal_explorer.base.files import writing
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Embedding, Stems
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.cli.options import (
    choice,
    common_options,
    exit_code,
    path_argument,
    services,
)
from vocal_explorer.cli.output import failure_document, message, report_failures, show
from vocal_explorer.cli.running import stoppable

_Result = TypeVar("_Result")
Vectors = dict[Domain, Embedding]


@click.command()
@path_argument("files")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder for the stems.",
)
@click.option("--separator", "name", default="auto", show_default=True, metavar="NAME")
@common_options
@click.pass_context
def separate(context: click.Context, files: tuple[Path, ...], out: Path, name: str) -> int:
    """Write the vocals and the accompaniment of each of FILES into DIR."""
    from vocal_explorer.analysis.pipeline import separate_file
    from vocal_explorer.audio.headroom import decibels, gain_for

    different = list(dict.fromkeys(files))
    folders = dict(zip(different, stem_folders(different, out), strict=True))
    with stoppable("Separating") as progress:
        separator = services(context).load_separator(name)

        def write(path: Path, part: Progress) -> Path:
            targets = _stem_files(path, folders[path])
            if (gain := gain_for(path)) < 1:
                message(f"{path}: it is too loud for 16 bits, so its stems are"
                        f" {-decibels(gain):.1f} dB quieter.")  # fmt: skip
            _write_stems(separate_file(path, separator, part), targets)
            return folders[path]

        done, failures = for_each_file(different, write, progress)
    document = {
        "separator": separator.name,
        "files": [{"path": str(path), "folder": str(folder)} for path, folder in done],
        "failed": [failure_document(failure) for failure in failures],
    }
    report_failures(failures)
    show(context, document, [f"{path} -> {folder}" for path, folder in done])
    return exit_code(len(done), len(failures))


@click.command()
@path_argument("files")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="X.npz",
    help="File for the arrays `paths`, `vocals` and `mix`.",
)
@click.option(
    "--input",
    "given",
    type=choice(["mix", "vocals"]),
    default="mix",
    show_default=True,
    help="What the files are: whole mixes, or vocals that need no separation.",
)
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Encoder pair (default: the one that came with the program).",
)
@common_options
@click.pass_context
def embed(
    context: click.Context, files: tuple[Path, ...], out: Path, given: str, model: Path | None
) -> int:
    """Write the embeddings of FILES; files that fail have no row."""
    from vocal_explorer.analysis.pipeline import embed_file

    is_vocals = given == "vocals"
    with stoppable("Embedding") as progress:
        embedder = services(context).load_embedder(model)
        separator = None if is_vocals else services(context).load_separator("auto")

        def describe(path: Path, part: Progress) -> Vectors:
            return embed_file(path, separator, embedder, is_vocals, part)

        done, failures = for_each_file(list(dict.fromkeys(files)), describe, progress)
    if done:
        write_embeddings(out, done)
    document = {
        "out": str(out) if done else None,
        "model": embedder.model_id,
        "paths": [str(path) for path, _ in done],
        "failed": [failure_document(failure) for failure in failures],
    }
    report_failures(failures)
    show(context, document, [f"{len(done)} files are in {out}."] if done else [])
    return exit_code(len(done), len(failures))


def for_each_file(
    files: Sequence[Path], job: Callable[[Path, Progress], _Result], progress: Progress
) -> tuple[list[tuple[Path, _Result]], list[Failure]]:
    """Run `job` on every file; a file that cannot be used does not stop the others."""
    done: list[tuple[Path, _Result]] = []
    failures: list[Failure] = []
    for index, path in enumerate(files):
        part = progress.part(index / len(files), (index + 1) / len(files))
        part.report(0.0, path.name)
        result = attempt(path, partial(job, path, part))
        if isinstance(result, Failure):
            failures.append(result)
        else:
            done.append((path, result))
    progress.report(1.0)
    return done, failures


def stem_folders(files: Sequence[Path], out: Path) -> list[Path]:
    """Return a folder of its own for each file, named after it: "song", "song (2)"."""
    taken: set[str] = set()
    folders = []
    for path in files:
        whole, number = _folder_name(path), 1
        name = whole
        while name.casefold() in taken:
            number += 1
            more = f" ({number})"
            name = cut(whole, LONGEST_NAME - len(more)) + more
        taken.add(name.casefold())
        folders.append(out / name)
    return folders


def _folder_name(path: Path) -> str:
    """Return the file's name without suffix, unless that is "." or ".." or the like."""
    return path.stem if path.stem.strip(". ") else file_name(path.name, "song")


def write_embeddings(out: Path, rows: Sequence[tuple[Path, Vectors]]) -> None:
    """Write `paths` (n,), `vocals` (n, d) and `mix` (n, d); a missing domain becomes NaN."""
    absent = np.full_like(rows[0][1][Domain.VOCALS], np.nan)
    vocals = np.stack([vectors[Domain.VOCALS] for _, vectors in rows])
    mix = np.stack([vectors.get(Domain.MIX, absent) for _, vectors in rows])
    paths = np.array([str(path) for path, _ in rows])
    with writing(out) as temporary, temporary.open("wb") as file:
        np.savez(file, paths=paths, vocals=vocals, mix=mix)


def _stem_files(source: Path, folder: Path) -> dict[str, Path]:
    files = {name: folder / f"{name}.wav" for name in ("vocals", "accompaniment")}
    if source.resolve() in [file.resolve() for file in files.values()]:
        raise AudioFileError(source, "its stems would replace it; choose another --out")
    return files


def _write_stems(pieces: Generator[Stems], files: dict[str, Path]) -> None:
    from vocal_explorer.audio.files import audio_writers

    with closing(pieces), _folder_of(files["vocals"]):
        paths = [files["vocals"], files["accompaniment"]]
        with audio_writers(paths, STEM_SAMPLE_RATE, 2) as (vocals, accompaniment):
            for stems in pieces:
                vocals.write(stems.vocals)
                accompaniment.write(stems.accompaniment)


@contextmanager
def _folder_of(path: Path) -> Iterator[None]:
    """Make the folder of a file; if the file fails, an empty one goes again."""
    made = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        if made and not any(path.parent.iterdir()):
            path.parent.rmdir()
