"""An IPython extension: what notebooks made for Colab ask for, answered with what is here.

Nothing can be installed or downloaded in the sandbox. What is there already is skipped with a notice; what is not ends the cell with a sentence.
"""

import os
import sys
import types

from IPython.utils import process
from IPython.utils.text import LSString, SList
from topk_shell_lines import NotInSandbox, rewrite

DATA = os.environ.get("TOPK_DATA", "/topk/data")
JOB = os.environ.get("TOPK_JOB", "/topk/job")


def load_ipython_extension(shell):
    """Replaces what `!` and `x = !…` call, in IPython's own words but for `rewrite`; the depth says whose local variables a line names."""

    def system(line):
        shell.user_ns["_exit_code"] = process.system(rewrite(shell.var_expand(line, depth=1)))

    def getoutput(line, split=True, depth=0):
        out = process.getoutput(rewrite(shell.var_expand(line, depth=depth + 1)))
        return SList(out.splitlines()) if split else LSString(out)

    sys.path.insert(0, JOB)
    os.environ["PYTHONPATH"] = JOB
    shell.system = system
    shell.getoutput = getoutput
    add_magics(shell)
    add_colab()


def add_magics(shell):
    def pip(line):
        shell.system(f"pip {line}")

    def conda(line):
        rewrite(f"conda {line}")

    change = shell.find_line_magic("cd")

    def cd(line):
        folder = os.path.expanduser(line.strip().strip("'\""))
        if folder and not folder.startswith("-") and not os.path.isdir(folder):
            notice(f"%cd {line.strip()} is left out: there is no such folder; the working folder stays {os.getcwd()}")
        else:
            change(line)

    def script(name):
        run = shell.find_cell_magic(name)
        return lambda line, cell: run(line, "\n".join(rewrite(part) for part in cell.splitlines()))

    for name, magic in (("pip", pip), ("conda", conda), ("mamba", conda), ("cd", cd)):
        shell.register_magic_function(magic, "line", name)
    for name in ("bash", "sh"):
        if shell.find_cell_magic(name) is not None:
            shell.register_magic_function(script(name), "cell", name)


def notice(text):
    print(f"topk: {text}")


def add_colab():
    """`from google.colab import drive` works; what it then would fetch from elsewhere does not."""
    try:
        import google
    except ImportError:
        google = sys.modules["google"] = types.ModuleType("google")
        google.__path__ = []
    colab = module("google.colab")
    colab.__path__ = []
    google.colab = colab
    colab.drive = module(
        "google.colab.drive",
        mount=lambda *_, **__: notice(f"there is no Google Drive in the sandbox: nothing is mounted; the competition's data is in {DATA}"),
        flush_and_unmount=lambda *_, **__: None,
    )
    colab.files = module(
        "google.colab.files",
        upload=refuse(f"files.upload() asks a person, and nobody is there: read from {DATA}, or put the file beside the notebook in a .zip"),
        download=lambda name, *_, **__: notice(f"files.download({name!r}) is left out: what lies in the working folder is kept"),
    )
    colab.userdata = module("google.colab.userdata", get=refuse("there are no Colab secrets in the sandbox"))
    colab.output = module("google.colab.output", clear=lambda *_, **__: None)
    colab.auth = module("google.colab.auth", authenticate_user=refuse("there is no Google account in the sandbox"))


def module(name, **members):
    made = sys.modules[name] = types.ModuleType(name)
    made.__dict__.update(members)
    return made


def refuse(sentence):
    def call(*_, **__):
        raise NotInSandbox(sentence)

    return call
