"""
Speaks the protocol of the kaggle command, step by step as docs/kaggle.md tells it, and prints what that command prints. For the tests: it shares no line
with the server, and none with the command. Sends with requests where that is there, else with http.client, to http://localhost through http_proxy.
"""

import argparse
import base64
import email.utils
import http.client
import json
import os
import sys
import urllib.parse
import zipfile

try:
    import requests
except ImportError:
    requests = None
if os.environ.get("TOPK_WITHOUT_REQUESTS"):
    requests = None

BASE = "http://localhost/api/v1"
COMPETITIONS = "competitions.CompetitionApiService"


class Failure(Exception):
    """What the command prints before it exits with 1."""


class Answer:
    def __init__(self, status, headers, pieces, close):
        self.status, self.headers, self.pieces, self.close = status, headers, pieces, close

    def read(self):
        try:
            return b"".join(self.pieces)
        finally:
            self.close()


def send(method, url, headers, body=None):
    """One request, redirects not followed. A file is sent with its length, an empty one in chunks, as requests does."""
    if requests is not None:
        session = requests.Session()
        request = requests.Request(method, url, headers=headers, data=body).prepare()
        settings = session.merge_environment_settings(request.url, {}, True, None, None)
        response = session.send(request, allow_redirects=False, **settings)
        return Answer(response.status_code, response.headers, response.iter_content(1 << 16), session.close)
    proxy = urllib.parse.urlsplit(os.environ["http_proxy"])
    connection = http.client.HTTPConnection(proxy.hostname, proxy.port)
    connection.putrequest(method, url, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Host", urllib.parse.urlsplit(url).netloc)
    for name, value in headers.items():
        connection.putheader(name, value)
    length = None if body is None else len(body) if isinstance(body, bytes) else os.fstat(body.fileno()).st_size
    if length == 0:
        connection.putheader("Transfer-Encoding", "chunked")
    elif length is not None:
        connection.putheader("Content-Length", str(length))
    connection.endheaders()
    if length == 0:
        connection.send(b"0\r\n\r\n")
    elif length is not None:
        connection.send(body)
    response = connection.getresponse()
    return Answer(response.status, response.headers, iter(lambda: response.read(1 << 16), b""), connection.close)


def authorization():
    """By a token, which is asked about first at every command, or by the legacy key."""
    token = os.environ.get("KAGGLE_API_TOKEN")
    if token:
        bearer = {"Authorization": f"Bearer {token}"}
        known = call("security.OAuthService", "IntrospectToken", {"token": token}, bearer)
        if not known.get("active"):
            raise Failure("Unauthorized: the access token is not valid.")
        return bearer
    name, key = os.environ.get("KAGGLE_USERNAME"), os.environ.get("KAGGLE_KEY")
    if not (name and key):
        with open(os.path.expanduser("~/.kaggle/kaggle.json"), encoding="utf-8") as file:
            stored = json.load(file)
        name, key = stored["username"], stored["key"]
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{key}".encode()).decode()}


def post(service, method, fields, auth):
    """Fields that equal their default are left out."""
    body = json.dumps({name: value for name, value in fields.items() if value not in (None, "", 0, False)}).encode()
    headers = {"User-Agent": "", "Accept": "application/json", "Content-Type": "application/json", **auth}
    return send("POST", f"{BASE}/{service}/{method}", headers, body)


def call(service, method, fields, auth):
    answer = post(service, method, fields, auth)
    content = answer.read()
    if answer.status == 401:
        raise Failure("Unauthorized: log in again.")
    told = json.loads(content)
    if told.get("code", 0) >= 400:
        raise Failure(told["message"])
    return told


def table(items, fields):
    rows = [[str(item.get(field)) for field in fields] for item in items]
    widths = [max(len(row[at]) for row in [fields, *rows]) for at in range(len(fields))]
    for row in [fields, ["-" * width for width in widths], *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def plain_date(value):
    return None if value is None else value.replace("T", " ").rstrip("Z")


class Commands:
    def __init__(self, auth):
        self.auth = auth

    def ask(self, method, **fields):
        return call(COMPETITIONS, method, fields, self.auth)

    def list(self, args):
        found = self.ask("ListCompetitions", search=args.search, pageSize=20)["competitions"]
        for each in found:
            each["deadline"] = plain_date(each.get("deadline"))
        table(found, ["ref", "deadline", "category", "reward", "teamCount", "userHasEntered"]) if found else print("No competitions found")

    def files(self, args):
        found = self.ask("ListDataFiles", competitionName=args.competition, pageSize=20)["files"]
        for each in found:
            each["size"], each["creationDate"] = each["totalBytes"], plain_date(each["creationDate"])
        table(found, ["name", "size", "creationDate"])

    def download(self, args):
        if args.file:
            self.fetch("DownloadDataFile", {"competitionName": args.competition, "fileName": args.file}, args)
        else:
            self.fetch("DownloadDataFiles", {"competitionName": args.competition}, args)

    def fetch(self, method, fields, args):
        """Follows the redirect; the file is named after the last segment of where it led."""
        answer = post(COMPETITIONS, method, fields, self.auth)
        if answer.status != 302:
            raise Failure(json.loads(answer.read())["message"])
        answer.close()
        url = urllib.parse.urljoin(BASE, answer.headers["Location"])
        path = os.path.join(args.path or ".", urllib.parse.urlsplit(url).path.rsplit("/", 1)[-1])
        answer = send("GET", url, {"User-Agent": ""})
        size, changed = int(answer.headers["Content-Length"]), email.utils.parsedate_to_datetime(answer.headers["Last-Modified"])
        there = os.path.getsize(path) if os.path.exists(path) else 0
        if there == size and os.path.getmtime(path) >= changed.timestamp() and not args.force:
            answer.close()
            print(f"{os.path.basename(path)}: Skipping, found more recently modified local copy (use --force to force download)")
            return path
        print(f"Downloading {os.path.basename(path)} to {args.path or os.getcwd()}", file=sys.stderr)
        if 0 < there < size and answer.headers.get("Accept-Ranges") == "bytes":
            answer.close()
            answer = send("GET", url, {"User-Agent": "", "Range": f"bytes={there}-"})
            if answer.status != 206:
                raise Failure("the server does not go on where it was interrupted")
        else:
            there = 0
        with open(path, "ab" if there else "wb") as file:
            for piece in answer.pieces:
                file.write(piece)
        answer.close()
        if os.path.getsize(path) != size:
            raise Failure(f"{path} is not whole")
        os.utime(path, (changed.timestamp(), changed.timestamp()))
        return path

    def submit(self, args):
        size, changed = os.path.getsize(args.file), int(os.path.getmtime(args.file))
        started = self.ask("StartSubmissionUpload", competitionName=args.competition, contentLength=size,
                           lastModifiedEpochSeconds=changed, fileName=os.path.basename(args.file))
        with open(args.file, "rb") as file:
            answer = send("PUT", started["createUrl"], {"User-Agent": ""}, file if size else iter(()) if requests else b"")
        answer.read()
        if answer.status not in (200, 201):
            print(f"Could not submit to competition: {args.competition}")
            return
        print(self.ask("CreateSubmission", competitionName=args.competition, blobFileTokens=started["token"],
                       submissionDescription=args.message)["message"])

    def submissions(self, args):
        found = self.ask("ListSubmissions", competitionName=args.competition, page=-1, pageSize=20)["submissions"]
        if not found:
            print("No submissions found")
            return
        for each in found:
            each["date"], each["status"] = plain_date(each["date"]), f"SubmissionStatus.{each['status']}"
        table(found, ["fileName", "date", "description", "status", "publicScore", "privateScore"])

    def leaderboard(self, args):
        if args.download:
            answer = post(COMPETITIONS, "DownloadLeaderboard", {"competitionName": args.competition}, self.auth)
            content = answer.read()
            if answer.status != 200:
                raise Failure(json.loads(content)["message"])
            with open(f"{args.competition}.zip", "wb") as file:
                file.write(content)
            print(f"Downloading {args.competition}.zip to {os.getcwd()}", file=sys.stderr)
            return
        found = self.ask("GetLeaderboard", competitionName=args.competition, pageSize=20)["submissions"]
        for each in found:
            each["submissionDate"] = plain_date(each.get("submissionDate"))
        table(found, ["teamId", "teamName", "submissionDate", "score"])

    def pages(self, args):
        for page in self.ask("ListCompetitionPages", competitionName=args.competition, pageName=args.page_name)["pages"]:
            print(page["name"] if args.page_name is None else page["content"].rstrip())

    def team_submissions(self, args):
        found = self.ask("ListTeamPublicSubmissions", teamId=args.team)["submissions"]
        for each in found:
            each["dateSubmitted"] = plain_date(each.get("dateSubmitted"))
        table(found, ["id", "dateSubmitted", "publicScore"])

    def hub_whoami(self, args):
        print(json.dumps({"username": call("api.v1.DiagnosticsService", "Hello", {}, self.auth)["userName"]}))

    def hub_download(self, args):
        """As kagglehub.competition_download: all files, unpacked into the cache."""
        folder = os.path.expanduser(f"~/.cache/kagglehub/competitions/{args.competition}")
        os.makedirs(folder, exist_ok=True)
        args.path, args.force = folder, True
        archive = self.fetch("DownloadDataFiles", {"competitionName": args.competition}, args)
        with zipfile.ZipFile(archive) as packed:
            broken = packed.testzip()
            if broken:
                raise Failure(f"{broken} is damaged")
            packed.extractall(folder)
        os.remove(archive)
        print(folder)


def parse():
    parser = argparse.ArgumentParser(prog="kaggle")
    groups = parser.add_subparsers(required=True)
    commands = groups.add_parser("competitions").add_subparsers(required=True, dest="command")
    made = {}
    for name in ("list", "files", "download", "submit", "submissions", "leaderboard", "pages", "team-submissions"):
        made[name] = commands.add_parser(name)
        made[name].set_defaults(run=name.replace("-", "_"))
        if name not in ("list", "team-submissions"):
            made[name].add_argument("slug", nargs="?")
            made[name].add_argument("-c", "--competition")
    made["list"].add_argument("-s", "--search")
    made["download"].add_argument("-f", "--file")
    made["download"].add_argument("-p", "--path")
    made["download"].add_argument("--force", action="store_true")
    made["submit"].add_argument("-f", "--file", required=True)
    made["submit"].add_argument("-m", "--message", required=True)
    made["leaderboard"].add_argument("-s", "--show", action="store_true")
    made["leaderboard"].add_argument("-d", "--download", action="store_true")
    made["pages"].add_argument("--page-name")
    made["team-submissions"].add_argument("team", type=int)
    hub = groups.add_parser("hub").add_subparsers(required=True)
    hub.add_parser("whoami").set_defaults(run="hub_whoami")
    fetch = hub.add_parser("download")
    fetch.add_argument("competition")
    fetch.set_defaults(run="hub_download")
    args = parser.parse_args()
    if getattr(args, "slug", None):
        args.competition = args.slug
    return args


def main():
    args = parse()
    if os.environ.get("KAGGLE_API_ENVIRONMENT") != "LOCALHOST" or not os.environ.get("http_proxy"):
        print("This would go to api.kaggle.com: set KAGGLE_API_ENVIRONMENT=LOCALHOST and http_proxy.")
        return 1
    try:
        getattr(Commands(authorization()), args.run)(args)
    except Failure as failure:
        print(failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
