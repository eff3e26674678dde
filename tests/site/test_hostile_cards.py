"""Cards made to run something in the reader's browser: nothing of them acts, and the look at it would see it if it did."""

from __future__ import annotations

import re
import shutil
from urllib.parse import quote

import pytest

from tests.site.conftest import CARDS, cardlint
from tests.site.looking import Watched

HOSTILE = [key for key in CARDS if key.startswith("mallory/")]
NAMED = [*HOSTILE, "datasets/javascript:window.ran=5", "<iframe srcdoc='<script>top.ran=7</script>'>"]
PAGES = ["", "#repos?q=mallory", "#owners", "#owner/mallory", "#lineage", "#rules", "#rule/DOC002"]
PAGES += [f"#repo/{quote(key)}" for key in HOSTILE] + [f"#lineage/{quote(key)}" for key in NAMED]
ESCAPED = "document.createTextNode(cardlint.visible(child))"
UNESCAPED = "document.createRange().createContextualFragment(child)"


def test_nothing_of_a_card_acts(browser, site):
    with Watched(browser, (site / "index.html").as_uri()) as page:
        for address in PAGES:
            page.open(address)
            assert (address, page.active(), page.problems) == (address, [], [])


def test_direction_characters_are_shown_as_codes(browser, site):
    with Watched(browser, (site / "index.html").as_uri()) as page:
        page.open(f"#repo/{quote(HOSTILE[2])}")
        assert page.page.locator("h1").inner_text() == "mallory/\\u202egnp"
        assert re.search("[\u202a-\u202e\u2066-\u2069]", page.page.content()) is None


@pytest.fixture
def unescaped(site, tmp_path):
    """The site with the one place that escapes taken away."""
    copy = tmp_path / "copy"
    shutil.copytree(site, copy)
    base = copy / "assets" / "base.js"
    assert ESCAPED in base.read_text()
    base.write_text(base.read_text().replace(ESCAPED, UNESCAPED))
    return copy / "index.html"


def test_the_look_sees_what_an_unescaped_page_would_run(browser, unescaped):
    """With the content security policy gone as well, the same look finds scripts that ran."""
    unescaped.write_text(re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", unescaped.read_text()))
    with Watched(browser, unescaped.as_uri()) as page:
        page.open("#repo/mallory/card")
        page.page.wait_for_timeout(200)
        assert any(each.startswith("ran ") for each in page.active())


def test_the_policy_holds_even_without_escaping(browser, unescaped):
    with Watched(browser, unescaped.as_uri()) as page:
        page.page.goto(f"{page.base}#repo/mallory/card")
        page.page.wait_for_timeout(400)
        assert page.page.evaluate("window.ran") is None
        assert page.problems


def test_the_page_of_one_card_runs_nothing(browser, tmp_path):
    """``check --format html`` shows the card itself."""
    card = tmp_path / "README.md"
    card.write_text(CARDS["mallory/card"], encoding="utf-8")
    page = tmp_path / "report.html"
    page.write_text(cardlint("check", str(card), "--format", "html", "--exit-zero").stdout, encoding="utf-8")
    with Watched(browser, page.as_uri()) as opened:
        opened.page.goto(opened.base)
        assert opened.page.evaluate("window.ran") is None
        assert opened.page.locator(":is(script, img, svg, iframe, [onerror], [onload], a[href])").count() == 0
        assert "<script>window.ran=9</script> Gulls \\u202etxt.exe" in opened.page.locator("article").all_inner_texts()[1]
        assert opened.problems == []


def test_data_files_hold_no_markup(site):
    for path in (site / "data").rglob("*.js"):
        assert b"<" not in path.read_bytes(), path
