"""What a request asks the hub for, told by its raw path: the few requests that the gate answers itself or judges, and all others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

from cardlint.sources.layout import KIND_FOLDERS
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.model import Kind

What = Literal["validate", "preupload", "commit", "merge", "create", "push", "rewind", "odd", "other"]

_NAME = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,95}"
_REPO = rf"/api/(?P<kinds>models|datasets|spaces)/(?P<id>{_NAME}(?:/{_NAME})?)"
_COMMIT = re.compile(rf"{_REPO}/(?P<what>commit|preupload)/(?P<revision>[^?]+)")
_MERGE = re.compile(rf"{_REPO}/discussions/(?P<number>[1-9][0-9]{{0,9}})/merge")
_PUSH = re.compile(r"(?:^|/)git-receive-pack$")
_LOOKS_JUDGED = re.compile(
    r"/api/(?:models|datasets|spaces)/.*/(?:commit|preupload)(?:/|$)"
    r"|/api/(?:models|datasets|spaces)/.*/discussions/[^/]*/merge(?:/|$)"
    r"|/validate-yaml(?:/|$)|git-receive-pack"
)
_REWINDS = re.compile(r"/api/(?:models|datasets|spaces)/.*/(?:branch/.+/(?:reset|revert)(?:/|$)|merge/.+/into/)")
"""Addresses of some hubs that put a branch into another state without a commit."""
_NO_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|//|@\{|^/|/$|\.lock$|^-|^$")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Asked(NamedTuple):
    """A request: what it asks for; the repository, the revision that moves and the number of a pull request where it names them."""

    what: What
    kind: Kind = "model"
    id: str = ""
    revision: str = "main"
    number: int = 0


def asked(method: str, raw_path: str) -> Asked:
    """What a request asks for.

    A path that a lenient hub could take for a judged one, and that is not written as clients write it, is ``odd``.
    """
    if method in _READING:
        return Asked("other")
    path = raw_path.partition("?")[0]
    found = _strictly(path) if method == "POST" else None
    if found is not None:
        return found
    leniently = _leniently(path)
    if any(map(_REWINDS.search, leniently)):
        return Asked("rewind")
    odd = not raw_path.startswith("/") or any(map(_LOOKS_JUDGED.search, leniently))
    return Asked("odd" if odd else "other")


def _strictly(path: str) -> Asked | None:
    if path == "/api/validate-yaml":
        return Asked("validate")
    if path == "/api/repos/create":
        return Asked("create")
    if match := _COMMIT.fullmatch(path):
        revision = unquote(match["revision"])
        if "%" in revision or _NO_REF.search(revision):
            return None
        return Asked("commit" if match["what"] == "commit" else "preupload", KIND_FOLDERS[match["kinds"]], match["id"], revision)
    if match := _MERGE.fullmatch(path):
        return Asked("merge", KIND_FOLDERS[match["kinds"]], match["id"], number=int(match["number"]))
    return Asked("push") if _PUSH.search(path) else None


def _leniently(path: str) -> tuple[str, str]:
    """A path as the most lenient of servers would read it: with ``..`` followed, and with it as a name like others."""
    for _ in range(4):
        path = unquote(path)
    steps = [step.partition(";")[0].strip() for step in path.replace("\\", "/").lower().split("/")]
    plain = [step for step in steps if step not in ("", ".")]
    followed: list[str] = []
    for step in plain:
        if step == "..":
            del followed[-1:]
        else:
            followed.append(step)
    return "/" + "/".join(followed), "/" + "/".join(plain)
