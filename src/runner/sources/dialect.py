"""How a table is written where it comes from, as far as the table itself does not show it."""

from collections.abc import Collection
from dataclasses import dataclass

OPTIONS = ("separator", "encoding", "sheet", "query")  # of the config, and of the verbs that read a table


@dataclass(frozen=True)
class Dialect:
    """How to read a table; each kind of source uses what concerns it.

    Attributes
    ----------
    separator : str or None
        One character, of a text table; detected if not given.
    encoding : str
        Of a text table.
    sheet : str or None
        Of an Excel file; the first one if not given.
    query : str or None
        For a database.
    words : collection of str
        Columns of a text table whose cells are left as written, whatever they look like.
    """

    separator: str | None = None
    encoding: str = "utf-8"
    sheet: str | None = None
    query: str | None = None
    words: Collection[str] = ()
