"""What a person did that the runner cannot work with."""


class UserError(Exception):
    """Bad data or config: one sentence that names the thing, the value and the way out (exit code 2)."""


def nearest(word: str, known: list[str]) -> str:
    """Return a hint with the known names most like `word`, or all of them when none is like it."""
    import difflib

    close = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(repr(name) for name in close) + "?"
    return "known are " + ", ".join(sorted(known)) + "."
