"""What was found about the kept model after the verdict, in lines: weak slices, what columns earn, open questions."""

from runner import words
from runner.report import Content, candidates
from runner.words import counted, few


def closer_look(verdict: Content) -> list[tuple[str, str]]:
    """Write where the kept model is weak, what its columns earn, and what could not be found out; possibly no lines."""
    told = (("Weak where", weak_where(verdict)), ("Columns", earning(verdict)), ("Note", noted(verdict)))
    return [(label, said) for label, said in told if said]


def weak_where(verdict: Content) -> str | None:
    """Write in which part of the rows the kept model is weakest; None if no part is shown to be, or no model kept."""
    slices = (verdict.get("weak") or {}).get("slices") or []
    if not slices or candidates.keeps_no_model(verdict):
        return None
    worst, metric = slices[0], verdict["metric"]
    score, rest = (words.score(metric["name"], worst[key]) for key in ("score", "rest"))
    said = f"{worst['column']} {worst['value']}: {metric['label']} {score}, elsewhere {rest}"
    more = f"; {counted(len(slices) - 1, 'more slice')}" if len(slices) > 1 else ""
    return f"{said} ({counted(worst['rows'], 'row')}{more})"


def how_slices_were_tested(verdict: Content) -> str:
    """Say what the p-values of slices compare."""
    compared = verdict["weak"].get("compared")
    of = f"; it compares {compared}" if compared else ""
    return f"p is the chance of so large a difference if there were none, corrected for the number of slices{of}."


def what_is_promised(verdict: Content) -> str | None:
    """Say how the scores of slices compare with those that the model's own probabilities promise; None without any."""
    slices = verdict["weak"]["slices"]
    if all(each.get("promised") is None for each in slices):
        return None
    short = sum(bool(each.get("falls_short")) for each in slices)
    shortfall = f"In {counted(short, 'slice')} it falls short: it is surer there than it should be." if short else ""
    return (
        "Promised is what its own probabilities would score there if they were true. Where it scores as much, they say "
        f"already that these rows are harder to tell apart. {shortfall}".rstrip()
    )


def earning(verdict: Content) -> str | None:
    """Write which columns are shown to earn something, or which are not if those are fewer; None if all are."""
    columns = verdict.get("columns") or []
    idle = [each["name"] for each in columns if not each["earns"]]
    if not idle:
        return None
    useful, open_ = [each["name"] for each in columns if each["earns"]], sum(map(cannot_be_told, columns))
    if open_ == len(columns):
        return f"these rows cannot tell {'whether the only one helps' if open_ == 1 else f'which of {open_} help'}"
    if len(idle) <= len(useful) and not open_:
        return f"{len(idle)} of {len(columns)} not shown to help: {few(idle)}"
    said = f"{len(useful) or 'none'} of {len(columns)} shown to help"
    said = f"{said}: {few(useful)}" if useful else said
    return f"{said}; of {open_}, these rows cannot tell" if open_ else said


def cannot_be_told(column: Content) -> bool:
    """Whether these rows cannot tell if a column earns anything: its gain rests on too few of them for a bound."""
    return not column["earns"] and column["gain"]["low"] is None


def columns_in_words(verdict: Content) -> str:
    """Say how many columns are shown to help, and what follows for the others."""
    columns = verdict["columns"]
    shown, open_ = sum(each["earns"] for each in columns), sum(map(cannot_be_told, columns))
    if open_ == len(columns):
        which = "whether the only column helps" if open_ == 1 else "which columns help"
        return f"These rows cannot tell {which}, because too few of them decide."
    if len(columns) == 1:
        return f"The only column is {'' if shown else 'not '}shown to help."
    if shown == len(columns):
        return f"All {shown} columns are shown to help."
    said = f"{shown or 'None'} of {counted(len(columns), 'column')} {'are' if shown > 1 else 'is'} shown to help"
    if open_:
        said += f"; of {open_}, these rows cannot tell, because too few of them decide"
    elif shown:
        said += "; a model without the others would be cheaper to maintain"
    return f"{said}."


def noted(verdict: Content) -> str | None:
    """Write what could not be found out about the kept model, or only from few rows, and why."""
    notes = verdict.get("notes") or []
    return notes[0] + (f" (+{len(notes) - 1} more)" if len(notes) > 1 else "") if notes else None
