"""The page: cards rendered without anything of theirs that could act."""

from __future__ import annotations

import io
import re

import pytest

from cardlint import check_text
from cardlint.report.html import HtmlWriter
from cardlint.report.records import RunInfo, Tally

HOSTILE = """---
license: other
---
# Gulls <script>alert(1)</script>

<img src=x onerror=alert(2)> [run](javascript:alert(3)) [go](https://acme.example/x) ![see](https://acme.example/pixel.png)

<svg onload=alert(4)></svg> ]]> \u202etxt

```html
<script>alert(5)</script>
```
"""


def page_of(text: str, *rules: str) -> str:
    out = io.StringIO()
    writer = HtmlWriter(out)
    outcome = check_text(text, select=rules or ["LIC003"])
    tally = Tally()
    tally.add(outcome)
    writer.start(RunInfo("author", ("card",), (), "engine"))
    writer.card(outcome, text)
    writer.end(tally)
    return out.getvalue()


def test_finding_stands_beside_the_card():
    page = page_of("---\nlicense: other\n---\n# Gulls\n\nThey are **counted**.\n")
    assert "<strong>LIC003 unnamed-custom-license</strong> (warning, line 2)" in page
    assert "<strong>counted</strong>" in page


def test_findings_stand_in_the_margin_of_their_block():
    page = page_of("---\nlicense: other\n---\n# Gulls\n\nThey are **counted**.\n\n## Use\n\nTODO\n", "LIC003", "DOC001")
    first, second = page.split("<article>")[1:]
    assert "license: other" in first.split("<aside>")[0]
    assert "LIC003" in first.split("<aside>")[1]
    assert second.split("<aside>")[0].strip().startswith("<h2>Use</h2>")
    assert "DOC001" in second


def test_every_word_of_the_card_is_there_once():
    text = (
        "\n\n".join(f"- item {number}\n\n  word{number}" for number in range(30))
        + "\n\nTODO\n\n> quoted\n\n| a | b |\n|---|---|\n| c | cell |\n"
    )
    page = page_of(f"---\nlicense: other\n---\n{text}", "LIC003", "DOC002")
    assert [page.count(f"word{number}\n") + page.count(f"word{number}<") for number in range(30)] == [1] * 30
    assert (page.count("quoted"), page.count("cell")) == (1, 1)


def test_direction_and_control_characters_are_codes():
    page = page_of("---\nlicense: other\n---\n# Gulls \u202etxt.exe\x1b[31m\n")
    assert "Gulls \\u202etxt.exe\\x1b[31m" in page


@pytest.mark.parametrize("pattern", [r"<script", r"<img", r"<svg", r"<iframe", r"<[^>]*\shref=", r"<[^>]*\ssrc=", r"<[^>]*\son\w+\s*="])
def test_nothing_of_a_card_can_act(pattern):
    assert re.search(pattern, page_of(HOSTILE)) is None


def test_page_forbids_every_request():
    assert "default-src 'none'" in page_of(HOSTILE)


def test_clean_card_is_not_shown():
    assert "<section>" not in page_of("---\nlicense: mit\n---\n# Gulls\n")


def test_same_input_same_page():
    assert page_of(HOSTILE) == page_of(HOSTILE)
