"""Which program a command means, and the variables that it gets."""

import os
import sys

JOB = "/topk/job"
DATA = "/topk/data"
HIDDEN = "/topk/hidden"
RUN = "/topk/run"
OUT = "/topk/run/out"
HERE = "/opt/topk"


class Unusable(Exception):
    """The command can't be started; the text says why."""


def resolve(command):
    """A script or a notebook is run by its kind, with its path below /topk/job; anything else is taken as it is."""
    if not command:
        raise Unusable("there is no command")
    entry, *rest = command
    runners = {
        ".py": [sys.executable, "-u"],
        ".ipynb": [sys.executable, "-I", f"{HERE}/topk_notebook.py"],
        ".sh": ["/bin/sh"],
    }
    runner = runners.get(os.path.splitext(entry)[1].lower())
    if runner is None:
        return command
    path = os.path.join(JOB, entry)
    if not os.path.isfile(path):
        raise Unusable(f"there is no {entry} in {JOB}; it holds {listed(JOB)}")
    return [*runner, path, *rest]


def listed(folder):
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError as error:
        return f"nothing that can be read ({error.strerror})"
    return ", ".join(names[:10]) + (", …" if len(names) > 10 else "") if names else "nothing"


def environment(given):
    """@param given the variables that are set already; what fixes the result of a run may be given, where it runs may not"""
    seed = given.get("TOPK_SEED", "542")
    if not seed.isdecimal():
        raise Unusable(f"TOPK_SEED is {seed!r}: a number from 0 to 4294967295 is needed")
    threads = given.get("OMP_NUM_THREADS") or str(cpus())
    defaults = {
        "TOPK_SEED": seed,
        "PYTHONHASHSEED": str(int(seed) % 2**32),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
        "MPLBACKEND": "Agg",
        "PYTHONPATH": JOB,
        # The user has no entry in /etc/passwd: getpass.getuser(), which torch calls, asks these.
        "USER": "topk",
        "LOGNAME": "topk",
    }
    places = {"TOPK_JOB": JOB, "TOPK_OUT": OUT, "HOME": "/tmp"}
    mounts = {"TOPK_DATA": DATA, "TOPK_HIDDEN": HIDDEN}
    places.update({name: folder for name, folder in mounts.items() if os.path.isdir(folder)})
    return {**defaults, **given, **places}


def cpus():
    """How many CPUs the container may use, as its cgroup says; 1 where it says nothing, so that an unlimited laptop computes what the sandbox does."""
    quota = first_line("/sys/fs/cgroup/cpu.max").split()
    if not quota:
        quota = [first_line("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), first_line("/sys/fs/cgroup/cpu/cpu.cfs_period_us")]
    try:
        limit, period = (int(part) for part in quota)
    except ValueError:
        return 1
    return max(1, -(-limit // period)) if limit > 0 else 1


def first_line(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.readline().strip()
    except OSError:
        return ""
