"""``cardlint check``: exits, formats, inputs, trust."""

from __future__ import annotations

import json
import os
import re
import subprocess

import click
import pytest
from jsonschema import Draft202012Validator

from cardlint.cli.main import cli
from cardlint.data import schema

BAD = "---\nlicense: other\n---\n# Gull counter\n"
GOOD_ENOUGH = "---\nlicense: mit\n---\n# Gull counter\n"


def test_clean_card_exits_0(cardlint):
    done = cardlint("check", "-", "--select", "LIC003", stdin=GOOD_ENOUGH)
    assert (done.returncode, done.stdout) == (0, "All checks passed (1 card, 1 rule)\n")


def test_finding_is_shown_with_frame_caret_and_help(cardlint):
    done = cardlint("check", "-", "--select", "LIC003", stdin=BAD)
    assert "warning[LIC003 unnamed-custom-license]: license is 'other'" in done.stdout
    assert "  --> <stdin>:2:10\n" in done.stdout
    assert " 2 | license: other\n   |          ^^^^^\n" in done.stdout
    assert "= help: Add `license_name`" in done.stdout


@pytest.mark.parametrize("format_name", ["text", "concise"])
def test_quiet_tells_findings_alone(cardlint, format_name):
    asked = ("check", "-", "--select", "LIC003", "--format", format_name)
    loud, quiet = cardlint(*asked, stdin=BAD), cardlint(*asked, "-q", stdin=BAD)
    assert loud.stdout.startswith(quiet.stdout)
    assert "LIC003" in quiet.stdout
    assert "1 finding in" in loud.stdout.removeprefix(quiet.stdout)
    assert (quiet.returncode, quiet.stderr) == (loud.returncode, "")


def test_quiet_says_nothing_of_a_clean_card(cardlint):
    done = cardlint("check", "-", "--select", "LIC003", "--quiet", stdin=GOOD_ENOUGH)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("format_name", ["json", "markdown", "sarif", "junit"])
def test_quiet_leaves_a_document_whole(cardlint, format_name):
    asked = ("check", "-", "--select", "LIC003", "--format", format_name)
    assert cardlint(*asked, "-q", stdin=BAD).stdout == cardlint(*asked, stdin=BAD).stdout


