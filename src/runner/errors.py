"""The error for a user's mistake, hints at the nearest valid name, and other errors on one line."""

MOST_NAMES = 20  # in one sentence
MOST_LETTERS = 200  # quoted from an error


class UserError(Exception):
    """Bad data or config: one sentence that names the thing, the value and the way out (exit code 2)."""


def nearest(word: str, known: list[str], *, tail: bool = False) -> str:
    """Return a hint with the known names most similar to `word`, or with all of them if none is similar.

    Parameters
    ----------
    tail : bool
        Compare with the part after the last dot only.
    """
    import difflib

    ends = {(name.rpartition(".")[2] if tail else name).lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), ends, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(repr(ends[end]) for end in close) + "?"
    shown = [name if name.isprintable() and len(name) <= 60 else repr(name)[:60] for name in sorted(known)[:MOST_NAMES]]
    more = f" and {len(known) - MOST_NAMES:,} more" if len(known) > MOST_NAMES else ""
    return f"known are {', '.join(shown)}{more}."


def first_line(error: BaseException) -> str:
    """Return the first line of another library's error message, to be part of a sentence."""
    return _first_line(error).rstrip(".")[:MOST_LETTERS] or type(error).__name__


def in_a_line(error: BaseException) -> str:
    """Return the class of an error and the first line of its message, short enough for a table."""
    line = f"{type(error).__name__}: {_first_line(error)}".removesuffix(": ")
    return line if len(line) <= MOST_LETTERS else f"{line[: MOST_LETTERS - 3]}..."


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0].rstrip()
