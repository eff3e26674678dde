"""``cardlint gate webhook`` as a process, told by webhooks of a hub on loopback, and what it says in the hub's discussions."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

pytest.importorskip("aiohttp")
pytest.importorskip("pebble")
pytest.importorskip("prometheus_client")

from aiohttp import web

from cardlint.gate.change import Reason
from cardlint.gate.decision import Decision
from cardlint.gate.webhook.comment import MARK, TITLE, comment
from cardlint.gate.webhook.jobs import Jobs
from cardlint.gate.webhook.payload import Moved, NoPayload, read_payload

from .discussing_hub import DiscussingHub

GOOD = b"---\nlicense: apache-2.0\n---\n# Gull counter\n"
BAD = b"---\nlicense: apache2\n---\n# Gull counter\n"
WORSE = b"---\nlicense: [apache2, gpl-33]\n---\n# Gull counter\n"
NAME = "acme/gull"
NUMBERS = itertools.count()
WORDS = st.sampled_from(
    ["action", "scope", "name", "type", "ref", "newSha", "oldSha", "num", "isPullRequest", "status", "update", "model", "open"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)


class Server:
    """The server as a process; ``lines`` are what it wrote on standard error."""

    def __init__(self, folder, hub, *options):
        self.folder, self.hub = folder, hub
        (folder / "secret").write_text("old secret\nthe secret\n", encoding="utf-8")
        self.command = [
            *(sys.executable, "-m", "cardlint", "gate", "webhook", "--hub", hub.url, "--listen", "127.0.0.1:0", "--retry", "0.1"),
            *("--secret-file", folder / "secret", "--queue", folder / "queue.sqlite", "--log", folder / "gate.sqlite", *options),
        ]
        self.lines = []
        self.start()

    def start(self):
        environment = os.environ | {"HF_TOKEN": "hf_cardlint-bot"}
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        first = self.process.stdout.readline()
        if not first:
            raise RuntimeError(self.process.stderr.read())
        self.url = next(word.rstrip(",") for word in first.split() if word.startswith("http"))
        self._drain = threading.Thread(target=self.lines.extend, args=[self.process.stderr], daemon=True)
        self._drain.start()

    def stop(self, *, kill=False):
        (self.process.kill if kill else self.process.terminate)()
        code = self.process.wait(30)
        self._drain.join(10)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def post(self, body, secret="the secret", path=None):
        headers = {"Content-Type": "application/json"} | ({"X-Webhook-Secret": secret} if secret is not None else {})
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(path or self.url, data, headers), timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"{}")

    def counts(self):
        with urllib.request.urlopen(self.url.replace("/webhook", "/healthz"), timeout=10) as answer:
            return json.load(answer)

    def settled(self):
        """Wait until nothing waits."""
        return until(lambda: (counts := self.counts())["waiting"] == 0 and counts)


def until(true, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to that in time")


def event(ref="refs/heads/main", old=None, new=None, scope="repo.content", action="update", name=NAME, **more):
    moved = {"ref": ref, **({"oldSha": old} if old else {}), **({"newSha": new} if new else {})}
    repo = {"type": "model", "name": name, "id": "1", "private": False, "owner": {"id": "2"}, "url": {"web": "x", "api": "y"}}
    return {"event": {"action": action, "scope": scope}, "repo": repo, "updatedRefs": [moved], "webhook": {"id": "3", "version": 3}, **more}


@pytest.fixture(scope="module")
def hub():
    made = DiscussingHub()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def server(hub, tmp_path_factory):
    made = Server(tmp_path_factory.mktemp("webhook"), hub)
    yield made
    assert made.stop() == 0


@pytest.fixture
def repo(hub):
    """A repository that nobody has judged, under a name of its own; events speak of it."""
    hub.fault = None
    name = f"acme/gull-{next(NUMBERS)}"
    made = hub.repo(name, {"README.md": GOOD})
    made.name = name
    return made


def push(server, repo, card, ref="refs/heads/main"):
    old = repo.refs["main"]
    new = repo.put("main", {"README.md": card} if card is not None else {})
    status, answer = server.post(event(ref, old, new, name=repo.name))
    assert status == 202
    server.settled()
    return answer


def test_a_bad_card_opens_one_discussion_and_the_next_change_edits_it(server, hub, repo):
    push(server, repo, BAD)
    (number, [(author, text)]), *others = hub.texts(repo.name).items()
    assert (author, others) == ("cardlint-bot", [])
    assert hub.of(repo.name)[number]["title"] == TITLE
    assert text.startswith(MARK)
    assert "1 error, for which the gate would refuse an upload" in text
    assert "| error | LIC101 | 2 | unknown license 'apache2'<br>did you mean 'apache-2.0'?" in text
    push(server, repo, WORSE)
    (number, [(author, text)]), *others = hub.texts(repo.name).items()
    assert (number, others) == (1, [])
    assert "gpl-33" in text
    push(server, repo, GOOD)
    assert list(hub.texts(repo.name)) == [1]
    assert "nothing is wrong" in hub.texts(repo.name)[1][0][1]


def test_a_good_card_says_nothing(server, hub, repo):
    assert push(server, repo, GOOD + b"More.\n") == {"queued": 1}
    assert hub.texts(repo.name) == {}


def test_the_same_event_twice_is_told_once(server, hub, repo):
    old, new = repo.refs["main"], repo.put("main", {"README.md": BAD})
    assert server.post(event(old=old, new=new, name=repo.name)) == (202, {"queued": 1})
    server.settled()
    assert server.post(event(old=old, new=new, name=repo.name)) == (202, {"queued": 0})
    assert [talk["comments"][0]["edits"] for talk in hub.of(repo.name).values()] == [0]


def test_an_own_comment_is_found_again_where_the_queue_was_lost(hub, repo, tmp_path):
    repo.put("main", {"README.md": BAD})
    for _ in range(5):
        hub._open(hub.of(repo.name), TITLE, "somebody", False, MARK)
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        server = Server(folder, hub)
        try:
            server.post(event(new=repo.refs["main"], name=repo.name))
            server.settled()
        finally:
            server.stop()
    ours = [talk for talk in hub.of(repo.name).values() if talk["author"] == "cardlint-bot"]
    assert [len(talk["comments"]) for talk in ours] == [1]
    assert ours[0]["comments"][0]["edits"] == 0


def test_a_pull_request_is_answered_in_itself_and_compared_with_main(server, hub, repo):
    repo.put("main", {"README.md": BAD.replace(b"apache2", b"[apache2]")})
    number, new = hub.pull(repo.name, {"README.md": WORSE})
    server.post(event(f"refs/pr/{number}", new=new, name=repo.name))
    server.settled()
    comments = hub.texts(repo.name)[number]
    assert [author for author, _ in comments] == ["wren", "cardlint-bot"]
    assert "1 error" in comments[1][1]
    assert "gpl-33" in comments[1][1].partition("<details>")[0]
    assert "There before: 1" in comments[1][1]
    number, new = hub.pull(repo.name, {"README.md": GOOD})
    server.post({**event(scope="discussion", name=repo.name), "discussion": {"num": number, "isPullRequest": True, "status": "open"}})
    server.settled()
    assert len(hub.texts(repo.name)[number]) == 2
    assert "nothing is wrong" in hub.texts(repo.name)[number][1][1]


def test_a_card_that_is_taken_away_is_told(server, hub, repo):
    push(server, repo, None)
    assert "FM001" in hub.texts(repo.name)[1][0][1]


def test_a_card_cannot_speak_through_the_comment(server, hub, repo):
    said = "[click](https://evil.example) ![x](https://evil.example/x.png) <img src=x onerror=alert(1)> @everyone </details> | `x"
    push(server, repo, f"---\nlicense: {json.dumps(said)}\n---\n# x\n".encode())
    text = hub.texts(repo.name)[1][0][1]
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert "<img" not in html
    assert "<a " not in html
    assert "@everyone" not in html
    assert html.count("</details>") == html.count("<details>")


@pytest.mark.parametrize(
    ("secret", "status"), [(None, 401), ("", 403), ("wrong", 403), ("the secre", 403), ("the secret", 202), ("old secret", 202)]
)
def test_only_who_knows_the_secret_is_heard(server, repo, secret, status):
    assert server.post(event(new=repo.refs["main"], name=repo.name), secret)[0] == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b'{"event":1,"repo":2}', 400),
        (b"[" * 100_000, 400),
        (b" " * 1_100_000, 413),
        (json.dumps(event(name="../../etc")).encode(), 400),
    ],
    ids=["empty", "list", "numbers", "deep", "long", "path"],
)
def test_what_is_no_event_is_refused(server, body, status):
    assert server.post(body)[0] == status


@pytest.mark.parametrize(
    "body",
    [
        event(scope="discussion.comment", action="create", comment={"id": "1", "content": MARK}),
        event(scope="discussion", discussion={"num": 1, "isPullRequest": False, "status": "open"}),
        event(scope="discussion", discussion={"num": 1, "isPullRequest": True, "status": "merged"}),
        event(action="delete", new="a" * 40),
        event(ref="refs/heads/side", new="a" * 40),
        event(new="0" * 40),
        event(),
        event(scope="repo.config"),
    ],
    ids=range(8),
)
def test_other_events_leave_nothing_to_do(server, body):
    assert server.post(body) == (202, {"queued": 0})


def test_a_hub_that_is_down_is_tried_again(server, hub, repo):
    answers = []

    async def fault(request):
        if repo.name in request.path and len(answers) < 5:
            answers.append(request.path)
            return web.Response(status=(503, 429, 200)[len(answers) % 3], text="nonsense", headers={"Retry-After": "0"})
        return None

    hub.fault = fault
    push(server, repo, BAD)
    assert len(answers) == 5
    assert [len(comments) for comments in hub.texts(repo.name).values()] == [1]


def test_discussions_that_are_closed_are_left_alone(server, hub, repo):
    async def fault(request):
        return web.json_response({"error": "Discussions are disabled"}, status=403) if request.path.endswith("/discussions") else None

    hub.fault = fault
    before = server.counts()["done"]
    push(server, repo, BAD)
    assert hub.texts(repo.name) == {}
    assert server.counts()["done"] == before + 1
    assert any('"left"' in line and "403" in line for line in server.lines)


def test_a_repository_that_is_gone_is_left_alone(server, hub, repo):
    new = repo.refs["main"]
    del hub.repos[repo.name]
    server.post(event(new=new, name=repo.name))
    assert server.settled()["failed"] == 0


def test_what_was_taken_is_told_after_a_crash(hub, repo, tmp_path):
    async def fault(request):
        return web.Response(status=503) if repo.name in request.path else None

    hub.fault = fault
    server = Server(tmp_path, hub)
    repo.put("main", {"README.md": BAD})
    assert server.post(event(new=repo.refs["main"], name=repo.name))[0] == 202
    server.stop(kill=True)
    hub.fault = None
    server.start()
    try:
        server.settled()
    finally:
        assert server.stop() == 0
    assert [len(comments) for comments in hub.texts(repo.name).values()] == [1]


def test_decisions_are_logged(server, repo):
    from cardlint.gate.log import Log

    push(server, repo, BAD)
    entry = next(each for each in Log(server.folder / "gate.sqlite").entries() if each["repo"] == repo.name)
    assert (entry["event"], entry["verdict"], entry["codes"], entry["commit"]) == ("webhook", "refuse", ["LIC101"], repo.refs["main"])


def test_the_token_is_never_written_down(server):
    written = b"".join(path.read_bytes() for path in server.folder.iterdir()) + "".join(server.lines).encode()
    assert b"hf_cardlint-bot" not in written


def test_the_official_client_reads_what_was_written(server, hub, repo, monkeypatch):
    client = pytest.importorskip("huggingface_hub")
    push(server, repo, BAD)
    api = client.HfApi(hub.url, token="hf_wren")
    found = [each for each in api.get_repo_discussions(repo.name) if each.author == "cardlint-bot"]
    details = api.get_discussion_details(repo.name, found[0].num)
    assert details.title == TITLE
    assert details.events[0].content.startswith(MARK)


def test_wrong_usage(tmp_path):
    def run(*options, **variables):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "CARDLINT_"))} | variables
        command = [sys.executable, "-m", "cardlint", "gate", "webhook", "--hub", "http://127.0.0.1:1", *options]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert "give --secret-file FILE, or set CARDLINT_WEBHOOK_SECRET" in run().stderr
    assert "give --token-file FILE, or set HF_TOKEN" in run(CARDLINT_WEBHOOK_SECRET="x").stderr
    assert "--secret-file nowhere: No such file or directory" in run("--secret-file", "nowhere").stderr
    assert "is not HOST:PORT" in run("--listen", "x", CARDLINT_WEBHOOK_SECRET="x", HF_TOKEN="y").stderr
    done = run("--policy", "nowhere", CARDLINT_WEBHOOK_SECRET="x", HF_TOKEN="y")
    assert (done.returncode, "nowhere" in done.stderr) == (2, True)


# the queue and the payload, without a server


def test_payloads_name_what_moved():
    body = json.dumps(event(old="b" * 40, new="a" * 40)).encode()
    assert read_payload(body) == [Moved("model", NAME, "refs/heads/main", "b" * 40, "a" * 40)]
    made = event(scope="repo", action="create") | {"updatedRefs": None}
    made["repo"] = {"type": "dataset", "name": "acme/terns", "head_sha": "c" * 40}
    assert read_payload(json.dumps(made).encode()) == [Moved("dataset", "acme/terns", "refs/heads/main", None, "c" * 40)]


def test_a_comment_is_no_longer_than_a_hub_takes():
    reasons = tuple(Reason(f"LIC{number:03}", "&" * 300, 1, "&" * 300) for number in range(300))
    text = comment(Decision("id", "refuse", "refuse", "a/b", "model", "refs/heads/main", "default", "enforce", reasons), "a" * 40)
    assert len(text) <= 60_000
    assert text.startswith(MARK)
    assert "and 295 more" in text


@settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(st.sampled_from(["event", "repo", "updatedRefs", "discussion"]), VALUES),
    st.sampled_from(["repo", "repo.content", "discussion"]),
)
def test_a_made_payload_is_refused_or_names_references(made, scope):
    body = event(scope=scope, old="b" * 40, new="a" * 40) | made
    try:
        found = read_payload(json.dumps(body).encode())
    except NoPayload:
        return
    assert all(each.ref.startswith("refs/") and "/" in each.repo and each.new != "0" * 40 for each in found)


@pytest.mark.parametrize("name", ["a/b/c", "a b", "", ".x", "a/\u202e", "x" * 200, 1, None])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(NoPayload):
        read_payload(json.dumps(event() | {"repo": {"type": "model", "name": name}}).encode())


def test_an_event_that_comes_meanwhile_is_not_lost(tmp_path):
    jobs = Jobs(tmp_path / "q")
    jobs.add([Moved("model", "a/b", "refs/heads/main", "1" * 40, "2" * 40)])
    job = jobs.due(set())
    jobs.add([Moved("model", "a/b", "refs/heads/main", "2" * 40, "3" * 40)])
    jobs.done(job, "2" * 40)
    again = jobs.due(set())
    assert (again.new, again.old, again.reported) == ("3" * 40, "2" * 40, "2" * 40)


def test_what_waits_remembers_where_it_began(tmp_path):
    jobs = Jobs(tmp_path / "q")
    for old, new in (("1", "2"), ("2", "3")):
        jobs.add([Moved("model", "a/b", "refs/heads/main", old * 40, new * 40)])
    job = jobs.due(set())
    assert (job.old, job.new) == ("1" * 40, "3" * 40)
    assert jobs.due({job[:3]}) is None


def test_tries_come_later_and_end(tmp_path):
    jobs = Jobs(tmp_path / "q", base_delay=0.0, most_tries=3)
    jobs.add([Moved("model", "a/b", "refs/heads/main")])
    assert [jobs.later(jobs.due(set()), "down") for _ in range(3)] == [True, True, False]
    assert jobs.counts() == {"waiting": 0, "done": 0, "failed": 1}
    assert jobs.add([Moved("model", "a/b", "refs/heads/main")]) == 1


def test_a_hub_that_asks_to_wait_is_heard(tmp_path):
    jobs = Jobs(tmp_path / "q", base_delay=0.0)
    jobs.add([Moved("model", "a/b", "refs/heads/main")])
    jobs.later(jobs.due(set()), "429", 100)
    assert 95 < jobs.next_due() <= 100
