"""The hub's answers, passed on to the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import ClientError, web

from cardlint.gate.proxy.headers import returned
from cardlint.gate.proxy.upstream import UpstreamDown

if TYPE_CHECKING:
    import aiohttp


async def relay_small(answer: aiohttp.ClientResponse, warning: str | None = None) -> tuple[web.Response, bytes]:
    """A small answer of the hub, read whole. Raises UpstreamDown where it is cut off."""
    try:
        body = await answer.read()
    except (ClientError, OSError) as error:
        raise UpstreamDown(f"it broke off: {type(error).__name__}") from None
    headers = returned(answer.headers)
    headers.pop("Content-Length", None)
    if warning is not None:
        headers.add("X-HF-Warning", warning)
    return web.Response(status=answer.status, reason=answer.reason, headers=headers, body=body), body


async def relay(request: web.BaseRequest, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    """An answer of the hub, streamed to the client. What breaks off breaks off."""
    async with answer:
        response = web.StreamResponse(status=answer.status, reason=answer.reason, headers=returned(answer.headers))
        try:
            await response.prepare(request)
            if request.method != "HEAD":
                async for data in answer.content.iter_any():
                    await response.write(data)
            await response.write_eof()
        except (ClientError, OSError, TimeoutError):
            if request.transport is not None:
                request.transport.abort()
    return response
