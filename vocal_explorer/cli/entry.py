"""The program's entry: the group of commands, and how a run ends."""

import io
import multiprocessing
import sys
from collections.abc import Sequence

import click

from vocal_explorer import __version__
from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.log_file import log_file
from vocal_explorer.cli.demonstration import demo
from vocal_explorer.cli.evaluate.commands import evaluate
from vocal_explorer.cli.export import export
from vocal_explorer.cli.files import embed, separate
from vocal_explorer.cli.health import doctor
from vocal_explorer.cli.library import scan, similar, singers, track_map
from vocal_explorer.cli.mashups import mashup, match
from vocal_explorer.cli.models import models
from vocal_explorer.cli.options import ExitCode, common_options, wants_json
from vocal_explorer.cli.output import message, show
from vocal_explorer.cli.running import Stopped
from vocal_explorer.cli.services import Services
from vocal_explorer.cli.training import train
from vocal_explorer.cli.window import gui

INTERRUPTED = 130  # 128 + SIGINT
COMMANDS = (
    gui,
    demo,
    scan,
    similar,
    singers,
    match,
    mashup,
    track_map,
    export,
    separate,
    embed,
    train,
    evaluate,
    models,
    doctor,
)


class _Program(click.Group):
    """A group whose failures are one sentence, and whose default command is gui."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None:
            return gui.name, gui, args
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> int:
        try:
            return int(super().invoke(ctx) or 0)
        except Stopped as stopped:
            return _end(ctx, str(stopped), stopped.exit_code)
        except VocalExplorerError as error:
            return _end(ctx, str(error), ExitCode.NOTHING_DONE)
        except BrokenPipeError:
            raise  # the reader of our output has gone: click ends quietly
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            return _end(ctx, f"{where}{error.strerror or error}.", ExitCode.NOTHING_DONE)


def _end(context: click.Context, sentence: str, code: int) -> int:
    message(sentence)
    if wants_json(context):
        show(context, {"error": sentence}, ())
    return code


@click.group(cls=_Program, invoke_without_command=True)
@common_options
@click.version_option(__version__)
@click.pass_context
def program(context: click.Context) -> int:
    """Explore your own music by voice.

    TRACK is a path, a track id, or a search text that fits exactly one track.
    Without a command the window opens; folders given are scanned.
    """
    if context.invoked_subcommand is None:
        return int(context.invoke(gui, folders=()))
    return ExitCode.DONE


for _command in COMMANDS:
    program.add_command(_command)


def run(arguments: Sequence[str], services: Services) -> int:
    """Run one command line and return the exit code.

    Parameters
    ----------
    arguments
        What was typed after the program's name.
    services
        The makers of what the commands are built on.
    """
    try:
        return int(
            program.main(
                list(arguments), prog_name="vocal-explorer", standalone_mode=False, obj=services
            )
            or 0
        )
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        for line in said.getvalue().splitlines():
            message(line)
        return error.exit_code
    except click.Abort:
        return INTERRUPTED


def main() -> None:
    """Run the command line of this process and end it with the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what the console's encoding lacks is no failure
            stream.reconfigure(errors="replace")
    multiprocessing.freeze_support()  # a frozen program starts its workers by itself
    with log_file():
        sys.exit(run(sys.argv[1:], Services()))
