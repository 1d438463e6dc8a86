"""Fetches a data set by its OpenML number: the only source that uses the network, and only if it is named."""

import pandas as pd

from runner.errors import UserError, first_line

SCHEME = "openml:"


def read_openml(path: str) -> pd.DataFrame:
    """Fetch the table of ``openml:31``, which is kept in OpenML's own cache.

    Raises
    ------
    UserError
        If the library is missing, there is no such number, or the network does not answer.
    """
    number = path.removeprefix(SCHEME)
    if not number.isdigit():
        raise UserError(f"dataset.path={path!r}: give OpenML's number of the data set, such as openml:31.")
    try:
        import openml
    except ImportError as error:
        raise UserError(
            f"dataset.path={path!r} needs the library openml: pip install 'baseline-first-runner[openml]'."
        ) from error
    try:
        frame, *_ = openml.datasets.get_dataset(int(number)).get_data()
    except Exception as error:  # from the network, the server or the file, each with its own kinds of error
        raise UserError(f"OpenML gave no data set {number} ({first_line(error)}): check number and network.") from error
    return pd.DataFrame(frame)
