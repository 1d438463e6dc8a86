"""Numbers, names and counts for people, so that terminal, log, Markdown and HTML write the same thing the same way."""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

UNKNOWN = "–"
LEAST_PERCENT = 0.001  # smaller shares are not written with digits
TINY, HUGE = 1e-6, 1e18  # smaller values, and greater ones, are written with an exponent
NEGLIGIBLE = 0.001  # of the width of an interval; smaller amounts are called nothing
SKILL_SCALE = "of the way from no model to a perfect one"  # the meaning of a share of the dummy's loss

# --- numbers ----------------------------------------------------------------------------


def decimals_for(size: float, digits: int) -> int:
    """Return how many decimals show `digits` significant digits of a number of this size."""
    if size == 0 or not math.isfinite(size):
        return digits
    return max(0, digits - 1 - math.floor(math.log10(abs(size))))


def has_exponent(size: float) -> bool:
    """Whether a number of this size is written with an exponent, as its other digits would be noughts or noise."""
    return 0 < abs(size) < TINY or HUGE <= abs(size) < math.inf


def quantity(value: float | None) -> str:
    """Write a measured value with two significant digits, and all digits before the point: 0.04, 3.2, 2,020."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if value == 0:
        return "0"
    return f"{value:,.{decimals_for(value, 2 if abs(value) >= 0.1 else 1)}f}"


def amount(value: float, apart: float = 0.0) -> str:
    """Write a table value with four significant digits, or all digits before the point: 0.0612, 2026, 26,830.

    Parameters
    ----------
    apart : float
        By how much values that stand together differ: it is written with three digits.
    """
    if has_exponent(value):
        return f"{value:.3g}"
    decimals = max(decimals_for(value, 4), decimals_for(apart, 3) if apart > 0 else 0)
    text = f"{value:z{',' if abs(value) >= 10_000 else ''}.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: float | None) -> str:
    """Write a difference with its sign and two digits: +0.012."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return f"{value:+.2g}" if has_exponent(value) else f"{value:+z,.{decimals_for(value, 2)}f}"


def share(value: float | None) -> str:
    """Write a share as percent: 0.012 is 1.2 %, and what would round to 0.0 keeps one significant digit: 0.004 %.

    Below `LEAST_PERCENT` only "under 0.001 %" is written, because nothing depends on the digits of such a share.
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    percent = 100 * value
    if 0 < percent < LEAST_PERCENT:
        return f"under {LEAST_PERCENT} %"
    if LEAST_PERCENT <= abs(percent) < 0.05:
        return f"{percent:.{decimals_for(percent, 1)}f} %"
    return f"{percent:z.{0 if abs(value) >= 0.1 else 1}f} %"


def chance(value: float | None) -> str:
    """Write a probability as percent, never as exactly 0 or 100 %."""
    if value is not None and value < 0.01:
        return "under 1 %"
    if value is not None and value > 0.99:
        return "over 99 %"
    return UNKNOWN if value is None else f"{100 * value:.0f} %"


def skill(value: float | None) -> str:
    """Write a share of the dummy's loss in words."""
    return f"{share(value)} {SKILL_SCALE}"


def money(amount: float | None, currency: str = "") -> str:
    """Write a sum of money: EUR 1,200; without the currency where a table has it in the header of the column."""
    if amount is None or not math.isfinite(amount):
        return UNKNOWN
    unit = currency and f"{currency} "
    if 0 < abs(amount) < 0.01:
        return f"under {unit}0.01"
    sign = "-" if amount < 0 else ""
    return f"{sign}{unit}{abs(amount):,.{0 if abs(amount) >= 100 or amount == 0 else 2}f}"


def price(amount: float, currency: str) -> str:
    """Write what one thing costs or is worth, of which there may be many, with its digits below a cent: EUR 0.0012."""
    return f"{currency} {amount:.{decimals_for(amount, 2)}f}" if 0 < abs(amount) < 0.01 else money(amount, currency)


# --- time -------------------------------------------------------------------------------


def duration(seconds: float | None) -> str:
    """Write a length of time in a suitable unit: 3.2 s, 12 min, 2.5 h."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    for unit, size in (("h", 3600.0), ("min", 60.0)):
        if seconds >= 1.5 * size:
            return f"{quantity(seconds / size).removesuffix('.0')} {unit}"
    return f"{quantity(seconds)} s"


def cpu(seconds: float | None) -> str:
    """Write processor time: 0.04 CPU s, 3.1 CPU h."""
    if seconds is None or seconds < 7200:
        return f"{quantity(seconds)} CPU s"
    return f"{quantity(seconds / 3600)} CPU h"


def clock(seconds: float) -> str:
    """Write a length of time as a clock shows it: 0:42, 1:02:03."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


# --- scores -----------------------------------------------------------------------------


def is_an_error(metric: str) -> bool:
    """Whether a scorer gives the negative of an error, as its name says: neg_log_loss, or one's own mine.neg_cost."""
    return metric.rpartition(".")[2].startswith("neg_")


def for_people(metric: str, score: float) -> float:
    """Turn a scorer's own sign into what people read: a neg_log_loss of -0.3 is a log loss of 0.3."""
    return -score if is_an_error(metric) else score


