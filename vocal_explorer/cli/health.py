"""The command that tells what works on this machine."""

from dataclasses import asdict

import click

from vocal_explorer.base.paths import models_folder
from vocal_explorer.cli.options import ExitCode, common_options, library
from vocal_explorer.cli.output import show


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
