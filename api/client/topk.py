"""Topk from Python: download the data of a competition, check and submit files, run code, read the board.

    import topk
    topk.login("https://topk.example.edu")              # asks for an API token, which is not shown
    topk.download("digits")
    topk.submit("digits", "predictions.csv", note="200 trees")

Or from a terminal: python topk.py --help

One file, the standard library alone, Python 3.9 or newer. Where pandas is there, DataFrames are taken and given.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import getpass
import hashlib
import http.client
import http.server
import io
import ipaddress
import json
import os
import pathlib
import random
import re
import secrets
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

__all__ = [
    "Client", "Rejected", "Submission", "TopkError", "check", "competitions", "download", "leaderboard", "login", "logout",
    "run", "submissions", "submit", "wait", "whoami",
]
__version__ = "1"

_TERMINAL = ("scored", "rejected", "failed", "cancelled")
_PIECE_BYTES = 1 << 20
# Of one read or write: a live stream that is alive says so every fifteen seconds.
_SILENCE_SECONDS = 120
_TRIES = 8
_PENDING_SECONDS = 24 * 3600
_FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
# ECMA-48 control sequences and strings: colours in a log, and what else a terminal would obey.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_].*?(?:\x07|\x1b\\)|[ -/]*[0-~])", re.DOTALL)


class TopkError(Exception):
    """What went wrong, as the server's own sentence. `errors` are places in a file, `type` is for programs."""

    def __init__(self, message, *, status=None, type=None, errors=(), next_slot_at=None, transient=False, pause=None):
        super().__init__(_printable(message))
        self.status = status
        self.type = type
        self.errors = list(errors)
        self.next_slot_at = next_slot_at
        self._transient = transient
        self._pause = pause


class Rejected(TopkError):
    """A submission that ended without a score: `submission` says why."""

    def __init__(self, message, submission):
        super().__init__(message, type=submission.state, errors=submission.get("errors", ()))
        self.submission = submission


class Submission(dict):
    """A submission as the API gives it, with what is asked for most as attributes."""

    @property
    def id(self):
        return self["id"]

    @property
    def state(self):
        return self["state"]

    @property
    def scores(self):
        """The public scores by metric; empty while there are none."""
        return _values(self.get("scores", {}).get("public", {}))

    @property
    def score(self):
        """The public score in the metric that ranks; None while there is none."""
        return self.scores.get(self.get("primaryMetric"), next(iter(self.scores.values()), None))

    def __repr__(self):
        told = ", ".join([self.state] + [f"{name} {value:.5f}" for name, value in self.scores.items()])
        return f"<submission {self.id} to {self['competition']}: {told}>"


