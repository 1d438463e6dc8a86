"""Chooses the view that suits a stream: the live table, or plain lines."""

import os
from typing import TextIO

from runner.events import Listener
from runner.listeners.log import LogView


def make_view(stream: TextIO) -> Listener:
    """Return the live view for a terminal that can show it, else plain log lines."""
    if stream.isatty() and os.environ.get("TERM") != "dumb" and _can_write(stream, "±✓━─"):
        from runner.listeners.terminal import TerminalView

        return TerminalView(stream)
    return LogView(stream)


def _can_write(stream: TextIO, letters: str) -> bool:
    try:
        letters.encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
