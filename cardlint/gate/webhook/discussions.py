"""Discussions and pull requests of a hub, as far as one comment in them is kept up to date.

The requests are those that ``huggingface_hub`` makes (HfApi: get_repo_discussions, get_discussion_details, create_discussion,
comment_discussion, edit_discussion_comment); its own calls wait for a silent hub for ever, so they go through `Upstream`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson

from cardlint.gate.proxy.upstream import Upstream, UpstreamDown, object_of
from cardlint.gate.webhook.comment import MARK, TITLE
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cardlint.model import Kind

MOST_PAGES = 20
"""Pages of discussions in which one's own is looked for."""


class Found(NamedTuple):
    """One's own comment: in which discussion, its id, and its text."""

    number: int
    id: str
    text: str


class Discussions:
    """The discussions of repositories, as the account ``name`` that a token belongs to."""

    def __init__(self, upstream: Upstream, headers: Mapping[str, str], name: str) -> None:
        self._upstream, self._headers, self.name = upstream, headers, name

    async def tell(self, kind: Kind, repo: str, pull: int | None, text: str, *, only_update: bool) -> int | None:
        """Write the comment, or bring it up to date; the number of its discussion, None where there was nothing to do.

        ``pull`` is the pull request to answer in; None: one's own discussion. ``only_update``: where there is no comment yet,
        none is made. Raises Refused where the hub does not allow it, UpstreamDown where it does not answer sensibly.
        """
        base = f"/api/{kind}s/{repo}/discussions"
        found = await self._own(base, pull)
        if found is not None:
            if found.text.strip() != text.strip():
                await self._post(f"{base}/{found.number}/comment/{found.id}/edit", {"content": text})
            return found.number
        if only_update:
            return None
        if pull is not None:
            await self._post(f"{base}/{pull}/comment", {"comment": text})
            return pull
        made = await self._post(base, {"title": TITLE, "description": text, "pullRequest": False})
        number = made.get("num")
        return number if isinstance(number, int) else None

    async def _own(self, base: str, pull: int | None) -> Found | None:
        if pull is not None:
            return await self._in(base, pull)
        for page in range(MOST_PAGES):
            query = urlencode({"p": page, "type": "discussion", "status": "all", "author": self.name})
            answer = await self._get(f"{base}?{query}")
            rows, count, start = answer.get("discussions"), answer.get("count"), answer.get("start")
            if not isinstance(rows, list):
                raise UpstreamDown("it answered no list of discussions")
            for row in rows:
                if isinstance(row, dict) and row.get("title") == TITLE and _author(row) == self.name and isinstance(row.get("num"), int):
                    found = await self._in(base, row["num"])
                    if found is not None:
                        return found
            if not (rows and isinstance(count, int) and isinstance(start, int) and start + len(rows) < count):
                return None
        return None

    async def _in(self, base: str, number: int) -> Found | None:
        """One's own comment in a discussion."""
        events = (await self._get(f"{base}/{number}")).get("events")
        for event in events if isinstance(events, list) else ():
            if isinstance(event, dict) and event.get("type") == "comment" and _author(event) == self.name:
                data = event.get("data") or {}
                text = (data.get("latest") or {}).get("raw")
                if isinstance(text, str) and text.startswith(MARK) and not data.get("hidden") and isinstance(event.get("id"), str):
                    return Found(number, event["id"], text)
        return None

    async def _get(self, path: str) -> dict[str, Any]:
        return object_of(await self._upstream.ask("GET", path, self._headers))

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        more = {"Content-Type": "application/json"}
        return object_of(await self._upstream.ask("POST", path, self._headers, orjson.dumps(body), more=more))


def _author(row: dict[str, Any]) -> str | None:
    author = row.get("author")
    return author.get("name") if isinstance(author, dict) else None
