"""A hub, a gate in front of it as a process of its own, and the official client as another one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

CLIENTS = [sys.executable, *filter(None, os.environ.get("CARDLINT_TEST_CLIENTS", "").split(os.pathsep))]
"""Pythons whose huggingface_hub is tried; the environment may name more, parted as PATH is."""

POLICY = """\
version: 1
time-limit: 20
policies:
- {name: strict, repos: [strict/*], judge: whole, missing-card: first-commit}
- {name: needs a card, repos: [needy/*], missing-card: deny}
- {name: watched, repos: [watched/*], mode: observe}
"""


class Gate:
    """A gate as a process. ``lines`` are what it wrote on standard error."""

    def __init__(self, folder: Path, upstream: str, *options: str, policy: str | None = POLICY) -> None:
        self.folder = folder
        self.log = folder / "gate.sqlite"
        named = []
        if policy is not None:
            (folder / "gate.yaml").write_text(policy)
            named = ["--policy", str(folder / "gate.yaml")]
        self.command = [sys.executable, "-m", "cardlint", "gate", "hub", "--upstream", upstream, "--log", str(self.log), *named, *options]
        self.lines: list[str] = []
        self.start()

    def start(self, listen: str = "127.0.0.1:0") -> None:
        command = [*self.command, "--listen", listen, "--admin", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = self.process.stdout.readline()
        if not first:
            raise RuntimeError(self.process.stderr.read())
        places = [word.rstrip(",") for word in first.split() if word.startswith("http")]
        self.url, self.admin = places[0], places[1]
        self._drain = threading.Thread(target=self.lines.extend, args=[self.process.stderr], daemon=True)
        self._drain.start()

    def stop(self, *, kill: bool = False) -> int:
        (self.process.kill if kill else self.process.terminate)()
        code = self.process.wait(30)
        self._drain.join(10)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def entries(self, **wanted) -> list[dict]:
        """The log's entries, the oldest first."""
        from cardlint.gate.log import Log

        return [each for each in reversed(list(Log(self.log).entries())) if all(each.get(key) == value for key, value in wanted.items())]

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.admin + path, timeout=10) as answer:
            return answer.read().decode()


class Client:
    """A Python with the official client, and its endpoint set to the gate."""

    def __init__(self, python: str, endpoint: str, home: Path, token: str = "hf_alice", **more: str) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("HF_", "PYTHON"))},
            "HF_ENDPOINT": endpoint, "HF_HOME": str(home), "HF_TOKEN": token, "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_UPDATE_CHECK": "1", **more,
        }  # fmt: skip
        self.environment, self.python = environment, python
        script = str(Path(__file__).parent / "client_repl.py")
        self._errors = (home / f"stderr-{Path(python).name}").open("w+")
        self.process = subprocess.Popen(
            [python, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True, env=environment
        )
        self.version = json.loads(self.process.stdout.readline())["version"]

    def __call__(self, name: str, **arguments) -> dict:
        self.process.stdin.write(json.dumps({"call": name, "with": arguments}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self._errors.seek(0)
        answer["stderr"] = self._errors.read()
        return answer

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()
        self._errors.close()


@pytest.fixture(scope="session")
def hub():
    pytest.importorskip("aiohttp")
    from tests.gate.hub import Hub

    made = Hub()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def gate(hub, tmp_path_factory):
    pytest.importorskip("pebble")
    pytest.importorskip("prometheus_client")
    made = Gate(tmp_path_factory.mktemp("gate"), hub.url)
    hub.public = made.url
    yield made
    made.stop()


@pytest.fixture(scope="session", params=CLIENTS, ids=[f"client{number}" for number, _ in enumerate(CLIENTS)])
def client(request, gate, tmp_path_factory):
    made = Client(request.param, gate.url, tmp_path_factory.mktemp("home"), HF_HUB_DISABLE_XET="1")
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def fresh(request):
    """Each test sees only its own requests."""
    if "hub" in request.fixturenames:
        hub = request.getfixturevalue("hub")
        hub.seen.clear()
        hub.headers.clear()
        hub.commits.clear()
        hub.lfs_bytes, hub.fault, hub.before_commit, hub.redirects_cards, hub.elsewhere = 0, None, None, False, None
