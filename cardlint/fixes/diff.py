"""What fixes would change, as a unified diff that ``patch`` and ``git apply`` take."""

from __future__ import annotations

import re
from difflib import unified_diff

_LINES = re.compile(rb"[^\n]*\n|[^\n]+")


def diff(before: bytes, after: bytes, path: str) -> bytes:
    """The diff of two contents of one file, byte for byte; lines end at LF, as ``patch`` counts."""
    out: list[bytes] = []
    path = path.removeprefix("./")
    old, new = (_latin(_LINES.findall(data)) for data in (before, after))
    for number, line in enumerate(unified_diff(old, new)):
        if number < 2:
            out.append(f"{line[:4]}{path}\n".encode("utf-8", "surrogateescape"))
            continue
        out.append(line.encode("latin-1"))
        if not line.endswith("\n"):
            out.append(b"\n\\ No newline at end of file\n")
    return b"".join(out)


def _latin(lines: list[bytes]) -> list[str]:
    """Bytes as text that gives back the same bytes."""
    return [line.decode("latin-1") for line in lines]
