"""Which headers go through the gate, to the hub and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multidict import CIMultiDict

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "trailers"}
    | {"transfer-encoding", "upgrade", "expect"}
)
_NEVER_FORWARDED = _HOP_BY_HOP | {
    *("host", "x-http-method-override", "x-method-override", "x-http-method", "x-original-url", "x-rewrite-url"),
    *("x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "forwarded"),
}


def forwarded(headers: Mapping[str, str], *, length: int | None = None) -> CIMultiDict[str]:
    """A client's headers as the hub gets them: none that speak of one hop only, none that steer proxies or the method.

    ``length`` replaces the length and encoding of the body by those of another body.
    """
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    dropped = _NEVER_FORWARDED | named
    if length is not None:
        dropped |= {"content-length", "content-encoding"}
    kept = CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in dropped)
    if length is not None:
        kept["Content-Length"] = str(length)
    return kept


def returned(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """The hub's headers as the client gets them."""
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _HOP_BY_HOP | named)
