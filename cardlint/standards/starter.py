"""The beginning of an organisation's own standard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.standards.standard import Standard


def starter(name: str, bases: Sequence[tuple[str, Standard]]) -> str:
    """The text of a standard file that loads as it is; ``bases`` are the standards it extends, as the command named them."""
    title = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "our-standard"
    title = title if title[0].isalpha() else f"standard-{title}"
    out = [
        f"id: {title}",
        f'title: "{title.replace("-", " ").capitalize()}"',
        'version: "1"',
        'date: "2000"  # when this text was decided',
        'source: "where the policy behind this file can be read"',
        "about: |",
        "  For which cards this holds, and what it leaves to other policies.",
    ]
    if bases:
        out.append(f"extends: [{', '.join(base for base, _ in bases)}]")
        out += ["# What is different here, by control. A control that is dropped says why.", "# changes:"]
        for _, standard in bases:
            for control in standard.controls:
                out.append(f"#   {control.id}: {{severity: error}}  # {control.text}")
        first = bases[0][1].controls[0].id
        out.append(f'#   {first}: {{drop: true, reason: "why it does not hold here"}}')
    out += [
        "controls:",
        "  - id: OWN-1",
        '    clause: "policy, section 1"',
        '    text: "What the model must not be used for."',
        "    evidence: [{at: /sections/out_of_scope_use, words: 15}]",
        "    severity: warning",
        "",
    ]
    return "\n".join(out)
