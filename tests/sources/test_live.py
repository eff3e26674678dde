"""A live hub, as its own client sees it: a small real server on loopback."""

from __future__ import annotations

import json
import threading
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("huggingface_hub")

from cardlint.engine.batch import Judge, Plan
from cardlint.model import CardlintError
from cardlint.sources.source import source

CARD = b"---\nlicense: mit\n---\n# Gull counter\n"
COMMIT = "a" * 40


class _Hub(BaseHTTPRequestHandler):
    """Lists two pages of models and one dataset; a card is gated, one is missing."""

    def do_GET(self):
        place = urlsplit(self.path)
        asked = parse_qs(place.query)
        self.server.asked.append(place.path)
        if self.command == "GET" and "resolve" in place.path:
            self.server.fetched.append(place.path)
        if place.path == "/api/models":
            second = "cursor" in asked
            rows = [_row("acme/gull", ["README.md", "config.json"])]
            if second:
                rows = [_row("acme/bare", []), _row("acme/gated", ["README.md"])]
            link = "" if second else f'<{self.server.url}/api/models?author=acme&cursor=2>; rel="next"'
            self._json(rows, Link=link)
        elif place.path == "/api/spaces":
            self._send(200, b"<html>")
        elif place.path in ("/api/datasets/acme/rings", f"/api/datasets/acme/rings/revision/{COMMIT}"):
            self._json(_row("acme/rings", ["README.md"]))
        elif place.path in ("/api/datasets/acme/huge", f"/api/datasets/acme/huge/revision/{COMMIT}"):
            self._json(_row("acme/huge", ["README.md"]))
        elif place.path.endswith(f"/acme/huge/resolve/{COMMIT}/README.md"):
            self._send(200, b"", **{"X-Repo-Commit": COMMIT, "ETag": '"huge"', "Content-Length": "64000001"})
        elif place.path.endswith(f"/resolve/{COMMIT}/README.md") and "gated" in place.path:
            self._json({"error": "gated"}, 403, **{"X-Error-Code": "GatedRepo"})
        elif place.path.endswith(f"/resolve/{COMMIT}/README.md"):
            self._send(200, CARD, **{"X-Repo-Commit": COMMIT, "ETag": f'"{sha1(CARD).hexdigest()}"'})
        else:
            self._json({"error": "not here"}, 404, **{"X-Error-Code": "RepoNotFound"})

    def do_HEAD(self):
        self.do_GET()

    def _json(self, value, status=200, **headers):
        self._send(status, json.dumps(value).encode(), **{"Content-Type": "application/json"}, **headers)

    def _send(self, status, body, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


def _row(name, files):
    siblings = [{"rfilename": file} for file in files]
    return {"id": name, "modelId": name, "sha": COMMIT, "downloads": 7, "siblings": siblings, "private": False, "tags": [], "likes": 0}


@pytest.fixture
def hub():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    server.url = f"http://127.0.0.1:{server.server_port}"
    server.asked, server.fetched = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_owners_repositories_are_listed_page_by_page_and_fetched_when_judged(hub):
    found = list(source("hub:acme/*", endpoint=hub.url))
    assert [(entry.id, entry.revision, entry.downloads, entry.input) for entry in found] == [
        ("acme/gull", COMMIT, 7, "hub:acme/gull/README.md"),
        ("acme/bare", COMMIT, 7, "hub:acme/bare"),
        ("acme/gated", COMMIT, 7, "hub:acme/gated/README.md"),
    ]
    assert not any("resolve" in path for path in hub.asked)
    judge = Judge(Plan((), {}))
    gull, bare, gated = map(judge, found)
    assert gull.failure is None
    assert gull.sha256 is not None
    assert (bare.failure, bare.sha256) == (None, None)
    assert gated.failure.startswith("cannot be read: GatedRepoError")


def test_one_dataset_is_named(hub):
    (entry,) = source("hub:datasets/acme/rings", endpoint=hub.url)
    assert (entry.kind, entry.opener(entry).text) == ("dataset", CARD)


def test_a_repository_that_is_not_there_is_one_clear_line(hub):
    with pytest.raises(CardlintError, match="hub:acme/nowhere: "):
        list(source("hub:acme/nowhere", endpoint=hub.url))


def test_a_hub_that_answers_nonsense_is_one_clear_line(hub):
    with pytest.raises(CardlintError, match=r"hub:spaces/acme/\*: "):
        list(source("hub:spaces/acme/*", endpoint=hub.url))


def test_what_is_too_large_for_a_card_is_not_fetched(hub):
    (entry,) = source("hub:datasets/acme/huge", endpoint=hub.url)
    with pytest.raises(OSError, match="64,000,001 bytes are no card"):
        entry.opener(entry)
    assert hub.fetched == []
