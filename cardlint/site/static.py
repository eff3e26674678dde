"""The static site: pages, pictures and data in a folder that opens from disk and needs no server."""

from __future__ import annotations

import shutil
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cardlint.audit.ask import fetch
from cardlint.audit.store import require_audit
from cardlint.model import CardlintError
from cardlint.site.charts import charts
from cardlint.site.history import history
from cardlint.site.lineage import families, nodes
from cardlint.site.overview import overview
from cardlint.site.packing import Data, Texts
from cardlint.site.repos import details
from cardlint.site.rules import rules
from cardlint.site.standards import standards
from cardlint.site.tables import build
from cardlint.sources.layout import SITE_MARK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import duckdb

MOST_REPOS = 250_000
"""Above it the lists of a static site grow too long for a browser; ``cardlint serve`` has no such bound."""
_AT_ONCE = 1_000
_INDEX = 5_000


def write_site(audit: Path, out: Path, earlier: Sequence[Path] = ()) -> int:
    """Write the site of an audit's folder into ``out`` and return the number of its repositories.

    ``earlier`` are folders of audits made before, oldest first, for the trend.

    Raises:
        CardlintError: a folder holds no audit, ``out`` holds something else, or there are too many repositories.
        OSError: ``out`` cannot be written.
    """
    check_before(out, earlier)
    connection = build(audit)
    (count,) = connection.execute("select count(*) from site.repo").fetchone() or (0,)
    if count > MOST_REPOS:
        raise CardlintError(f"{count:,} repositories are too many for a static site (at most {MOST_REPOS:,}): use 'cardlint serve'")
    _prepare(out)
    run = require_audit(audit)
    first = front(connection, run, earlier, audit)
    data = Data(out / "data")
    data.put("overview", first)
    for name, picture in charts(first).items():
        (out / "charts" / f"{name}.svg").write_text(picture, encoding="utf-8")
    found = rules(connection, run)
    data.put("rules", found)
    for rule in found:
        if rule["repos"]:
            data.put(f"rule/{rule['code']}", _gaps(connection, rule["code"]))
    data.put_rows("owner", ((row["owner"], [row[name] for name in OWNER]) for row in fetch(connection, "from site.owner order by owner")))
    _put_index(connection, data, count)
    texts = Texts()
    data.put_rows("repo", _packed_repos(connection, count, texts), texts)
    data.put("lineage", families(connection))
    data.put("standards", standards(connection))
    data.put_rows("node", _nodes(connection))
    return int(count)


OWNER = ("repos", "without_card", "with_errors", "errors", "warnings", "notes", "licensed", "score", "rules")
"""The columns of a row of owners."""
_INDEX_QUERY = "select key, owner, class, score, errors, warnings, notes, has_card, health from site.repo where n >= ? and n < ? order by n"


def front(connection: duckdb.DuckDBPyConnection, run: dict[str, Any], earlier: Sequence[Path], audit: Path) -> dict[str, Any]:
    """The first page's data with the trend against earlier audits. Raises CardlintError where one of them is none."""
    return {**overview(connection, run), **history(connection, earlier, audit)}


def assets() -> Iterator[tuple[str, bytes]]:
    """The pages' own files, by name."""
    for each in sorted(files("cardlint.site").joinpath("assets").iterdir(), key=lambda each: each.name):
        if each.name.rpartition(".")[2] in ("html", "css", "js", "svg"):
            yield each.name, each.read_bytes()


def check_before(out: Path, earlier: Sequence[Path]) -> None:
    """Raise CardlintError where ``out`` holds something that is no site, or an earlier folder holds no audit."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / SITE_MARK).is_file())):
        raise CardlintError(f"{out}: is there and is no site of cardlint; name a new folder")
    for folder in earlier:
        require_audit(folder)


def _prepare(out: Path) -> None:
    """Make the folder; what an earlier site left there goes."""
    for name in ("data", "charts", "assets"):
        shutil.rmtree(out / name, ignore_errors=True)
        (out / name).mkdir(parents=True)
    (out / SITE_MARK).write_text("Made by 'cardlint site'; the next run replaces data, charts, assets and index.html.\n", encoding="utf-8")
    for name, content in assets():
        (out / name if name.endswith(".html") else out / "assets" / name).write_bytes(content)


def _gaps(connection: duckdb.DuckDBPyConnection, code: str) -> list[int]:
    """The numbers of the repositories that a rule spoke of, each as the distance from the one before."""
    last, gaps = 0, []
    for (number,) in connection.execute("select distinct n from site.finding where code = ? order by n", [code]).fetchall():
        gaps.append(number - last)
        last = number
    return gaps


def _put_index(connection: duckdb.DuckDBPyConnection, data: Data, count: int) -> None:
    """The columns that lists, search and filters need, in chunks of repositories by number."""
    for chunk, start in enumerate(range(0, count, _INDEX)):
        rows = connection.execute(_INDEX_QUERY, [start, start + _INDEX]).fetchall()
        keys, owners, classes, *columns = zip(*rows, strict=True)
        texts = Texts()
        owner, class_ = [-1 if each is None else texts(each) for each in owners], [texts(each) for each in classes]
        data.put(f"index/{chunk}", {"columns": [keys, owner, class_, *columns], "texts": texts.listed()})
    data.put("index/directory", -(-count // _INDEX))


def _packed_repos(connection: duckdb.DuckDBPyConnection, count: int, texts: Texts) -> Iterator[tuple[str, Any]]:
    for start in range(0, count, _AT_ONCE):
        for row in details(connection, start, start + _AT_ONCE):
            row["findings"] = [_packed_finding(each, texts) for each in row["findings"]]
            parts = row["score"]["parts"]
            row["score"]["parts"] = [[texts(each["name"]), each["weight"], each["got"], texts(each["why"])] for each in parts]
            row["sections"] = [[texts(each["name"]), texts(each["state"]), each["heading"], each["line"]] for each in row["sections"]]
            row["unchecked"] = [[texts(each["reason"]), [texts(rule) for rule in each["rules"]]] for each in row["unchecked"]]
            row["controls"] = [
                [
                    *(texts(each[name] or "") for name in ("standard", "control", "state", "reason")),
                    [texts(at) for at in each["evidence"] or ()],
                ]
                for each in row["controls"]
            ]
            yield row["key"], row


def _packed_finding(finding: dict[str, Any], texts: Texts) -> list[int]:
    words = [texts(finding[name] or "") for name in ("code", "severity", "confidence", "message", "help", "at")]
    return [*words, finding["line"], finding["column"]]


def _nodes(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Any]]:
    (count,) = connection.execute("select count(*) from site.node").fetchone() or (0,)
    for start in range(0, count, _AT_ONCE):
        for row in nodes(connection, start, start + _AT_ONCE):
            yield row["key"], row
