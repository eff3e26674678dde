"""Cards of trainers and hubs: `check_card` and `lint_before_push`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import cardlint
from cardlint.model import CardlintError

BAD = "---\nlicense: apache2\n---\n# Gull counter\n"
FINE = "---\nlicense: mit\n---\n# Gull counter\n"


class Card:
    repo_type = "dataset"
    content = FINE


def codes(outcome):
    return {each.code for each in outcome.findings}


def test_a_text_is_the_card():
    assert "LIC101" in codes(cardlint.check_card(BAD))


def test_each_call_has_its_own_choice():
    given = ({}, {"ignore": ["LIC101"]}, {"select": ["DOC"]}, {})
    assert ["LIC101" in codes(cardlint.check_text(BAD, **each)) for each in given] == [True, False, False, True]


def test_a_path_is_a_file_or_a_folder(tmp_path):
    (tmp_path / "README.md").write_text("---\npipeline_tag: image-classification\n---\n# x\n")
    (tmp_path / "config.json").write_text('{"model_type": "bert", "architectures": ["BertForMaskedLM"]}')
    assert "ART020" not in codes(cardlint.check_card(tmp_path / "README.md"))
    assert "ART020" in codes(cardlint.check_card(tmp_path))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"profile": "autor"}, "profile='autor': one of author, gate, audit"),
        ({"kind": "modle"}, "kind='modle': one of model, dataset, space"),
        ({"select": ["LIC1O1"]}, "unknown rule 'LIC1O1'; did you mean 'LIC101'?"),
    ],
)
def test_a_wrong_argument_is_told(given, message):
    with pytest.raises(CardlintError) as caught:
        cardlint.check_text(FINE, **given)
    assert str(caught.value) == message


def test_an_object_tells_its_kind():
    assert cardlint.check_card(Card()).kind == "dataset"
    assert cardlint.check_card(Card(), kind="model").kind == "model"


@pytest.mark.parametrize("path", [Path("nowhere.md"), Path("nowhere")])
def test_a_path_that_is_not_there(path):
    with pytest.raises(CardlintError, match="no such file or folder"):
        cardlint.check_card(path)


def test_a_folder_without_a_card(tmp_path):
    with pytest.raises(CardlintError, match=r"there is no README\.md"):
        cardlint.check_card(tmp_path)


def test_push_is_refused_with_the_findings():
    with pytest.raises(cardlint.CardRefused, match="2:10 error LIC101 unknown license 'apache2'") as caught:
        cardlint.lint_before_push(BAD)
    assert [each.code for each in caught.value.findings] == ["LIC101"]
    assert len(caught.value.outcome.findings) > 1


def test_less_severe_findings_come_back():
    outcome = cardlint.lint_before_push(FINE)
    assert outcome.findings
    with pytest.raises(cardlint.CardRefused):
        cardlint.lint_before_push(FINE, fail_on="warning")
    assert cardlint.lint_before_push(BAD, fail_on="nothing").findings
    assert "LIC101" not in codes(cardlint.lint_before_push(BAD, ignore=["LIC101"]))


def test_an_unknown_severity_is_told():
    with pytest.raises(CardlintError, match="one of error, warning, note or nothing"):
        cardlint.lint_before_push(FINE, fail_on="eror")


def test_cards_of_huggingface_hub():
    hub = pytest.importorskip("huggingface_hub")
    assert cardlint.check_card(hub.SpaceCard("---\ntitle: x\n---\n")).kind == "space"
    with pytest.raises(cardlint.CardRefused):
        cardlint.lint_before_push(hub.ModelCard(BAD))


def test_the_hubs_library_is_not_imported():
    code = f"import sys, cardlint; cardlint.check_card({FINE!r}); sys.exit('huggingface_hub' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


@pytest.mark.parametrize("call", [cardlint.check_text, cardlint.check_card, cardlint.lint_before_push, cardlint.read_card])
def test_a_path_given_as_a_text_is_no_card(tmp_path, monkeypatch, call):
    monkeypatch.chdir(tmp_path)
    Path("README.md").write_text(BAD, encoding="utf-8")
    with pytest.raises(CardlintError, match=r"'README\.md' is a path, and a card's text was wanted: give Path\('README\.md'\)"):
        call("README.md")
    assert call("README, of a kind") is not None


@pytest.mark.parametrize("text", ["模" * 200, "a" * 255, "a\0b", "a/\ud800"])
def test_a_line_that_no_path_can_be_is_a_card(text):
    assert cardlint.check_text(text).findings


@pytest.mark.parametrize("given", [b"# Gulls", 3, None])
def test_what_is_no_text_is_told(given):
    with pytest.raises(CardlintError, match="a card's text is wanted, or a Path of a card"):
        cardlint.lint_before_push(given)


def test_rules_may_be_one_text():
    assert codes(cardlint.check_text(BAD, select="LIC101, DOC005")) == {"LIC101", "DOC005"}
