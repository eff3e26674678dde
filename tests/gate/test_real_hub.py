"""A real hub behind the gate: KohakuHub, served here, and the official client. Tried where the environment names it (docs/gate.md)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import subprocess
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.gate.conftest import CLIENTS, Client, Gate

NAMED = os.environ.get("CARDLINT_TEST_KOHAKUHUB", "")
"""A checkout of KohakuHub and the Python that runs it, parted as PATH is."""

pytestmark = pytest.mark.skipif(not NAMED, reason="CARDLINT_TEST_KOHAKUHUB names no checkout of KohakuHub and no Python that runs it")

GOOD = "---\nlicense: apache-2.0\n---\n# A model\n\nIt answers questions about ships.\n"
BAD = GOOD.replace("apache-2.0", "apache2")
TOLD = "LIC101 unknown license 'apache2'"
CONFIG = b'{"model_type": "bert"}'
ACCOUNT = {"username": "alice", "password": "harbour-and-ships-1"}


class Hub:
    """KohakuHub as a process, its public address the gate's."""

    def __init__(self, folder: Path) -> None:
        checkout, python = NAMED.split(os.pathsep)
        script = str(Path(__file__).parent / "kohakuhub.py")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "KOHAKU_HUB_", "AWS_"))}
        self.errors = folder / "hub.err"
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                [python, script, checkout],
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.url = self._line()

    def serve(self, public: str) -> None:
        self.process.stdin.write(public + "\n")
        self.process.stdin.flush()
        self.storage = self._line()

    def stores(self, data: bytes) -> bool:
        """Whether a large file came to the hub's storage."""
        with urllib.request.urlopen(self.storage, timeout=20) as answer:
            return hashlib.sha256(data).hexdigest() in answer.read().decode()

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()

    def _line(self) -> str:
        line = self.process.stdout.readline().strip()
        if not line:
            raise RuntimeError(self.errors.read_text()[-4000:])
        return line