class Rows(list):
    """Rows of a table as dicts; shown as a table."""

    def __repr__(self):
        if not self:
            return "(nothing yet)"
        columns = list(dict.fromkeys(column for row in self for column in row))
        cells = [columns] + [[_cell(row.get(column)) for column in columns] for row in self]
        widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
        return "\n".join("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip() for line in cells)


# --- What is called as topk.something(...) ---------------------------------------------------------------------------

_current = None


def login(url=None, token=None, *, allow_http=False):
    """Sign in with an API token of the Tokens page. Without one it is asked for; it is kept in memory only."""
    global _current
    _current = _sign_in(url, token, allow_http, _kept())
    print(f"Signed in to {_current.url} as {_current.me['name']}.")
    return _current


def logout():
    """Forget the token, also the one that `python topk.py login` keeps. Revoke it on the Tokens page to end it everywhere."""
    global _current
    _current = None
    with contextlib.suppress(FileNotFoundError):
        _login_file().unlink()


def whoami():
    """Who is signed in, and their courses."""
    return _client().whoami()


def competitions():
    """The competitions of my courses, as rows."""
    return _frame(_client().competitions())


def download(slug, folder=None, files=None):
    """Download a competition's data into `folder` (by default one of its name); what is there already is left. Returns the folder."""
    return _client().download(slug, folder, files)


def check(slug, what, *, filename=None, phase=None):
    """Check a file, DataFrame or array as scoring would, without submitting it. Raises TopkError with all that is wrong."""
    return _client().check(slug, what, filename=filename, phase=phase)


def submit(slug, what, note="", *, wait=True, filename=None, phase=None, part=None, quiet=False):
    """Submit a file, DataFrame or array, and wait for its score. Raises Rejected where it gets none."""
    return _client().submit(slug, what, note, wait=wait, filename=filename, phase=phase, part=part, quiet=quiet)


def run(slug, what, note="", *, filename=None, phase=None, part=None, quiet=False):
    """Submit code (.py, .ipynb, .zip) and show what it prints while it runs. Raises Rejected where it gets no score."""
    return _client().run(slug, what, note, filename=filename, phase=phase, part=part, quiet=quiet)


def wait(submission, *, quiet=False):
    """Wait for the score of a submission, given as its number or as `submit(..., wait=False)` returned it."""
    return _client().wait(submission, quiet=quiet)


def submissions(slug, *, phase=None):
    """My team's submissions, newest first, as rows."""
    return _frame(_client().submissions(slug, phase=phase))


def leaderboard(slug, *, board="public", phase=None):
    """A board, best first, as rows. `board` is "public", or "private" once it is revealed."""
    return _frame(_client().leaderboard(slug, board=board, phase=phase))


# --- The client ------------------------------------------------------------------------------------------------------


class Client:
    """One person on one server. Tables are given as plain rows."""

    def __init__(self, url, token, *, allow_http=False):
        self.url = _origin(url, allow_http)
        self._token = _Secret(token)
        # A redirect would carry the token to wherever it points.
        handlers = [_NoRedirect(), urllib.request.HTTPSHandler(context=ssl.create_default_context())]
        if _is_loopback(self.url):
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)
        self._metrics = {}
        self.me = self._get("/me")

    def __repr__(self):
        return f"<topk {self.url} as {self.me['name']}>"

    def whoami(self):
        return self.me

    def competitions(self):
        rows = Rows()
        for each in self._get("/competitions")["competitions"]:
            phase = next((one for one in each["phases"] if one["slug"] == each["currentPhase"]), each["phases"][0])
            due = (phase.get("mine") or phase).get("dueAt", phase["dueAt"])
            rows.append({"slug": each["slug"], "title": each["title"], "course": each["course"], "status": phase["status"],
                         "due": due, "metric": each["primaryMetric"]})
        return rows

    def download(self, slug, folder=None, files=None, *, quiet=False):
        there = {file["name"]: file for file in self._get(f"/competitions/{_part(slug)}")["files"]}
        wanted = [name for name, file in there.items() if not file.get("hidden")] if files is None else list(files)
        missing = [name for name in wanted if name not in there]
        if missing:
            raise TopkError(f"There is no {missing[0]} in {slug}. There are: {', '.join(there) or 'no files yet'}.")
        target = pathlib.Path(slug if folder is None else folder).expanduser()
        target.mkdir(parents=True, exist_ok=True)
        screen = _Screen(quiet)
        for name in wanted:
            self._fetch(slug, there[name], target, screen)
        return target

    def check(self, slug, what, *, filename=None, phase=None, quiet=False):
        body = _body(what, filename)
        query = {"filename": body.name, "phase": phase}
        answer = self._call("POST", f"/competitions/{_part(slug)}/check", query=query, body=body, screen=_Screen(quiet))
        if not answer["valid"]:
            raise TopkError(f"{body.name} can't be scored as it is." + _places(answer), type="invalid", errors=answer["errors"])
        screen = _Screen(quiet)
        rows = f"{answer['rows']:,} rows, " if "rows" in answer else ""
        screen.line(f"{body.name}: {rows}nothing wrong with it. It was not submitted.")
        for notice in answer["notices"]:
            screen.line(f"  {notice}")
        return answer

    def submit(self, slug, what, note="", *, wait=True, filename=None, phase=None, part=None, quiet=False):
        receipt = self._send(slug, _body(what, filename), note, phase, part, _Screen(quiet))
        return self.wait(receipt, quiet=quiet) if wait else receipt

    def run(self, slug, what, note="", *, filename=None, phase=None, part=None, quiet=False):
        receipt = self._send(slug, _body(what, filename), note, phase, part, _Screen(quiet))
        return self.follow(receipt, quiet=quiet)

    def wait(self, submission, *, quiet=False):
        screen = _Screen(quiet)
        return self._verdict(self._watch(_number(submission), screen, lambda one: False), screen)

    def follow(self, submission, *, quiet=False):
        """As `wait`, showing what the code prints."""
        number, screen, shown = _number(submission), _Screen(quiet), 0
        while True:
            seen = self._watch(number, screen, lambda one: one["state"] == "running" and one["attempt"] > shown)
            if seen["kind"] != "predictions" and seen["attempt"] > shown and seen["state"] != "cancelled":
                self._show_log(number, screen)
            if seen["state"] in _TERMINAL:
                return self._verdict(seen, screen)
            shown = seen["attempt"]

    def submissions(self, slug, *, phase=None):
        rows = Rows()
        for one in self._pages(f"/competitions/{_part(slug)}/submissions", "submissions", {"phase": phase, "limit": 200}):
            scores = one.get("scores", {})
            rows.append({
                "id": one["id"], "received": one["receivedAt"], "state": one["state"], "file": one["file"]["name"],
                **_values(scores.get("public", {})),
                **{f"private {name}": value for name, value in _values(scores.get("private", {})).items()},
                "counts": ", ".join(one["countsOn"]), "note": one["note"],
            })
        return rows

    def leaderboard(self, slug, *, board="public", phase=None):
        rows = Rows()
        query = {"board": board, "phase": phase, "limit": 2000}
        mine = None
        for page in self._answers(f"/competitions/{_part(slug)}/leaderboard", query):
            mine = page["me"] and page["me"]["name"]
            for one in page["rows"]:
                rows.append({"rank": one["rank"], "name": one["name"], **_values(one["scores"]), "me": one["name"] == mine})
        return rows

    # --- what those are made of

    def _send(self, slug, body, note, phase, part, screen):
        """Sends a file once, however often it takes: an answer that was lost is asked for again with the same key."""
        pending = _Pending(self.url, self.me["id"], slug, phase, part, note, body.sha256)
        if pending.is_left_over:
            screen.line("Going on with an upload that broke off earlier.")
        query = {"filename": body.name, "phase": phase, "part": part, "note": note or None}
        headers = {"Idempotency-Key": pending.key}
        try:
            receipt = self._call("POST", f"/competitions/{_part(slug)}/submissions", query=query, body=body, headers=headers,
                                 screen=screen)
        except TopkError as error:
            if not error._transient:
                pending.forget()
            raise error from None
        pending.forget()
        left = receipt.get("leftToday")
        screen.line(f"Submission {receipt['id']} received" + ("." if left is None else f", {left:,} left today."))
        return self._submission(receipt)

    def _watch(self, number, screen, is_enough):
        """Follows a submission until it ends, or until `is_enough`."""
        last, path = None, f"/submissions/{number}"
        while True:
            try:
                for event, data in self._events(f"{path}/events", {}):
                    if event != "submission":
                        continue
                    last = self._submission(data)
                    screen.passing(_waiting(last))
                    if last.state in _TERMINAL or is_enough(last):
                        return last
            except TopkError as error:
                # Very many streams are open already: then it is asked now and then.
                if error.type != "too-many-requests":
                    raise error from None
            time.sleep(1)
            last = self._submission(self._get(path))
            if last.state in _TERMINAL or is_enough(last):
                return last

    def _verdict(self, submission, screen):
        name = f"Submission {submission.id}"
        if submission.state != "scored":
            how = {"failed": "could not be graded, which is the server's fault and costs no attempt"}.get(
                submission.state, f"was {submission.state}")
            places, reason = _places(submission), submission.get("reason") or ""
            # The reason of a wrong file is the first of its errors.
            told = f"{name} {how}" + (":" if reason and reason in places else f". {reason}".rstrip())
            raise Rejected(told + places, submission)
        told = ", ".join(f"{metric} {value:.5f}" for metric, value in submission.scores.items())
        screen.line(f"{name} is scored: {told} (public board).")
        for notice in submission["notices"]:
            screen.line(f"  {notice}")
        return submission

    def _show_log(self, number, screen):
        """Prints the log of the newest run as it grows, and ends with the run."""
        last_id, stage, printed, tries = {}, None, 0, 0
        while stage != "ended":
            before = dict(last_id)
            for event, data in self._events(f"/submissions/{number}/runs/events", last_id):
                if event == "run":
                    if stage is None:
                        screen.line(f"Run {data['attempt']} of submission {number}:")
                    stage = data["stage"]
                elif event == "log":
                    if data["skipped"]:
                        screen.line(f"[{data['skipped']:,} bytes are left out here]")
                    screen.raw(data["text"])
                    printed += len(data["text"])
            if stage == "ended" or self._get(f"/submissions/{number}")["state"] in _TERMINAL and before == last_id:
                break
            tries += 1
            time.sleep(min(5, tries))
        if printed:
            screen.end_line()

    def _submission(self, data):
        slug = data["competition"]
        if slug not in self._metrics:
            self._metrics[slug] = self._get(f"/competitions/{_part(slug)}")["primaryMetric"]
        return Submission(data, primaryMetric=self._metrics[slug])

    def _fetch(self, slug, file, target, screen):
        """Downloads one file whole or not at all; a download that broke off goes on where it was."""
        name = file["name"]
        if not _FILE_NAME.fullmatch(name):
            raise TopkError(f"The server offers a file with a name that is not written to this disk: {name[:80]!r}.")
        path, partial = target / name, target / f"{name}.{file['sha256'][:12]}.part"
        if path.is_file() and path.stat().st_size == file["bytes"] and _sha256(path.open("rb")) == file["sha256"]:
            screen.line(f"{path} is there already.")
            return
        url = f"/competitions/{_part(slug)}/files/{_part(name)}"
        for attempt in range(_TRIES):
            have = partial.stat().st_size if partial.exists() else 0
            headers = {"Range": f"bytes={have}-", "If-Range": f'"{file["sha256"]}"'} if have else {}
            error = None
            try:
                if have < file["bytes"] or have == 0:
                    with self._once("GET", url, headers=headers) as response:
                        with partial.open("ab" if response.status == 206 else "wb") as out:
                            _copy(response, out, screen, name, file["bytes"])
            except TopkError as caught:
                error = caught
            except (OSError, http.client.HTTPException) as caught:
                error = _unreachable(self.url, caught)
            if error and not error._transient:
                raise error
            if partial.exists() and partial.stat().st_size >= file["bytes"]:
                if _sha256(partial.open("rb")) == file["sha256"]:
                    partial.replace(path)
                    screen.line(f"{path} ({_size(file['bytes'])})")
                    return
                # Damaged on the way, or replaced on the server meanwhile.
                partial.unlink()
            if attempt + 1 < _TRIES:
                time.sleep(_pause(attempt, error))
        raise error or TopkError(f"{name} arrives otherwise than the server says. Was it replaced just now? Try again.")

    def _get(self, path, query=None):
        return self._call("GET", path, query=query, tries=5)

    def _pages(self, path, name, query):
        for page in self._answers(path, query):
            yield from page[name]

    def _answers(self, path, query):
        cursor = None
        while True:
            page = self._get(path, {**query, "cursor": cursor})
            yield page
            cursor = page.get("nextCursor")
            if cursor is None:
                return

    def _call(self, method, path, *, query=None, body=None, headers=None, screen=None, tries=_TRIES):
        """A request that may be repeated, and is while it can't be answered. @returns the parsed answer"""
        for attempt in range(tries):
            try:
                pieces = body and body.pieces(screen)
                with self._once(method, path, query=query, pieces=pieces, length=body and body.length, headers=headers) as response:
                    return json.loads(response.read())
            except TopkError as caught:
                error = caught
            except ValueError:
                error = TopkError(f"What {self.url} answers is not Topk's. Is the address right?")
            except (OSError, http.client.HTTPException) as caught:
                error = _unreachable(self.url, caught)
            if not error._transient or attempt + 1 == tries:
                break
            if screen:
                screen.passing("The server does not answer; trying again ...")
            time.sleep(_pause(attempt, error))
        # Raised here: a traceback then holds nothing of the request and its headers.
        raise error

    def _once(self, method, path, *, query=None, pieces=None, length=None, headers=None):
        asked = urllib.parse.urlencode({name: value for name, value in (query or {}).items() if value is not None})
        url = f"{self.url}/api/v1{path}" + (f"?{asked}" if asked else "")
        request = urllib.request.Request(url, data=pieces, method=method, headers={"Accept": "application/json", **(headers or {})})
        request.add_header("User-Agent", f"topk.py/{__version__}")
        if pieces is not None:
            request.add_header("Content-Type", "application/octet-stream")
            request.add_header("Content-Length", str(length))
        request.add_unredirected_header("Authorization", f"Bearer {self._token.reveal()}")
        try:
            return self._opener.open(request, timeout=_SILENCE_SECONDS)
        except urllib.error.HTTPError as answer:
            with answer:
                error = _problem(self.url, answer)
        except (OSError, http.client.HTTPException) as caught:
            error = _unreachable(self.url, caught)
        raise error

    def _events(self, path, last_id):
        """
        The events of one connection to a server-sent-events stream, as (name, data). `last_id` is written to, so that the next
        connection goes on after it. A connection that breaks ends the events; one that can't be made raises.
        """
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last_id["id"]} if "id" in last_id else {})}
        for attempt in range(_TRIES):
            try:
                response = self._once("GET", path, headers=headers)
                break
            except TopkError as error:
                if not error._transient or error.type == "too-many-requests" or attempt + 1 == _TRIES:
                    raise error from None
                time.sleep(_pause(attempt, error))
        with response, contextlib.suppress(OSError, http.client.HTTPException):
            name, data, number = "message", [], None
            for raw in response:
                line = raw.decode("utf-8", "replace").rstrip("\r\n")
                field, _, value = line.partition(":")
                value = value[1:] if value.startswith(" ") else value
                if field == "event":
                    name = value
                elif field == "data":
                    data.append(value)
                elif field == "id":
                    number = value
                elif line == "" and data:
                    if number is not None:
                        last_id["id"] = number
                    yield name, json.loads("\n".join(data))
                    name, data, number = "message", [], None


