"""``check --statistics``, ``--changed`` and ``--watch``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

BAD = "---\nlicense: apache2\n---\n# Gull counter\n"


@pytest.fixture
def repository(tmp_path):
    """A git repository with two committed cards in folders of their own; a function that calls git there."""

    def git(*arguments):
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True, timeout=60)

    git("init", "-q")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(BAD)
        (tmp_path / name / "config.json").write_text("{}")
    git("add", ".")
    git("commit", "-qm", "cards")
    return git


def judged(done):
    return [card["input"] for card in json.loads(done.stdout)["cards"]] if done.stdout else []


def test_statistics_count_by_rule(cardlint, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(BAD)
    text = cardlint("check", ".", "--select", "LIC101,MET209", "--statistics").stdout
    assert "       2        2      2  LIC101 unknown-license (error)\n" in text
    value = json.loads(cardlint("check", ".", "--select", "LIC101", "--statistics", "--format", "json").stdout)
    assert value["statistics"] == [
        {"code": "LIC101", "name": "unknown-license", "severity": "error", "findings": 2, "fixable": {"safe": 2, "unsafe": 0}, "cards": 2}
    ]
    assert cardlint("check", ".", "--statistics", "--format", "github").returncode == 2


@pytest.mark.usefixtures("repository")
def test_nothing_changed_is_no_fault(cardlint):
    done = cardlint("check", "--changed", "--format", "json")
    assert (done.returncode, done.stdout) == (0, "")
    assert "no model cards changed since HEAD in this folder" in done.stderr


@pytest.mark.parametrize("file", ["README.md", "config.json", "new.bin"])
@pytest.mark.usefixtures("repository")
def test_a_changed_file_makes_its_repository_changed(cardlint, tmp_path, file):
    (tmp_path / "two" / file).write_text("---\nlicense: mit\n---\n# Gulls\n")
    assert judged(cardlint("check", "--changed", "--format", "json")) == ["two/README.md"]


def test_changed_since_a_commit_and_below_a_path(cardlint, repository, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / "README.md").write_text("---\nlicense: mit\n---\n# Gulls\n")
    repository("commit", "-qam", "changed")
    assert judged(cardlint("check", "--changed=HEAD~1", "--format", "json")) == ["one/README.md", "two/README.md"]
    assert judged(cardlint("check", "one", "--changed=HEAD~1", "--format", "json")) == ["one/README.md"]


@pytest.mark.usefixtures("repository")
def test_a_path_behind_changed_is_a_path(cardlint, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / "README.md").write_text("---\nlicense: mit\n---\n# Gulls\n")
    assert judged(cardlint("check", "--changed", "one", "--format", "json")) == ["one/README.md"]


def test_a_new_card_is_changed_also_before_the_first_commit(cardlint, tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True, timeout=60)
    (tmp_path / "README.md").write_text(BAD)
    assert judged(cardlint("check", "--changed", "--format", "json", "README.md")) == ["README.md"]


def test_cards_below_the_projects_own_readme(cardlint, repository, tmp_path):
    for name, text in {"README.md": "# A program\n", "docs/README.md": "# Notes\n", "deep/er/README.md": BAD}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert judged(cardlint("check", "--changed", "--only-cards", "--format", "json")) == ["deep/er/README.md"]
    repository("add", ".")
    repository("commit", "-qm", "a project around them")
    assert judged(cardlint("check", "--changed", "--only-cards", "--format", "json")) == []
    nothing = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    found = judged(cardlint("check", f"--changed={nothing}", "--only-cards", "--format", "json"))
    assert found == ["deep/er/README.md", "one/README.md", "two/README.md"]


@pytest.mark.usefixtures("repository")
def test_unknown_revision(cardlint):
    done = cardlint("check", "--changed=nowhere")
    assert done.returncode == 2
    assert "--changed 'nowhere': no such revision" in done.stderr


def test_outside_git(cardlint, tmp_path):
    (tmp_path / "README.md").write_text(BAD)
    done = cardlint("check", "--changed", env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert done.returncode == 2
    assert "is in no git repository" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_watch_runs_again_on_a_change_and_ends_on_interrupt(tmp_path):
    card = tmp_path / "README.md"
    card.write_text(BAD)
    command = [sys.executable, "-m", "cardlint", "check", "README.md", "--watch", "--select", "LIC101", "--format", "concise"]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # where it is ignored, those who are started ignore it too
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert "LIC101" in process.stdout.readline()
            assert any("watching" in line for line in process.stderr)
            card.write_text(BAD.replace("apache2", "apache-2.0"))
            os.utime(card, (time.time() + 5, time.time() + 5))
            lines = [process.stdout.readline() for _ in range(3)]
            assert any("All checks passed" in line for line in lines)
            assert any("watching" in line for line in process.stderr)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 130
        finally:
            signal.signal(signal.SIGINT, before)
            process.kill()


def test_standard_input_cannot_be_watched(cardlint):
    assert cardlint("check", "-", "--watch", stdin=BAD).returncode == 2
