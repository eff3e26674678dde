"""What SECURITY.md promises of a run, seen by Python's own audit events: no network, no program, no file but what was compiled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HUB = Path(__file__).resolve().parents[1] / "examples" / "hub"
WATCHED = """
import os, runpy, sys
def tell(what):
    os.write(2, f"SEEN {what}\\n".encode())  # at once: the process may end without a last word
def watch(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pickle.", "urllib.", "ftplib.")):
        tell(event)
    elif event == "open" and not isinstance(arguments[0], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        tell(f"write {arguments[0]}")
    elif event in ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink"):
        tell(f"{event} {arguments[0]}")
sys.dont_write_bytecode = True
import cardlint
sys.argv = ["cardlint", *sys.argv[1:]]
sys.addaudithook(watch)
runpy.run_module("cardlint", run_name="__main__")
"""


def seen(*arguments, cache):
    env = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    done = subprocess.run([sys.executable, "-c", WATCHED, *map(str, arguments)], capture_output=True, text=True, env=env, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done, [line.removeprefix("SEEN ") for line in done.stderr.splitlines() if line.startswith("SEEN ")]


@pytest.mark.parametrize("command", ["check", "show"])
def test_reading_a_hub_opens_no_connection_starts_no_program_and_writes_only_what_it_compiled(command, tmp_path):
    options = ["--profile", "audit", "--preview", "--jobs", "1", "--format", "json"] if command == "check" else ["--format", "json"]
    done, events = seen(command, HUB, *options, cache=tmp_path)
    assert done.returncode in (0, 1)
    assert json.loads(done.stdout)
    assert [event for event in events if str(tmp_path / "cardlint") not in event] == []


def test_where_what_it_compiled_cannot_be_kept_it_writes_nothing(tmp_path):
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    _, events = seen("check", HUB, "--jobs", "1", "-q", cache=tmp_path / "cache")
    assert [event for event in events if not event.startswith("os.mkdir")] == []


def test_the_watch_sees_what_it_looks_for(tmp_path):
    card = tmp_path / "model" / "README.md"
    card.parent.mkdir()
    card.write_text("---\nlicense: MIT\n---\n# Gulls\n")
    _, events = seen("check", card, "--fix", cache=tmp_path / "cache")
    assert any(str(card.parent) in event for event in events if event.startswith("write"))