class _Secret:
    """A token that no repr, and so no traceback with variables, shows."""

    def __init__(self, text):
        # What http.client refuses as a header it would quote in its error.
        if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{8,500}", text):
            raise TopkError("That is no API token. Make one on the Tokens page and paste the whole of it.")
        self._held = lambda: text

    def reveal(self):
        return self._held()

    def __repr__(self):
        return "<an API token>"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class _Body:
    """What is sent: opened anew for each try, and read in pieces."""

    def __init__(self, opener, name):
        self.open, self.name = opener, name
        with opener() as file:
            self.length = file.seek(0, io.SEEK_END)
        self.sha256 = _sha256(opener())

    def pieces(self, screen):
        sent = 0
        with self.open() as file:
            while True:
                piece = file.read(_PIECE_BYTES)
                if not piece:
                    return
                yield piece
                sent += len(piece)
                if screen and self.length > _PIECE_BYTES:
                    screen.passing(f"{self.name}: {_size(sent)} of {_size(self.length)} sent")


def _body(what, filename):
    if isinstance(what, (str, os.PathLike)):
        path = pathlib.Path(what).expanduser()
        if not path.is_file():
            raise TopkError(f"There is no file {str(path)[:200]!r}.")
        return _Body(lambda: path.open("rb"), filename or path.name)
    if hasattr(what, "to_csv"):
        # A pandas index has a name where it is the id column.
        content, name = what.to_csv(index=any(name is not None for name in what.index.names)).encode(), "predictions.csv"
    elif hasattr(what, "write_csv"):
        content, name = what.write_csv().encode(), "predictions.csv"
    elif hasattr(what, "dtype") and hasattr(what, "shape"):
        import numpy

        buffer = io.BytesIO()
        numpy.save(buffer, numpy.asarray(what), allow_pickle=False)
        content, name = buffer.getvalue(), "predictions.npy"
    elif isinstance(what, (bytes, bytearray)):
        content, name = bytes(what), "predictions.csv"
    else:
        raise TopkError(f"A {type(what).__name__} can't be sent. Give the name of a file, a DataFrame, an array, or bytes.")
    return _Body(lambda: io.BytesIO(content), filename or name)


