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


def page_of(text: str) -> str:
    out = io.StringIO()
    writer = HtmlWriter(out)
    outcome = check_text(text, select=["LIC003"])
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


@pytest.mark.parametrize("pattern", [r"<script", r"<img", r"<svg", r"<iframe", r"<[^>]*\shref=", r"<[^>]*\ssrc=", r"<[^>]*\son\w+\s*="])
def test_nothing_of_a_card_can_act(pattern):
    assert re.search(pattern, page_of(HOSTILE)) is None


def test_page_forbids_every_request():
    assert "default-src 'none'" in page_of(HOSTILE)


def test_clean_card_is_not_shown():
    assert "<section>" not in page_of("---\nlicense: mit\n---\n# Gulls\n")


def test_same_input_same_page():
    assert page_of(HOSTILE) == page_of(HOSTILE)
