"""The hash by which code scanning knows a line again when lines above it move: ``primaryLocationLineHash``.

GitHub's upload action fills it in where a result has none, with this algorithm (github/codeql-action, ``src/fingerprints.ts``):
of each line the 100 UTF-16 code units that follow its start are hashed, blanks and tabs left out, line ends as LF, 65535 at the end
of the file and zeros behind it; the hash is the polynomial in 37 modulo 2**64, in hexadecimal without leading zeros, and the number of
times that it was met in the file.
"""

from __future__ import annotations

import re
import sys
from array import array

BLOCK = 100
_FACTOR = 37
_MODULUS = 1 << 64
_FIRST = pow(_FACTOR, BLOCK, _MODULUS)
_END = 65535


def line_hashes(text: str) -> list[str]:
    """The hashes of all lines, first line first; the empty text behind a last line end is a line."""
    lines = [re.sub("[ \t]", "", line) for line in re.split("\r\n|\r|\n", text)]
    units = array("H")
    starts = []
    for number, line in enumerate(lines):
        starts.append(len(units))
        units.extend(_units(line if number == len(lines) - 1 else line + "\n"))
    units.append(_END)
    units.extend([0] * BLOCK)
    found = []
    seen: dict[int, int] = {}
    value = 0
    at = 0
    wanted = iter(starts)
    next_start = next(wanted, None)
    for unit in units[:BLOCK]:
        value = (value * _FACTOR + unit) % _MODULUS
    while next_start is not None:
        if at == next_start:
            seen[value] = count = seen.get(value, 0) + 1
            found.append(f"{value:x}:{count}")
            next_start = next(wanted, None)
            continue
        value = (value * _FACTOR + units[at + BLOCK] - _FIRST * units[at]) % _MODULUS
        at += 1
    return found


def _units(line: str) -> array[int]:
    """The UTF-16 code units of a line."""
    units = array("H")
    units.frombytes(line.encode("utf-16-le", "surrogatepass"))
    if sys.byteorder == "big":
        units.byteswap()
    return units
