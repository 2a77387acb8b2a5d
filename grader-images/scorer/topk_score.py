"""Scores predictions with an instructor's metric, as Kaggle runs them: score(solution, submission, row_id_column_name) -> float | dict.

In:  /topk/job/metric.py, /topk/job/submission.csv, /topk/data/solution.csv (id, columns, Usage); the tables perhaps gzipped
Out: $TOPK_OUT/result.json, one of
     {"public": {name: value}, "private": {name: value}}    a float gets the name `custom`; a board without rows is null
     {"participantError": text}                             for the student: the text of a ParticipantVisibleError, or what is wrong with the ids
     {"scorerError": text}                                  for staff
The exit code is 0 wherever there is a result. What the metric prints is in the log, for staff.
"""

import json
import math
import os
import sys
import traceback
import types
import zlib

JOB = os.environ.get("TOPK_JOB", "/topk/job")
DATA = os.environ.get("TOPK_DATA", "/topk/data")
OUT = os.environ.get("TOPK_OUT", "/topk/run/out")
PARTICIPANT_CHARACTERS = 280
STAFF_CHARACTERS = 20_000
MOST_NAMES = 20


class ParticipantVisibleError(Exception):
    """What a metric raises to tell the student something; one that metric.py defines by this name counts as well."""


class HostVisibleError(Exception):
    """What a metric raises to tell staff something."""


class WrongPredictions(Exception):
    """The ids of the predictions are not those of the answer key."""


class WrongResult(Exception):
    """The metric gave something that is no score."""


def main():
    try:
        result = score()
    except BaseException as error:
        result = failure(error)
    write_result(result)


def score():
    solution, submission = read_tables()
    metric = load_metric()
    boards = {}
    done = {}
    for board, usage in (("public", "Public"), ("private", "Private")):
        rows = rows_of(solution, usage)
        key = tuple(rows)
        if not key:
            boards[board] = None
            continue
        if key not in done:
            done[key] = score_rows(metric, solution, submission, rows)
        boards[board] = done[key]
    if boards["public"] is None and boards["private"] is None:
        raise WrongResult("The answer key has no row that is scored.")
    return boards


def read_tables():
    import pandas as pd

    def read(path, **options):
        return pd.read_csv(path, encoding="utf-8-sig", compression="gzip" if is_gzip(path) else None, **options)

    row_id = read(f"{DATA}/solution.csv", nrows=0).columns[0]
    solution = read(f"{DATA}/solution.csv", dtype={row_id: str}, index_col=False)
    solution = solution.rename(columns={name: "Usage" for name in solution.columns if name.strip().lower() == "usage"})
    try:
        header = read(f"{JOB}/submission.csv", nrows=0)
        if row_id not in header.columns:
            raise WrongPredictions(f"The column {row_id!r} is missing; the file has {', '.join(map(str, header.columns[:10]))}.")
        submission = read(f"{JOB}/submission.csv", dtype={row_id: str}, index_col=False)
    except (ValueError, OSError, EOFError, zlib.error) as error:
        raise WrongPredictions(f"The predictions can't be read as CSV: {first_line(error)}") from None
    check_ids(solution[row_id], submission[row_id])
    return solution, submission


def is_gzip(path):
    with open(path, "rb") as file:
        return file.read(2) == b"\x1f\x8b"


def check_ids(wanted, given):
    if given.isna().any():
        raise WrongPredictions(f"Row {int(given.isna().to_numpy().argmax()) + 1} has no id.")
    if given.duplicated().any():
        raise WrongPredictions(f"The id {given[given.duplicated()].iloc[0]!r} is there more than once.")
    missing = wanted[~wanted.isin(given)]
    if len(missing) > 0:
        raise WrongPredictions(f"The id {missing.iloc[0]!r} is missing" + (f", and {len(missing) - 1} more." if len(missing) > 1 else "."))
    unknown = given[~given.isin(wanted)]
    if len(unknown) > 0:
        raise WrongPredictions(f"The id {unknown.iloc[0]!r} is unknown" + (f", and {len(unknown) - 1} more." if len(unknown) > 1 else "."))


def load_metric():
    for name in ("topk_metric", "kaggle_metric_utilities"):
        module = sys.modules[name] = types.ModuleType(name)
        module.ParticipantVisibleError = ParticipantVisibleError
        module.HostVisibleError = HostVisibleError
    with open(f"{JOB}/metric.py", encoding="utf-8-sig") as file:
        source = file.read()
    # As a module of its own: what it defines can be pickled and looked up by name, and its `__main__` part does not run.
    metric = types.ModuleType("metric")
    metric.__file__ = f"{JOB}/metric.py"
    sys.modules["metric"] = metric
    sys.path.insert(0, JOB)
    exec(compile(source, metric.__file__, "exec"), metric.__dict__)
    if not callable(metric.__dict__.get("score")):
        raise WrongResult("metric.py defines no function `score(solution, submission, row_id_column_name)`.")
    return metric.score


def rows_of(solution, usage):
    """Without a Usage column every row is on both boards."""
    if "Usage" not in solution.columns:
        return range(len(solution))
    return [at for at, value in enumerate(solution["Usage"]) if str(value).strip().lower() == usage.lower()]


def score_rows(metric, solution, submission, rows):
    row_id = solution.columns[0]
    truth = solution.iloc[list(rows)].drop(columns=["Usage"], errors="ignore").reset_index(drop=True)
    places = {value: at for at, value in enumerate(submission[row_id])}
    aligned = submission.iloc[[places[value] for value in truth[row_id]]].reset_index(drop=True)
    return named(metric(truth, aligned, row_id))


def named(result):
    values = result if isinstance(result, dict) else {"custom": result}
    if not 0 < len(values) <= MOST_NAMES:
        raise WrongResult(f"score() gave {len(values)} values; 1 to {MOST_NAMES} are possible.")
    return {checked_name(name): finite(name, value) for name, value in values.items()}


def checked_name(name):
    if not isinstance(name, str) or not 0 < len(name) <= 60 or not name.isprintable():
        raise WrongResult(f"score() gave a value under {name!r}; a name of 1 to 60 characters is needed.")
    return name


def finite(name, value):
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise WrongResult(f"score() gave a {type(value).__name__} for {name}; a number is needed.") from None
    if not math.isfinite(number):
        raise WrongResult(f"score() gave {number} for {name}; a finite number is needed.")
    return number


def failure(error):
    if isinstance(error, WrongPredictions) or any(kind.__name__ == "ParticipantVisibleError" for kind in type(error).__mro__):
        return {"participantError": str(error)[:PARTICIPANT_CHARACTERS]}
    if isinstance(error, WrongResult):
        return {"scorerError": str(error)}
    text = "".join(traceback.format_exception(error))
    return {"scorerError": text if len(text) <= STAFF_CHARACTERS else text[-STAFF_CHARACTERS:]}


def first_line(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def write_result(result):
    part = f"{OUT}/.result.json.part"
    with open(part, "w", encoding="utf-8") as file:
        json.dump(result, file, allow_nan=False)
    os.replace(part, f"{OUT}/result.json")


if __name__ == "__main__":
    main()