class _Pending:
    """
    The key of an upload whose answer is not known yet. It outlives this process, so that the same call made again after a crash
    or Ctrl-C asks for the submission that was made, if it was, in place of making a second one.
    """

    def __init__(self, *what):
        digest = hashlib.sha256(json.dumps(what).encode()).hexdigest()
        self._path = _folder("XDG_CACHE_HOME", ".cache") / "pending" / digest
        self.key, self.is_left_over = str(uuid.uuid4()), False
        with contextlib.suppress(OSError, ValueError):
            if time.time() - self._path.stat().st_mtime < _PENDING_SECONDS:
                self.key, self.is_left_over = str(uuid.UUID(self._path.read_text())), True
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(self.key)

    def forget(self):
        with contextlib.suppress(OSError):
            self._path.unlink()


class _Screen:
    """Lines that stay, and one that is written over where somebody can see it: in a terminal or a notebook."""

    def __init__(self, quiet=False):
        self._quiet = quiet
        self._out = sys.stdout if "ipykernel" in sys.modules else sys.stderr
        self._lively = not quiet and ("ipykernel" in sys.modules or self._out.isatty())
        self._passing = 0
        self._at_start = True

    def passing(self, text):
        if self._lively and self._at_start:
            text = _printable(text).replace("\n", " ")[: shutil.get_terminal_size().columns - 1]
            self._out.write("\r" + text.ljust(self._passing))
            self._out.flush()
            self._passing = len(text)

    def line(self, text):
        self.end_line()
        if not self._quiet:
            print(_printable(text), flush=True)

    def raw(self, text):
        self._clear()
        if not self._quiet and text:
            print(_printable(_ESCAPES.sub("", text), keep="\n\t\r"), end="", flush=True)
            self._at_start = text.endswith("\n")

    def end_line(self):
        self._clear()
        if not self._at_start:
            print(flush=True)
            self._at_start = True

    def _clear(self):
        if self._passing:
            self._out.write("\r" + " " * self._passing + "\r")
            self._out.flush()
            self._passing = 0


