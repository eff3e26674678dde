"""``license_name`` and ``license_link``: names that are none, links that lead nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cardlint.checks.values import replacement, texts
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern
from cardlint.vocab import licenses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo

_NAME = Pattern(r"[a-z0-9][a-z0-9.+-]*")
_UNFILLED = Pattern(
    r"(?i)^(?:\W*|tbd|todo|n/?a|none|null|unknown|other|licen[cs]e|link|url|custom)$"
    r"|more information|your[-_ ]|<[^>]*>|\{\{|xxx|placeholder"
)
_PATH = Pattern(r"[^\s<>|*?\"\\]+")
_EXAMPLE_HOSTS = ("example.com", "example.org", "example.net", "localhost")


def name_unused(card: Card) -> Iterator[Problem]:
    """``license_name`` beside a licence that the hub's list already names."""
    declared = [value for _, value in texts(card, "license")]
    if not declared or any(value == "other" or not licenses.known(value) for value in declared):
        return
    for at, value in texts(card, "license_name"):
        yield Problem(
            f"key:{at}",
            f"license_name is given though license is '{declared[0]}', not 'other'",
            value=value,
            related=(Related("/metadata/license", f"license is '{declared[0]}'"),),
        )


def bad_name(card: Card) -> Iterator[Problem]:
    """A ``license_name`` that is unfilled or no id."""
    for at, value in texts(card, "license_name"):
        if _UNFILLED.search(value.strip()):
            yield Problem(at, f"license_name '{value}' names no license", value=value)
        elif not _NAME.fullmatch(value):
            plain = re.sub(r"[^a-z0-9.+]+", "-", value.lower()).strip("-")
            fix = replacement(card, at, plain, safe=False) if plain else None
            yield Problem(at, f"license_name '{value}' is no id", help=f"did you mean '{plain}'?" if plain else None, value=value, fix=fix)


def bad_link(card: Card) -> Iterator[Problem]:
    """A ``license_link`` that is unfilled, no URL and no path in the repository."""
    for at, value in texts(card, "license_link"):
        fault = _link_fault(value.strip())
        if fault:
            yield Problem(at, f"license_link '{value}' {fault}", value=value)


def _link_fault(value: str) -> str | None:
    if value.upper() in ("LICENSE", "LICENCE"):
        return None
    if _UNFILLED.search(value):
        return "is not filled in"
    if "://" not in value:
        return None if _PATH.fullmatch(value) else "is neither a file nor a URL"
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        return "is no valid URL"
    if parts.scheme.lower() not in ("http", "https") or "." not in host or re.search(r"\s", value):
        return "is no valid URL"
    return "leads to an example's host" if host.endswith(_EXAMPLE_HOSTS) else None


def missing_file(card: Card, repo: Repo) -> Iterator[Problem]:
    """A ``license_link`` to a file that the repository does not hold."""
    for at, value in texts(card, "license_link"):
        path = value.strip().removeprefix("./")
        if "://" in path or path.startswith("/") or not _PATH.fullmatch(path) or path in repo.names:
            continue
        yield Problem(at, f"license_link names '{path}', which is not in the repository", value=value)
