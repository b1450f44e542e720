"""The command that opens the window."""

import os
import sys
from pathlib import Path

import click

from vocal_explorer.base.presence import NOT_THERE, why_absent
from vocal_explorer.cli.options import (
    ExitCode,
    common_options,
    library,
    path_argument,
    services,
)
from vocal_explorer.cli.output import message


def has_display() -> bool:
    """Whether a window can be shown here."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@click.command()
@path_argument("folders", required=False)
@common_options
@click.pass_context
def gui(context: click.Context, folders: tuple[Path, ...]) -> int:
    """Open the window and scan FOLDERS; this is what happens without a command."""
    for folder in folders:
        if why_absent(folder) == NOT_THERE:
            raise click.UsageError(f"'{folder}' is neither a command nor a file or folder.")
    if not has_display() and "QT_QPA_PLATFORM" not in os.environ:
        message("There is no display here; try `vocal-explorer demo --no-window` instead.")
        return ExitCode.NOTHING_DONE
    return services(context).run_window(library(context), folders)