# --- Signing in ------------------------------------------------------------------------------------------------------


def _client():
    global _current
    if _current is None:
        kept = _kept()
        if kept is None:
            raise TopkError("Nobody is signed in. Call topk.login(url), or run: python topk.py login URL")
        _current = Client(kept["url"], kept["token"], allow_http=kept.get("allow_http", False))
    return _current


def _sign_in(url, token, allow_http, kept):
    url = url or (kept and kept["url"])
    if not url:
        raise TopkError('Say where the server is: topk.login("https://...")')
    if token is None and kept and _origin(url, True) == _origin(kept["url"], True):
        token, allow_http = kept["token"], allow_http or kept.get("allow_http", False)
    _origin(url, allow_http)
    if token is None:
        token = getpass.getpass("API token: ") if _can_ask() else sys.stdin.readline()
    return Client(url, token.strip(), allow_http=allow_http)


def _can_ask():
    return "ipykernel" in sys.modules or sys.stdin.isatty()


def _kept():
    """The address and token of TOPK_URL and TOPK_TOKEN, else of `python topk.py login`."""
    url, token = os.environ.get("TOPK_URL"), os.environ.get("TOPK_TOKEN")
    if url and token:
        return {"url": url, "token": token.strip(), "allow_http": os.environ.get("TOPK_ALLOW_HTTP") == "1"}
    try:
        kept = json.loads(_login_file().read_text())
        return {"url": str(kept["url"]), "token": str(kept["token"]), "allow_http": kept.get("allow_http") is True}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(client, allow_http):
    path = _login_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Nobody else may read it, not even between making and closing it.
    number, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(number, "w") as file:
        json.dump({"url": client.url, "token": client._token.reveal(), "allow_http": allow_http}, file)
    os.replace(name, path)


def _login_file():
    return _folder("XDG_CONFIG_HOME", ".config") / "login.json"


def _folder(variable, usual):
    """Where this person keeps such files."""
    named = os.environ.get(variable)
    try:
        return (pathlib.Path(named) if named else pathlib.Path("~").expanduser() / usual) / "topk"
    except RuntimeError:
        # Somebody without a home, in a container: it is not kept then.
        return pathlib.Path(tempfile.mkdtemp(prefix="topk-"))


