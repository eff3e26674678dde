"""``show``, ``rules``, ``rule``, ``test``, ``config``, ``completion``, ``audit``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "hub"
CARD = "---\nlicense: other\n---\n# Gull counter\n\nIt counts gulls in harbour photographs.\n"

OURS = """code: LIC950
name: house-license
summary: "Our models carry our licence."
status: stable
severity: error
confidence: high
scope: card
since: 1.0.0
why: Legal asked for it, and every product reads it.
help: Set license to apache-2.0.
check:
  assert: {properties: {declared: {properties: {licenses: {contains: {const: apache-2.0}}}}}}
  at: /metadata/license
  message: "license '{value}' is not ours"
examples:
  bad: [{card: "---\\nlicense: mit\\n---\\n", findings: ["2:10 license 'mit' is not ours"]}]
  good: [{card: "---\\nlicense: apache-2.0\\n---\\n"}]
"""


def test_rules_as_json_is_versioned(cardlint):
    listed = json.loads(cardlint("rules", "--format", "json").stdout)
    assert listed["version"] == 1
    assert {"code", "name", "scope", "status", "severity", "confidence", "summary"} <= listed["rules"][0].keys()


def test_rule_is_explained_with_example(cardlint):
    done = cardlint("rule", "unnamed-custom-license")
    assert done.stdout.startswith("LIC003 unnamed-custom-license\n")
    assert "\nWhy\n" in done.stdout
    assert "-> 2:10 license is 'other'" in done.stdout


def test_rules_of_a_family_are_listed(cardlint):
    done = cardlint("rule", "lin")
    assert [line.split()[0] for line in done.stdout.splitlines()][:2] == ["LIN001", "LIN002"]
    assert "undeclared-adapter-base" in done.stdout


def test_shipped_rules_pass_their_own_examples(cardlint):
    done = cardlint("test")
    assert done.returncode == 0
    assert done.stdout.endswith(", 0 faults\n")


def test_rules_of_an_organisation_run_and_are_tested(cardlint, tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "LIC950-house-license.yaml").write_text(OURS, encoding="utf-8")
    assert cardlint("test", "ours").stdout == "1 rule, 2 examples, 0 faults\n"
    done = cardlint("check", "-", "--rules", "ours", "--select", "house-license", "--format", "concise", stdin=CARD)
    assert done.returncode == 1
    assert "error LIC950 license 'other' is not ours" in done.stdout


def test_example_that_lies_is_a_fault(cardlint, tmp_path):
    file = tmp_path / "LIC950-house-license.yaml"
    file.write_text(OURS.replace("2:10 license 'mit'", "2:11 license 'mit'"), encoding="utf-8")
    done = cardlint("test", file)
    assert done.returncode == 1
    assert "bad 1: expected" in done.stdout
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / file.name).write_text(OURS, encoding="utf-8")
    assert cardlint("test", file, "ours").stdout.endswith("2 rules, 4 examples, 1 fault\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('slect = ["LIC"]\n', "cardlint.toml:1: unknown key 'slect'; did you mean 'select'?"),
        ('\nprofile = "gatte"\n', "cardlint.toml:2: profile: 'gatte' is not one of author, gate, audit; did you mean 'gate'?"),
        ("select = 3\n", "cardlint.toml:1: select: a list is wanted, not 3"),
        ('[[overrides]]\npath = ["x"]\n', "unknown key 'path'; did you mean 'paths'?"),
        ("select = [\n", "cardlint.toml: not TOML"),
        ('ignore = ["LIC9999"]\n', "cardlint.toml: ignore: unknown rule 'LIC9999'"),
        ('[[overrides]]\npaths = ["x"]\nignore = ["LICX"]\n', "cardlint.toml: overrides: unknown rule 'LICX'"),
        ("[options.LIC9999]\nx = 1\n", "unknown rule 'LIC9999'"),
        ("[options.LIC101]\nx = 1\n", "cardlint.toml: options.LIC101: unknown option 'x': LIC101 has none"),
        ("[options.FM030]\nschem = {}\n", "cardlint.toml: options.FM030: unknown option 'schem'; did you mean 'schema'?"),
        ("[options.outside-card-schema]\nx = 1\n", "options.outside-card-schema: unknown option 'x'; known are schema"),
    ],
)
def test_wrong_configuration_is_refused_with_line_and_near_miss(cardlint, tmp_path, content, message):
    (tmp_path / "cardlint.toml").write_text(content, encoding="utf-8")
    done = cardlint("check", "-", stdin=CARD)
    assert done.returncode == 2
    assert message in done.stderr


def test_configuration_of_pyproject_is_found_above(cardlint, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.cardlint]\nignore = {LIC003 = "we name licences in the body"}\n', encoding="utf-8")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    shown = cardlint("config", "show", cwd=below).stdout
    assert "LIC003 unnamed-custom-license: off, ignored by the configuration: we name licences in the body" in shown
    assert "\nignore: LIC003\n" in shown
    assert "LIC101 unknown-license: off, ignored (--ignore)\n" in cardlint("config", "show", "--ignore", "LIC", cwd=below).stdout
    assert "LIC003" not in cardlint("check", "-", "--format", "concise", stdin=CARD, cwd=below).stdout
    assert "LIC003" in cardlint("check", "-", "--isolated", "--format", "concise", stdin=CARD, cwd=below).stdout


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--min-severity", "error"), "LIM001 no-limits: off, a warning, below min-severity 'error'\n"),
        (("--min-confidence", "high"), "DAT003 undeclared-dataset: off, of medium confidence, below min-confidence 'high'\n"),
        (("--select", "LIC"), "LIM001 no-limits: off, not selected\n"),
        (("--profile", "gate"), "LIM001 no-limits: off, off in the profile 'gate'\n"),
        ((), "USE001 no-intended-use: off, severity 'off'\n"),
    ],
)
def test_config_show_tells_what_keeps_a_rule_off(cardlint, tmp_path, options, line):
    (tmp_path / "cardlint.toml").write_text('[severity]\nUSE001 = "off"\n', encoding="utf-8")
    assert line in cardlint("config", "show", *options).stdout


def test_overrides_silence_rules_by_path(cardlint, tmp_path):
    (tmp_path / "cardlint.toml").write_text('[[overrides]]\npaths = ["legacy/*"]\nignore = ["LIC003"]\n', encoding="utf-8")
    for name in ("legacy", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(CARD, encoding="utf-8")
    done = cardlint("check", "legacy/README.md", "new/README.md", "--select", "LIC003", "--format", "concise")
    assert done.stdout.count("LIC003") == 1
    assert "new/README.md:2:10" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_code_is_printed(cardlint, shell):
    assert "_CARDLINT_COMPLETE" in cardlint("completion", shell).stdout


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cardlint check READ", "file,READ"),
        ("cardlint audit mir", "file,mir"),
        ("cardlint check --baseline b", "file,b"),
        ("cardlint check --select FM,LIC10", "plain,FM,LIC101"),
        ("cardlint rule unknown-lic", "plain,unknown-license"),
        ("cardlint check --profile ga", "plain,gate"),
        ("cardlint che", "plain,check"),
    ],
)
def test_shells_complete_files_rules_and_words(words, found):
    asked = {"_CARDLINT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    code = "import sys; sys.argv = ['cardlint']; from cardlint.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **asked}, capture_output=True, text=True, check=False)
    assert found in done.stdout.splitlines()


@pytest.mark.parametrize("command", ["check", "audit"])
def test_help_parts_options_and_ends_with_examples(cardlint, command):
    done = cardlint(command, "--help")
    headings = [line for line in done.stdout.splitlines() if line.endswith(":") and line[:1].isupper()]
    assert headings[:2] == ["What is judged:", "Rules:"]
    assert headings.index("Examples:") > headings.index("Options:")
    assert done.stdout.count("--profile") == 1


def test_audit_keeps_results_and_reads_unchanged_repositories_once(cardlint, tmp_path):
    first = cardlint("audit", EXAMPLES, "--out", "out", "--jobs", "1")
    again = cardlint("audit", EXAMPLES, "--out", "out", "--jobs", "2")
    assert first.returncode == again.returncode == 0
    assert "17 repositories, 17 opened and 0 reused" in first.stdout
    assert "17 repositories, 0 opened and 17 reused" in again.stdout
    lines = [json.loads(line) for line in (tmp_path / "out" / "report.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["type"] for line in (lines[0], *lines[-1:])] == ["run", "summary"]
    assert len(lines) == 19


def test_audit_tables_are_read_by_duckdb(cardlint, tmp_path):
    import duckdb

    cardlint("audit", EXAMPLES, "--out", "out")
    row = duckdb.execute(
        "select count(*), count(*) filter (not has_card) from read_parquet(?)", [str(tmp_path / "out/repos/*.parquet")]
    ).fetchone()
    assert row == (17, 1)


def test_audit_judges_what_changed(cardlint, tmp_path):
    for name in ("a", "b"):
        (tmp_path / "hub" / "acme" / name).mkdir(parents=True)
        (tmp_path / "hub" / "acme" / name / "README.md").write_text(CARD, encoding="utf-8")
    cardlint("audit", "hub", "--out", "out")
    (tmp_path / "hub" / "acme" / "a" / "README.md").write_text(CARD.replace("other", "mit"), encoding="utf-8")
    cardlint("audit", "hub", "--out", "out")
    fresh = cardlint("audit", "hub", "--out", "fresh")
    assert fresh.returncode == 0
    assert (tmp_path / "out" / "report.jsonl").read_bytes() == (tmp_path / "fresh" / "report.jsonl").read_bytes()


def test_audit_of_an_empty_folder_exits_3(cardlint, tmp_path):
    (tmp_path / "hub").mkdir()
    assert cardlint("audit", "hub", "--out", "out").returncode == 3


def test_a_score_is_shown_with_what_it_is_the_sum_of(cardlint):
    card = "---\nlicense: mit\n---\n# Gull counter\n"
    done = cardlint("show", "-", "--score", stdin=card)
    assert done.stdout.startswith("<stdin>: documentation score 12 of 100\n")
    assert "    12 of 12  license                  declared licenses: mit\n" in done.stdout
    record = json.loads(cardlint("show", "-", "--score", "--format", "json", stdin=card).stdout)
    assert record["value"] == sum(part["got"] for part in record["parts"]) == 12


def test_rules_lists_those_that_are_named(cardlint):
    done = cardlint("rules", "LIC101,LIC102", "misspelt-key")
    assert [line[:6] for line in done.stdout.splitlines()[:-1]] == ["FM020 ", "LIC101", "LIC102"]
    assert done.stdout.splitlines()[-1] == "3 rules, 3 of them on in the profile 'author'"
    assert cardlint("rules", "LICX").stderr == "cardlint: unknown rule 'LICX'; did you mean 'LIC'?\n"


def test_new_names_the_check_with_the_kind_that_was_given(cardlint, tmp_path):
    (tmp_path / "demo").mkdir()
    assert cardlint("new", "demo", "--kind", "space").stderr.endswith("'cardlint check demo --kind space' tells what is open\n")


def test_a_report_is_not_replaced_by_its_conversion(cardlint, tmp_path):
    (tmp_path / "README.md").write_text("# Gulls\n", encoding="utf-8")
    cardlint("check", "README.md", "--output", "json=cards.json")
    before = (tmp_path / "cards.json").read_bytes()
    assert "name another file" in cardlint("convert", "cards.json", "--to", "csv=cards.json").stderr
    assert (tmp_path / "cards.json").read_bytes() == before
