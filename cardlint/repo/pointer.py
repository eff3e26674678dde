"""Pointer files: what a clone without large-file support holds in place of a content."""

from __future__ import annotations

import re

from cardlint.tuples import NamedTuple

MAX_POINTER = 1024
"""Bytes of a pointer file at most, by the specification of Git LFS."""

_LFS = re.compile(rb"version https?://[\w.\-]+/spec/v1\n(?:ext-[^\n]*\n)*oid sha256:([0-9a-f]{64})\nsize (\d{1,18})\n?")
_XET = re.compile(rb"# xet version \d+\n(?:(?:filesize = (\d{1,18})|hash = '[0-9a-f]*')\n?)+")


class Pointer(NamedTuple):
    """What a pointer tells of the content that is not here."""

    size: int
    sha256: str | None


def read_pointer(head: bytes) -> Pointer | None:
    """The pointer that a whole small file is, else None. Knows Git LFS (hubs' Xet storage writes the same) and git-xet."""
    if len(head) > MAX_POINTER:
        return None
    text = head.replace(b"\r\n", b"\n")
    lfs = _LFS.fullmatch(text)
    if lfs:
        return Pointer(int(lfs[2]), lfs[1].decode())
    xet = _XET.fullmatch(text)
    return Pointer(int(xet[1]), None) if xet and xet[1] else None
