"""The gate as a service: probes, metrics, exceptions, a hub that fails, slow clients, an end in order and an end without."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("aiohttp")

from aiohttp import web
from click.testing import CliRunner

from cardlint.cli.gate_hub import hub as hub_command
from cardlint.model import CardlintError
from tests.gate.conftest import Gate
from tests.gate.test_client import BAD, GOOD, TOLD
from tests.gate.test_protocol import ask, file, ndjson, post_commit, raw, validate

PATH = "/api/models/acme/x/commit/main"


@pytest.fixture
def repo(hub) -> str:
    hub.repo("acme/x", {"README.md": GOOD.encode()})
    return "acme/x"


@pytest.fixture
def own(hub, tmp_path):
    """A gate of the test's own, ended with it."""
    made: list[Gate] = []

    def start(*options: str, **more) -> Gate:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Gate(folder, more.pop("upstream", hub.url), *options, **more))
        return made[-1]

    yield start
    for gate in made:
        if gate.process.poll() is None:
            gate.stop()


def test_probes_and_metrics(hub, gate, repo):
    assert json.loads(ask(gate.url, "GET", "/healthz").text) == {"ok": True}
    ready = json.loads(ask(gate.url, "GET", "/readyz").text)
    assert ready["ok"]
    assert ready["rules"].startswith("sha256:")
    post_commit(gate.url, repo, [file("README.md", BAD)])
    metrics = gate.get("/metrics")
    assert re.search(r'^cardlint_gate_decisions_total\{action="refuse",event="commit",verdict="refuse"\} [1-9]', metrics, re.MULTILINE)
    assert 'cardlint_gate_refusals_by_code_total{code="LIC101"}' in metrics
    assert "cardlint_gate_decision_seconds_bucket" in metrics
    assert ask(gate.url, "GET", "/metrics").text == "no such page"  # the hub's: metrics are served elsewhere


def test_decision_and_outcome_are_logged_with_who_and_what(hub, gate, repo):
    answer = post_commit(gate.url, repo, [file("README.md", GOOD + "x\n")], token="hf_carol")
    decided, outcome = gate.entries(repo="acme/x")[-2:]
    assert (decided["event"], decided["who"], decided["revision"], decided["action"]) == ("commit", "carol", "main", "allow")
    assert {"rules", "policies", "card", "decision", "ms", "policy"} <= decided.keys()
    assert outcome == {
        **outcome,
        "event": "outcome",
        "decision": decided["decision"],
        "status": 200,
        "commit": json.loads(answer.text)["commitOid"],
    }


def test_an_allowance_lets_a_repository_pass_at_once_and_the_next_one_not(hub, gate, repo):
    assert post_commit(gate.url, repo, [file("README.md", BAD)]).status == 400
    command = [*gate.command[:4], "allow", "acme/x", "--log", str(gate.log), "--reason", "release day", "--until", "1h"]
    subprocess.run(command, check=True, capture_output=True)
    answer = post_commit(gate.url, repo, [file("README.md", BAD)])
    assert answer.status == 200
    assert TOLD in answer.headers["x-hf-warning"]
    assert gate.entries(event="commit", repo="acme/x")[-1]["allowance"]["reason"] == "release day"
    subprocess.run([*command[:-1], "now"], check=True, capture_output=True)
    assert post_commit(gate.url, repo, [file("README.md", BAD.replace("apache2", "gpl-33"))]).status == 400


def test_the_hubs_own_check_is_merged_where_that_is_asked(own):
    gate = own("--ask-hub")
    told = json.loads(validate(gate.url, BAD).text)
    assert told["warnings"][0]["message"] == "the hub's own warning"
    assert TOLD in told["warnings"][1]["message"]


def test_everything_else_streams_through_untouched(hub, gate, repo):
    seen = {}

    async def echo(request):
        if request.raw_path.startswith("/echo"):
            seen["path"], seen["body"] = request.raw_path, await request.read()
            return web.Response(
                status=418, body=b"\x1f\x8bnot gzip", headers={"Content-Encoding": "gzip", "X-Own": "1", "Set-Cookie": "a=1"}
            )
        return None

    hub.fault = echo
    answer = raw(gate.url, b"PATCH /echo/a%2Fb%20c?x=%2f&y HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc")
    assert seen == {"path": "/echo/a%2Fb%20c?x=%2f&y", "body": b"abc"}
    assert answer.startswith(b"HTTP/1.1 418")
    assert answer.endswith(b"\r\n\r\n\x1f\x8bnot gzip")
    assert b"X-Own: 1" in answer
    put = ask(gate.url, "PUT", "/big", (b"x" * 1000 for _ in range(500)), {"Transfer-Encoding": "chunked"})
    assert json.loads(put.text) == {"size": 500_000}
    part = ask(gate.url, "GET", "/acme/x/resolve/main/README.md", None, {"Range": "bytes=4-10"})
    assert (part.status, part.text) == (206, GOOD[4:11])


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body_come_through(hub, gate, status):
    async def bare(request):
        return web.Response(status=status, headers={"ETag": '"1"'}) if request.raw_path == "/bare" else None

    hub.fault = bare
    for _ in range(2):
        answer = ask(gate.url, "GET", "/bare")
        assert (answer.status, answer.text, answer.headers["etag"]) == (status, "", '"1"')
    assert ask(gate.url, "HEAD", "/acme/x/resolve/main/README.md").text == ""


