"""The licence files beside a card, each identified by its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from cardlint.repo.license_text import UNKNOWN, Identified, identify
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.repo.answer import State
    from cardlint.repo.repo import Repo

MAX_BYTES = 400_000
"""Bytes of a licence file; bundles of many licences have more and are not told apart."""
MAX_FILES = 20

Role = Literal["license", "notice", "policy"]
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "license",
        re.compile(
            r"(?i)(?:un)?licen[sc]es?(?:[-_. ].*)?|copying(?:[-_.].*)?|.{1,60}[-_ .]licen[sc]e(?:\.(?:md|txt|rst))?|terms(?:[-_. ].*)?"
        ),
    ),
    ("notice", re.compile(r"(?i)notices?(?:\.(?:md|txt|rst))?|third[-_]?party.{0,40}")),
    ("policy", re.compile(r"(?i)(?:acceptable[-_ ]?|prohibited[-_ ]?)?use[-_ ]?policy(?:\..{1,5})?")),
)
_NO_TEXT = (".json", ".py", ".png", ".jpg", ".pdf", ".html", ".yaml", ".yml", ".safetensors", ".bin")


class LicenseFile(NamedTuple):
    """A licence file at the top of the repository, and what its text was identified as where it could be read."""

    path: str
    role: Role
    state: State
    reason: str
    text: Identified


def read_license_files(repo: Repo) -> tuple[LicenseFile, ...]:
    """The licence files at the top, plain names first."""
    found: list[tuple[Role, str]] = []
    for role, pattern in _ROLES:
        names = sorted(
            (name for name in repo.names if "/" not in name and len(name) < 100 and pattern.fullmatch(name)),
            key=lambda name: (len(name), name),
        )
        found += ((role, name) for name in names if not name.lower().endswith(_NO_TEXT))
    return tuple(_read(repo, name, role) for role, name in found[:MAX_FILES])


def _read(repo: Repo, path: str, role: Role) -> LicenseFile:
    whole = repo.whole(path, MAX_BYTES)
    if whole.value is None:
        return LicenseFile(path, role, whole.state, whole.reason, UNKNOWN)
    return LicenseFile(path, role, "ok", "", identify(whole.value.decode("utf-8-sig", "replace")))
