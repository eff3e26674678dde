"""What the caller adds to a card's own words: times, the hub's address, who supplies; and the names made from it all."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from cardlint import __version__
from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.export.inventory import Inventory

TOOL = f"cardlint-{__version__}"
_FOLDERS = {"model": "", "dataset": "datasets/", "space": "spaces/"}
_PUBLIC = "https://huggingface.co"
_SPACE = uuid.UUID("6a5e1b8c-3f0f-5d54-9a2e-6d1a3c6c9f11")
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z)?")


class Given(NamedTuple):
    """What cannot be read from a card.

    ``created`` is the document's time; without one it is the epoch, so that the same card gives the same bytes.
    """

    created: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    hub_url: str | None = None
    supplier: str | None = None
    version: str | None = None
    released: datetime | None = None

    @property
    def stamp(self) -> str:
        """The document's time as ISO 8601."""
        return stamp(self.created)


def stamp(moment: datetime) -> str:
    """A time in UTC to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str, option: str) -> datetime:
    """A date or a time in UTC as an option gives it; seconds since the epoch for SOURCE_DATE_EPOCH. Raises CardlintError."""
    try:
        if re.fullmatch(r"\d{1,11}", text):
            return datetime.fromtimestamp(int(text), UTC)
        if _STAMP.fullmatch(text):
            return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise CardlintError(f"{option} {text!r}: a date (2026-11-28), a time in UTC (2026-11-28T09:30:00Z) or seconds since 1970")


def hub_address(text: str) -> str:
    """The address of a hub as ``--hub-url`` gives it. Raises CardlintError."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise CardlintError(f"--hub-url {text!r}: an address like https://hub.example.org")
    return text.rstrip("/")


def location(kind: str, identifier: str | None, given: Given, revision: str | None = None) -> str | None:
    """Where a repository stands on the hub that was given; None without a hub or an id."""
    if given.hub_url is None or identifier is None or not re.fullmatch(r"[\w.-]+(?:/[\w.-]+)?", identifier):
        return None
    tree = f"/tree/{quote(revision, safe='')}" if revision else ""
    return f"{given.hub_url}/{_FOLDERS[kind]}{identifier}{tree}"


def package_url(kind: str, identifier: str | None, given: Given, revision: str | None = None) -> str | None:
    """The package URL (type huggingface, for models) on the hub that was given; None without one."""
    if kind != "model" or location(kind, identifier, given) is None:
        return None
    version = f"@{quote(revision.lower(), safe='')}" if revision else ""
    elsewhere = "" if given.hub_url == _PUBLIC else f"?repository_url={quote(given.hub_url or '', safe='')}"
    return f"pkg:huggingface/{identifier}{version}{elsewhere}"


def unique(known: Inventory, given: Given, form: str) -> uuid.UUID:
    """The document's own id: the same for the same card, id, revision, additions and version of cardlint."""
    parts = (form, TOOL, known.id or known.name, known.revision or "", known.card_sha256, repr(given), repr(known.files))
    return uuid.uuid5(_SPACE, sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest())


def slug(name: str) -> str:
    """A name as a part of an address or of a file's name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:100] or "card"
