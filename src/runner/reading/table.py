"""Turns a frame and its config into a data set; one sentence says what to change if that is impossible."""

import hashlib
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from runner.cells import Column, plain, too_large, with_columns
from runner.cells.codes import is_a_code, names
from runner.cells.prose import tells_nothing
from runner.config import DatasetConfig
from runner.config.overrides import as_override
from runner.dataset import Dataset
from runner.errors import UserError, nearest
from runner.reading import incumbent, roles
from runner.reading.class_names import as_read, as_written, in_one_spelling
from runner.reading.contract import assert_kept
from runner.reading.rows import only_numbers_rows, usable
from runner.reading.spelling import spellings
from runner.reading.target import encode, find_task
from runner.sampling import ENOUGH_OF_A_CLASS, draw
from runner.sources.dialect import Dialect
from runner.sources.frame import index_as_columns, read_frame
from runner.task import Task
from runner.words import counted, quoted, sentence_case

ROLES = ("target", "group", "time", "fold", "weight")

Notes = list[str]


def load(
    config: DatasetConfig, max_rows: int | None = None, seed: int = 0, least_of_a_class: int = ENOUGH_OF_A_CLASS
) -> Dataset:
    """Read the table at `config.path` and build a data set from it, as `build` does.

    Raises
    ------
    UserError
        If there is no such table, or nothing can be learned from it.
    """
    dialect = Dialect(config.separator, config.encoding, config.sheet, config.query)
    frame, notes = read_frame(config.path, dialect)
    try:
        dataset = build(frame, config, max_rows, seed, least_of_a_class)
    except UserError as error:  # another sheet may have what this one lacks
        raise UserError(" ".join([str(error), *notes])) from error
    del frame
    pa.default_memory_pool().release_unused()  # the memory of what was read and not used is for the fits
    return replace(dataset, notes=notes + dataset.notes)


def build(
    frame: pd.DataFrame,
    config: DatasetConfig,
    max_rows: int | None = None,
    seed: int = 0,
    least_of_a_class: int = ENOUGH_OF_A_CLASS,
) -> Dataset:
    """Build a valid data set from a frame.

    Parameters
    ----------
    frame : DataFrame, shape (rows, columns)
        Not modified. A named index counts as a column.
    config : DatasetConfig
        What the columns mean; its path is not read.
    max_rows : int or None
        Judge on at most this many rows: the latest if there is time, random whole groups if these are small, else a
        random sample with the classes in proportion.
    seed : int
        That of the sample.
    least_of_a_class : int
        How many rows a sample is to hold of a class of which it would hold less than half as many in proportion;
        weights bring them back to their share. Of whole groups, those that have such rows come first.

    Raises
    ------
    UserError
        If nothing can be learned from the table, or the config does not suit it.
    """
    notes: Notes = []
    frame = with_names(frame)
    _check_config(frame, config)
    if config.schema:
        assert_kept(frame, config.schema)
    today = incumbent.read(config, list(frame.columns))
    cells = _plain_cells(frame, config, notes)
    fingerprint = _fingerprint(cells)
    cells, rows = usable(cells, config, notes)
    cells = with_columns(cells, {config.target: in_one_spelling(cells[config.target], notes)})
    target, empty = cells[config.target].iloc[rows], int(cells[config.target].isna().sum())
    task = find_task(target, config.task, notes)
    groups = roles.group_codes(frame[config.group].iloc[rows], notes) if config.group else None
    sample = draw(_strata(target, task), groups, bool(config.time), max_rows, seed, least_of_a_class)
    notes += [sample.note] if sample.note else []
    unused = len(rows) - len(sample.rows)
    rows, groups = rows[sample.rows], None if groups is None else groups[sample.rows]
    cells, written = cells.iloc[rows].reset_index(drop=True), frame[config.target].iloc[rows]
    positive = as_read(config.positive, written, cells[config.target])
    values, classes = encode(cells[config.target], task, positive, notes, empty)
    told = as_written(classes, values, written)
    return Dataset(
        name=config.name,
        task=task,
        target_name=config.target,
        features=_features(cells, rows, config, today, notes),
        target=values,
        classes=told,
        fingerprint=fingerprint,
        groups=groups,
        time=cells[config.time].to_numpy() if config.time else None,
        gap=roles.gap(config.gap, cells[config.time]) if config.time and config.gap is not None else None,
        folds=roles.fold_codes(cells[config.fold], notes) if config.fold else None,
        weights=roles.row_weights(cells[config.weight], sample.weights) if config.weight else sample.weights,
        weight_name=config.weight,
        has_more_of_rare=sample.weights is not None,
        unused_rows=unused,
        incumbent=incumbent.with_cells(today, cells.drop(columns=config.target), task, (told, classes), notes),
        positions=rows,
        sensitive=cells[list(config.sensitive)] if config.sensitive else None,
        spelling=spellings(frame, rows, cells),
        notes=tuple(notes),
    )


