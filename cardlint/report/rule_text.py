"""A rule file as text for people."""

from __future__ import annotations

from typing import Any


def explain(data: dict[str, Any]) -> str:
    """A rule file as text for a terminal."""
    severity = data["severity"]
    shown = severity if isinstance(severity, str) else ", ".join(f"{profile} {word}" for profile, word in severity.items())
    out = [
        f"{data['code']} {data['name']}",
        data["summary"],
        "",
        f"status {data['status']} · severity {shown} · confidence {data['confidence']} · scope {data['scope']} · since {data['since']}",
        "",
        "Why",
        *indented(data["why"]),
        "",
        "What to do",
        *indented(data["help"]),
    ]
    if data.get("help-for"):
        from cardlint.vocab.groups import titles

        names = titles()
        out += ["", *(f"    {names[group].capitalize()}: {more}" for group, more in data["help-for"].items())]
    if data.get("yields-to"):
        out += ["", f"Not told where {' or '.join(data['yields-to'])} says the same"]
    for title, side in (("Bad", "bad"), ("Good", "good")):
        example = next((each for each in data["examples"][side] if each.get("card")), None)
        if example is not None:
            out += ["", title, *indented(example["card"])]
            out += [f"    -> {finding}" for finding in example.get("findings", ())]
    if data.get("references"):
        out += ["", "References", *(f"    {each}" for each in data["references"])]
    return "\n".join(out) + "\n"


def indented(text: str) -> list[str]:
    """The lines of a text, each four blanks further in."""
    return [f"    {line}".rstrip() for line in text.strip().splitlines()]