def _origin(url, allow_http):
    try:
        parts = urllib.parse.urlsplit(url if "://" in url else f"https://{url}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, None
    if not host or parts.scheme not in ("http", "https") or parts.username or parts.password:
        raise TopkError("That is no address of a server. It looks like https://topk.example.edu")
    origin = f"{parts.scheme}://" + (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    if parts.scheme == "http" and not allow_http and not _is_loopback(origin):
        raise TopkError(f"{origin} is not encrypted: everybody on the way could read your token. Use https, or, where you know the "
                        "network, say allow_http=True (in a terminal: --allow-http).")
    return origin


def _is_loopback(origin):
    host = urllib.parse.urlsplit(origin).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# --- Errors and words ------------------------------------------------------------------------------------------------


def _problem(url, answer):
    """A failed request as the server explains it."""
    try:
        problem = json.loads(answer.read(1 << 20))
        detail = str(problem["detail"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        problem = {}
        if 300 <= answer.code < 400:
            host = urllib.parse.urlsplit(answer.headers.get("Location") or "").netloc.rpartition("@")[2]
            detail = f"{url} sends its callers elsewhere" + (f", to {host[:200]}: sign in there." if host else ".")
        else:
            detail = f"{url} answers {answer.code}, and not as Topk does. Is the address right?"
    kind, pause = problem.get("type"), answer.headers.get("Retry-After") or ""
    transient = answer.code in (502, 503, 504) or kind in ("too-many-requests", "upload-interrupted")
    return TopkError(detail + _places(problem), status=answer.code, type=kind, errors=problem.get("errors", ()),
                     next_slot_at=problem.get("nextSlotAt"), transient=transient,
                     pause=min(60, int(pause)) if pause.isdigit() else None)


def _unreachable(url, error):
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLCertVerificationError):
        hint = " Run the “Install Certificates” command that came with this Python." if sys.platform == "darwin" else ""
        return TopkError(f"The certificate of {url} is not trusted here: {reason.verify_message}.{hint}", type="certificate")
    told = getattr(reason, "strerror", None) or type(reason).__name__
    return TopkError(f"{url} can't be reached ({told}). Is the address right, and are you online?", type="unreachable", transient=True)


def _places(problem):
    lines = []
    for one in problem.get("errors") or ():
        where = [f"line {one['line']}"] if "line" in one else [f"row {one['row']}"] if "row" in one else []
        where += [one["column"]] if "column" in one else [one["path"]] if "path" in one else []
        lines.append("\n  " + (", ".join(where) + ": " if where else "") + one["message"])
    more = problem.get("moreErrors") or 0
    return "".join(lines) + (f"\n  and {more:,} more" if more else "")


def _waiting(submission):
    if submission.state == "queued":
        place = submission.get("queuePosition")
        return submission.get("waitingFor") or "waiting" + (f", number {place} in the queue" if place else "") + " ..."
    return f"{submission.state} ..."


def _pause(attempt, error):
    known = error and error._pause
    return known if known else min(20, 0.5 * 2**attempt) * (0.5 + random.random() / 2)


def _copy(response, out, screen, name, total):
    while True:
        piece = response.read(_PIECE_BYTES)
        if not piece:
            return
        out.write(piece)
        if out.tell() > total:
            return
        screen.passing(f"{name}: {_size(out.tell())} of {_size(total)}")


def _sha256(file):
    digest = hashlib.sha256()
    with file:
        for piece in iter(lambda: file.read(_PIECE_BYTES), b""):
            digest.update(piece)
    return digest.hexdigest()


def _size(count):
    return f"{count:,} bytes" if count < 10_000 else f"{count / 1000:,.0f} kB" if count < 10_000_000 else f"{count / 1e6:,.0f} MB"


def _printable(text, keep="\n\t"):
    """Without what would steer a terminal: what others wrote is shown too."""
    return "".join(c for c in str(text) if c in keep or not (ord(c) < 32 or 127 <= ord(c) < 160 or 0x202A <= ord(c) <= 0x202E
                                                               or 0x2066 <= ord(c) <= 0x2069))


def _cell(value):
    shown = "" if value is None or value is False else "yes" if value is True else f"{value:.5f}" if isinstance(value, float) else value
    return _printable(shown).replace("\n", " ").replace("\t", " ")


def _values(scores):
    """By metric. JSON has no difference between 1 and 1.0."""
    return {name: float(score["value"]) for name, score in scores.items()}


def _frame(rows):
    try:
        import pandas
    except Exception:  # Missing, or at odds with its NumPy: rows do as well.
        return rows
    return pandas.DataFrame(list(rows))


def _part(text):
    return urllib.parse.quote(str(text), safe="")


def _number(submission):
    try:
        return int(submission["id"] if isinstance(submission, dict) else submission)
    except ValueError:
        raise TopkError("A submission is given by its number.") from None


# --- The bridge: the kaggle command against this server --------------------------------------------------------------


def _kaggle(arguments):
    """
    Runs the installed kaggle command with a forwarder in front of it, on this machine alone, since that command knows no server
    but Kaggle's and http://localhost. It never holds the token: it is given a secret of this one run, which the forwarder
    replaces, so that nobody else on this machine can use the forwarder either. @returns the command's exit code
    """
    client = _client()
    program = shutil.which("kaggle") or shutil.which("kaggle", path=os.path.dirname(sys.executable))
    if program is None:
        raise TopkError("The kaggle command is not installed here. Install it with: pip install kaggle")
    with _forwarder(client) as (port, secret):
        # Proxies and accounts for elsewhere stay out of it.
        unwanted = re.compile(r"(all|https?|no|ftp)_proxy|KAGGLE_\w+|TOPK_TOKEN", re.IGNORECASE)
        environment = {name: value for name, value in os.environ.items() if not unwanted.fullmatch(name)}
        environment.update(KAGGLE_API_ENVIRONMENT="LOCALHOST", KAGGLE_API_TOKEN=secret, http_proxy=f"http://127.0.0.1:{port}")
        process = subprocess.Popen([program, *arguments], env=environment)
        while True:
            # Ctrl-C reaches the command as well, and it is for the command to end.
            with contextlib.suppress(KeyboardInterrupt):
                return process.wait()


@contextlib.contextmanager
def _forwarder(client):
    """Listens on 127.0.0.1 and passes requests on, over verified TLS. @yields its port, and the secret that stands for the token"""
    secret = secrets.token_urlsafe(24)
    handler = type("Handler", (_Forward,), {"client": client, "secret": secret})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    # A command that hangs up in the middle of a file is no news.
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], secret
    finally:
        server.shutdown()
        server.server_close()


class _Forward(http.server.BaseHTTPRequestHandler):
    """One request of the kaggle command, sent as to a proxy: with `http://localhost/...` in its first line."""

    client, secret = None, ""
    protocol_version = "HTTP/1.1"
    _HOP = ("connection", "proxy-connection", "keep-alive", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
            "expect", "host")

    def do_GET(self):
        # One request a connection: nothing of a body that was refused is taken for the next request.
        self.close_connection = True
        target = urllib.parse.urlsplit(self.path)
        if target.netloc not in ("", "localhost", "localhost:80"):
            return self._refuse(403, "This forwarder serves one Topk server only.")
        authorization = self._authorization()
        if authorization is None:
            return self._refuse(401, "This forwarder serves only the command that it was started for.")
        path = urllib.parse.urlunsplit(("", "", target.path or "/", target.query, ""))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in (*self._HOP, "authorization")}
        if authorization:
            headers["Authorization"] = authorization
        connection = _connection(self.client.url)
        try:
            with contextlib.closing(connection):
                body = self._body(path)
                if isinstance(body, bytes):
                    headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
                connection.request(self.command, path, body=body, headers=headers)
                self._answer(connection.getresponse(), path)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if not getattr(self, "_headers_sent", False):
                self._refuse(502, str(_unreachable(self.client.url, error)))

    do_POST = do_PUT = do_HEAD = do_DELETE = do_PATCH = do_GET

    def _authorization(self):
        """The real one, for who knows this run's secret; "" for a request that has none, such as to a signed address; None: refused."""
        given = self.headers.get("Authorization")
        if given is None:
            return ""
        scheme, _, value = given.partition(" ")
        if scheme.lower() == "basic":
            with contextlib.suppress(ValueError):
                value = base64.b64decode(value).decode("utf-8", "replace").partition(":")[2]
        known = secrets.compare_digest(value.strip().encode(), self.secret.encode())
        return f"Bearer {self.client._token.reveal()}" if known else None

    def _body(self, path):
        """None, bytes or an iterator over what the command sends."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            pieces = self._chunks()
        else:
            length = int(self.headers.get("Content-Length") or 0)
            pieces = self._pieces(length) if self.headers.get("Content-Length") is not None else None
        if pieces is not None and path.endswith("/IntrospectToken"):
            # It asks about its token in the body as well.
            return b"".join(pieces).replace(self.secret.encode(), self.client._token.reveal().encode())
        return pieces

    def _pieces(self, left):
        while left > 0:
            piece = self.rfile.read(min(left, _PIECE_BYTES))
            if not piece:
                raise ConnectionError("the command hung up")
            left -= len(piece)
            yield piece

    def _chunks(self):
        while True:
            size = int(self.rfile.readline(64).partition(b";")[0], 16)
            if size == 0:
                while self.rfile.readline(8192) not in (b"\r\n", b"\n", b""):
                    pass
                return
            yield from self._pieces(size)
            self.rfile.readline(8)

    def _answer(self, response, path):
        headers = [(name, self._local(value) if name.lower() == "location" and self._is_ours(value) else value)
                   for name, value in response.getheaders() if name.lower() not in self._HOP]
        content = None
        if path.endswith("/StartSubmissionUpload"):
            content = self._with_local_upload(response.read(1 << 20))
            headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
            headers.append(("Content-Length", str(len(content))))
        self._headers_sent = True
        self.send_response_only(response.status, response.reason)
        for name, value in [*headers, ("Connection", "close")]:
            self.send_header(name, value)
        self.end_headers()
        if content is not None:
            self.wfile.write(content)
            return
        for piece in iter(lambda: response.read(_PIECE_BYTES), b""):
            self.wfile.write(piece)

    def _is_ours(self, url):
        return urllib.parse.urlsplit(url).netloc in (urllib.parse.urlsplit(self.client.url).netloc, "localhost")

    def _local(self, url):
        """An address of the server, by whatever name it knows itself, as the command reaches it: through here."""
        parts = urllib.parse.urlsplit(url)
        return urllib.parse.urlunsplit(("http", "localhost", *parts[2:]))

    def _with_local_upload(self, content):
        try:
            answer = json.loads(content)
            answer["createUrl"] = self._local(answer["createUrl"])
            return json.dumps(answer).encode()
        except (ValueError, KeyError, TypeError):
            return content

    def _refuse(self, code, message):
        content = json.dumps({"code": code, "message": message}).encode()
        self._headers_sent = True
        self.send_response_only(code)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(content))), ("Connection", "close")):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_):
        pass


def _connection(url):
    """A connection to the server; where the machine reaches the world through a proxy, through that."""
    parts = urllib.parse.urlsplit(url)
    secure, host, port = parts.scheme == "https", parts.hostname, parts.port
    proxy = None if _is_loopback(url) or urllib.request.proxy_bypass(host) else urllib.request.getproxies().get(parts.scheme)
    if not secure:
        return http.client.HTTPConnection(host, port, timeout=_SILENCE_SECONDS)
    context = ssl.create_default_context()
    if proxy is None:
        return http.client.HTTPSConnection(host, port, timeout=_SILENCE_SECONDS, context=context)
    through = urllib.parse.urlsplit(proxy)
    connection = http.client.HTTPSConnection(through.hostname, through.port, timeout=_SILENCE_SECONDS, context=context)
    connection.set_tunnel(host, port or 443)
    return connection


# --- The command line ------------------------------------------------------------------------------------------------


def main(arguments):
    """`python topk.py …`; answers with the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character gets a question mark, not a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        if arguments[:1] == ["kaggle"]:
            return _kaggle(arguments[1:])
        given = _parser().parse_args(arguments)
        given.act(given)
        return 0
    except TopkError as error:
        print(f"topk: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ntopk: stopped. What was received goes on: see `submissions`, and `wait NUMBER`.", file=sys.stderr)
        return 130


def _parser():
    parser = argparse.ArgumentParser(
        prog="topk.py", description="Topk from a terminal.",
        epilog="`topk.py kaggle ...` runs the installed kaggle command against this server. TOPK_URL and TOPK_TOKEN sign in without `login`.")
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name, help, act, *arguments):
        sub = commands.add_parser(name, help=help, description=help)
        for flags, options in arguments:
            sub.add_argument(*flags, **options)
        sub.set_defaults(act=act)

    def argument(*flags, **options):
        return flags, options

    slug, file = argument("slug", help="the competition"), argument("file")
    phase, part = argument("--phase", help="by default the current one"), argument("--part", help="of the phase, where it has parts")
    note, quiet = argument("-m", "--note", default=""), argument("-q", "--quiet", action="store_true")
    number = argument("number", help="of the submission")

    command("login", "sign in: asks for an API token, and keeps it in a file that only you can read", _command_login,
            argument("url"), argument("--allow-http", action="store_true", help="send the token unencrypted"))
    command("logout", "forget the token", lambda given: logout())
    command("whoami", "who is signed in", lambda given: print(f"{_client().me['name']} <{_client().me['email']}> at {_client().url}"))
    command("competitions", "the competitions of my courses", lambda given: print(_client().competitions()))
    command("download", "download the data of a competition", lambda given: _client().download(given.slug, given.folder, given.file or None),
            slug, argument("file", nargs="*"), argument("-o", "--folder"))
    command("check", "check a file without submitting it", lambda given: _client().check(given.slug, given.file, phase=given.phase),
            slug, file, phase)
    command("submit", "submit a file and wait for its score",
            lambda given: _client().submit(given.slug, given.file, given.note, wait=not given.no_wait, phase=given.phase, part=given.part,
                                           quiet=given.quiet),
            slug, file, note, phase, part, quiet, argument("--no-wait", action="store_true"))
    command("run", "submit code and show what it prints",
            lambda given: _client().run(given.slug, given.file, given.note, phase=given.phase, part=given.part, quiet=given.quiet),
            slug, file, note, phase, part, quiet)
    command("wait", "wait for the score of a submission, showing what its code prints",
            lambda given: _client().follow(given.number), number)
    command("submissions", "my team's submissions", lambda given: print(_client().submissions(given.slug, phase=given.phase)), slug, phase)
    command("leaderboard", "the board, best first",
            lambda given: print(_client().leaderboard(given.slug, board=given.board, phase=given.phase)),
            slug, phase, argument("--board", choices=("public", "private"), default="public"))
    return parser


def _command_login(given):
    if os.environ.get("TOPK_URL") and os.environ.get("TOPK_TOKEN"):
        raise TopkError("TOPK_URL and TOPK_TOKEN sign you in already. Unset them to keep a token in a file.")
    client = _sign_in(given.url, None, given.allow_http, None)
    _keep(client, given.allow_http)
    print(f"Signed in to {client.url} as {client.me['name']}. The token is kept in {_login_file()}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
