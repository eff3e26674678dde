"""A rule's page, at the address that refusals name: demand, reason, help and examples, as 'cardlint rule' tells them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiohttp import web

from cardlint.engine.loader import load, shipped_files
from cardlint.gate.proxy.answers import error
from cardlint.report.rule_text import explain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.engine.rule import Rule

_CODE = re.compile(r"[A-Z]{2,5}[0-9]{3}")


def rule_page(code: str, rules: Sequence[Rule]) -> web.Response:
    """The page of a code; 404 where there is no such rule."""
    rule = next((rule for rule in rules if rule.code == code), None) if _CODE.fullmatch(code) else None
    if rule is None:
        return error(404, "there is no such rule")
    file = next((file for file in shipped_files() if file.name.startswith(f"{code}-")), None) if not rule.folder else None
    text = (
        explain(load(file.read_text(encoding="utf-8"), file.name))
        if file
        else f"{rule.code} {rule.name}\n\n{rule.summary}\n\n{rule.help}\n"
    )
    return web.Response(text=text, headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=3600"})