def score(metric: str, value: float | None, decimals: int | None = None) -> str:
    """Write a score for people.

    Parameters
    ----------
    metric : str
        Name of the scikit-learn scorer.
    value : float or None
        In the scorer's own sign.
    decimals : int, optional
        By default as many as the size of an error calls for, and three for a score between 0 and 1; more for one that
        would be written as 1, which is a perfect one.
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    shown = for_people(metric, value)
    error = is_an_error(metric)  # of other scores, a perfect one is 1
    if decimals is None and error and has_exponent(shown):
        return f"{shown:.3g}"
    if decimals is None:
        decimals = decimals_for(shown, 4 if abs(shown) >= 1 else 3)
        if not error:
            decimals = decimals_for(1 - shown, 1) if TINY <= 1 - shown < 0.0005 else min(3, decimals)
    return f"{shown:z,.{decimals}f}"


def standard_error(fold_scores: Sequence[float]) -> float | None:
    """Return the standard error of the mean over the folds; None for fewer than two folds."""
    if len(fold_scores) < 2:
        return None
    return statistics.stdev(fold_scores) / math.sqrt(len(fold_scores))


def score_and_error(metric: str, fold_scores: Sequence[float]) -> str:
    """Write the mean over the folds and its standard error: 0.704 ± 0.012."""
    if not fold_scores:
        return UNKNOWN
    mean, error = statistics.fmean(fold_scores), standard_error(fold_scores)
    if error is None:
        return score(metric, mean)
    shown = score(metric, mean)
    if "e" in shown:
        return f"{shown} ± {error:.2g}"
    decimals = len(shown.partition(".")[2])
    if 0.05 * 10**-decimals <= error < 0.5 * 10**-decimals:  # a digit more, and it is not written as 0
        decimals += 1
    return f"{score(metric, mean, decimals)} ± {error:,.{decimals}f}"


# --- intervals --------------------------------------------------------------------------


def interval(bounds: Mapping[str, Any], scale: float = 1.0, unit: str = "", most: int | None = None) -> str:
    """Write an estimate between its bounds, to two digits of their distance: +0.012 (0.004 to 0.020).

    Parameters
    ----------
    bounds : mapping
        With ``estimate``, ``low`` and ``high``; a bound that is None or infinite is unknown.
    scale : float
        Factor for the estimate and both bounds.
    unit : str
        Written after the estimate and both bounds.
    most : int, optional
        Of decimals.
    """
    if bounds["estimate"] is None:
        return UNKNOWN
    estimate = scale * bounds["estimate"]
    low, high = (_finite(bounds[side], scale) for side in ("low", "high"))
    width = max((abs(estimate - bound) for bound in (low, high) if bound is not None), default=0.0)
    decimals = decimals_for(2 * width or estimate, 2)
    decimals = decimals if most is None else min(decimals, most)
    form = ".2g" if most is None and has_exponent(max(abs(estimate), width)) else f"z,.{decimals}f"
    texts = [None if each is None else f"{each:{form}}{unit}" for each in (low, high)]
    return f"{estimate:+{form}}{unit} ({_range(*texts)})"


def gained(bounds: Mapping[str, Any], metric: str) -> str:
    """Write a gain in the unit of a metric, as people call it: +0.012 (0.004 to 0.020) in ROC AUC."""
    return f"{interval(bounds)} in {metric}" if metric else interval(bounds)


def _finite(bound: float | None, scale: float) -> float | None:
    return scale * bound if bound is not None and math.isfinite(bound) else None


def _range(low: str | None, high: str | None) -> str:
    if low and high:
        return f"{low} to {high}"
    if low or high:
        return f"at least {low}" if low else f"at most {high}"
    return "no bounds can be given"


def worth_having(least: float, width: float) -> str:
    """Write the smallest gain worth having, after a comparison; `width` is that of the gain's interval."""
    if not math.isfinite(least):
        return "what it costs"
    if abs(least) < NEGLIGIBLE * width < math.inf:
        return f"zero ({'its extra cost is negligible' if least > 0 else 'it costs nothing extra'})"
    shown = f"{least:,.{decimals_for(least, 2)}f}"  # with the digits of the gain that it is compared with
    return f"the {shown} from which it pays, as it costs less" if least < 0 else f"the {shown} worth having"


def skill_interval(bounds: Mapping[str, Any]) -> str:
    """Write an interval of skill in words."""
    return f"{interval(bounds, 100, ' %')} {SKILL_SCALE}"


def money_interval(bounds: Mapping[str, Any], currency: str, scale: float = 1.0) -> str:
    """Write a sum of money between its bounds: EUR +1,200 (300 to 2,100)."""
    return f"{currency} {interval(bounds, scale, most=2)}"


# --- text -------------------------------------------------------------------------------


def quoted(names: Iterable[Any]) -> str:
    """Return up to five names in quotes, long ones cut, and the number of further names."""
    names = list(names)
    shown = [repr(name if len(name) <= 60 else name[:59] + "…") for name in map(str, names[:5])]
    return ", ".join(shown) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")


def rounded(count: int) -> int:
    """Return a count of which only the size is known, to two digits: 6,906 is 6,900."""
    return round(count, 2 - len(str(count)))


def few(names: Sequence[str], most: int = 4) -> str:
    """Return the first names, and the number of further ones: `age, income and 3 more`."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def counted(count: int, noun: str) -> str:
    """Return `1 row`, `2,000 rows`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def sentence_case(text: str) -> str:
    """Return the text with its first letter capitalised as in a sentence; names keep their letters."""
    return text[:1].upper() + text[1:]


def one_line(text: str, width: int | None = None) -> str:
    """Return the text on one line, without control characters, cut to `width` if it is given."""
    flat = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return flat if width is None or len(flat) <= width else flat[: width - 1].rstrip() + "…"
