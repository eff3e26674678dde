"""``--fix``, ``--unsafe-fixes`` and ``--diff`` as a user calls them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

BAD = b"---\r\n# ours\r\nlicense: apache2\r\n---\r\n# Gulls\r\n\r\nno end"
GOOD = BAD.replace(b"apache2", b"apache-2.0")
UNSAFE = b"---\nlicense: mit\ntags: a, b\n---\n# Gulls\n"


def run(folder, *arguments, data=None):
    """The command on bytes: returncode, stdout, stderr."""
    command = [sys.executable, "-m", "cardlint", *map(str, arguments)]
    return subprocess.run(command, input=data, cwd=folder, capture_output=True, timeout=120, check=False)


def test_fix_mends_the_file_and_reports_what_is_left(tmp_path):
    card = tmp_path / "README.md"
    card.write_bytes(BAD)
    card.chmod(0o640)
    done = run(tmp_path, "check", "README.md", "--fix", "--format", "concise")
    assert card.read_bytes() == GOOD
    assert stat.S_IMODE(card.stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    assert b"LIC101" not in done.stdout
    assert b"LIM001" in done.stdout
    assert b"mended 1 finding in 1 card" in done.stderr
    assert done.returncode == 0
    again = card.stat().st_ino
    assert run(tmp_path, "check", "README.md", "--fix").returncode == 0
    assert card.stat().st_ino == again


def test_diff_shows_the_change_and_makes_none(tmp_path):
    card = tmp_path / "README.md"
    card.write_bytes(BAD)
    done = run(tmp_path, "check", ".", "--diff")
    assert done.returncode == 1
    assert card.read_bytes() == BAD
    assert b"-license: apache2\r\n+license: apache-2.0\r\n" in done.stdout
    assert done.stdout.startswith(b"--- README.md\n+++ README.md\n@@ ")
    assert run(tmp_path, "check", ".", "--diff", "--exit-zero").returncode == 0
    card.write_bytes(GOOD)
    clean = run(tmp_path, "check", ".", "--diff", "--fail-on", "note")
    assert (clean.returncode, clean.stdout, clean.stderr) == (0, b"", b"cardlint: nothing to mend\n")


def test_diff_can_be_applied_by_patch(tmp_path):
    from shutil import which

    if which("patch") is None:
        pytest.skip("no patch here")
    for data in (BAD, b"\xef\xbb\xbf---\nlicense: apache2\n---", UNSAFE):
        (tmp_path / "README.md").write_bytes(data)
        shown = run(tmp_path, "check", "README.md", "--diff", "--unsafe-fixes").stdout
        (tmp_path / "mended.md").write_bytes(data)
        subprocess.run(["patch", "--binary", "-s", "mended.md"], input=shown, cwd=tmp_path, check=True)
        run(tmp_path, "check", "README.md", "--fix", "--unsafe-fixes")
        assert (tmp_path / "mended.md").read_bytes() == (tmp_path / "README.md").read_bytes()


def test_fix_of_standard_input_prints_the_card_and_reports_aside(tmp_path):
    done = run(tmp_path, "check", "-", "--fix", "--format", "concise", data=BAD)
    assert done.stdout == GOOD
    assert b"<stdin>:" in done.stderr
    same = run(tmp_path, "check", "-", "--fix", data=GOOD)
    assert same.stdout == GOOD


def test_unsafe_fixes_are_asked_for(tmp_path):
    card = tmp_path / "README.md"
    card.write_bytes(UNSAFE)
    done = run(tmp_path, "check", "README.md", "--fix")
    assert card.read_bytes() == UNSAFE
    assert b"1 fixable with --fix --unsafe-fixes" in done.stdout
    run(tmp_path, "check", "README.md", "--fix", "--unsafe-fixes")
    assert b"tags: [a, b]" in card.read_bytes()
    alone = run(tmp_path, "check", "README.md", "--unsafe-fixes")
    assert (alone.returncode, alone.stderr) == (2, b"cardlint: --unsafe-fixes goes with --fix or --diff\n")


def test_link_that_leads_out_is_not_written_through(tmp_path):
    outside = tmp_path / "outside.md"
    outside.write_bytes(BAD)
    repo = tmp_path / "repo"
    repo.mkdir()
    (repo / "README.md").symlink_to(outside)
    done = run(repo, "check", "README.md", "--fix", "--format", "concise")
    assert outside.read_bytes() == BAD
    assert (repo / "README.md").is_symlink()
    assert done.returncode == 4
    assert b"cannot be mended: a link that leads out of the repository is not followed" in done.stdout
    assert b"LIC101" in done.stdout


def test_link_inside_its_folder_stays_a_link(tmp_path):
    (tmp_path / "card.md").write_bytes(BAD)
    (tmp_path / "README.md").symlink_to("card.md")
    run(tmp_path, "check", "README.md", "--fix")
    assert (tmp_path / "README.md").is_symlink()
    assert (tmp_path / "card.md").read_bytes() == GOOD


def test_read_only_card_is_a_failure_and_the_rest_is_mended(tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_bytes(BAD)
    (tmp_path / "a.md").chmod(0o444)
    if os.access(tmp_path / "a.md", os.W_OK):
        pytest.skip("this user may write everything")
    done = run(tmp_path, "check", "a.md", "b.md", "--fix")
    assert done.returncode == 4
    assert (tmp_path / "a.md").read_bytes() == BAD
    assert (tmp_path / "b.md").read_bytes() == GOOD


def test_frames_show_the_mended_card(tmp_path):
    text = b"---\nlanguage:\n- en\n- en\nlicense: xyzw\n---\n# Gulls\n"
    (tmp_path / "README.md").write_bytes(text)
    done = run(tmp_path, "check", "README.md", "--fix")
    assert b" 4 | license: xyzw\n" in done.stdout
