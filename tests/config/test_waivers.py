"""The waivers file: exceptions that end, and mistakes told with their line."""

from __future__ import annotations

import pytest

from cardlint.config.suppressions import Silencing
from cardlint.config.waivers import Waiver, read_waivers
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


def card_judged(waivers, name, repo):
    """The codes that are silent on a card of that name."""
    silence = Silencing(names_of(RULES), False, waivers, "2026-06-01")
    judge = Judge(Plan(tuple(choose(Choice(profile="gate"), RULES)), {}, silence=silence))
    return [each.code for each in judge(Entry(name, None, id=repo, text=CARD)).suppressed]


@pytest.mark.parametrize(
    ("glob", "name", "repo", "silent"),
    [
        ("cards/*", "./cards/README.md", None, True),
        ("./cards/*", "./cards/README.md", None, True),
        ("cards/*", "x/cards/README.md", None, False),
        ("acme/x", "cards/README.md", "acme/x", True),
        ("ACME/x", "cards/README.md", "acme/x", False),
        ("*", "README.md", None, True),
    ],
)
def test_waiver_names_a_card_by_id_or_path(tmp_path, glob, name, repo, silent):
    waivers = waivers_of(tmp_path, WAIVER.format(rule="LIC101", repos=glob, expires="2027-01-01"))
    assert card_judged(waivers, name, repo) == (["LIC101"] if silent else [])


def test_waiver_is_read_as_it_stands(tmp_path):
    text = WAIVER.format(rule="unknown-license", repos="a/*", expires="2027-01-01").replace('["a/*"]', '["a/*", b]')
    assert waivers_of(tmp_path, text) == (Waiver(("LIC101",), ("a/*", "b"), "the name our lawyers gave it", "legal", "2027-01-01"),)


def test_of_expired_waivers_the_last_is_named(tmp_path):
    text = "".join(
        WAIVER.format(rule="LIC101", repos="*", expires=day).replace("legal", owner)
        for day, owner in (("2025-01-01", "one"), ("2026-05-31", "two"), ("2024-01-01", "three"))
    )
    (back,) = (each for each in judged(waivers_of(tmp_path, text)).findings if each.code == "LIC101")
    assert back.help.count("A waiver of ") == 1
    assert "A waiver of two expired on 2026-05-31" in back.help


def test_family_without_rules_is_told(tmp_path):
    path = tmp_path / "waivers.yaml"
    path.write_text(WAIVER.format(rule="SEC", repos="*", expires="2027-01-01"), encoding="utf-8")
    rules = [rule for rule in RULES if rule.family != "SEC"]
    with pytest.raises(CardlintError) as caught:
        read_waivers(path, rules)
    assert str(caught.value) == f"{path}:1:9: no rule is in the family 'SEC' yet"


def test_every_mistake_is_told_in_the_order_of_the_file(tmp_path):
    first = WAIVER.format(rule="ALL", repos="*", expires="2027-01-01")
    second = WAIVER.format(rule="LIC101", repos="*", expires="2027-02-30")
    with pytest.raises(CardlintError) as caught:
        waivers_of(tmp_path, GOOD + first + second)
    assert str(caught.value).splitlines() == [
        f"{tmp_path / 'waivers.yaml'}:6:9: a waiver names rules, not ALL",
        f"{tmp_path / 'waivers.yaml'}:15:12: there is no day 2027-02-30",
    ]


def test_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(CardlintError) as caught:
        read_waivers(tmp_path / "nowhere.yaml", RULES)
    assert str(caught.value) == f"{tmp_path / 'nowhere.yaml'}: No such file or directory"
    (tmp_path / "latin.yaml").write_bytes(b"- caf\xe9\n")
    with pytest.raises(CardlintError, match=r"latin\.yaml: not UTF-8 .byte 5.: save it as UTF-8"):
        read_waivers(tmp_path / "latin.yaml", RULES)


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
        (GOOD.replace("owner", "zzz"), "4:3: unknown key 'zzz'; known are rule, repos, reason, owner, expires"),
        (GOOD.replace('["*"]', "acme/*"), '2:10: a list is wanted: ["acme/*"]'),
        (GOOD.replace('["*"]', "[]"), "2:10: [] has less than 1 item"),
        (GOOD.replace("legal", "''"), '4:10: "" is shorter than 1 character'),
        (GOOD.replace("2027-01-01", "x" * 50), f"5:12: '{'x' * 40}' is no day; write YYYY-MM-DD"),
        ("rule: LIC101\n", "1:1: a waivers file is a list of entries, each with rule, repos, reason, owner, expires"),
        ("# none\n\n- [\n", "4:1: not YAML: "),
    ],
)
def test_mistake_is_told_with_its_line_and_near_miss(tmp_path, text, message):
    with pytest.raises(CardlintError) as caught:
        waivers_of(tmp_path, text)
    told = f"{tmp_path / 'waivers.yaml'}:{message}"
    assert any(line == told or (told.endswith(": ") and line.startswith(told)) for line in str(caught.value).splitlines())


def test_empty_file_waives_nothing(tmp_path):
    assert waivers_of(tmp_path, "# none yet\n") == ()
