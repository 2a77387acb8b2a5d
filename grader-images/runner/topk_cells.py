"""Runs the cells, prints what they print as it comes, and keeps the notebook on the way, so that a time-out keeps what was done."""

import os
import re
import sys
import tempfile
import time

import nbformat
from nbclient import NotebookClient

STREAM_CHARACTERS = 256 << 10
NOTEBOOK_CHARACTERS = 8 << 20
SAVE_SECONDS = 2
OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n|$)")


class Cells(NotebookClient):
    def __init__(self, notebook, path, seconds):
        super().__init__(
            notebook,
            timeout=seconds,
            kernel_name="python3",
            startup_timeout=120,
            on_cell_execute=self.begin,
            on_cell_executed=self.end,
            extra_arguments=["--IPKernelApp.extensions=topk_kernel", "--InteractiveShell.colors=NoColor"],
        )
        self.path = path
        self.numbers = {}
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type == "code" and cell.source.strip():
                self.numbers[index] = len(self.numbers) + 1
        self.count = len(self.numbers)
        self.current = None
        self.process = None
        self.kept = 0
        self.at_line_start = True
        self.save_after = 0.0

    def create_kernel_manager(self):
        """Sockets in a folder, where others listen on ports: there may be no network at all, not even the loopback."""
        manager = super().create_kernel_manager()
        manager.transport = "ipc"
        manager.ip = os.path.join(tempfile.mkdtemp(prefix="topk-", dir="/tmp"), "kernel")
        return manager

    def begin(self, cell, cell_index):
        self.current = cell_index
        # The kernel's manager forgets the process once it is dead.
        self.process = getattr(self.km.provisioner, "process", None)
        self.nb.metadata["topk"] = {"running": cell_index}
        self.print_line(f"[cell {self.numbers[cell_index]}/{self.count}]")
        self.save()

    def end(self, cell, cell_index, execute_reply):
        self.save()

    def finish(self):
        self.nb.metadata["topk"] = {"done": True}
        self.save()
        self.print_line("")

    def failed(self, code, what):
        """Marks the cell that was running. @returns code and sentence"""
        sentence = f"cell {self.numbers.get(self.current, 1)} failed: {what}"
        self.nb.metadata["topk"] = {"failed": self.current, "sentence": sentence}
        if self.current is not None and code != 1:
            # No traceback came from the kernel: this stands in its place.
            output = nbformat.v4.new_output("error", ename="NotebookStopped", evalue=what, traceback=[sentence])
            self.nb.cells[self.current].outputs.append(output)
        self.save()
        self.print_line("")
        return code, sentence

    def kernel_exit_code(self):
        return None if self.process is None else self.process.poll()

    def output(self, outs, msg, display_id, cell_index):
        kind = msg["msg_type"]
        content = msg["content"]
        self.show(kind, content)
        out = None
        if kind == "stream" and outs and outs[-1].output_type == "stream" and outs[-1].name == content["name"]:
            self.lengthen(outs[-1], content["text"])
        elif self.fits(kind, content):
            out = super().output(outs, msg, display_id, cell_index)
        if time.monotonic() > self.save_after:
            self.save()
        return out

    def lengthen(self, out, text):
        """tqdm and its like print a line over and over: only its last state is kept."""
        if len(out.text) >= STREAM_CHARACTERS:
            return
        out.text += text
        if "\r" in out.text:
            out.text = OVERWRITTEN.sub("", out.text)
        if len(out.text) >= STREAM_CHARACTERS:
            out.text = out.text[:STREAM_CHARACTERS] + "\n… the rest is left out here\n"

    def fits(self, kind, content):
        if kind == "stream":
            content["text"] = content["text"][:STREAM_CHARACTERS]
        self.kept += len(str(content))
        return self.kept <= NOTEBOOK_CHARACTERS or kind == "error"

    def show(self, kind, content):
        if kind == "stream":
            self.print_text(content["text"])
        elif kind in ("display_data", "execute_result"):
            self.print_line(str(content["data"].get("text/plain", "")))
        elif kind == "error":
            self.print_line("\n".join(content["traceback"]))

    def print_line(self, text):
        if not self.at_line_start:
            self.print_text("\n")
        if text:
            self.print_text(f"{text}\n")

    def print_text(self, text):
        if text:
            sys.stdout.write(text)
            sys.stdout.flush()
            self.at_line_start = text.endswith("\n")

    def save(self):
        """Under another name first, so that there is a whole notebook at any moment. A full disk costs the notebook, not the run."""
        began = time.monotonic()
        part = f"{os.path.dirname(self.path)}/.executed.ipynb.part"
        try:
            if os.path.lexists(part):
                os.unlink(part)
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w", encoding="utf-8") as file:
                nbformat.write(self.nb, file)
            os.replace(part, self.path)
        except OSError as error:
            self.print_line(f"topk: executed.ipynb can't be kept: {error.strerror}")
        took = time.monotonic() - began
        self.save_after = time.monotonic() + max(SAVE_SECONDS, 20 * took)
