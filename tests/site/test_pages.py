"""The static site in a browser, opened from disk: search, filters, a repository, lineage, colours, keyboard, names for readers' aids."""

from __future__ import annotations

import shutil

import pytest

from tests.site.conftest import CARDS
from tests.site.looking import Watched

PAGES = [
    "",
    "#repos?owner=acme",
    "#rules",
    "#owners",
    "#lineage",
    "#repo/acme/gull",
    "#rule/LIC101",
    "#owner/acme",
    "#lineage/acme/gull-tiny",
]


@pytest.fixture
def watched(browser, site):
    with Watched(browser, (site / "index.html").as_uri(), viewport={"width": 1280, "height": 900}) as page:
        yield page
        assert page.problems == []


def keys(page) -> list[str]:
    return page.locator("main tbody th a").all_inner_texts()


def test_overview_counts_every_repository(watched):
    page = watched.open()
    assert page.locator(".figures strong").first.inner_text() == str(len(CARDS))


def test_every_picture_is_drawn_and_told_in_words(watched):
    page = watched.open()
    pictures = page.locator("main figure img")
    assert pictures.count() >= 6
    for number in range(pictures.count()):
        pictures.nth(number).scroll_into_view_if_needed()
        page.wait_for_function("(n) => document.querySelectorAll('main figure img')[n].naturalWidth > 0", arg=number)
        assert len(pictures.nth(number).get_attribute("alt")) > 40
    assert page.locator("main figure details table").count() == pictures.count()


def test_typing_in_the_header_finds_repositories(watched):
    page = watched.open()
    watched.after(lambda: page.locator("#search-text").press_sequentially("gull-t"))
    page.wait_for_function("() => document.querySelectorAll('main tbody tr').length === 1")
    assert keys(page) == ["acme/gull-tiny"]
    assert page.locator("#search-text").evaluate("each => each === document.activeElement")


def test_ctrl_k_leads_to_the_search(watched):
    page = watched.open()
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "search-text"


def test_filters_are_addresses(watched):
    page = watched.open("#repos")
    watched.after(lambda: page.locator("#filter-kind").select_option("dataset"))
    assert keys(page) == ["datasets/acme/birds"]
    assert "kind=dataset" in page.url
    page = watched.open("#repos?licence=non-commercial&kind=model")
    assert keys(page) == ["sea/tern"]
    page = watched.open("#repos?rule=LIC101&owner=harbour")
    assert keys(page) == ["harbour/far"]


def test_undocumented_sections_are_a_filter(watched):
    page = watched.open("#repos?kind=model&undocumented=limitations&owner=acme")
    assert keys(page) == ["acme/empty"]


def test_long_lists_have_pages(watched):
    page = watched.open("#repos?q=many/")
    assert len(keys(page)) == 100
    watched.after(lambda: page.get_by_role("link", name="Next").click())
    assert len(keys(page)) == 4


def test_repository_page_tells_findings_score_and_what_was_not_checked(watched):
    page = watched.open("#repo/acme/empty")
    assert page.get_by_text("no license is given").count() == 1
    assert page.get_by_role("heading", name="How the score is derived").count() == 1
    assert page.get_by_text("no earlier revision was given").count() == 1


def test_a_finding_leads_to_its_rule_and_from_there_to_all_repositories_with_it(watched):
    page = watched.open("#repo/harbour/far")
    watched.after(lambda: page.get_by_role("link", name="LIC101 unknown-license").click())
    assert page.locator("h1").inner_text() == "LIC101 unknown-license"
    assert "harbour/far" in keys(page)


def test_lineage_leads_from_a_model_to_the_base_of_its_base(watched):
    page = watched.open("#lineage/acme/gull-tiny")
    assert page.locator(".tree.up li li .name").first.inner_text() == "acme/gull"
    watched.after(page.locator(".tree.up li li .name a").first.click)
    assert page.locator("h1").inner_text() == "Family of acme/gull"
    page.get_by_role("button", name="Show what was built from acme/gull-small").click()
    page.wait_for_selector(".tree li li")
    assert page.locator(".tree li li .name").inner_text() == "acme/gull-tiny"


