"""Requests that no client sends: each way around the gate is refused, and what passes is what was judged."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

pytest.importorskip("aiohttp")

from aiohttp import web

from tests.gate.hub import blob_id
from tests.gate.test_client import BAD, GOOD, TOLD

HEADER = ("header", {"summary": "upload", "description": ""})


class Answer(NamedTuple):
    status: int
    text: str
    headers: dict


def ask(url: str, method: str, path: str, body: bytes | None = None, headers: dict | None = None) -> Answer:
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        line.request(method, path, body, headers or {}, encode_chunked=not isinstance(body, bytes))
        answer = line.getresponse()
        return Answer(answer.status, answer.read().decode(), {name.lower(): value for name, value in answer.getheaders()})
    finally:
        line.close()


def ndjson(operations: list) -> bytes:
    rows = [HEADER, *operations] if not operations or operations[0][0] != "header" else operations
    return b"".join(json.dumps({"key": key, "value": value}).encode() + b"\n" for key, value in rows)


def post_commit(url: str, repo: str, operations: list | bytes, token: str = "hf_mallory", path: str = "", **headers: str) -> Answer:
    body = operations if isinstance(operations, bytes) else ndjson(operations)
    given = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(url, "POST", path or f"/api/models/{repo}/commit/main", body, given)


def file(path: str, content: str | bytes) -> tuple:
    data = content.encode() if isinstance(content, str) else content
    return ("file", {"path": path, "content": base64.b64encode(data).decode(), "encoding": "base64"})


@pytest.fixture
def repo(hub) -> str:
    hub.repo("acme/x", {"README.md": GOOD.encode(), "old/notes.txt": b"notes"})
    return "acme/x"


def untouched(hub) -> bool:
    return hub.commits == [] and hub.card("acme/x") == GOOD


def test_the_refusal_has_the_hubs_own_shape(hub, gate, repo):
    answer = post_commit(gate.url, repo, [file("README.md", BAD)])
    told = json.loads(answer.text)
    assert answer.status == 400
    assert told["error"] == "cardlint: the upload is refused, 1 error"
    assert told["errors"][0]["message"].startswith(f"README.md:2 {TOLD} (did you mean 'apache-2.0'?")
    assert told["errors"][0]["message"].endswith(f" {gate.url}/-/cardlint/rules/LIC101")
    page = ask(gate.url, "GET", "/-/cardlint/rules/LIC101")
    assert page.text.startswith("LIC101 unknown-license\nEvery value of `license` is an id of the hub's list.\n")
    assert answer.headers["x-cardlint-decision"] == gate.entries(event="commit")[-1]["decision"]


POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"
LARGE = ("lfsFile", {"path": "README.md", "algo": "sha256", "oid": "a" * 64, "size": 9})
ODD = {
    "the card as a large file": ([LARGE], "card-in-lfs"),
    "the card as a pointer": (
        [file("README.md", POINTER)],
        "card-in-lfs",
    ),
    "the card in lower case": ([file("readme.md", GOOD)], "card-misspelt"),
    "the card in full width": ([file("ＲＥＡＤＭＥ.md", GOOD)], "card-misspelt"),
    "the card with a hidden character": ([file("READ\u200bME.md", GOOD)], "card-misspelt"),
    "the card with a blank behind": ([file("README.md ", GOOD)], "card-misspelt"),
    "a path that leads out": ([file("../README.md", BAD)], "odd-path"),
    "a path with a dot": ([file("./README.md", BAD)], "odd-path"),
    "a path with two slashes": ([file("a//b", "x")], "odd-path"),
    "a path from the root": ([file("/README.md", BAD)], "odd-path"),
    "a path with NUL": ([file("README.md\0.txt", BAD)], "odd-path"),
    "a path with a backslash": ([file("a\\README.md", BAD)], "odd-path"),
    "git's own folder": ([file(".git/hooks/x", "x")], "odd-path"),
    "the card deleted": ([("deletedFile", {"path": "README.md"})], "FM001"),
    "the card deleted as a folder": ([("deletedFolder", {"path": "README.md/"})], "FM001"),
    "all deleted": ([("deletedFolder", {"path": "/"})], "odd-path"),
    "all deleted by an empty path": ([("deletedFolder", {"path": ""})], "odd-path"),
    "the card twice": ([file("README.md", GOOD), file("README.md", BAD)], "named-twice"),
    "the card twice, the good one last": ([file("README.md", BAD), file("README.md", GOOD)], "named-twice"),
    "the card put and deleted": ([file("README.md", GOOD), ("deletedFile", {"path": "README.md"})], "named-twice"),
    "another file twice": ([file("a", "1"), file("a", "2")], "named-twice"),
    "two headers": ([file("a", "1"), HEADER], "odd-commit"),
    "an unknown key": ([("copyFile", {"path": "a", "src": "b"})], "odd-commit"),
    "an unknown member": ([("file", {"path": "a", "content": "", "encoding": "base64", "then": "README.md"})], "odd-commit"),
    "an unknown encoding": ([("file", {"path": "README.md", "content": "00", "encoding": "hex"})], "odd-commit"),
    "no base64": ([("file", {"path": "README.md", "content": "LS0t LS0t", "encoding": "base64"})], "odd-commit"),
    "a path that is a list": ([("file", {"path": ["README.md"], "content": "", "encoding": "base64"})], "odd-commit"),
    "a negative size": ([("lfsFile", {"path": "a.bin", "oid": "a" * 64, "size": -1})], "odd-commit"),
    "an odd oid": ([("lfsFile", {"path": "a.bin", "oid": "../x", "size": 1})], "odd-commit"),
    "no header": (ndjson([HEADER, file("a", "x")]).partition(b"\n")[2], "odd-commit"),
    "no JSON": (ndjson([]) + b'{"key": "file", "value": {\n', "odd-commit"),
    "two objects on a line": (ndjson([]) + ndjson([HEADER, file("a", "x")]).partition(b"\n")[2].strip() * 2, "odd-commit"),
    "a line parted by a return": (ndjson([]) + b'{"key": "file",\r"value": {"path": "README.md", "content": ""}}{}', "odd-commit"),
    "UTF-16": (ndjson([file("a", "x")]).decode().encode("utf-16"), "odd-commit"),
    "deep nesting": (ndjson([]) + b"[" * 100_000, "odd-commit"),
    "nothing": (b"", "odd-commit"),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_commit_is_refused(hub, gate, repo, name):
    operations, code = ODD[name]
    answer = post_commit(gate.url, repo, operations)
    assert (answer.status, json.loads(answer.text)["errors"][0]["message"].split(" ")[0]) in [(400, code), (400, f"{code}:")], answer.text
    assert untouched(hub)
    assert gate.entries(event="commit")[-1]["codes"] == [code]


def test_what_is_sent_on_is_written_anew_from_what_was_judged(hub, gate, repo):
    """Of a member named twice one reader takes the first, another the last; an escaped path reads as the card."""
    good, bad = (base64.b64encode(each.encode()).decode() for each in (GOOD + "x\n", BAD))
    value = f'{{"path": "READ\\u004dE.md", "content": "{bad}", "content": "{good}", "encoding": "base64"}}'
    twice = f'{{"key": "file", "value": {value}}}\n'.encode()
    answer = post_commit(gate.url, repo, ndjson([]) + b"\r\n\n" + twice + b"\n")
    assert answer.status == 200, answer.text
    (rows,) = hub.commits
    assert rows[1:] == [{"key": "file", "value": {"content": good, "path": "README.md", "encoding": "base64"}}]
    assert hub.card(repo) == GOOD + "x\n"
    escaped = twice.replace(good.encode(), bad.encode())
    assert TOLD in post_commit(gate.url, repo, ndjson([]) + escaped).text


def test_text_that_is_not_base64_is_judged_and_sent_on(hub, gate, repo):
    assert TOLD in post_commit(gate.url, repo, [("file", {"path": "README.md", "content": BAD})]).text
    assert post_commit(gate.url, repo, [("file", {"path": "README.md", "content": GOOD + "ä\n", "encoding": "utf-8"})]).status == 200
    assert hub.card(repo) == GOOD + "ä\n"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "GZIP, identity"])
def test_an_encoded_body_is_refused_unread(hub, gate, repo, coding):
    answer = post_commit(gate.url, repo, gzip.compress(ndjson([file("README.md", BAD)])), Content_Encoding=coding)
    assert (answer.status, "encoded-body" in answer.text) == (400, True)
    assert untouched(hub)


def test_a_gzip_bomb_is_never_unpacked(hub, gate, repo):
    answer = post_commit(gate.url, repo, gzip.compress(b"\0" * (64 << 20)), Content_Encoding="gzip")
    assert answer.status == 400
    again = post_commit(gate.url, repo, gzip.compress(b"\0" * (64 << 20)))
    assert "odd-commit" in again.text


def test_a_body_in_chunks_is_judged(hub, gate, repo):
    def parts(card: str):
        body = ndjson([file("README.md", card)])
        yield from (body[start : start + 7] for start in range(0, len(body), 7))

    headers = {"Authorization": "Bearer hf_mallory", "Content-Type": "application/x-ndjson", "Transfer-Encoding": "chunked"}
    path = f"/api/models/{repo}/commit/main"
    assert TOLD in ask(gate.url, "POST", path, parts(BAD), headers).text
    assert ask(gate.url, "POST", path, parts(GOOD + "x\n"), headers).status == 200
    assert hub.card(repo) == GOOD + "x\n"


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "application/x-ndjson; charset=utf-16"])
def test_another_content_type_changes_nothing(hub, gate, repo, kind):
    assert TOLD in post_commit(gate.url, repo, [file("README.md", BAD)], Content_Type=kind).text
    assert post_commit(gate.url, repo, [file("README.md", GOOD + "x\n")], Content_Type=kind).status == 200
    assert hub.headers[-1]["Content-Type"] == "application/x-ndjson"


PATHS = [
    "/api/models/acme/x/commit%2Fmain",
    "/api/models/acme%2Fx/commit/main",
    "/api//models/acme/x/commit/main",
    "/API/models/acme/x/commit/main",
    "/api/models/acme/x/Commit/main",
    "/api/models/acme/x/./commit/main",
    "/api/models/acme/y/../x/commit/main",
    "/api/models/acme/x/commit/main/",
    "/api/models/acme/x/commit;a=b/main",
    "/api/models/acme/x/%63ommit/main",
    "/api/models/acme/x/%2563ommit/main",
    "/api/models/acme/x\\commit\\main",
    "//api/models/acme/x/commit/main",
    "/api/models/acme/x/commit/main%00",
    "/x/../api/models/acme/x/commit/main",
    "/api/models/acme/x/discussions/1/merge/",
    "/api/models/acme/x/discussions/01/merge",
]


@pytest.mark.parametrize(
    "path", ["branch/main/reset", "branch/a%2Fb/revert", "branch/main/Reset/", "merge/work/into/main", "x/..%2Fmerge/a/into/main"]
)
def test_addresses_that_move_a_branch_without_a_commit_are_refused(hub, gate, repo, path):
    answer = ask(gate.url, "POST", f"/api/models/{repo}/{path}", b"{}")
    assert answer.status == 400
    assert "does not judge" in answer.text
    assert not hub.asked("/branch/")
    assert not hub.asked("/merge/")


@pytest.mark.parametrize("path", PATHS)
def test_a_path_written_otherwise_is_refused(hub, gate, repo, path):
    answer = post_commit(gate.url, repo, [file("README.md", BAD)], path=path)
    assert answer.status == 400, answer
    assert hub.seen == [] or TOLD in answer.text
    assert untouched(hub)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "post", "COMMIT"])
def test_another_method_is_refused(hub, gate, repo, method):
    answer = ask(gate.url, method, f"/api/models/{repo}/commit/main", ndjson([file("README.md", BAD)]))
    assert answer.status in (400, 405)
    assert untouched(hub)


def test_headers_that_steer_proxies_are_not_passed_on(hub, gate, repo):
    steering = {
        "X-HTTP-Method-Override": "POST",
        "X-Original-URL": "/api",
        "X-Forwarded-Host": "evil",
        "Connection": "X-Secret",
        "X-Secret": "1",
    }
    ask(gate.url, "GET", f"/{repo}/resolve/main/README.md", None, steering)
    assert not {name.lower() for name in hub.headers[-1]} & {name.lower() for name in steering if name != "Connection"}


def raw(url: str, data: bytes) -> bytes:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as line:
        line.sendall(data)
        line.settimeout(0.3)
        found = b""
        try:
            while part := line.recv(65536):
                found += part
        except TimeoutError:
            pass
        return found


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: 5\r\n Transfer-Encoding: chunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
    ],
)
def test_a_request_within_a_request_does_not_reach_the_hub(hub, gate, repo, headers):
    inner = ndjson([file("README.md", BAD)])
    smuggled = b"POST /api/models/acme/x/commit/main HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s" % (len(inner), inner)
    answer = raw(gate.url, b"POST /anything HTTP/1.1\r\nHost: h\r\n" + headers + b"\r\n0\r\n\r\n" + smuggled)
    assert untouched(hub)
    assert all(path != "/api/models/acme/x/commit/main" for _, path in hub.seen)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400")) or TOLD.encode() in answer


def test_what_stands_in_a_refused_body_is_no_request(hub, gate, repo):
    inner = ndjson([file("notes.txt", "x")])
    inner = b"POST /api/models/acme/x/commit/main HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s" % (len(inner), inner)
    head = f"POST /api/validate-yaml HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: {len(inner)}\r\n\r\n"
    answer = raw(gate.url, head.encode() + inner)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert untouched(hub)


def test_an_absolute_target_is_refused(hub, gate, repo):
    body = ndjson([file("README.md", BAD)])
    head = f"POST http://hub/api/models/{repo}/commit/main HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    assert raw(gate.url, head.encode() + body).startswith(b"HTTP/1.1 400")
    assert untouched(hub)


def test_an_oversized_line_is_refused(hub, gate, repo):
    line = ndjson([("file", {"path": "a.txt", "content": "A" * (50 << 20), "encoding": "base64"})])
    assert "commit-too-large" in post_commit(gate.url, repo, line).text
    assert untouched(hub)


def test_a_race_is_judged_again(hub, gate, hub_race):
    """The card changes between judging and committing: the commit is bound to what was judged, and judged anew."""
    hub_race(GOOD + "meanwhile\n")
    answer = post_commit(gate.url, "acme/x", [file("notes.txt", "x")])
    assert answer.status == 200
    assert len(hub.commits) == 1
    assert hub.commits[0][0]["value"]["parentCommit"] == gate_parent(hub)
    assert len(hub.asked("/commit/")) == 2


def test_a_race_that_brings_a_bad_card_is_refused(hub, gate, hub_race):
    hub_race(BAD, "strict/raced")
    answer = post_commit(gate.url, "strict/raced", [file("notes.txt", "x")])
    assert answer.status == 400
    assert TOLD in answer.text
    assert hub.commits == []


def test_a_hub_that_refuses_for_another_reason_is_asked_once(hub, gate, repo):
    async def conflict(request):
        return web.json_response({"error": "locked"}, status=409) if "/commit/" in request.raw_path else None

    hub.fault = conflict
    answer = post_commit(gate.url, repo, [file("notes.txt", "x")])
    assert (answer.status, "locked" in answer.text) == (409, True)
    assert len(hub.asked("/commit/")) == 1


def test_an_odd_commit_is_refused_where_a_policy_only_observes_too(hub, gate):
    hub.repo("watched/odd")
    assert post_commit(gate.url, "watched/odd", [file("../x", "x")]).status == 400
    entry = gate.entries(event="commit", repo="watched/odd")[-1]
    assert (entry["action"], entry["codes"]) == ("refuse", ["odd-path"])
    assert hub.commits == []


def test_a_parent_that_the_client_names_is_kept_and_not_tried_again(hub, gate, hub_race):
    parent = hub_race(GOOD + "meanwhile\n")
    answer = post_commit(
        gate.url, "acme/x", [("header", {"summary": "s", "description": "", "parentCommit": parent}), file("notes.txt", "x")]
    )
    assert answer.status == 412
    assert len(hub.asked("/commit/")) == 1


@pytest.fixture
def hub_race(hub):
    def made(card: str, name: str = "acme/x") -> str:
        repo = hub.repo(name, {"README.md": GOOD.encode()})
        first = repo.refs["main"]
        done = []

        def move(repo, revision):
            if not done:
                done.append(True)
                repo.put("main", {**repo.at("main")[1], "README.md": card.encode()})

        hub.before_commit = move
        return first

    return made


def gate_parent(hub) -> str:
    commits = list(hub.repos["acme/x"].trees)
    return commits[-2]


def test_a_push_by_git_is_refused_with_a_word(hub, gate, repo):
    answer = ask(gate.url, "GET", f"/{repo}.git/info/refs?service=git-receive-pack")
    assert (answer.status, "takes no git push" in answer.text) == (403, True)
    assert ask(gate.url, "POST", f"/{repo}.git/git-receive-pack", b"x").status == 403
    assert hub.seen == []


def test_the_hubs_own_refusal_comes_through(hub, gate):
    answer = post_commit(gate.url, "nobody/nothing", [file("README.md", GOOD)])
    assert (answer.status, answer.headers["x-error-code"]) == (404, "RepoNotFound")


def test_a_card_behind_a_redirect_of_the_hub_is_read(hub, gate):
    hub.repo("strict/cached", {"README.md": BAD.encode()})
    hub.redirects_cards = True
    assert TOLD in post_commit(gate.url, "strict/cached", [file("notes.txt", "x")]).text


def test_a_card_that_the_hub_keeps_in_object_storage_is_read(hub, gate):
    hub.repo("strict/stored", {"README.md": BAD.encode(), "config.json": b"{}"})
    hub.elsewhere = {blob_id(data): data for data in (BAD.encode(), b"{}")}
    assert TOLD in post_commit(gate.url, "strict/stored", [file("notes.txt", "x")]).text
    assert hub.asked("/stored/")


def test_a_card_in_object_storage_cannot_be_deleted(hub, gate):
    hub.repo("acme/stored", {"README.md": GOOD.encode()})
    hub.elsewhere = {blob_id(GOOD.encode()): GOOD.encode()}
    assert "FM001" in post_commit(gate.url, "acme/stored", [("deletedFile", {"path": "README.md"})]).text
    assert hub.card("acme/stored") == GOOD


def test_nothing_passes_where_the_hubs_storage_has_not_what_it_should(hub, gate):
    hub.repo("acme/lost", {"README.md": GOOD.encode()})
    hub.elsewhere = {}
    answer = post_commit(gate.url, "acme/lost", [file("notes.txt", "x")])
    assert answer.status == 502
    assert hub.commits == []


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029", "\x0b", "\x1e"])
def test_a_commit_has_its_lines_for_every_reader_of_lines(hub, gate, repo, end):
    header = ("header", {"summary": f"one{end}two"})
    assert post_commit(gate.url, repo, [header, file("notes.txt", "x")]).status == 200
    (rows,) = hub.commits
    assert rows[0]["value"]["summary"] == header[1]["summary"]


def test_tokens_stand_in_no_log(hub, gate, repo):
    post_commit(gate.url, repo, [file("README.md", BAD)], token="hf_verysecret")
    assert "verysecret" in json.dumps(gate.entries()[-1]["who"] or "")  # the stand-in names an account after its token
    assert not any("hf_verysecret" in line for line in gate.lines)
    assert "hf_verysecret" not in json.dumps(gate.entries())


def validate(url: str, card: str, token: str = "hf_v", **more) -> Answer:
    body = json.dumps({"content": card, "repoType": "model", **more}).encode()
    return ask(url, "POST", "/api/validate-yaml", body, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})


def test_the_early_check_answers_in_the_hubs_shape(gate):
    assert json.loads(validate(gate.url, GOOD).text) == {"errors": [], "warnings": []}
    answer = validate(gate.url, BAD)
    assert answer.status == 200
    (warning,) = json.loads(answer.text)["warnings"]
    assert TOLD in warning["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"content": 1}', b'{"content": {"a": 1}, "repoType": "model"}', b"null"])
def test_an_early_check_that_is_none_is_an_error_in_the_same_shape(gate, body):
    answer = ask(gate.url, "POST", "/api/validate-yaml", body)
    assert answer.status == 400
    assert json.loads(answer.text)["errors"]
