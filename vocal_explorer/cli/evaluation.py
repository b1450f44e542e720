"""The command that measures separators and encoder pairs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocal_explorer.cli.options import ExitCode, choice, common_options, data_option, services
from vocal_explorer.cli.output import show
from vocal_explorer.cli.running import stoppable

if TYPE_CHECKING:
    from vocal_explorer.separation.separator import Separator

SINGERS = "singer-identification"
SEPARATION = "separation"


@click.command()
@click.argument("task", type=choice([SINGERS, SEPARATION]))
@data_option
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of the encoder pair, or of a trained separator (default: the shipped ones).",
)
@click.option("--separator", "names", multiple=True, metavar="NAME", help="Measure this one.")
@click.option(
    "--tdc",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Weights of the TDC U-Net (Choi et al. 2020): measure it as well.",
)
@click.option("--repet", is_flag=True, help="Measure REPET-SIM as well.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Save the separators' results there, as CSV, JSON and Markdown.",
)
@common_options
@click.pass_context
def evaluate(
    context: click.Context,
    task: str,
    data: Path,
    model: Path | None,
    names: tuple[str, ...],
    tdc: Path | None,
    repet: bool,
    out: Path | None,
) -> int:
    """Measure TASK on the validation singers and songs of a dataset."""
    if task == SEPARATION:
        _separation(context, data, _separators(context, names, model, tdc, repet), out)
    elif names or tdc or repet or out:
        raise click.UsageError(f"--separator, --tdc, --repet and --out belong to {SEPARATION}.")
    else:
        _singer_identification(context, data, model)
    return ExitCode.DONE


def _separation(
    context: click.Context, data: Path, separators: "dict[str, Separator]", out: Path | None
) -> None:
    from vocal_explorer.evaluation import separation_tables
    from vocal_explorer.evaluation.separation import evaluate_separation

    if out:
        out.mkdir(parents=True, exist_ok=True)
    with stoppable(f"Evaluating {SEPARATION}") as progress:
        report = evaluate_separation(separators, data, progress)
    versions = {name: separator.version for name, separator in separators.items()}
    facts: dict[str, Any] = {"task": SEPARATION, "versions": versions}
    if out:
        separation_tables.save(report, facts, out)
    document = {**facts, **separation_tables.document(report)}
    show(context, document, separation_tables.lines(report))


def _separators(
    context: click.Context,
    names: Sequence[str],
    model: Path | None,
    tdc: Path | None,
    repet: bool,
) -> "dict[str, Separator]":
    """Return what is to be measured, references first; an own `model` by its folder."""
    separators: dict[str, Separator] = {}
    if tdc:
        from vocal_explorer.separation.tdc_unet import TdcUNet

        separators[TdcUNet.name] = TdcUNet(tdc)
    if repet:
        from vocal_explorer.separation.repet_sim import RepetSim

        separators[RepetSim.name] = RepetSim()
    for name in names or (() if model else ("auto",)):
        separator = services(context).load_separator(name)
        separators[separator.name] = separator
    if model:
        from vocal_explorer.separation.separator import load_separator

        separators[str(model)] = load_separator("embedded", model)
    return separators


def _singer_identification(context: click.Context, data: Path, model: Path | None) -> None:
    from vocal_explorer.evaluation.singer_identification import evaluate_singer_identification

    with stoppable(f"Evaluating {SINGERS}") as progress:
        embedder = services(context).load_embedder(model)
        table = evaluate_singer_identification(embedder, data, progress=progress)
    rows = [
        f"{row}: " + ", ".join(f"{column} {value:.3f}" for column, value in scores.items())
        for row, scores in table.items()
    ]
    show(context, {"task": SINGERS, "scores": table}, rows)
