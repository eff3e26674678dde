"""Nothing stops an audit: cards that hang, crash or swallow memory, full disks, kills; and nothing of it shows in the results."""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

CARD = "---\nlicense: other\n---\n# Gull counter {number}\n\nIt counts gulls in harbour photographs.\n"
HOSTILE = """
import os, signal, time

def hostile(card):
    if "HANGS" in card.text:
        while True:
            pass
    if "CRASHES" in card.text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "EATS MEMORY" in card.text:
        eaten = []
        while True:
            eaten.append(bytearray(10_000_000))
    return ()
"""
RULE = """code: LIC950
name: hostile-check
summary: "A check with faults."
status: stable
severity: error
confidence: high
scope: card
since: 1.0.0
why: To see what an audit does with a check that never ends.
help: Leave it out.
check:
  python: hostile_check:hostile
examples:
  bad: [{card: "HANGS", findings: ["1:1 x"]}]
  good: [{card: "x"}]
"""


@pytest.fixture
def hub(tmp_path):
    """A mirror of 400 repositories."""
    for number in range(400):
        folder = tmp_path / "hub" / f"org{number % 7}" / f"gull-{number}"
        folder.mkdir(parents=True)
        (folder / "README.md").write_text(CARD.format(number=number), encoding="utf-8")
    return tmp_path / "hub"


@pytest.fixture
def rules(tmp_path):
    """A folder of rules with one whose check hangs, crashes or swallows memory at certain words."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "LIC950-hostile-check.yaml").write_text(RULE, encoding="utf-8")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "hostile_check.py").write_text(HOSTILE, encoding="utf-8")
    return tmp_path / "rules"


def command(hub, out, *options):
    return [sys.executable, "-m", "cardlint", "audit", str(hub), "--out", str(out), "--select", "LIC,DOC", *options]


def audit(hub, out, *options, **keywords):
    env = {**os.environ, "PYTHONPATH": str(hub.parent / "lib")}
    done = subprocess.run(
        command(hub, out, *options), capture_output=True, text=True, timeout=120, env=env, check=False, cwd=hub.parent, **keywords
    )
    assert "Traceback" not in done.stderr
    return done


def content(out):
    """A hash of everything that an audit's folder holds."""
    digest = hashlib.sha256()
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.name != ".lock":
            digest.update(str(path.relative_to(out)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def failures(out):
    cards = [json.loads(line) for line in (out / "report.jsonl").read_text(encoding="utf-8").splitlines()]
    return {card["repo"]: card["failure"] for card in cards if card["type"] == "card" and card["failure"]}


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("HANGS", "took longer than 1 s"),
        ("CRASHES", "the process that read this card died"),
        ("EATS MEMORY", "ran out of memory"),
    ],
)
def test_a_hostile_card_costs_itself_alone(hub, rules, tmp_path, word, why):
    for name in ("org1/gull-1", "org6/gull-300"):
        (hub / name / "README.md").write_text(CARD.format(number=word), encoding="utf-8")
    done = audit(hub, tmp_path / "out", "--rules", rules, "--time-limit", "1", "--memory-limit", "600", "--jobs", "2")
    assert done.returncode == 4
    assert not done.stderr
    assert failures(tmp_path / "out") == {"org1/gull-1": why, "org6/gull-300": why}
    assert "400 repositories, 400 opened" in done.stdout
    assert "400 models: 0 without a card" in done.stdout


def test_the_number_of_processes_does_not_show(hub, tmp_path):
    for jobs in ("1", "2", "5"):
        assert audit(hub, tmp_path / f"out{jobs}", "--jobs", jobs).returncode == 0
    assert len({content(tmp_path / f"out{jobs}") for jobs in ("1", "2", "5")}) == 1


def test_a_changed_card_leaves_its_neighbours_closed(hub, tmp_path):
    audit(hub, tmp_path / "out")
    (hub / "org3" / "gull-3" / "README.md").write_text(CARD.format(number="changed"), encoding="utf-8")
    (hub / "org0" / "new").mkdir()
    (hub / "org0" / "new" / "README.md").write_text(CARD.format(number="new"), encoding="utf-8")
    (hub / "org0" / "gull-7" / "README.md").unlink()
    (hub / "org0" / "gull-7").rmdir()
    assert "400 repositories, 2 opened and 398 reused" in audit(hub, tmp_path / "out").stdout
    audit(hub, tmp_path / "fresh")
    assert content(tmp_path / "out") == content(tmp_path / "fresh")


def test_the_order_of_sets_makes_no_other_run(hub, tmp_path, monkeypatch):
    (tmp_path / "c.toml").write_text('[[overrides]]\npaths = ["org1/*"]\nignore = ["LIC", "DOC"]\n', encoding="utf-8")
    for seed, told in (("1", "400 opened"), ("2", "0 opened")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        assert f"400 repositories, {told}" in audit(hub, tmp_path / "out", "--config", tmp_path / "c.toml").stdout


def test_a_full_disk_is_one_line_and_loses_no_finished_part(hub, tmp_path):
    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    full = audit(hub, tmp_path / "out", "--jobs", "2", preexec_fn=small_files)
    assert full.returncode == 2
    assert len(full.stderr.splitlines()) == 1
    assert "what is done is kept, the same command continues" in full.stderr
    assert not list((tmp_path / "out").rglob(".*.parquet.*"))
    assert audit(hub, tmp_path / "out").returncode == 0
    audit(hub, tmp_path / "fresh")
    assert content(tmp_path / "out") == content(tmp_path / "fresh")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_runs_that_were_killed_resume_to_the_same_bytes(hub, tmp_path, how):
    chance = random.Random(int(how))
    for _ in range(4):
        running = subprocess.Popen(
            command(hub, tmp_path / "out", "--jobs", "2"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        time.sleep(chance.uniform(0.3, 1.2))
        os.killpg(running.pid, how) if how == signal.SIGINT else running.kill()
        said = running.communicate(timeout=30)[1]
        assert b"Traceback" not in said
        assert running.returncode in (0, 130, -how)
    assert audit(hub, tmp_path / "out", "--resume").returncode == 0
    audit(hub, tmp_path / "fresh")
    assert content(tmp_path / "out") == content(tmp_path / "fresh")


def test_workers_end_when_the_run_is_killed(hub, rules, tmp_path):
    (hub / "org1" / "gull-1" / "README.md").write_text(CARD.format(number="HANGS"), encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "lib")}
    running = subprocess.Popen(
        command(hub, tmp_path / "out", "--jobs", "2", "--rules", rules, "--time-limit", "3"), env=env, start_new_session=True
    )
    time.sleep(2)
    running.kill()
    running.wait()
    until = time.monotonic() + 20
    while _alive(running.pid):
        assert time.monotonic() < until, "workers outlive the run"
        time.sleep(0.2)


def _alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_second_run_into_the_same_folder_is_refused(hub, tmp_path):
    import fcntl

    (tmp_path / "out").mkdir()
    with (tmp_path / "out" / ".lock").open("w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        done = audit(hub, tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr == f"cardlint: {tmp_path / 'out'}: another audit is writing there\n"
