"""The licence that the files beside a card tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.vocab import licenses

if TYPE_CHECKING:
    from cardlint.repo.repo import Repo
    from cardlint.scaffold.known import Known

_NO_NAME = re.compile(r"[^a-z0-9.]+")


def add_license(known: Known, repo: Repo) -> None:
    """The licence by its text, else by what GGUF headers and spaCy's description say, else a question."""
    files = [file for file in repo.license_files if file.role == "license"]
    names = {file.text.license for file in files if file.text.license and not file.text.modified}
    if len(files) > 1 and len(names) != 1:
        known.ask("licenses", files=", ".join(file.path for file in files[:5]))
    elif names:
        name = names.pop() or ""
        path = next(file.path for file in files if file.text.license == name)
        known.say("license", name, path)
        known.row("License", f"{_shown(name)}, text in [{path}]({path})")
    elif files:
        _custom(known, files[0].path, files[0].text.spdx)
    else:
        _by_header(known, repo)


def _shown(name: str) -> str:
    """A licence's name for people."""
    found = licenses.get(name)
    return found.name if found else name


def _custom(known: Known, path: str, spdx: str | None) -> None:
    """A licence file whose text has no id on the hub's list."""
    known.say("license", "other", path)
    if spdx:
        known.say("license_name", _NO_NAME.sub("-", spdx.lower()).strip("-"), path)
        known.row("License", f"{spdx}, text in [{path}]({path})")
    else:
        known.ask("license_name", files=path)
    known.say("license_link", path, path)


def _by_header(known: Known, repo: Repo) -> None:
    said = {answer.value.license: path for path, answer in repo.weights.gguf.items() if answer.value and answer.value.license}
    if repo.spacy.value and repo.spacy.value.license:
        said[repo.spacy.value.license] = "meta.json"
    near = {licenses.near(name).ids[0]: path for name, path in said.items() if licenses.near(name).sure}
    if len(said) == len(near) == 1:
        name, path = near.popitem()
        known.say("license", name, path)
        known.row("License", _shown(name))
    else:
        known.ask("license")
