"""A figure to draw on, and its conversion for the page: no fixed colours, text as text, unique names.

Pictures are drawn in colours that stand for roles. In the page each becomes a CSS variable, so that a picture looks
right on paper, in light mode and in dark mode.
"""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colours used for drawing, and the CSS variables that they become.
INK, SOFT, FAINT, PAPER = "#010101", "#020202", "#030303", "#040404"
CHEAP, COSTLY, GOOD, BAD = "#050505", "#060606", "#070707", "#080808"
VARIABLES = {
    INK: "--ink",
    SOFT: "--soft",
    FAINT: "--faint",
    PAPER: "--paper",
    CHEAP: "--cheap",
    COSTLY: "--costly",
    GOOD: "--go",
    BAD: "--no-go",
}
WIDE, HIGH = 4.6, 2.9  # inches, 72 units each in the page; letters stay legible down to the width of a phone
LETTERS = 10.5
LONGEST = 26  # characters of a name beside or in a picture, so that there is room for the drawing

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "runner",
    "font.family": "DejaVu Sans",  # comes with Matplotlib; the page replaces it with its own
    "font.size": LETTERS,
    "axes.titlesize": LETTERS,
    "axes.labelsize": LETTERS,
    "xtick.labelsize": LETTERS - 1,
    "ytick.labelsize": LETTERS - 1,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": SOFT,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": SOFT,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.axisbelow": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "lines.linewidth": 1.6,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "axes.formatter.use_mathtext": False,
    "text.parse_math": False,  # names may have two dollar signs
    "axes.unicode_minus": False,
}


@dataclass(frozen=True)
class Picture:
    """A picture, ready for the page.

    Attributes
    ----------
    name : str
        Unique within a page.
    title : str
        What it shows, in a few words.
    text : str
        Its content in words, for people who cannot see it.
    svg : str
        With unique ids, the colours of the page, and no fixed size.
    """

    name: str
    title: str
    text: str
    svg: str


@contextmanager
def style() -> Iterator[None]:
    """Draw in the page's style while this context is open; text takes its colour when it is written."""
    from matplotlib import rc_context

    with rc_context(STYLE):
        yield


def sheet(height: float = HIGH) -> "tuple[Figure, Axes]":
    """Return a figure with its axes, without a window or shared state."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDE, height), layout="constrained")
    return figure, figure.add_subplot()


def blank(height: float) -> "tuple[Figure, Axes]":
    """Return a figure without visible axes, whose unit is one of the page, with the origin at the top left."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDE, height / 72))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, 72 * WIDE)
    axes.set_ylim(height, 0)
    return figure, axes


def picture(figure: "Figure", name: str, title: str, text: str) -> Picture:
    """Turn a figure into a picture of the page."""
    out = io.StringIO()
    with warnings.catch_warnings():  # the page has fonts of its own, for any letters
        warnings.filterwarnings("ignore", r"Glyph .* missing from font")
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return Picture(name, title, text, _for_page(out.getvalue(), name, title, text))


def _for_page(svg: str, name: str, title: str, text: str) -> str:
    """Remove what a page has no use for, and add what it needs."""
    body = svg[svg.index("<svg") :]
    for waste in (r"<metadata>.*?</metadata>", r"<!--.*?-->"):
        body = re.sub(waste, "", body, flags=re.DOTALL)
    body = re.sub(r"\s*\n\s*", " ", body)
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = body.replace('xlink:href="#', f'href="#{name}-').replace("url(#", f"url(#{name}-")
    body = re.sub(r"font-family: [^;\"]+;? ?", "", body)
    body = re.sub(r"font: ([\d.]+px) [^;\"]+", r"font-size: \1", body)
    for colour, variable in VARIABLES.items():
        body = body.replace(colour, f"var({variable})")
    box = re.search(r'viewBox="[^"]+"', body)
    assert box
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box[0]} role="img" aria-labelledby="{name}-title {name}-text">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-text">{escape(text)}</desc>'
    )
    return re.sub(r"<svg[^>]*>", lambda _: head, body, count=1)


def short(name: Any) -> str:
    """Return a name as shown in a picture; a long one is shortened, as the page's tables have it in full."""
    return words.one_line(str(name), LONGEST)


def bare(axes: "Axes", *sides: str) -> None:
    """Hide the frame except for some sides."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in sides)


def standalone(drawn: Picture) -> str:
    """Return a picture as a file of its own that contains the page's colours, for Markdown, which has none."""
    sheet_of_style = Path(__file__).parents[1].joinpath("templates", "colours.css").read_text(encoding="utf-8")
    letters = "text { font-family: system-ui, sans-serif; }"
    return drawn.svg.replace(">", f"><style>{sheet_of_style}{letters}</style>", 1)
