"""Commands that tell about the installation: doctor, models."""

from dataclasses import asdict

import click

from vocal_explorer.cli.options import ExitCode, common_options, exit_code, library
from vocal_explorer.cli.output import message, show
from vocal_explorer.paths import models_folder


@click.command()
@common_options
@click.pass_context
def doctor(context: click.Context) -> int:
    """Tell what works on this machine, and what to do about the rest."""
    from vocal_explorer.doctor import examine

    findings = examine(library(context), models_folder())
    lines = [
        f"{'ok' if finding.ok else '--':3}{finding.name}: {finding.text}" for finding in findings
    ]
    show(context, {"checks": [asdict(finding) for finding in findings]}, lines)
    return ExitCode.DONE


@click.group()
@common_options
def models() -> None:
    """Tell about the weights that are installed."""


@models.command("list")
@common_options
@click.pass_context
def list_models(context: click.Context) -> int:
    """List the weights, their licence and hash."""
    from vocal_explorer.doctor import installed_models

    found = installed_models(models_folder())
    documents = [asdict(model) | {"path": str(model.path)} for model in found]
    lines = [f"{model.name}: {model.licence}; sha256 {model.sha256}" for model in found]
    show(context, {"models": documents}, lines)
    return ExitCode.DONE if found else ExitCode.NOTHING_DONE


@models.command()
@common_options
@click.pass_context
def verify(context: click.Context) -> int:
    """Compare the weights with the hashes in their model cards."""
    from vocal_explorer.doctor import installed_models

    found = installed_models(models_folder())
    documents = [{"name": model.name, "ok": model.verified} for model in found]
    for model in found:
        if not model.verified:
            message(f"{model.path}: its sha256 is not the one in its model card.")
    lines = [f"{model.name}: {'ok' if model.verified else 'changed'}" for model in found]
    show(context, {"models": documents}, lines)
    n_good = sum(model.verified for model in found)
    return exit_code(n_good, len(found) - n_good) if found else ExitCode.NOTHING_DONE
