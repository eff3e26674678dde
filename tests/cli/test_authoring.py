"""``cardlint new`` and ``cardlint explain``."""

from __future__ import annotations

import os

import pytest

CARD = "---\nlicense: apache2\ntags:\n- gulls\n- gulls\n---\n# Gull counter\n"


def test_new_writes_a_card_once(cardlint, tmp_path):
    (tmp_path / "adapter_config.json").write_text('{"peft_type": "LORA", "base_model_name_or_path": "acme/gulls"}')
    done = cardlint("new")
    assert (done.returncode, done.stdout) == (0, "")
    assert "cardlint: known: base_model acme/gulls (adapter_config.json)\n" in done.stderr
    assert "cardlint: wrote README.md\n" in done.stderr
    card = (tmp_path / "README.md").read_text()
    assert "base_model: acme/gulls\n" in card
    again = cardlint("new")
    assert again.returncode == 2
    assert "README.md is there already: --from README.md --force brings it up to date, --force replaces it" in again.stderr
    assert (tmp_path / "README.md").read_text() == card
    assert cardlint("new", "--force").returncode == 0


def test_open_questions_are_findings(cardlint):
    cardlint("new")
    checked = cardlint("check", ".", "--format", "concise", "--fail-on", "warning")
    assert checked.returncode == 1
    assert "DOC001" in checked.stdout
    assert "DOC002" in checked.stdout


def test_new_on_standard_output_writes_no_file(cardlint, tmp_path):
    done = cardlint("new", "--out", "-", "--kind", "space")
    assert done.stdout.startswith("---\ntitle: ")
    assert list(tmp_path.iterdir()) == []


def test_upgrade_in_place(cardlint, tmp_path):
    card = tmp_path / "README.md"
    card.write_bytes(b"---\r\nlicense: apache2\r\n---\r\n# Gulls  \r\n")
    done = cardlint("new", "--from", "README.md", "--force")
    assert card.read_bytes() == b"---\r\nlicense: apache-2.0\r\n---\r\n# Gulls  \r\n"
    assert "cardlint: mended: unknown license 'apache2' (LIC101)\n" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="symbolic links")
def test_an_upgrade_that_changes_nothing_writes_nothing(cardlint, tmp_path):
    (tmp_path / "README.md").write_bytes("---\nlicense: mit\n---\n# Möwen\n".encode("utf-16"))
    before = (tmp_path / "README.md").stat().st_mtime_ns
    done = cardlint("new", "--from", "README.md", "--force")
    assert done.returncode == 0
    assert "README.md stays as it is" in done.stderr
    assert "wrote" not in done.stderr
    assert (tmp_path / "README.md").stat().st_mtime_ns == before


def test_an_upgrade_mends_the_fence_that_hides_the_metadata(cardlint, tmp_path):
    (tmp_path / "README.md").write_text("--- \nlicence: mit\n---  \n# Gulls\n\nThey are counted.\n")
    assert cardlint("new", "--from", "README.md", "--force").returncode == 0
    assert (tmp_path / "README.md").read_text() == "---\nlicense: mit\n---\n# Gulls\n\nThey are counted.\n"


def test_new_overwrites_no_dangling_link(cardlint, tmp_path):
    (tmp_path / "README.md").symlink_to(tmp_path / "elsewhere.md")
    assert cardlint("new").returncode == 2
    assert not (tmp_path / "elsewhere.md").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere",), "nowhere: no such folder"),
        (("--from", "nowhere.md"), "--from nowhere.md: No such file or directory"),
        (("--kind", "modle"), "did you mean 'model'?"),
        (("--out", "no/such/README.md"), "No such file or directory"),
    ],
)
def test_wrong_usage_of_new(cardlint, arguments, message):
    done = cardlint("new", *arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_explain_tells_rule_fix_and_silencing(cardlint, tmp_path):
    (tmp_path / "README.md").write_text(CARD)
    done = cardlint("explain", "README.md:2:12")
    assert done.returncode == 0
    for said in (
        "error[LIC101 unknown-license] unknown license 'apache2'\n  2 | license: apache2\n",
        "Why\n    The hub's list is closed.",
        "Fix (safe: cardlint check --fix)\n    2:10\n    - apache2\n    + apache-2.0\n",
        "# cardlint: ignore[LIC101] reason",
    ):
        assert said in done.stdout
    assert done.stdout.count("Use an id of the hub's list") == 1


def test_explain_shows_lines_that_a_fix_deletes(cardlint, tmp_path):
    (tmp_path / "README.md").write_text(CARD)
    assert "    - - gulls\n" in cardlint("explain", "README.md:5").stdout + cardlint("explain", "README.md:4").stdout


def test_explain_sees_the_files_beside_the_card(cardlint, tmp_path):
    (tmp_path / "README.md").write_text("---\npipeline_tag: image-classification\n---\n# Gulls\n")
    (tmp_path / "config.json").write_text('{"model_type": "bert", "architectures": ["BertForMaskedLM"]}')
    assert "ART020" in cardlint("explain", "README.md:2").stdout


@pytest.mark.parametrize(
    ("place", "code", "message"),
    [
        ("README.md:3", 3, "no finding on line 3 of README.md; there are on lines 2"),
        ("README.md:2:1", 3, "no finding on line 2"),
        ("README.md:99", 3, "it has 7 lines"),
        ("README.md", 2, "PATH:LINE or PATH:LINE:COLUMN is wanted"),
        ("nowhere/README.md:1", 2, "no such file"),
        ("https://example.org:12", 2, "no such file"),
    ],
)
def test_explain_where_there_is_nothing(cardlint, tmp_path, place, code, message):
    (tmp_path / "README.md").write_text(CARD)
    done = cardlint("explain", place)
    assert done.returncode == code
    assert message in done.stderr


def test_explain_writes_no_control_characters(cardlint, tmp_path):
    (tmp_path / "README.md").write_text("---\nlicense: \"x\\u001b[31m\"\ntags: ['\x1b[31m']\n---\n# Gulls\n")
    assert "\x1b" not in cardlint("explain", "README.md:2").stdout


@pytest.mark.skipif(os.name == "nt", reason="symbolic links")
def test_new_replaces_nothing_outside_its_folder(cardlint, tmp_path):
    (tmp_path / "gulls").mkdir()
    (tmp_path / "diary.md").write_text("mine", encoding="utf-8")
    (tmp_path / "gulls" / "README.md").symlink_to(tmp_path / "diary.md")
    done = cardlint("new", "gulls", "--force")
    assert done.returncode == 2
    assert "a link that leads out of the repository is not followed" in done.stderr
    assert (tmp_path / "diary.md").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name")
def test_new_reads_no_pipe_as_an_old_card(cardlint, tmp_path):
    os.mkfifo(tmp_path / "old.md")
    done = cardlint("new", "--from", "old.md")
    assert (done.returncode, done.stderr) == (2, "cardlint: --from old.md: not a regular file\n")
