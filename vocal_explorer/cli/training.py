"""The command that trains encoder pairs and the separator."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocal_explorer.base.records.library import LearnOptions
from vocal_explorer.cli.learning import learn_library
from vocal_explorer.cli.options import choice, common_options, exit_code
from vocal_explorer.cli.output import failure_document, report_failures, show
from vocal_explorer.cli.running import stoppable

if TYPE_CHECKING:
    from vocal_explorer.training.runs.pairs import LeftOut

SEPARATOR = "separator"
SCHEMES = ["mixed", "cross", "cross-sp", SEPARATOR]


@click.command()
@click.argument("scheme", type=choice(SCHEMES))
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of the dataset. Without it, a pair is fitted to the library.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder for the weights. Without it, the library keeps what it learns.",
)
@click.option(
    "--preset",
    type=choice(["paper", "small", "voices", "people", "people-upper", "library"]),
    help="Sizes and rates (default: small; library for a library).",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on where the last run in --out stopped; the result is as if it had not.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Of the first weights and all draws."
)
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    help="Begin no epoch after this; --resume goes on later.",
)
@click.option(
    "--device",
    metavar="NAME",
    help="Encoders: where to compute, cpu or cuda (default: cuda where there is one).",
)
@click.option(
    "--separator",
    metavar="NAME",
    help="Encoders: isolates the vocals of songs (default: auto; a library has its own).",
)
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Encoders: keeps stems and segments of songs (default: your user cache folder), or what"
    " is prepared of a manifest's recordings (default: in --out).",
)
@click.option(
    "--favour",
    "favoured",
    multiple=True,
    metavar="PATTERN",
    help="Separator: draw the singers that fit PATTERN more often; may be given again.",
)
@click.option(
    "--teacher",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Separator: weights of the TDC U-Net, which then labels the songs without stems."
    " Encoders: weights of Resemblyzer's voice encoder, whose embeddings they learn too.",
)
@click.option(
    "--start",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Begin with the weights in DIR instead of random ones, a library instead of ours.",
)
@common_options
@click.pass_context
def train(
    context: click.Context,
    /,
    scheme: str,
    data: Path | None,
    out: Path | None,
    preset: str | None,
    separator: str | None,
    **options: Any,
) -> int:
    """Train SCHEME: an encoder pair by one of the paper's schemes, or the separator.

    The folder of --data has a manifest.csv (voices, which are mixed with random music), or
    it is one of songs by singer (singer/song.mp3), a library, or an MSD-singer list: then
    encoders learn from the songs as they are, as in the paper.

    Without --data, the pair that ships is fitted to the songs of --library by their artist
    tags. It is used for this library from then on if more songs that were held out are
    recognised by it; `models use` goes back.
    """
    if data is None:
        favoured, teacher = options.pop("favoured"), options.pop("teacher")
        if scheme == SEPARATOR or separator or favoured or teacher:
            raise click.UsageError(
                "Missing option '--data': a library teaches encoders only, with its own separator."
            )
        chosen = LearnOptions(scheme, out, preset=preset or "library", **options)
        return learn_library(context, chosen)
    if out is None:
        raise click.UsageError("Missing option '--out': the folder for the weights.")
    from vocal_explorer.training.runs.jobs import train as run_training

    options |= {"preset": preset or "small", "separator": separator or "auto"}
    with stoppable(f"Training {scheme}") as progress:
        left_out = run_training(scheme, data, out, **options, progress=progress)
    _show(context, scheme, out, left_out)
    return exit_code(1, len(left_out.failures))


def _show(context: click.Context, scheme: str, out: Path, left_out: "LeftOut") -> None:
    report_failures(left_out.failures)
    document = {
        "scheme": scheme,
        "out": str(out),
        "failed": [failure_document(failure) for failure in left_out.failures],
        "instrumental": [failure_document(track) for track in left_out.instrumentals],
    }
    lines = [f"Left out: {track.sentence}" for track in left_out.instrumentals]
    show(context, document, [*lines, f"The weights are in {out}."])
