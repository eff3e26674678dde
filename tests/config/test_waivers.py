"""The waivers file: exceptions that end, and mistakes told with their line."""

from __future__ import annotations

import pytest

from cardlint.config.suppressions import Silencing
from cardlint.config.waivers import read_waivers
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.inline import names_of
from cardlint.engine.select import Choice, choose
from cardlint.model import CardlintError
from cardlint.sources.entry import Entry

RULES = shipped()
WAIVER = """\
- rule: {rule}
  repos: ["{repos}"]
  reason: the name our lawyers gave it
  owner: legal
  expires: {expires}
"""
CARD = b"---\nlicense: apache2\n---\n# Gulls\n"


def waivers_of(tmp_path, text):
    path = tmp_path / "waivers.yaml"
    path.write_text(text, encoding="utf-8")
    return read_waivers(path, RULES)


def judged(waivers, profile="gate", today="2026-06-01"):
    silence = Silencing(names_of(RULES), profile == "author", waivers, today)
    judge = Judge(Plan(tuple(choose(Choice(profile=profile), RULES)), {}, silence=silence))
    return judge(Entry("models/acme/gulls/README.md", None, id="acme/gulls", text=CARD))


@pytest.mark.parametrize("profile", ["author", "gate", "audit"])
@pytest.mark.parametrize("rule", ["LIC101", "unknown-license", "LIC"])
@pytest.mark.parametrize("repos", ["acme/gulls", "acme/*", "*/gulls", "models/acme/*"])
def test_waiver_keeps_a_finding_silent_in_every_profile(tmp_path, profile, rule, repos):
    waivers = waivers_of(tmp_path, WAIVER.format(rule=rule, repos=repos, expires="2026-06-01"))
    found = judged(waivers, profile)
    assert "LIC101" not in {each.code for each in found.findings}
    (silent,) = (each for each in found.suppressed if each.code == "LIC101")
    assert silent.suppressed == ("waiver", "the name our lawyers gave it (legal)", "2026-06-01")


def test_finding_is_back_with_a_note_the_day_after(tmp_path):
    waivers = waivers_of(tmp_path, WAIVER.format(rule="LIC101", repos="*", expires="2026-05-31"))
    (back,) = (each for each in judged(waivers).findings if each.code == "LIC101")
    assert back.help.endswith("A waiver of legal expired on 2026-05-31: the name our lawyers gave it")


def test_renewed_waiver_counts_beside_the_expired_one(tmp_path):
    text = "".join(WAIVER.format(rule="LIC101", repos="*", expires=day) for day in ("2025-01-01", "2027-01-01"))
    assert "LIC101" in {each.code for each in judged(waivers_of(tmp_path, text)).suppressed}


@pytest.mark.parametrize(("rule", "repos"), [("MET101", "*"), ("LIC101", "acme/terns"), ("LIC101", "gulls")])
def test_waiver_of_another_rule_or_repository_changes_nothing(tmp_path, rule, repos):
    waivers = waivers_of(tmp_path, WAIVER.format(rule=rule, repos=repos, expires="2027-01-01"))
    assert "LIC101" in {each.code for each in judged(waivers).findings}


GOOD = WAIVER.format(rule="LIC101", repos="*", expires="2027-01-01")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace("LIC101", "unknown-licence"), "1:9: unknown rule 'unknown-licence'; did you mean 'unknown-license'?"),
        (GOOD.replace("LIC101", "ALL"), "1:9: a waiver names rules, not ALL"),
        (GOOD.replace("owner", "ownr"), "4:3: unknown key 'ownr'; did you mean 'owner'?"),
        (GOOD.replace("  owner: legal\n", ""), "1:3: 'owner' is missing"),
        (GOOD.replace("2027-01-01", "next year"), "5:12: 'next year' is no day; write YYYY-MM-DD"),
        (GOOD.replace("2027-01-01", "2027-02-30"), "5:12: there is no day 2027-02-30"),
        (GOOD.replace('["*"]', "acme/*"), "2:10: "),
        (GOOD.replace('["*"]', "[]"), "2:10: "),
        ("rule: LIC101\n", "1:1: a waivers file is a list of entries"),
        ("- [\n", ": not YAML: "),
    ],
)
def test_mistake_is_told_with_its_line_and_near_miss(tmp_path, text, message):
    with pytest.raises(CardlintError) as caught:
        waivers_of(tmp_path, text)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "waivers.yaml"))


def test_empty_file_waives_nothing(tmp_path):
    assert waivers_of(tmp_path, "# none yet\n") == ()
