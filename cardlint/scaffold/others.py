"""What the files of a dataset and of a space say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.repo.tables import read_table, readable
from cardlint.scaffold.licence import add_license
from cardlint.vocab import datasets

if TYPE_CHECKING:
    from cardlint.repo.repo import Repo
    from cardlint.scaffold.known import Known

_MOST_TABLES = 50
_SDKS = ("gradio", "streamlit")
_REQUIREMENT = re.compile(
    r"(?im)^[ \t]*(gradio|streamlit)(?:\[[^\]\n]{0,60}\])?[ \t]{0,20}(?:==[ \t]{0,20}([0-9.]{1,20}))?[ \t]{0,20}(?:[;#<>=!~].{0,100})?$"
)


def add_dataset(known: Known, repo: Repo) -> None:
    """Files, rows and columns of a dataset."""
    add_license(known, repo)
    known.ask("language_of_data")
    files = sorted(name for name in repo.names if data_file(name))
    tables = {name: read_table(repo, name).value for name in files[:_MOST_TABLES]}
    for name, table in tables.items():
        if table is not None:
            columns = f"; columns {', '.join(f'`{column}`' for column in table.columns[:20])}" if table.columns else ""
            known.row(f"`{name}`", f"{_rows(table.rows)}{columns}", name)
    if files and len(files) <= _MOST_TABLES and all(tables.values()):
        rows = sum(table.rows for table in tables.values() if table is not None)
        known.say("size_categories", (datasets.size_of(rows),), _rows(rows))


def _rows(number: int) -> str:
    return f"{number:,} row{'s' if number != 1 else ''}"


def data_file(path: str) -> bool:
    """Whether a file holds rows of data, by its name; JSON at the top is rather a tool's."""
    return readable(path) and (not path.endswith(".json") or "/" in path)


def add_space(known: Known, repo: Repo) -> None:
    """What a space is started with."""
    known.say("title", known.name, "its name")
    sdk, version, source = _sdk(repo)
    if sdk:
        known.say("sdk", sdk, source)
        if version:
            known.say("sdk_version", version, source)
    else:
        known.ask("sdk")
    if sdk in _SDKS and "app.py" in repo.names:
        known.say("app_file", "app.py", "app.py")
    add_license(known, repo)


def _sdk(repo: Repo) -> tuple[str | None, str | None, str]:
    """The SDK with its version and the file that tells; None where none or several do."""
    required = _REQUIREMENT.findall((repo.read("requirements.txt") or b"").decode("utf-8", "replace"))
    named = {name.lower(): version for name, version in required}
    if "Dockerfile" in repo.names:
        return "docker", None, "Dockerfile"
    if len(named) == 1 and "app.py" in repo.names:
        name, version = named.popitem()
        return name, version or None, "requirements.txt"
    if "index.html" in repo.names and "app.py" not in repo.names:
        return "static", None, "index.html"
    return None, None, ""
