"""The command that trains encoder pairs and the separator."""

from pathlib import Path

import click

from vocal_explorer.cli.options import ExitCode, choice, common_options, data_option
from vocal_explorer.cli.output import show
from vocal_explorer.cli.running import stoppable

SCHEMES = ["mixed", "cross", "cross-sp", "separator"]


@click.command()
@click.argument("scheme", type=choice(SCHEMES))
@data_option
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder for the weights.",
)
@click.option("--preset", type=choice(["paper", "small"]), default="small", show_default=True)
@click.option("--resume", is_flag=True, help="Go on where the last run in --out stopped.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True), help="Stop after this.")
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
    help="Separator: weights of the TDC U-Net, which then labels the songs without stems.",
)
@click.option(
    "--start",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Separator: begin with the weights in DIR instead of random ones.",
)
@common_options
@click.pass_context
def train(
    context: click.Context,
    scheme: str,
    data: Path,
    out: Path,
    preset: str,
    resume: bool,
    seed: int,
    minutes: float | None,
    favoured: tuple[str, ...],
    teacher: Path | None,
    start: Path | None,
) -> int:
    """Train SCHEME: an encoder pair by one of the paper's schemes, or the separator."""
    from vocal_explorer.training.jobs import train as run_training

    with stoppable(f"Training {scheme}") as progress:
        run_training(
            scheme,
            data,
            out,
            preset=preset,
            resume=resume,
            seed=seed,
            minutes=minutes,
            favoured=favoured,
            teacher=teacher,
            start=start,
            progress=progress,
        )
    show(context, {"scheme": scheme, "out": str(out)}, [f"The weights are in {out}."])
    return ExitCode.DONE
