"""What SECURITY.md promises of a run as a whole, seen by Python's own audit events: no network, no program, no file written."""

from __future__ import annotations

import json
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
    elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        tell(f"write {arguments[0]}")
    elif event in ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink"):
        tell(f"{event} {arguments[0]}")
sys.dont_write_bytecode = True
import cardlint
sys.argv = ["cardlint", *sys.argv[1:]]
sys.addaudithook(watch)
runpy.run_module("cardlint", run_name="__main__")
"""


def seen(*arguments, cwd=None):
    done = subprocess.run([sys.executable, "-c", WATCHED, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done, [line.removeprefix("SEEN ") for line in done.stderr.splitlines() if line.startswith("SEEN ")]


@pytest.mark.parametrize("command", ["check", "show"])
def test_reading_a_hub_opens_no_connection_starts_no_program_and_writes_nothing(command):
    options = ["--profile", "audit", "--preview", "--jobs", "1", "--format", "json"] if command == "check" else ["--format", "json"]
    done, events = seen(command, HUB, *options)
    assert done.returncode in (0, 1)
    assert json.loads(done.stdout)
    assert events == []


def test_the_watch_sees_what_it_looks_for(tmp_path):
    (tmp_path / "README.md").write_text("---\nlicense: MIT\n---\n# Gulls\n")
    _, events = seen("check", tmp_path / "README.md", "--fix")
    assert any(str(tmp_path) in event for event in events)