def test_lineage_tells_the_licence_of_every_hop(watched):
    page = watched.open("#repo/acme/gull-tiny")
    path = page.get_by_role("region", name="Lineage with licences").locator("tbody tr").last.locator("li")
    assert path.all_inner_texts() == ["acme/gull-small mit", "acme/gull apache-2.0"]


def test_a_licence_that_drops_terms_is_a_finding_on_the_lineage(watched):
    page = watched.open("#lineage")
    row = page.get_by_role("region", name="Findings on lineage").locator("tr", has_text="acme/gull-shop")
    assert row.get_by_role("link", name="LIC402").count() == 1
    watched.after(row.get_by_role("link", name="acme/gull-shop").first.click)
    assert page.get_by_role("heading", name="Findings on its lineage").count() == 1


def test_artifacts_and_the_place_of_each_section_are_told(watched):
    page = watched.open("#repo/acme/gull")
    assert "ViTForImageClassification" in page.locator("section", has=page.get_by_role("heading", name="Artifacts")).inner_text()
    row = page.get_by_role("region", name="Health by section").locator("tr", has_text="limitations")
    assert row.locator("td").last.inner_text() == "line 13, “Limitations”"


def test_controls_of_a_standard_are_told_for_all_and_for_one(watched):
    page = watched.open("#standards")
    assert page.get_by_role("heading", name="Model Cards for Model Reporting").count() == 1
    page = watched.open("#repo/acme/empty")
    states = page.get_by_role("region", name="mitchell-2019").locator(".control").all_inner_texts()
    assert len(states) > 20
    assert "▲ not met" in states


def test_what_lies_outside_is_said_to(watched):
    page = watched.open("#lineage/harbour/far")
    assert "not in this audit" in page.locator(".tree.up li").first.inner_text()


def test_dark_is_a_choice_that_stays(watched):
    page = watched.open()
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_role("button", name="Switch to dark colours").click()
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.reload()
    assert light != dark == page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


def test_dark_follows_the_system(browser, site):
    with Watched(browser, (site / "index.html").as_uri(), color_scheme="dark") as page:
        assert page.open().evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(18, 23, 28)"


def test_trend_tells_what_came_and_went(watched):
    page = watched.open()
    block = page.locator("section", has=page.get_by_role("heading", name="Trend", exact=True))
    assert block.locator("figure").count() == 2
    assert "went" in block.locator("p").last.inner_text()


def test_focus_moves_to_the_heading_of_a_new_page(watched):
    page = watched.open()
    watched.after(lambda: page.get_by_role("navigation", name="Pages").get_by_role("link", name="Rules").click())
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.title().startswith("Rules")


def test_unknown_addresses_are_told_so(watched):
    page = watched.open("#repo/nobody/nothing")
    assert page.locator("h1").inner_text() == "No repository of this name"
    assert watched.open("#repo/%E0%A4%A").locator("h1").inner_text() == "No repository of this name"
    assert watched.open("#constructor/x").locator("h1").inner_text() == "Audit of model cards"


@pytest.mark.parametrize(
    ("scheme", "pages", "options"),
    [("light", PAGES, {}), ("dark", ["", "#repo/acme/gull-small"], {"runOnly": {"type": "rule", "values": ["color-contrast"]}})],
)
def test_no_serious_barrier(browser, site, scheme, pages, options):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    with Watched(browser, (site / "index.html").as_uri(), color_scheme=scheme, bypass_csp=True) as page:
        barriers = []
        for address in pages:
            page.open(address)
            page.page.evaluate("() => { for (const each of document.querySelectorAll('details')) each.open = true }")
            found = axe.run(page.page, options=options).response["violations"]
            barriers += [(address, each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]
    assert barriers == []


def test_narrow_screens_do_not_scroll_sideways(browser, site):
    with Watched(browser, (site / "index.html").as_uri(), viewport={"width": 360, "height": 700}) as page:
        for address in [*PAGES, "#repo/mallory/card"]:
            assert page.open(address).evaluate("document.documentElement.scrollWidth") <= 360, address


def test_missing_data_file_is_told(browser, site, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(site, copy)
    (copy / "data" / "rules.js").unlink()
    with Watched(browser, (copy / "index.html").as_uri()) as page:
        assert "data/rules.js is missing" in page.open("#rules").locator("main").inner_text()
