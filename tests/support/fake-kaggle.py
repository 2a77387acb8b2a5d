"""In the place of the kaggle command: the same requests by the same way, and then it prints what it saw as JSON."""

import base64
import http.client
import json
import os
import socket
import sys
import urllib.error
import urllib.parse
import urllib.request

BASE = "http://localhost/api"
token = os.environ["KAGGLE_API_TOKEN"]
proxy = urllib.parse.urlsplit(os.environ["http_proxy"])
bearer = {"Authorization": "Bearer " + token, "User-Agent": ""}
basic = {"Authorization": "Basic " + base64.b64encode(b"ada:" + token.encode()).decode()}


def call(path, body=None, headers=bearer, method=None, base=BASE):
    request = urllib.request.Request(base + path, body, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return [answer.status, answer.url, answer.read()]
    except urllib.error.HTTPError as error:
        return [error.code, error.url, error.read()]


def ask(method, body, headers=bearer):
    status, _, content = call("/v1/" + method, json.dumps(body).encode(), {**headers, "Content-Type": "application/json"})
    return [status, json.loads(content)]


def put_chunked(url, pieces):
    connection = http.client.HTTPConnection(proxy.hostname, proxy.port)
    connection.request("PUT", url, body=iter(pieces), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
    return connection.getresponse().status


def hang_up(path):
    with socket.create_connection((proxy.hostname, proxy.port)) as connection:
        connection.sendall(f"GET http://localhost{path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        connection.recv(1000)


seen = {"arguments": sys.argv[1:], "environment": dict(os.environ)}
seen["introspect"] = ask("security.OAuthService/IntrospectToken", {"token": token})
seen["list"] = ask("competitions.CompetitionApiService/ListCompetitions", {})
seen["legacy"] = ask("competitions.CompetitionApiService/ListCompetitions", {}, basic)
seen["start"] = ask("competitions.CompetitionApiService/StartSubmissionUpload", {"fileName": "p.csv"})
upload = seen["start"][1]["createUrl"]
content = os.urandom(3_000_000)
path = upload[len("http://localhost"):]
seen["put"] = [call(path, content, {}, "PUT", "http://localhost")[0] for _ in range(2)]
seen["empty"] = put_chunked(upload, [])
seen["chunked"] = put_chunked(upload, [b"a" * 100_000, b"b"])
status, url, file = call("/v1/competitions.CompetitionApiService/DownloadDataFile", b"{}")
seen["download"] = [status, url, len(file)]
seen["range"] = [call("/files/data.bin", None, {"Range": "bytes=10-19"}, base="http://localhost")[i] for i in (0,)]
hang_up("/files/data.bin")
seen["error"] = ask("competitions.CompetitionApiService/GetCompetition", {"competitionName": "nothing"})
# Whoever else is on this machine.
seen["stranger"] = ask("competitions.CompetitionApiService/ListCompetitions", {}, {"Authorization": "Bearer guessed"})
seen["elsewhere"] = call("/", base="http://elsewhere.example")[0]
print(json.dumps(seen))
sys.exit(3)
