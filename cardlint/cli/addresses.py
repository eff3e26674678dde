"""Addresses that options name."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cardlint.model import CardlintError


def address(text: str, option: str) -> str:
    """The address of a hub or gate, without a slash at its end. Raises CardlintError."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        raise CardlintError(f"{option}: {text!r} is no http or https address without credentials and query")
    return text.rstrip("/")


def host_and_port(text: str, option: str) -> tuple[str, int]:
    """Where a server listens. Raises CardlintError."""
    match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]*)):([0-9]{1,5})", text)
    if match is None or int(match[3]) > 65535:
        raise CardlintError(f"{option}: {text!r} is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080")
    return match[1] or match[2] or "0.0.0.0", int(match[3])  # noqa: S104  # a port alone means every address, as elsewhere