def with_names(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with a unique string as the name of every column.

    Raises
    ------
    UserError
        If it is no frame, or a column has no name or that of another.
    """
    if not isinstance(frame, pd.DataFrame):
        kind = type(frame).__name__
        raise UserError(f"A table must be a pandas DataFrame, and this is a {kind}: convert it first.")
    frame = index_as_columns(frame)
    for position, name in enumerate(frame.columns, start=1):
        if not isinstance(name, tuple) and (pd.isna(name) or not str(name).strip()):
            raise UserError(f"Column {position} of the table has no name: give it one.")
    names = pd.Index([str(name) for name in frame.columns], dtype=object)
    if names.has_duplicates:
        doubles = quoted(names[names.duplicated()].unique())
        raise UserError(f"The table has several columns named {doubles}: give each a name of its own.")
    return frame.set_axis(names, axis=1)


def _check_config(frame: pd.DataFrame, config: DatasetConfig) -> None:
    """Check that every column named by the config exists, and that the target has no second role."""
    columns = list(frame.columns)
    named = [(f"dataset.{role}", getattr(config, role)) for role in ROLES]
    named += [("dataset.drop", name) for name in config.drop or ()]
    named += [("dataset.sensitive", name) for name in config.sensitive or ()]
    for option, name in named:
        if name is not None and name not in columns:
            raise UserError(f"{option}={name!r} is not a column of the table: {nearest(str(name), columns)}")
        if name == config.target and option != "dataset.target":
            raise UserError(f"{option} and dataset.target both name {name!r}: it can be one of them only.")
    if config.gap is not None and not config.time:
        raise UserError("dataset.gap is a gap in time: give dataset.time as well, or leave it out.")
    if config.fold and config.time:
        raise UserError("dataset.fold and dataset.time are two ways to split: leave one of them out.")


def _plain_cells(frame: pd.DataFrame, config: DatasetConfig, notes: Notes) -> pd.DataFrame:
    """Return all columns in plain form; dropped columns whose cells have no plain form become text."""
    dropped = set(config.drop or ())
    columns, remarks = {}, defaultdict(list)
    for name, column in frame.items():
        try:
            columns[name], remark = plain(column)
        except UserError:
            if name not in dropped:
                raise
            columns[name], remark = column.map(repr), None
        if remark and name not in dropped:
            remarks[remark].append(name)
    notes += [f"{sentence_case(remark)}: {quoted(names)}." for remark, names in remarks.items()]
    return pd.DataFrame(columns, index=frame.index)


def _fingerprint(cells: pd.DataFrame) -> str:
    """Return the SHA-256 of names, types and values, which is the same for a table in a file and in memory."""
    digest = hashlib.sha256()
    for name, column in cells.items():
        digest.update(f"{name}\0{column.dtype.kind}\0".encode("utf-8", "backslashreplace"))
        digest.update(pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def _strata(target: Column, task: Task) -> NDArray[np.int64]:
    codes = pd.factorize(target)[0] if task.is_classification else np.zeros(len(target))
    return codes.astype(np.int64)


def _features(
    cells: pd.DataFrame, rows: NDArray[np.int64], config: DatasetConfig, today: incumbent.Today | None, notes: Notes
) -> pd.DataFrame:
    """Return the inputs: columns without another role that are not dropped, not empty, and do not number the rows."""
    incumbent = today.name if today and today.rules is None else None
    away = {config.target, config.group, config.fold, config.weight, incumbent, *(config.drop or ())}
    features = cells[[name for name in cells.columns if name not in away]]
    in_order = np.argsort(rows)  # of the table; rows in time are in another
    counters = [name for name in features if name != config.time and only_numbers_rows(features[name].iloc[in_order])]
    if counters:
        notes.append(f"Left out, as it only numbers the rows: {quoted(counters)}.")
        features = features.drop(columns=counters)
    codes = [name for name in features.columns if name != config.time and is_a_code(features[name])]
    if codes:  # here, once for all: in a part of the rows each code has fewer of them
        notes.append(f"Codes, taken as names and not as amounts: {quoted(codes)}.")
        features = with_columns(features, {name: names(features[name]).astype("category") for name in codes})
    empty = [name for name in features.columns if features[name].isna().all()]
    if empty:
        notes.append(f"Left out, as empty in every row: {quoted(empty)}.")
        features = features.drop(columns=empty)
    if features.columns.empty:
        raise UserError(f"No input column is left beside target {config.target!r}: give columns to learn from.")
    if all(tells_nothing(features[name]) for name in features.columns):
        raise UserError(
            f"No input column is of use, as each is constant or different in every row: "
            f"{quoted(features.columns)}; give columns from which target {config.target!r} can be learned."
        )
    large = {name: count for name in features.columns if (count := too_large(features[name]))}
    if large:
        s, holds = ("s", "hold") if len(large) > 1 else ("", "holds")
        raise UserError(
            f"Input column{s} {quoted(large)} {holds} infinite numbers or such beyond ±3.4e38 in "
            f"{counted(sum(large.values()), 'cell')}: replace them, leave them empty, or leave the column{s} out: "
            f"{as_override('dataset.drop', list(large))}."
        )
    return features.copy()