class Site(NamedTuple):
    hub: Hub
    gate: Gate
    token: str
    client: Client

    def get(self, path: str) -> bytes:
        """What the hub itself has, past the gate."""
        request = urllib.request.Request(self.hub.url + path, headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read()

    def files(self, repo: str, kind: str = "model") -> list[str]:
        return sorted(row["path"] for row in json.loads(self.get(f"/api/{kind}s/{repo}/tree/main?recursive=true")))

    def commit(self, url: str, repo: str, card: str) -> tuple[int, str]:
        """What a commit of a card by a client that leaves out the early check is answered."""
        file = {"path": "README.md", "content": base64.b64encode(card.encode()).decode(), "encoding": "base64"}
        rows = [{"key": "header", "value": {"summary": "a card"}}, {"key": "file", "value": file}]
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/x-ndjson"}
        body = "".join(json.dumps(row) + "\n" for row in rows).encode()
        try:
            with urllib.request.urlopen(
                urllib.request.Request(f"{url}/api/models/{repo}/commit/main", body, headers), timeout=20
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def made(self, repo: str, kind: str = "model", card: str | None = GOOD) -> str:
        """A repository with a card."""
        assert self.client("create_repo", repo_id=repo, repo_type=kind)["ok"]
        if card is not None:
            answer = self.client("upload_file", repo_id=repo, repo_type=kind, path_in_repo="README.md", text=card)
            assert answer["ok"], answer["error"]
        return repo


def _token(url: str) -> str:
    """An account is registered, and its token made, through the gate."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def post(path: str, **body: str) -> dict:
        request = urllib.request.Request(url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with opener.open(request, timeout=20) as answer:
            return json.load(answer)

    post("/api/auth/register", email="alice@example.org", **ACCOUNT)
    post("/api/auth/login", **ACCOUNT)
    return post("/api/auth/tokens/create", name="upload")["token"]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    pytest.importorskip("aiohttp")
    hub = Hub(tmp_path_factory.mktemp("kohakuhub"))
    try:
        gate = Gate(tmp_path_factory.mktemp("gate"), hub.url, policy=None)
        try:
            hub.serve(gate.url)
            yield hub, gate, _token(gate.url)
        finally:
            gate.stop()
    finally:
        hub.stop()


@pytest.fixture(scope="module", params=CLIENTS, ids=[f"client{number}" for number, _ in enumerate(CLIENTS)])
def site(request, served, tmp_path_factory):
    hub, gate, token = served
    client = Client(request.param, gate.url, tmp_path_factory.mktemp("home"), token, HF_HUB_DISABLE_XET="1")
    yield Site(hub, gate, token, client)
    client.stop()


@pytest.fixture
def repo(request, site):
    """An id that no test used before."""
    version = site.client.version.replace(".", "-")
    return f"alice/{request.node.originalname.removeprefix('test_')[:40].rstrip('_')}-{version}-{CLIENTS.index(site.client.python)}"


@pytest.fixture
def weights(repo) -> bytes:
    return random.Random(repo).randbytes(6_000_000)


@pytest.fixture
def folder(tmp_path, weights):
    def made(card: str) -> str:
        for name, data in {"README.md": card.encode(), "config.json": CONFIG, "model.safetensors": weights}.items():
            (tmp_path / name).write_bytes(data)
        return str(tmp_path)

    return made


def test_a_good_folder_arrives_and_comes_back_as_it_was_sent(site, repo, folder, weights, tmp_path_factory):
    site.made(repo, card=None)
    answer = site.client("upload_folder", repo_id=repo, folder_path=folder(GOOD))
    assert answer["ok"], answer["error"]
    assert {"README.md", "config.json", "model.safetensors"} <= set(site.files(repo))
    assert site.hub.stores(weights)
    there = tmp_path_factory.mktemp("there")
    answer = site.client("snapshot_download", repo_id=repo, local_dir=str(there))
    assert answer["ok"], answer["error"]
    assert (there / "model.safetensors").read_bytes() == weights
    assert (there / "config.json").read_bytes() == CONFIG
    assert (there / "README.md").read_text() == GOOD
    entry = site.gate.entries(event="commit", repo=repo)[-1]
    assert (entry["action"], entry["who"]) == ("allow", "alice")


def test_a_bad_folder_is_refused_before_any_weights(site, repo, folder, weights):
    site.made(repo, card=None)
    before = site.files(repo)
    answer = site.client("upload_folder", repo_id=repo, folder_path=folder(BAD))
    assert TOLD in answer["error"]
    assert site.files(repo) == before
    assert not site.hub.stores(weights)
    assert not site.gate.entries(event="commit", repo=repo)


def test_a_bad_card_is_refused_at_the_commit_where_the_early_check_is_left_out(site, repo):
    site.made(repo)
    status, told = site.commit(site.gate.url, repo, BAD)
    assert status == 400
    assert TOLD in told
    assert site.get(f"/{repo}/resolve/main/README.md").decode() == GOOD


def test_the_card_cannot_be_deleted(site, repo):
    site.made(repo)
    operations = [{"op": "delete", "path_in_repo": "README.md"}]
    answer = site.client("create_commit", repo_id=repo, operations=operations, commit_message="away with it")
    assert not answer["ok"]
    assert f"FM001 this change takes the card (README.md) away from {repo}" in answer["error"]
    assert "README.md" in site.files(repo)


def test_a_commit_without_the_card_passes(site, repo):
    site.made(repo)
    answer = site.client("upload_file", repo_id=repo, path_in_repo="notes.txt", text="notes")
    assert answer["ok"], answer["error"]
    assert site.get(f"/{repo}/resolve/main/notes.txt") == b"notes"


def test_a_card_that_was_bad_before_the_gate_does_not_hold_up_other_files(site, repo):
    site.made(repo)
    assert site.commit(site.hub.url, repo, BAD)[0] == 200
    answer = site.client("upload_file", repo_id=repo, path_in_repo="notes.txt", text="notes")
    assert answer["ok"], answer["error"]
    assert not site.client("upload_file", repo_id=repo, path_in_repo="README.md", text=BAD.replace("apache2", "gpl-33"))["ok"]


def test_a_folder_in_parts_arrives(site, repo, folder, tmp_path):
    site.made(repo, card=None)
    place = folder(GOOD)
    for number in range(300):
        (tmp_path / f"A{number:04}.txt").write_text(f"part {number}")
    answer = site.client("upload_folder", repo_id=repo, folder_path=place)
    assert answer["ok"], answer["error"]
    assert len([path for path in site.files(repo) if path.startswith("A")]) == 300
    assert site.get(f"/{repo}/resolve/main/README.md").decode() == GOOD


def test_summaries_and_paths_of_any_script_arrive(site, repo):
    site.made(repo)
    odd = "line\u2028next\x85end\u2029"
    answer = site.client(
        "create_commit",
        repo_id=repo,
        operations=[{"op": "add", "path_in_repo": "notes/schiffe-\u8239.txt", "path_or_fileobj": __file__}],
        commit_message=odd,
    )
    assert answer["ok"], answer["error"]
    assert "notes/schiffe-\u8239.txt" in site.files(repo)


def test_cards_of_datasets_are_judged_as_such(site, repo):
    site.made(repo, "dataset")
    worse = site.client("upload_file", repo_id=repo, repo_type="dataset", path_in_repo="README.md", text=BAD)
    assert TOLD in worse["error"]
    better = site.client("upload_file", repo_id=repo, repo_type="dataset", path_in_repo="README.md", text=GOOD + "More.\n")
    assert better["ok"], better["error"]
    assert site.get(f"/datasets/{repo}/resolve/main/README.md").decode() == GOOD + "More.\n"


def test_the_command_line_tells_why_and_fails(site, repo, folder, weights):
    tool = Path(site.client.python).parent / "hf"
    if not tool.is_file():
        pytest.skip("this client has no command 'hf'")

    def upload(card: str) -> subprocess.CompletedProcess[str]:
        command = [tool, "upload", repo, folder(card), "."]
        return subprocess.run(command, env=site.client.environment, capture_output=True, text=True, check=False)

    refused = upload(BAD)
    assert refused.returncode == 1
    assert TOLD in refused.stderr + refused.stdout
    accepted = upload(GOOD)
    assert accepted.returncode == 0, accepted.stderr
    assert site.get(f"/{repo}/resolve/main/model.safetensors") == weights
