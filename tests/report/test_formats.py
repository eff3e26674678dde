"""Annotations, Markdown and counts by rule: shape, bounds, and that a card cannot speak through them."""

from __future__ import annotations

import io

import pytest
from markdown_it import MarkdownIt

from cardlint.model import Finding, Outcome, Span
from cardlint.report.records import RunInfo, Tally
from cardlint.report.writer import writer

INFO = RunInfo("author", ("card",), (), "sha256:0")
HOSTILE = "value '::error::x\r\n##[add-path]/tmp ![i](https://evil.example/i.png) <img src=x> [a](b) | @team www.evil.example 100%'"


def finding(severity="warning", message="a message", line=3, end_line=3, code="LIC101"):
    return Finding(code, "unknown-license", severity, "high", message, "some help", Span(line, 2, end_line, 9), "/metadata/license", "f")


def outcome(*findings, name="card/README.md", failure=None):
    return Outcome(name, None, "model", "README.md", "0" * 64, tuple(findings), failure=failure)


def written(name, *outcomes):
    out = io.StringIO()
    one, tally = writer(name, out), Tally()
    one.start(INFO)
    for each in outcomes:
        tally.add(each)
        one.card(each, None)
    one.end(tally)
    return out.getvalue()


def test_errors_come_first_and_ten_of_each_level():
    text = written("github", outcome(*[finding("note") for _ in range(11)], *[finding("warning") for _ in range(2)], finding("error")))
    commands = [line.split(" ", 1)[0] for line in text.splitlines() if line.startswith("::")]
    assert commands == ["::error"] + ["::warning"] * 2 + ["::notice"] * 10
    assert "Not shown as annotations: 1 note (a step shows 10 of each level)" in text


def test_columns_are_left_out_over_several_lines():
    first, second = written("github", outcome(finding(), finding(end_line=5))).splitlines()[:2]
    assert first.startswith("::warning file=card/README.md,line=3,endLine=3,col=2,endColumn=9,title=LIC101 unknown-license::")
    assert "line=3,endLine=5,title=" in second


def test_a_card_cannot_speak_to_the_runner():
    text = written("github", outcome(finding(message=HOSTILE), name="a,b:c%.md"))
    line, *rest = text.splitlines()
    assert "file=a%2Cb%3Ac%25.md," in line
    assert "%0D%0A##[add-path]" in line
    assert "100%25" in line
    assert all(not other.startswith("::") for other in rest)


def test_failure_is_an_error():
    text = written("github", outcome(failure="boom"))
    assert text.startswith("::error file=card/README.md,title=cardlint failed::boom\n")


def test_markdown_of_one_card_is_a_table_of_its_findings():
    text = written("markdown", outcome(finding()))
    assert text == (
        "## cardlint\n\n**1** warning in 1 of 1 card.\n\n### card/README.md\n\n| | rule | place | finding |\n|---|---|---|---|\n"
        "| warning | LIC101 unknown-license | 3:2 | a message<br>some help |\n"
    )


def test_markdown_of_many_cards_is_a_table_worst_first():
    text = written("markdown", outcome(finding()), outcome(name="clean.md"), outcome(finding("error"), name="bad.md"))
    assert text.index("| bad.md | 1 | 0 | 0 |") < text.index("| card/README.md | 0 | 1 | 0 |")
    assert text.count("<details>") == text.count("</details>") == 2
    assert "clean.md" not in text


def test_markdown_without_findings_says_so():
    assert written("markdown", outcome()) == "## cardlint\n\nAll checks passed (1 card).\n"


@pytest.mark.parametrize("place", ["message", "name"])
def test_a_card_makes_no_markup(place):
    one = outcome(finding(message=HOSTILE)) if place == "message" else outcome(finding(), name=HOSTILE)
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(written("markdown", one))
    assert "<img" not in html.replace("&lt;img", "")
    assert "<a " not in html
    assert "@team" not in html
    assert "www.evil" not in html


def test_markdown_is_bounded():
    text = written("markdown", *[outcome(*[finding()] * 50, name=f"c{number}") for number in range(300)])
    assert text.count("| warning |") == 1000
    assert "Cards with findings that are not told here: 100" in text


def test_what_a_card_lacks_is_listed_with_what_belongs_there():
    def absent(code, name):
        return finding(code=code, message=f"the card does not document {name}")._replace(at=f"section:{name}", help=f"Add {name}.")

    text = written("text", outcome(absent("USE001", "intended_use"), absent("LIM001", "limitations")))
    lines = text.splitlines()
    assert lines[0] == "warning: the card does not document intended use (USE001), limitations (LIM001)"
    assert lines[2:4] == ["   = USE001: Add intended_use.", "   = LIM001: Add limitations."]
