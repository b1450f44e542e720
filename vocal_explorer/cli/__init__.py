"""The command line: the same Session as the window's, without a window."""

from vocal_explorer.cli.entry import main

__all__ = ["main"]
