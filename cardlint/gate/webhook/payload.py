"""What a hub's webhook tells (payload version 3): which references of which repository moved, or that nothing here is of interest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.model import Kind

MAX_BODY = 1_000_000
"""Bytes of a payload, and so of all its references; real ones have some 2,000."""
_REPO = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,95}(?:/[A-Za-z0-9_][A-Za-z0-9._-]{0,95})?")
_OID = re.compile("[0-9a-f]{7,64}")
_REF = re.compile(r"refs/(?:heads/[^\x00-\x20\x7f~^:?*\[\\]{1,200}|pr/[1-9][0-9]{0,8})")
_KINDS: dict[str, Kind] = {"model": "model", "dataset": "dataset", "space": "space"}
_OPEN = frozenset({"open", "draft"})


class Moved(NamedTuple):
    """A reference that moved: from ``old`` (None: not known, or it is new) to ``new`` (None: whatever it is at now)."""

    kind: Kind
    repo: str
    ref: str
    old: str | None = None
    new: str | None = None


class NoPayload(Exception):
    """Not a payload of a hub; the message says what is wrong."""


def read_payload(body: bytes) -> list[Moved]:
    """The references that an event moved; none where it speaks of something else, such as a comment. Raises NoPayload."""
    try:
        payload = orjson.loads(body)
        event, repo = payload["event"], payload["repo"]
        action, scope, name, kind = event["action"], event["scope"], repo["name"], repo["type"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise NoPayload("a JSON object with 'event' and 'repo' is wanted") from None
    if not (isinstance(action, str) and isinstance(scope, str)):
        raise NoPayload("'event' has no action and scope")
    if not (isinstance(name, str) and isinstance(kind, str) and _REPO.fullmatch(name)):
        raise NoPayload("'repo' has no name and type")
    if kind not in _KINDS or action not in ("create", "update"):
        return []
    return [Moved(_KINDS[kind], name, *each) for each in _refs(payload, action, scope)]


def _refs(payload: dict[str, Any], action: str, scope: str) -> list[tuple[str, str | None, str | None]]:
    if scope == "repo" and action == "create":
        return [("refs/heads/main", None, _oid(payload["repo"].get("head_sha")))]
    if scope.startswith("repo"):
        rows = payload.get("updatedRefs")
        found = [_moved(row) for row in rows] if isinstance(rows, list) else []
        return [each for each in found if each is not None]
    discussion = payload.get("discussion")
    if scope == "discussion" and isinstance(discussion, dict) and discussion.get("isPullRequest") is True:
        number = discussion.get("num")
        if isinstance(number, int) and 0 < number < 10**9 and discussion.get("status") in _OPEN:
            return [(f"refs/pr/{number}", None, None)]
    return []


def _moved(row: Any) -> tuple[str, str | None, str | None] | None:
    """A reference that moved; None where it was deleted, or is no branch and no pull request."""
    if not isinstance(row, dict) or not isinstance(row.get("ref"), str) or not _REF.fullmatch(row["ref"]):
        return None
    new = _oid(row.get("newSha"))
    return (row["ref"], _oid(row.get("oldSha")), new) if new else None


def _oid(value: Any) -> str | None:
    return value if isinstance(value, str) and _OID.fullmatch(value) and value.strip("0") else None