def test_quiet_mends_in_silence(cardlint, tmp_path):
    (tmp_path / "README.md").write_text("---\nlicense: MIT\n---\n# Gulls\n")
    done = cardlint("check", "README.md", "--select", "LIC107", "--fix", "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "license: mit" in (tmp_path / "README.md").read_text()


def test_quiet_still_says_why_a_run_ended(cardlint):
    assert "no model cards" in cardlint("check", ".", "-q").stderr
    assert "did you mean" in cardlint("check", "--select", "LIC1O1", "-q").stderr


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 0),
        (("--fail-on", "warning"), 1),
        (("--fail-on", "warning", "--exit-zero"), 0),
        (("--profile", "audit"), 1),
        (("--fail-on", "nothing"), 0),
    ],
)
def test_exit_follows_fail_on(cardlint, options, code):
    assert cardlint("check", "-", "--select", "LIC003", *options, stdin=BAD).returncode == code


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("chek",), "no command 'chek'; did you mean 'check'?"),
        (("check", "--selct", "x"), "no option --selct; did you mean --select?"),
        (("check", "--select", "unnamed-custom-licence"), "unknown rule 'unnamed-custom-licence'; did you mean 'unnamed-custom-license'?"),
        (("check", "--ignore", "LICC"), "unknown rule 'LICC'; did you mean 'LIC'?"),
        (("check", "--format", "jsno"), "did you mean 'json'?"),
        (("check", "--profile", "gat"), "did you mean 'gate'?"),
        (("check", "READM.md"), "READM.md: no such file or folder; did you mean 'README.md'?"),
        (("check", "--rules", "nowhere"), "nowhere: no such file or folder of rules"),
        (("check", "--config", "nowhere.toml"), "nowhere.toml: No such file or directory"),
        (("check", "--output", "jsnl=x"), "did you mean jsonl=x?"),
        (("check", "--output", "json=no/such/folder"), "No such file or directory"),
        (("check", "--output", "text=README.md"), "the report would take the place of what is read; name another file"),
        (("check", "a/config.md", "--output", "text=a/config.md"), "the report would take the place of what is read"),
        (("check", "--jobs", "many"), "--jobs 'many'"),
        (("check", "--files-from", "nowhere"), "nowhere: No such file or directory"),
        (("check", "--files-from", "list", "README.md"), "give paths or --files-from, not both"),
        (("rule", "unnamed-custom-licence"), "did you mean 'unnamed-custom-license'?"),
        (("lint", "README.md"), "no command 'lint'; did you mean 'check'?"),
        (("README.md",), "no command 'README.md'; did you mean 'check README.md'?"),
        (("a",), "no command 'a'; did you mean 'check a'?"),
        (("baseline", "creat"), "no command 'creat'; did you mean 'create'?"),
        (("rule", "LIC1O1"), "no rule 'LIC1O1'; did you mean 'LIC101'?"),
        (("check", "--select", "LIC1O1"), "unknown rule 'LIC1O1'; did you mean 'LIC101'?"),
        (("rule", "LICC"), "did you mean"),
        (("explain", "LIC101"), "; 'cardlint rule LIC101' explains a rule"),
        (
            ("check", "README.md", "a/config.json"),
            "a/config.json: no model card, which is Markdown; give 'a' to have the files beside a card read",
        ),
        (("audit", "a/config.json", "--out", "x"), "a/config.json: no model card"),
        (("check", "lost.md"), "lost.md: a link that leads nowhere"),
        (("check", ".", "--repo-id", "acme/gulls/small"), "--repo-id 'acme/gulls/small': OWNER/NAME is wanted, as on the hub"),
        (("check", ".", "--repo-id", "datasets/acme/gulls"), "write 'acme/gulls'; --kind dataset says what it is"),
        (("check", "README.md", "a", "--repo-id", "acme/gulls"), "--repo-id names one repository: give one path"),
        (("check", "https://hub.example.org/acme/gull"), "; a live hub is read by 'cardlint audit hub:acme/gull --out DIR'"),
        (("check", "acme/gull"), "; a live hub is read by 'cardlint audit hub:acme/gull --out DIR'"),
        (("check", "hub:acme/gull"), "; a live hub is read by 'cardlint audit hub:acme/gull --out DIR'"),
        (("check", "a/gull"), "a/gull: no such file or folder\n"),
        (("check", "docs/card.md"), "docs/card.md: no such file or folder\n"),
        (("check", "a\\README.md"), "did you mean 'a/README.md'?"),
        (("export", "."), "Missing option '--to'. Choose from: spdx, spdx3,"),
        (("audit", "."), "Missing option '--out'. Where the results are kept"),
        (("audit", ".", "--out", "a"), "a: is there and holds no audit of cardlint; name a new folder"),
        (("test", "nowhere"), "nowhere: no such file or folder of rules"),
        (("audit", "nowhere", "--out", "x"), "nowhere: no such file or folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_exits_2_with_one_clear_message(cardlint, tmp_path, arguments, message):
    (tmp_path / "README.md").write_text(GOOD_ENOUGH, encoding="utf-8")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "README.md").write_text(GOOD_ENOUGH, encoding="utf-8")
    (tmp_path / "a" / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "a" / "config.md").write_text(GOOD_ENOUGH, encoding="utf-8")
    (tmp_path / "lost.md").symlink_to("nowhere")
    done = cardlint(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("cardlint: ")


def test_id_is_this_folder_s_where_no_path_is_given(cardlint, tmp_path):
    (tmp_path / "README.md").write_text(GOOD_ENOUGH, encoding="utf-8")
    done = cardlint("check", "--repo-id", "https://huggingface.co/acme/gulls", "--format", "json")
    assert json.loads(done.stdout)["cards"][0]["repo"] == "acme/gulls"


def test_file_system_s_refusal_is_no_fault_of_ours(cardlint):
    done = cardlint("check", "a" * 300)
    assert done.returncode == 2
    assert "cardlint itself failed" not in done.stderr


def test_without_a_command_the_help_is_shown(cardlint):
    done = cardlint()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: ")


@pytest.mark.parametrize("group", [(), ("gate",)])
def test_the_help_names_every_command(cardlint, group):
    listed = re.findall(r"(?m)^  ([a-z]+)  ", cardlint(*group, "--help").stdout)
    with click.Context(cli) as ctx:
        known = (cli.get_command(ctx, *group) if group else cli).list_commands(ctx)
    assert sorted(listed) == sorted(known)


def test_a_repository_that_was_just_begun_is_nothing_to_check(cardlint, tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert cardlint("check").returncode == 3


def test_nothing_to_check_exits_3(cardlint):
    done = cardlint("check")
    assert (done.returncode, done.stderr) == (3, "cardlint: no model cards (README.md) found in this folder\n")


def test_card_that_cannot_be_read_exits_4_and_the_rest_is_reported(cardlint, tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "README.md").write_text(BAD, encoding="utf-8")
    done = cardlint("check", "pipe.md", "README.md", "--format", "concise", "--select", "LIC003")
    assert done.returncode == 4
    assert "pipe.md: cardlint failed: cannot be read: not a regular file" in done.stdout
    assert "README.md:2:10: warning LIC003" in done.stdout


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"---\nlicense: mit\n---\n# caf\xe9\n", b"\x00\x01\x02", b"", b"\xef\xbb\xbf---\na: 1\n---\n"]
)
def test_odd_bytes_are_judged_without_failure(cardlint, tmp_path, content):
    (tmp_path / "README.md").write_bytes(content)
    done = cardlint("check", "README.md", "--format", "json", "--exit-zero")
    assert done.returncode == 0
    assert json.loads(done.stdout)["summary"]["failed"] == 0


