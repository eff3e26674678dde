"""Licences of a card as SPDX writes them: an id of its list, an expression, or a ``LicenseRef`` with what is known of its text."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cardlint.tuples import NamedTuple
from cardlint.vocab import licenses as vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

_NOT_IN_A_REF = re.compile(r"[^A-Za-z0-9.-]+")
_LONGEST_REF = 80
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\^`{}|]+")
_UNSAID = frozenset({"other", "unknown"})


class License(NamedTuple):
    """One licence that a card declares.

    ``said`` is the author's word, ``spdx`` an SPDX expression or ``LicenseRef-…``; None where the card says only that there
    is some licence. ``name`` and ``link`` are the card's, ``text`` is that of the file ``path`` where the repository has it.
    """

    said: str
    spdx: str | None
    name: str
    link: str | None
    evidence: str
    text: str | None = None
    path: str | None = None

    @property
    def is_ref(self) -> bool:
        """Whether SPDX's list does not have it."""
        return self.spdx is not None and self.spdx.startswith("LicenseRef-")

    @property
    def known_text(self) -> str:
        """The text, or, where the repository has none, a sentence that says so: SPDX wants some text of every ``LicenseRef``."""
        if self.text:
            return self.text
        title = vocabulary.get(self.said)
        called = f" ({title.name})" if title else ""
        where = f" The card links it: {self.link}" if self.link else ""
        return f"The card declares the licence {self.name!r}{called}; its text is not known to this document.{where}"


def declared(facts: dict[str, Any], evidence: Callable[[str], str], read: Callable[[str], str | None]) -> tuple[License, ...]:
    """The licences of the front matter in its order; ``evidence`` tells the place of a pointer, ``read`` the text of a file."""
    values = facts["declared"]["licenses"]
    metadata = facts["metadata"]
    is_list = isinstance(metadata.get("license"), list)
    found: dict[str, License] = {}
    for index, said in enumerate(values):
        at = evidence(f"/license/{index}" if is_list else "/license")
        made = _license(said, metadata, at)
        path = _file_of(facts, said if said not in _UNSAID else None) if made.is_ref else None
        found.setdefault(made.spdx or made.said, made._replace(path=path, text=read(path) if path else None))
    return tuple(found.values())


def concluded(facts: dict[str, Any]) -> tuple[str, str] | None:
    """The one licence whose unchanged text the repository holds, and the file; None where there is none or several."""
    files = [each for each in (facts["repo"] or {}).get("license_files", ()) if each["role"] == "license" and not each["modified"]]
    found: dict[str, str] = {}
    for each in files:
        if each["spdx"]:
            found.setdefault(each["spdx"], each["path"])
        elif each["license"]:
            found.setdefault(spdx_of(each["license"]), each["path"])
    return next(iter(found.items())) if len(found) == 1 else None


def _license(said: str, metadata: dict[str, Any], at: str) -> License:
    given = metadata.get("license_name")
    name = given.strip() if isinstance(given, str) and given.strip() else None
    link = _link(metadata.get("license_link"))
    if said in _UNSAID:
        spdx = spdx_of(name) if said == "other" and name else None
        return License(said, spdx, name or said, link, at)
    spdx = spdx_of(said)
    return License(said, spdx, name or said, link, at) if spdx.startswith("LicenseRef-") else License(said, spdx, said, None, at)


def _link(value: Any) -> str | None:
    found = _ADDRESS.fullmatch(value.strip()) if isinstance(value, str) else None
    return found.group() if found else None


def _file_of(facts: dict[str, Any], said: str | None) -> str | None:
    """The licence file that is the declared licence; for one without an id, the only licence file."""
    files = [each for each in (facts["repo"] or {}).get("license_files", ()) if each["role"] == "license" and not each.get("unread")]
    if said is not None and vocabulary.known(said):
        return next((each["path"] for each in files if each["license"] == said and not each["modified"]), None)
    return files[0]["path"] if len(files) == 1 and not files[0]["spdx"] and not files[0]["license"] else None


@lru_cache(maxsize=4096)
def spdx_of(said: str) -> str:
    """A hub's id, an SPDX id or an SPDX expression in SPDX's spelling; any other word as a ``LicenseRef``."""
    entry = vocabulary.get(said) or vocabulary.get(said.lower())
    if entry is not None and not entry.family and entry.spdx:
        return entry.spdx
    if entry is None and said and len(said) < 200:
        parsed = _expression(said)
        if parsed:
            return parsed
    return reference(entry.id if entry else said)


def _expression(said: str) -> str | None:
    from license_expression import ExpressionError, ExpressionParseError, get_spdx_licensing

    try:
        return str(get_spdx_licensing().parse(said, validate=True, strict=True))
    except (ExpressionError, ExpressionParseError, TypeError, AttributeError, ValueError):
        return None


def reference(name: str) -> str:
    """A ``LicenseRef`` that two different names never share."""
    short = _NOT_IN_A_REF.sub("-", name).strip("-.")[:_LONGEST_REF].strip("-.")
    return f"LicenseRef-{short}" if short == name else f"LicenseRef-{short or 'license'}-{sha256(name.encode()).hexdigest()[:8]}"
