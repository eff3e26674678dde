"""The files of a static site: the same bytes for the same results, bounded in size, never over what is not ours."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.site.conftest import CARDS, audit, cardlint

if TYPE_CHECKING:
    from pathlib import Path


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_same_results_give_the_same_bytes(audited, earlier, site, tmp_path):
    from cardlint.site.static import write_site

    write_site(audited, tmp_path / "again", [earlier])
    assert tree(tmp_path / "again") == tree(site)


def test_a_second_run_replaces_the_first(audited, tmp_path):
    out = tmp_path / "site"
    assert cardlint("site", str(audited), "--out", str(out)).returncode == 0
    (out / "data" / "old.js").write_text("")
    assert cardlint("site", str(audited), "--out", str(out)).returncode == 0
    assert not (out / "data" / "old.js").exists()


def test_pages_do_not_tell_where_the_mirror_stands(audited, site):
    for name, content in tree(site).items():
        assert str(audited.parent).encode() not in content, name


def test_a_folder_of_something_else_is_left_alone(audited, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = cardlint("site", str(audited), "--out", str(tmp_path))
    assert done.returncode == 2
    assert "is no site of cardlint" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_without_results_is_one_line(tmp_path):
    done = cardlint("site", str(tmp_path), "--out", str(tmp_path / "out"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "no finished audit is here" in done.stderr


def test_audit_writes_the_site_too(tmp_path):
    mirror = tmp_path / "mirror" / "acme" / "gull"
    mirror.mkdir(parents=True)
    (mirror / "README.md").write_text(CARDS["acme/gull"])
    done = cardlint("audit", str(tmp_path / "mirror"), "--out", str(tmp_path / "out"), "--site", str(tmp_path / "site"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "index.html").is_file()


def test_earlier_without_site_is_refused_before_the_audit(tmp_path):
    done = cardlint("audit", str(tmp_path), "--out", str(tmp_path / "out"), "--earlier", str(tmp_path))
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()


def test_missing_package_names_the_extra(audited, tmp_path):
    code = "import sys; sys.modules['pygal'] = None; sys.argv[1:] = {!r}; from cardlint.cli.main import main; main()"
    call = [sys.executable, "-c", code.format(["site", str(audited), "--out", str(tmp_path / "x")])]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'cardlint[site]'" in done.stderr


def test_every_rule_that_spoke_has_its_list(site):
    rules = loaded(site, "rules")
    for rule in rules:
        assert (site / "data" / "rule" / f"{rule['code']}.js").is_file() == bool(rule["repos"])


def test_numbers_agree_with_the_audit(site):
    data = loaded(site, "overview")
    assert data["totals"]["repos"] == len(CARDS)
    assert sum(row["repos"] for row in data["licenses"]["classes"]) == len(CARDS)
    assert data["totals"]["errors"] == sum(row["error"] for row in data["families"])
    for row in data["sections"]:
        states = ("substantive", "thin", "metadata", "files", "placeholder", "absent")
        assert sum(row[state] for state in states) == row["repos"]


def test_pictures_hold_no_script_and_no_date(site):
    for path in (site / "charts").iterdir():
        text = path.read_text()
        assert re.search(r"<script|<!--|\son\w+=|\b20\d\d-\d\d-\d\d\b|https?://(?!www\.w3\.org)", text) is None, path


def test_files_stay_small(site):
    assert max(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 2_000_000


def test_repositories_without_an_id_are_named_by_their_place(tmp_path):
    from cardlint.site.tables import build

    out = audit({"one": "# A\n", "two": "# B\n"}, tmp_path)
    connection = build(out)
    rows = connection.execute("select key, id from site.repo order by n").fetchall()
    assert all("mirror" not in key for key, _ in rows), rows


def loaded(site: Path, name: str):
    text = (site / "data" / f"{name}.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix(f'cardlint.put("{name}",').removesuffix(");\n"))


@pytest.mark.parametrize(
    ("licenses", "expected"),
    [
        ([], "none"),
        (["mit"], "permissive"),
        (["Apache-2.0"], "permissive"),
        (["cc-by-sa-4.0"], "share-alike"),
        (["llama3.1"], "use-restricted"),
        (["cc-by-nc-nd-4.0"], "non-commercial"),
        (["mit", "cc-by-nc-4.0"], "non-commercial"),
        (["other"], "unclear"),
        (["unheard-of"], "unclear"),
    ],
)
def test_class_of_licences_is_the_one_with_the_most_conditions(licenses, expected):
    from cardlint.site.licences import licence_class

    assert licence_class(licenses) == expected