def test_json_report_follows_its_schema(cardlint, tmp_path):
    (tmp_path / "README.md").write_text(BAD, encoding="utf-8")
    done = cardlint("check", ".", "--format", "json", "--profile", "audit", "--preview", "--exit-zero")
    assert list(Draft202012Validator(schema("report-v1")).iter_errors(json.loads(done.stdout))) == []


def test_json_lines_end_with_the_summary(cardlint):
    lines = [json.loads(line) for line in cardlint("check", "-", "--format", "jsonl", stdin=BAD).stdout.splitlines()]
    assert [line["type"] for line in lines] == ["run", "card", "summary"]


def test_several_outputs_in_one_run(cardlint, tmp_path):
    done = cardlint("check", "-", "--output", "json=a.json", "--output", "concise=b.txt", "--select", "LIC003", stdin=BAD)
    assert "error" not in done.stderr
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["summary"]["findings"]["warning"] == 1
    assert "LIC003" in (tmp_path / "b.txt").read_text(encoding="utf-8")


def test_results_are_the_same_whatever_the_number_of_processes(cardlint, tmp_path):
    for number in range(120):
        folder = tmp_path / "mirror" / "acme" / f"m{number:03}"
        folder.mkdir(parents=True)
        (folder / "README.md").write_text(BAD if number % 3 else GOOD_ENOUGH, encoding="utf-8")
    one, two = (cardlint("check", "mirror", "--format", "jsonl", "--jobs", jobs).stdout for jobs in (1, 2))
    assert one == two
    assert one.count('"type":"card"') == 120


def test_manifest_gives_id_kind_and_files(cardlint, tmp_path):
    (tmp_path / "card.md").write_text(BAD, encoding="utf-8")
    row = {"path": "card.md", "id": "acme/gulls", "kind": "dataset", "revision": "abc", "files": [{"path": "card.md", "size": 3}]}
    done = cardlint("show", "--files-from", "-", "--format", "json", stdin=json.dumps(row))
    facts = json.loads(done.stdout)
    assert (facts["id"], facts["card"]["kind"], facts["card"]["kind_from"]) == ("acme/gulls", "dataset", "manifest")
    assert facts["repo"]["revision"] == "abc"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"path": "README.md", "kid": 1}', "unknown key 'kid'"),
        ('{"path": "README.md", "kind": "modle"}', "unknown kind 'modle'"),
        ("{", "not JSON"),
        ("gone.md", "gone.md: no such file or folder"),
    ],
)
def test_faulty_manifest_is_refused_with_its_line(cardlint, tmp_path, line, message):
    (tmp_path / "README.md").write_text(BAD, encoding="utf-8")
    (tmp_path / "list").write_text(f"README.md\n{line}\n", encoding="utf-8")
    done = cardlint("check", "--files-from", "list", "--exit-zero")
    assert done.returncode == 2
    assert "list:2: " in done.stderr
    assert message in done.stderr


