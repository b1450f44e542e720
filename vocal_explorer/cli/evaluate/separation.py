"""The command that measures separators."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocal_explorer.cli.evaluate.options import model_option, out_option
from vocal_explorer.cli.options import ExitCode, common_options, data_option, services
from vocal_explorer.cli.output import show
from vocal_explorer.cli.running import stoppable

if TYPE_CHECKING:
    from vocal_explorer.separation.separator import Separator

SEPARATION = "separation"


@click.command(SEPARATION)
@data_option
@model_option("Folder of a trained embedded separator to measure; may be repeated.")
@click.option("--separator", "names", multiple=True, metavar="NAME", help="Measure this one.")
@click.option(
    "--tdc",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Weights of the TDC U-Net (Choi et al. 2020): measure it as well.",
)
@click.option("--repet", is_flag=True, help="Measure REPET-SIM as well.")
@out_option
@common_options
@click.pass_context
def separation(
    context: click.Context,
    data: Path,
    models: tuple[Path, ...],
    names: tuple[str, ...],
    tdc: Path | None,
    repet: bool,
    out: Path | None,
) -> int:
    """Measure separators on the validation singers and songs of a manifest."""
    from vocal_explorer.evaluation.excerpts import find_excerpts
    from vocal_explorer.evaluation.tables import separation_tables
    from vocal_explorer.evaluation.tasks.separation import evaluate_separation

    separators = _separators(context, names, models, tdc, repet)
    if out:
        out.mkdir(parents=True, exist_ok=True)
    with stoppable(f"Evaluating {SEPARATION}") as progress:
        report = evaluate_separation(separators, find_excerpts(data), progress)
    versions = {name: separator.version for name, separator in separators.items()}
    facts: dict[str, Any] = {"task": SEPARATION, "versions": versions}
    if out:
        separation_tables.save(report, facts, out)
    document = {**facts, **separation_tables.document(report)}
    show(context, document, separation_tables.lines(report))
    return ExitCode.DONE


def _separators(
    context: click.Context,
    names: Sequence[str],
    models: Sequence[Path],
    tdc: Path | None,
    repet: bool,
) -> "dict[str, Separator]":
    """Return what is to be measured, references first; own `models` by their folders."""
    separators: dict[str, Separator] = {}
    if tdc:
        from vocal_explorer.separation.tdc_unet import TdcUNet

        separators[TdcUNet.name] = TdcUNet(tdc)
    if repet:
        from vocal_explorer.separation.repet_sim import RepetSim

        separators[RepetSim.name] = RepetSim()
    for name in names or (() if models else ("auto",)):
        separator = services(context).load_separator(name)
        separators[separator.name] = separator
    if models:
        from vocal_explorer.separation.separator import load_separator

        separators |= {str(model): load_separator("embedded", model) for model in models}
    return separators