def test_a_dead_hub_is_told_so_that_clients_come_again(own):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gate = own(upstream=f"http://127.0.0.1:{closed.getsockname()[1]}")
        for path in (PATH, "/api/models/acme/x/preupload/main", "/api/whatever"):
            answer = ask(gate.url, "POST", path, ndjson([file("README.md", GOOD)]))
            assert (answer.status, answer.headers["retry-after"]) == (502, "5")
            assert "cannot be reached" in answer.text
    assert "cardlint_gate_upstream_errors_total 3.0" in gate.get("/metrics")


NONSENSE = {
    "an error": lambda _: web.Response(status=500, text="boom"),
    "no JSON": lambda _: web.Response(text="<html>login</html>"),
    "a list": lambda _: web.json_response([1, 2]),
    "numbers for texts": lambda _: web.json_response({"sha": 7, "id": ["x"], "siblings": "no"}),
    "an endless redirect": lambda request: web.Response(status=307, headers={"Location": request.raw_path}),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_of_the_hub_lets_nothing_pass(hub, gate, repo, name):
    async def nonsense(request):
        return NONSENSE[name](request) if "/revision/" in request.raw_path or name == "numbers for texts" else None

    hub.fault = nonsense
    answer = post_commit(gate.url, repo, [file("README.md", BAD)])
    assert answer.status in (400, 502)
    assert hub.commits == []


def test_a_hub_that_breaks_off_is_no_success(hub, gate, repo):
    async def broken(request):
        if "/commit/" in request.raw_path:
            request.transport.abort()
            return web.Response()
        return None

    hub.fault = broken
    answer = post_commit(gate.url, repo, [file("README.md", GOOD + "x\n")])
    assert answer.status == 502
    assert gate.entries(event="outcome")[-1]["status"] is None


def test_a_commit_beyond_the_bounds_is_refused(hub, own, repo):
    gate = own("--max-commit", "100K", "--max-spooled", "150K")
    hub.public = gate.url
    assert "body-too-large" in post_commit(gate.url, repo, [file("a.txt", "x" * 200_000)]).text
    chunked = (part for part in [ndjson([]), b"x" * 60_000, b"x" * 60_000])
    assert "body-too-large" in ask(gate.url, "POST", PATH, chunked, {"Transfer-Encoding": "chunked"}).text
    assert post_commit(gate.url, repo, [file("a.txt", "x" * 65_000)]).status == 503
    assert post_commit(gate.url, repo, [file("a.txt", "x" * 20_000)]).status == 200


def test_a_client_that_stops_sending_is_let_go(own):
    gate = own("--idle", "0.3")
    parts = urlsplit(gate.url)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    line.putrequest("POST", PATH)
    line.putheader("Content-Length", "1000")
    line.endheaders(b"{")
    assert line.getresponse().status == 408
    line.close()


def test_slow_clients_hinder_nobody(hub, gate, repo):
    lines = []
    parts = urlsplit(gate.url)
    for _ in range(200):
        line = socket.create_connection((parts.hostname, parts.port), timeout=10)
        line.sendall(f"POST {PATH} HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n".encode() + b"{" * 100)
        lines.append(line)
    answer = post_commit(gate.url, repo, [file("README.md", GOOD + "quick\n")])
    assert answer.status == 200
    for line in lines:
        line.close()


def test_an_end_in_order_answers_what_is_under_way(hub, own, repo):
    gate = own()
    held, go = threading.Event(), threading.Event()

    async def slow(request):
        if "/commit/" in request.raw_path:
            held.set()
            while not go.is_set():
                import asyncio

                await asyncio.sleep(0.02)
        return

    hub.fault = slow
    answers = []
    sender = threading.Thread(target=lambda: answers.append(post_commit(gate.url, repo, [file("README.md", GOOD + "last\n")])))
    sender.start()
    assert held.wait(10)
    gate.process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    go.set()
    sender.join(20)
    assert answers[0].status == 200
    assert gate.stop() == 0
    assert [each["event"] for each in gate.entries()] == ["start", "commit", "outcome", "stop"]
    assert not any("Traceback" in line for line in gate.lines)


def test_a_gate_that_is_killed_leaves_no_half_commit_and_a_whole_log(hub, own, repo):
    gate = own()
    parts = urlsplit(gate.url)
    body = ndjson([file(f"f{number}", "x" * 1000) for number in range(100)] + [file("README.md", GOOD + "killed\n")])
    with socket.create_connection((parts.hostname, parts.port)) as line:
        head = f"POST {PATH} HTTP/1.1\r\nHost: h\r\nContent-Length: {len(body)}\r\n\r\n"
        line.sendall(head.encode() + body[: len(body) // 2])
        time.sleep(0.2)
        gate.stop(kill=True)
    assert hub.commits == []
    assert hub.card(repo) == GOOD
    gate.start()
    assert post_commit(gate.url, repo, body).status == 200
    from cardlint.gate.log import Log

    assert Log(gate.log).verify().fault is None
    assert [each["event"] for each in gate.entries()] == ["start", "start", "commit", "outcome"]


def test_a_decision_stands_in_the_log_before_the_hub_hears_of_it(hub, gate, repo):
    logged = []

    async def look(request):
        if "/commit/" in request.raw_path:
            logged.append(gate.entries(event="commit", repo=repo)[-1]["action"])
        return

    hub.fault = look
    post_commit(gate.url, repo, [file("README.md", GOOD + "y\n")])
    assert logged == ["allow"]


def test_a_card_that_takes_too_long_is_what_on_failure_says(hub, own, repo):
    slow = "---\nlicense: mit\n---\n" + "## A heading\n\n[a](b) ![x](y) `z` apache-2.0 text\n\n" * 120_000
    for word, status in (("refuse", 400), ("accept", 200)):
        gate = own(policy=f"version: 1\ntime-limit: 0.5\non-failure: {word}\n")
        hub.repo("acme/x", {"README.md": GOOD.encode()})
        answer = post_commit(gate.url, repo, [file("README.md", slow)])
        assert answer.status == status, answer.text[:300]
        assert gate.entries(event="commit")[-1]["failure"] == "it took longer than 0.5 s"
        hub.repo("acme/y", {"README.md": GOOD.encode()})
        assert post_commit(gate.url, "acme/y", [file("README.md", GOOD + "y\n")]).status == 200


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--upstream", "ftp://x"], "is no http or https address"),
        (["--upstream", "http://a", "--listen", "x"], "is not HOST:PORT"),
        (["--upstream", "http://a", "--max-commit", "many"], "is no size"),
        (["--upstream", "http://a", "--policy", "nowhere.yaml"], "nowhere.yaml"),
        (["--upstream", "http://a", "--log", "/nowhere/gate.sqlite"], "/nowhere/gate.sqlite: the log cannot be used"),
        (["--upstream", "http://a", "--spool", "/nowhere"], "no such folder"),
    ],
)
def test_a_wrong_option_is_told_in_a_line(options, message, tmp_path):
    more = [] if "--log" in options else ["--log", str(tmp_path / "gate.sqlite")]
    with pytest.raises(CardlintError, match=re.escape(message)) as caught:
        CliRunner().invoke(hub_command, [*options, *more], catch_exceptions=False)
    assert "\n" not in str(caught.value)


EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "gate"


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_the_nginx_example_sends_what_is_judged_to_the_gate_and_the_rest_to_the_hub(hub, own, repo, tmp_path):
    gate = own()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = (EXAMPLES / "nginx.conf").read_text()
    for old, new in (
        ("gate:8080", urlsplit(gate.url).netloc),
        ("hub:48888", urlsplit(hub.url).netloc),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
    ):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "nginx.conf").write_text(text)
    nginx = subprocess.Popen(
        [
            "nginx",
            "-p",
            str(tmp_path),
            "-c",
            str(tmp_path / "nginx.conf"),
            "-g",
            f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;",
        ],
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                assert ask(url, "GET", "/acme/x/resolve/main/README.md").text == GOOD
                break
            except ConnectionError:
                time.sleep(0.05)
        assert TOLD in post_commit(url, repo, [file("README.md", BAD)]).text
        assert post_commit(url, repo, [file("README.md", GOOD + "n\n")]).status == 200
        hub.repos[repo].put("refs/pr%2F1", {})
        assert post_commit(url, repo, [file("README.md", BAD)], path="/api/models/acme/x/commit/refs%2Fheads%2Fmain").status == 400
        assert any("refs%2Fheads%2Fmain" in path for _, path in hub.seen)
        for path in ("/api//models/acme/x/commit/main", "/api/models/acme/x/%63ommit/main", "/api/models/acme/x/discussions/1/merge/"):
            assert post_commit(url, repo, [file("README.md", BAD)], path=path).status in (400, 404), path
        assert hub.card(repo) == GOOD + "n\n"
        big = b"x" * (3 << 20)
        assert json.loads(ask(url, "PUT", "/big", big).text) == {"size": len(big)}
        assert ask(url, "GET", "/-/cardlint/rules/LIC101").text.startswith("LIC101 ")
    finally:
        nginx.terminate()
        nginx.wait(10)
