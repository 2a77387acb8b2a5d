"""Executes a notebook from top to bottom in a fresh kernel and keeps it, as far as it came, in $TOPK_OUT/executed.ipynb.

Exit codes: 0, 1 where a cell failed, 2 where the notebook can't be run, 3 where the kernel ended itself, 4 at the limit per cell, 128 + n where the
kernel was killed by signal n. The last line printed says what happened.
"""

import logging
import os
import signal
import sys

# Isolated from the student's files, which PYTHONPATH names: theirs may be called json.py.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from topk_notebook_file import UnusableNotebook, read_notebook


def main():
    path = sys.argv[1]
    try:
        notebook = read_notebook(path)
    except UnusableNotebook as problem:
        leave(2, f"{os.path.basename(path)}: {problem}")
    code, sentence = execute(notebook)
    leave(code, sentence)


def execute(notebook):
    # After the notebook was read: these take half a second.
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from topk_cells import Cells

    logging.disable(logging.CRITICAL)
    seconds = os.environ.get("TOPK_CELL_SECONDS")
    out = os.environ.get("TOPK_OUT", os.getcwd())
    cells = Cells(notebook, os.path.join(out, "executed.ipynb"), int(seconds) if seconds else None)
    try:
        cells.execute(cwd=out, env=kernel_environment())
    except CellExecutionError as error:
        return cells.failed(1, f"{error.ename}: {first_line(error.evalue)}")
    except CellTimeoutError:
        return cells.failed(4, f"over the limit of {seconds} s per cell")
    except DeadKernelError:
        return cells.failed(*death(cells))
    except NoSuchKernel:
        return 2, "the image has no kernel named python3"
    except RuntimeError as error:
        # jupyter_client's word for a kernel that did not come up
        return 3, f"the kernel did not start: {first_line(str(error))}"
    cells.finish()
    return 0, f"all {cells.count} cells done" if cells.count > 1 else "the cell is done"


def death(cells):
    """@returns how a kernel that is gone has ended: exit code and words"""
    code = cells.kernel_exit_code()
    if code is None:
        return 3, "the kernel died"
    if code >= 0:
        return 3, f"the kernel ended itself with exit code {code}: a notebook must not call os._exit or kill its kernel"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    hint = ", most likely for its memory" if name == "SIGKILL" else ""
    return 128 - code, f"the kernel was killed by {name}{hint}"


def kernel_environment():
    return {
        **os.environ,
        # The student's folder is added by the extension, when the kernel has its own modules: theirs may be called json.py.
        "PYTHONPATH": os.path.dirname(os.path.abspath(__file__)),
        # Figures belong into the executed notebook.
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "JUPYTER_RUNTIME_DIR": "/tmp/.topk-jupyter",
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def first_line(text):
    line = (str(text).strip().splitlines() or [""])[0]
    return line[:300] + ("…" if len(line) > 300 else "")


def leave(code, sentence):
    """At once: what is left of a kernel has nothing more to do, and its end is the container's."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
