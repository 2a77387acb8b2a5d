"""Reads a notebook that somebody sent, and says in one sentence why it can't be run."""

import json
import os

MAX_BYTES = 32 << 20


class UnusableNotebook(Exception):
    pass


def read_notebook(path):
    """@returns a notebook of format 4 without the outputs that it came with: what is shown afterwards was computed here"""
    content = parse(path)
    check_shape(content)
    check_language(content.get("metadata", {}))
    return normalise(content)


def parse(path):
    size = os.path.getsize(path)
    if size > MAX_BYTES:
        raise UnusableNotebook(
            f"it has {size / 2**20:.0f} MiB, and {MAX_BYTES >> 20} MiB is the most: clear its outputs (Edit, Clear All Outputs) and send it again"
        )
    with open(path, "rb") as file:
        data = file.read()
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnusableNotebook("it is not UTF-8 text, so it is no notebook") from None
    except ValueError as error:
        raise UnusableNotebook(f"it is not a notebook: its JSON breaks off or is damaged ({error})") from None
    except RecursionError:
        raise UnusableNotebook("its JSON is nested too deep to be a notebook") from None


def check_shape(content):
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        raise UnusableNotebook("it is JSON, but no notebook: it has no nbformat")
    if content["nbformat"] not in (3, 4):
        raise UnusableNotebook(f"it has the notebook format {content['nbformat']}; formats 3 and 4 can be run: save it with a current Jupyter")
    if not isinstance(content.get("metadata", {}), dict):
        raise UnusableNotebook("its metadata are damaged")
    sheets = [content] if content["nbformat"] == 4 else content.get("worksheets")
    if not isinstance(sheets, list) or not all(isinstance(sheet, dict) and is_cells(sheet.get("cells", [])) for sheet in sheets):
        raise UnusableNotebook("its cells are damaged")


def is_cells(cells):
    return isinstance(cells, list) and all(isinstance(cell, dict) and isinstance(cell.get("cell_type"), str) for cell in cells)


def check_language(metadata):
    kernel = metadata.get("kernelspec")
    info = metadata.get("language_info")
    kernel = kernel if isinstance(kernel, dict) else {}
    info = info if isinstance(info, dict) else {}
    language = kernel.get("language") or info.get("name") or "python"
    name = str(kernel.get("display_name") or kernel.get("name") or language)
    if str(language).lower() not in ("python", "ipython", "python3") or kernel.get("name") == "python2":
        raise UnusableNotebook(f"it is for the kernel “{name[:60]}”; only Python 3 runs here")


def normalise(content):
    import nbformat

    if content["nbformat"] == 3:
        print("topk: the notebook has the old format 3 and is read as format 4")
    # The state of widgets of another day, which some writers leave invalid.
    content.get("metadata", {}).pop("widgets", None)
    if content["nbformat"] == 4:
        content.setdefault("metadata", {})
        content.setdefault("nbformat_minor", 5)
        for cell in content.get("cells", []):
            cell.setdefault("metadata", {})
            cell.setdefault("source", "")
            empty(cell)
    try:
        notebook = nbformat.reads(json.dumps(content), as_version=4)
        for cell in notebook.cells:
            empty(cell)
        nbformat.validate(notebook)
    except Exception as error:
        raise UnusableNotebook(f"it is damaged: {(str(error).strip().splitlines() or [type(error).__name__])[0][:200]}") from None
    if not any(cell.cell_type == "code" and cell.source.strip() for cell in notebook.cells):
        raise UnusableNotebook("it has no code cell")
    return notebook


def empty(cell):
    if cell.get("cell_type") == "code":
        cell["outputs"] = []
        cell["execution_count"] = None
