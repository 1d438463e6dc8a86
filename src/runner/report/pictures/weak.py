"""Where is the kept model weak? Confusion at the threshold, calibration, residuals."""

import statistics
from typing import Any

from runner import words
from runner.report import Content, data
from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture
from runner.words import amount

MOST_CLASSES = 12


def weak_pictures(verdict: Content) -> list[Picture]:
    """Draw what is known about the kept model's errors."""
    weak, positive = verdict.get("weak") or {}, data.positive(verdict)
    drawn = (
        _confusion(weak.get("confusion"), positive),
        _calibration(weak.get("calibration"), positive),
        _residuals(weak.get("residuals")),
    )
    return [each for each in drawn if each]


def _confusion(confusion: Content | None, positive: str | None) -> Picture | None:
    if not confusion or not confusion["counts"] or len(confusion["labels"]) > MOST_CLASSES:
        return None
    labels = [words.one_line(str(label), 14) for label in confusion["labels"]]
    counts = confusion["counts"]
    size = len(labels)
    figure, axes = canvas.sheet(height=1.1 + 0.46 * size)
    for true, row in enumerate(counts):
        total = sum(row) or 1
        for decided, count in enumerate(row):
            colour = canvas.CHEAP if true == decided else canvas.BAD
            axes.barh(true, 0.94, left=decided - 0.47, height=0.9, color=colour, alpha=0.08 + 0.5 * count / total)
            axes.text(
                decided, true, _count(count), ha="center", va="center", color=canvas.INK, size=9 if size > 5 else 10.5
            )
    axes.set_xlim(-0.5, size - 0.5)
    axes.set_ylim(size - 0.5, -0.5)
    axes.set_xticks(range(size), labels, rotation=0 if size < 5 else 35)
    axes.set_yticks(range(size), labels)
    axes.set_xlabel("decided")
    axes.set_ylabel("true")
    canvas.bare(axes)
    told = "; ".join(
        f"of true {label}: "
        + ", ".join(f"{_count(count)} decided {other}" for other, count in zip(labels, row, strict=True))
        for label, row in zip(labels, counts, strict=True)
    )
    threshold = confusion.get("threshold")
    is_one = positive is not None and isinstance(threshold, int | float)
    at = f"; {positive} is decided from a probability of {threshold:.2f} up" if is_one else ""
    weighted = ", rows counted by weight" if confusion.get("weighted") else ""
    return canvas.picture(figure, "confusion", f"Decisions against the truth{weighted}{at}", f"{told}.")


def _count(rows: float) -> str:
    """Write a number of rows; sums of weights below ten have a decimal, such as the 0.4 rows of a rare class."""
    return f"{rows:,.1f}" if rows < 10 and rows != int(rows) else f"{rows:,.0f}"


def _calibration(bins: Any, positive: str | None) -> Picture | None:
    if not bins or len(bins) < 2:
        return None
    figure, axes = canvas.sheet()
    axes.plot([0, 1], [0, 1], color=canvas.FAINT, lw=1.2, ls=(0, (4, 3)))
    most = max(each["rows"] for each in bins) or 1
    said, seen = ([each[key] for each in bins] for key in ("predicted", "observed"))
    axes.plot(said, seen, "-", color=canvas.CHEAP)
    for each in bins:
        area = 3 + 7 * (each["rows"] / most) ** 0.5
        axes.plot([each["predicted"]], [each["observed"]], "o", color=canvas.CHEAP, ms=area)
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    of = positive if positive is not None else "the likeliest class"
    axes.set_xlabel(words.one_line(f"probability of {of}", 50))
    axes.set_ylabel("share observed")
    canvas.bare(axes, "bottom", "left")
    told = "; ".join(f"{each['predicted']:.2f} predicted, {each['observed']:.2f} observed" for each in bins)
    return canvas.picture(
        figure, "calibration", "Do its probabilities hold?", f"{told}. The dashed line would be perfect."
    )


def _residuals(pairs: Any) -> Picture | None:
    if not pairs or len(pairs) < 2:
        return None
    figure, axes = canvas.sheet()
    axes.axhline(0, color=canvas.FAINT, lw=1.2)
    predicted, residuals = ([each[key] for each in pairs] for key in ("predicted", "residual"))
    axes.plot(predicted, residuals, ".", color=canvas.CHEAP, alpha=0.55, ms=5)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true - predicted")
    axes.locator_params(nbins=5)
    canvas.bare(axes, "bottom", "left")
    tenths = statistics.quantiles(residuals, n=10, method="inclusive")
    most = f"eight in ten lie between {amount(tenths[0])} and {amount(tenths[-1])}"
    greatest = f"the greatest is {amount(max(residuals, key=abs))}"
    text = f"{len(pairs)} rows: the median error is {amount(statistics.median(residuals))}; {most}; {greatest}."
    return canvas.picture(figure, "residuals", "How far off it is", text)
