"""``cardlint serve``: the same answers as the static pages, over HTTP, read only, with strict headers and bounded questions."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import urllib.error
import urllib.request
from urllib.parse import quote

import pytest

from tests.site.conftest import CARDS, cardlint
from tests.site.looking import Watched

HOSTILE = [key for key in CARDS if key.startswith("mallory/")]


@pytest.fixture(scope="module")
def served(audited, earlier):
    """The address of a running server."""
    pytest.importorskip("aiohttp")
    call = [sys.executable, "-m", "cardlint", "serve", str(audited), "--port", "0", "--earlier", str(earlier)]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        assert " at http://127.0.0.1:" in line, process.stderr.read()
        yield line.rstrip().rpartition(" at ")[2]
        process.terminate()
        process.wait(20)
        assert (process.returncode, process.stderr.read()) == (0, "")


def get(address: str, *, method: str = "GET", **headers: str):
    """Status, headers and body of an answer."""
    request = urllib.request.Request(address, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def api(served: str, path: str):
    status, _, body = get(f"{served}api/v1/{path}")
    assert status == 200, body
    return json.loads(body)


QUERIES = [
    ("repos", {}),
    ("repos", {"q": "GULL small"}),
    ("repos", {"kind": "dataset"}),
    ("repos", {"owner": "acme", "sort": "score"}),
    ("repos", {"owner": "acme", "sort": "best"}),
    ("repos", {"severity": "error", "sort": "errors"}),
    ("repos", {"severity": "note", "sort": "findings", "page": "2"}),
    ("repos", {"licence": "none"}),
    ("repos", {"kind": "model", "undocumented": "limitations"}),
    ("repos", {"card": "no"}),
    ("repos", {"rule": "LIC001", "sort": "findings"}),
    ("repos", {"rule": "LIC999"}),
    ("owners", {}),
    ("owners", {"least": "2", "sort": "name"}),
    ("owners", {"q": "m", "sort": "best"}),
    ("owner", "acme"),
    ("owner", "nobody"),
    ("repo", "acme/gull-small"),
    ("repo", HOSTILE[0]),
    ("repo", "acme/nothing"),
    ("node", "acme/gull"),
    ("node", "elsewhere/gone"),
    ("overview", None),
    ("rules", None),
    ("lineage", None),
    ("standards", None),
]


def test_server_and_files_give_the_same_answers(browser, site, served):
    ask = "async ([name, query]) => JSON.parse(JSON.stringify(await cardlint.source[name](query)))"
    with Watched(browser, (site / "index.html").as_uri()) as files, Watched(browser, served) as server:
        for name, query in QUERIES:
            found = [
                each.open().evaluate(ask, [name, query]) if each.page.url == "about:blank" else each.page.evaluate(ask, [name, query])
                for each in (files, server)
            ]
            assert found[0] == found[1], (name, query)


def test_pages_are_drawn_and_nothing_of_a_card_acts(browser, served):
    with Watched(browser, served) as page:
        for address in (
            "",
            "#repos?q=mallory",
            "#rules",
            "#owner/mallory",
            "#lineage",
            "#repo/many/model-000",
            *(f"#repo/{quote(key)}" for key in HOSTILE),
        ):
            page.open(address)
            assert page.page.locator("h1").inner_text() != "This page could not be shown"
            assert (address, page.active(), page.problems) == (address, [], [])


def test_every_answer_has_strict_headers(served):
    for path in ("", "assets/base.js", "charts/licences.svg", "api/v1/repos", "api/v1/nothing", "healthz", "api/v1/repos.csv"):
        _, headers, _ = get(served + path)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Server"] == "cardlint"


def test_the_page_allows_its_own_files_only(served):
    _, headers, body = get(served)
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "<script>" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(served, method):
    assert get(f"{served}api/v1/repos", method=method)[0] == 405


def test_another_name_gets_no_answer(served):
    """A browser that was led here by a name of somebody else's (DNS rebinding)."""
    status, _, body = get(f"{served}api/v1/repos", Host="evil.example")
    assert (status, json.loads(body)) == (421, {"error": "this server is not called so"})


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("sevrity=error", "did you mean 'severity'"),
        ("kind=modell", "did you mean 'model'"),
        ("size=1001", "size is a number from 1 to 1000"),
        ("size=-1", "size is a number"),
        ("page=0", "page is a number"),
        ("page=99999999999999999999", "page is a number"),
        ("page=%D9%A1", "page is a number"),
        (f"q={'x' * 201}", "at most 200 characters"),
        ("q=a&q=b", "a parameter is given twice"),
    ],
)
def test_wrong_questions_are_one_line(served, query, told):
    status, _, body = get(f"{served}api/v1/repos?{query}")
    assert status == 400
    assert told in json.loads(body)["error"]


@pytest.mark.parametrize("text", ["'; drop table site.repo; --", "%", "_", "\\", "\x00", "' or 1=1"])
def test_texts_are_no_sql(served, text):
    assert api(served, f"repos?q={quote(text)}")["total"] == 0
    assert api(served, f"repos?rule={quote(text)}")["total"] == 0
    assert get(f"{served}api/v1/owners/{quote(text, safe='')}")[0] == 404


def test_a_repository_that_is_not_there_is_404(served):
    assert get(f"{served}api/v1/repos/nobody/nothing")[0] == 404


def test_lists_come_in_pages(served):
    found = api(served, "repos?size=40&page=3")
    assert (found["total"], len(found["rows"])) == (len(CARDS), len(CARDS) - 80)


def test_csv_holds_the_whole_list_and_no_formula(served):
    _, headers, body = get(f"{served}api/v1/repos.csv?q=mallory")
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Disposition"] == 'attachment; filename="repos.csv"'
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [row["key"] for row in rows] == [key.replace("\u202e", "\\u202e") for key in sorted(HOSTILE)]
    _, _, body = get(f"{served}api/v1/findings.csv")
    rows = list(csv.reader(io.StringIO(body)))
    assert len(rows) - 1 == api(served, "findings")["total"] > 300
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]
    assert "'=1+1/model" in {row[0] for row in rows}


def test_openapi_document_is_valid_and_every_path_answers(served):
    document = api(served, "openapi.json")
    validator = pytest.importorskip("openapi_spec_validator", reason="needs openapi-spec-validator")
    validator.validate(document)
    keys = {"{key}": "acme/gull", "{owner}": "acme"}
    for path in document["paths"]:
        address = path
        for name, value in keys.items():
            address = address.replace(name, value)
        assert get(served.rstrip("/") + address)[0] == 200, path


def test_server_says_what_is_wrong_in_one_line(tmp_path, served, audited):
    done = cardlint("serve", str(tmp_path), "--port", "0")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    taken = served.rstrip("/").rpartition(":")[2]
    done = cardlint("serve", str(audited), "--port", taken)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "address already in use" in done.stderr


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "|cmd", "%0A"])
def test_cells_are_no_formulas(text):
    from cardlint.site.spreadsheet import lines

    (row,) = csv.reader(io.StringIO(lines([[text]])))
    assert row[0].startswith("'")