def test_layout_below_a_mirror_gives_ids_and_finds_repositories_without_a_card(cardlint, tmp_path):
    for path in (
        "acme/x/README.md",
        "datasets/acme/y/README.md",
        "acme/z/config.json",
        "models--a--b/snapshots/r1/README.md",
        "gpt9/README.md",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(GOOD_ENOUGH, encoding="utf-8")
    done = cardlint("check", tmp_path, "--format", "jsonl", "--select", "FM001", "--exit-zero", cwd="/")
    cards = [line for line in map(json.loads, done.stdout.splitlines()) if line["type"] == "card"]
    assert {(card["repo"], card["kind"]) for card in cards} == {
        ("acme/x", "model"),
        ("acme/z", "model"),
        ("acme/y", "dataset"),
        ("a/b", "model"),
        ("gpt9", "model"),
    }
    assert [card["repo"] for card in cards if card["findings"]] == ["acme/z"]


def test_names_of_parent_folders_give_no_id(cardlint, tmp_path):
    (tmp_path / "acme" / "x").mkdir(parents=True)
    (tmp_path / "acme" / "x" / "README.md").write_text(GOOD_ENOUGH, encoding="utf-8")
    done = cardlint("show", tmp_path / "acme" / "x", "--format", "json")
    assert json.loads(done.stdout)["id"] is None


@pytest.mark.parametrize("profile", ["gate", "audit"])
def test_nothing_in_the_judged_folder_changes_gate_and_audit(cardlint, tmp_path, profile):
    judged = tmp_path / "judged"
    judged.mkdir()
    (judged / "README.md").write_text(BAD, encoding="utf-8")
    names = ("yaml.py", "click.py", "json.py", "re2.py", "cardlint.toml")
    for name in names:
        (judged / name).write_text("", encoding="utf-8")
    plain = cardlint("check", ".", "--profile", profile, "--format", "json", "--exit-zero", cwd=judged)
    for name in names:
        (judged / name).write_text("raise SystemExit('taken over')\n", encoding="utf-8")
    (judged / "cardlint.toml").write_text('ignore = ["LIC"]\n', encoding="utf-8")
    attacked = cardlint("check", ".", "--profile", profile, "--format", "json", "--exit-zero", cwd=judged)
    assert json.loads(attacked.stdout)["cards"][0]["findings"] == json.loads(plain.stdout)["cards"][0]["findings"]
    assert any(found["code"] == "LIC003" for found in json.loads(plain.stdout)["cards"][0]["findings"])


def test_link_out_of_the_repository_is_not_followed(cardlint, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "config.json").write_text('{"model_type": "secret"}', encoding="utf-8")
    repo = tmp_path / "acme" / "x"
    repo.mkdir(parents=True)
    (repo / "README.md").write_text(GOOD_ENOUGH, encoding="utf-8")
    (repo / "config.json").symlink_to(tmp_path / "secret" / "config.json")
    facts = json.loads(cardlint("show", repo, "--format", "json").stdout)
    assert [file["path"] for file in facts["repo"]["files"] if file["size"] is not None] == ["README.md"]
    assert "leads out" in facts["repo"]["config"]["unread"]


def test_only_cards_passes_over_what_is_no_card(cardlint, tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "README.md").write_text("# A library\n", encoding="utf-8")
    (tmp_path / "README.md").write_text(BAD, encoding="utf-8")
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    done = cardlint("check", "README.md", "config.json", "src/README.md", "--only-cards", "--format", "jsonl")
    assert [json.loads(line)["input"] for line in done.stdout.splitlines()[1:-1]] == ["README.md"]
    assert cardlint("check", "src/README.md", "--only-cards").returncode == 0


@pytest.mark.parametrize(
    ("env", "options", "colored"),
    [
        ({"FORCE_COLOR": "1"}, (), True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, (), False),
        ({}, ("--color", "always"), True),
        ({}, (), False),
    ],
)
def test_colour_follows_option_and_environment(cardlint, env, options, colored):
    clean = {"NO_COLOR": "", "FORCE_COLOR": "", **env}
    done = cardlint("check", "-", "--select", "LIC003", *options, stdin=BAD, env=clean)
    assert ("\x1b[" in done.stdout) == colored


def test_reader_that_goes_away_is_no_fault(tmp_path):
    import subprocess
    import sys

    (tmp_path / "README.md").write_text(BAD, encoding="utf-8")
    command = f"{sys.executable} -m cardlint check README.md --format json | head -c 5"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_a_cut_line_says_so_and_its_carets_are_as_wide_as_its_words(cardlint, tmp_path):
    card = tmp_path / "README.md"
    card.write_text(f"---\nlicense: mit\n---\n# x\n\n{'Gulls cry. ' * 20}待补充\n", encoding="utf-8")
    done = cardlint("check", card, "--select", "DOC002")
    frame = done.stdout.splitlines()[3:5]
    assert frame[0].startswith(" 6 | …")
    assert frame[0].endswith("待补充")
    assert frame[1].endswith(" ^^^^^^")


def test_what_was_not_checked_is_told_with_its_reasons(cardlint, tmp_path):
    card = tmp_path / "README.md"
    card.write_text("---\nlicense: mit\n---\n# x\n", encoding="utf-8")
    done = cardlint("check", card, "--select", "LIC301,LIC302,LIC401")
    assert done.stdout == "All checks passed (1 card, 3 rules)\nnot checked: 3 rules (2: only the card was given; 1: no hub was given)\n"
