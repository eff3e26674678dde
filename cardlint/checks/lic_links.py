"""Licence links and badges: an address that is another licence's than its label says, a badge against the front matter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from cardlint.checks.lic_names import Reading, read, same_terms, same_version
from cardlint.checks.values import texts
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern
from cardlint.vocab import licenses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Link

_TEXTS = (
    Pattern(r"(?i)creativecommons\.org/(?:licenses/(?P<cc>[a-z-]+)(?:/(?P<version>\d\.\d))?|publicdomain/(?P<zero>zero))"),
    Pattern(r"(?i)(?:opensource\.org/licenses?|choosealicense\.com/licenses)/(?P<id>[\w.+-]+)"),
    Pattern(r"(?i)apache\.org/licenses/LICENSE-(?P<apache>\d\.\d)"),
    Pattern(r"(?i)gnu\.org/licenses/(?:old-licenses/)?(?P<gnu>[al]?gpl-\d\.\d)"),
    Pattern(r"(?i)meta-llama/(?:llama-models/blob/main/models/)?(?P<llama>llama\d(?:_\d)?)/(?:blob/[\w.-]{1,40}/)?LICENSE"),
)
_LICENSE_PAGE = Pattern(
    r"(?i)https?://(?:www\.)?(?:huggingface\.co|hf\.co)/([\w.-]+/[\w.-]+)/(?:blob|raw|resolve)/[\w.-]{1,40}/[^?#]{0,60}LICEN[CS]E"
)
"""The licence file of a repository on the hub; what holds there is known of releases that are known by name."""
_BADGE = Pattern(r"(?i)img\.shields\.io/(?:badge|static/v1)/(?:model |weights )?licen[cs]e(?:-|:)([^?/]+?)-[a-z0-9#]+(?:\.svg|\?|$)")
_LONGEST = 60


def read_url(url: str) -> Reading | None:
    """The licence whose text stands at an address, None for all others."""
    match = next((found for pattern in _TEXTS if (found := pattern.search(url))), None)
    if match is None:
        return None
    parts = match.groupdict()
    if parts.get("cc"):
        return read(f"cc-{parts['cc']}-{parts['version'] or ''}")
    if parts.get("apache"):
        return read(f"apache-{parts['apache']}")
    return read(
        "cc0"
        if parts.get("zero")
        else re.sub(r"(?i)\.(?:html|txt|php)$", "", next(value for value in parts.values() if value)).replace("_", ".")
    )


def label(card: Card) -> Iterator[Problem]:
    """A link whose label, or the badge it wears, names one licence and whose address leads to another's text."""
    links = card.outline.links
    for index, link in enumerate(links):
        target = None if link.image else read_url(link.url)
        if target is None:
            continue
        worn = next((said for other in links[max(0, index - 1) : index + 2] if _inside(other, link) and (said := _badge_says(other))), "")
        name = worn or " ".join(link.text.split())
        named = read(name) if len(name) <= _LONGEST else None
        if named is None or (same_terms(named, target) and same_version(named, target)):
            continue
        yield Problem(link, f"link text '{name}' and its address '{link.url}' are different licenses", value=link.url)


def of_another(card: Card) -> Iterator[Problem]:
    """``license_link`` that leads to another licence than the one declared; under ``other`` it may lead anywhere."""
    declared = [value for _, value in texts(card, "license")]
    readings = [read(value) for value in declared]
    if not declared or None in readings or not all(licenses.known(value.lower()) for value in declared):
        return
    for at, value in texts(card, "license_link"):
        target = _target(value)
        reading = read(target) if target else None
        if target and not any(_may_be(own, reading) for own in readings):
            related = (Related("/metadata/license", f"license is '{declared[0]}'"),)
            yield Problem(at, f"license_link leads to {target} but license is '{declared[0]}'", value=value, related=related)


def _may_be(own: Reading | None, target: Reading | None) -> bool:
    return bool(own and target) and same_terms(own, target) and same_version(own, target)  # type: ignore[arg-type]


def _target(url: str) -> str | None:
    """The licence behind an address, by name: a known text's, or that of a release whose licence file it is."""
    page = _LICENSE_PAGE.match(url.strip())
    if page:
        from cardlint.checks.lic_base import release  # few cards link a model's licence

        known = release(page[1])
        return known.license if known else None
    reading = read_url(url)
    return _written(reading) if reading else None


def _written(reading: Reading) -> str:
    """The name of a licence by its reading: ``cc-by-nc-4.0``."""
    if reading.family == "bsd":
        return f"bsd-{reading.version[:1]}-clause"
    elements = "-".join(each for each in ("by", "nc", "sa", "nd") if each in reading.elements)
    return "-".join(part for part in (reading.family, elements, reading.version) if part)


def _inside(image: Link, link: Link) -> bool:
    return image.image and link.start <= image.start and image.end <= link.end


def _badge_says(link: Link) -> str:
    """The licence on a badge of shields.io, "" for every other image."""
    match = _BADGE.search(link.url) if link.image and "shields.io" in link.url else None
    return unquote(match.group(1)).replace("--", "-").replace("_", " ") if match else ""


def badge(card: Card) -> Iterator[Problem]:
    """A licence badge that says another licence than the front matter."""
    declared = [(value, read(value)) for _, value in texts(card, "license")]
    if not declared or any(reading is None or not licenses.known(value.lower()) for value, reading in declared):
        return
    for link in card.outline.links:
        said = _badge_says(link)
        reading = read(said) if said else None
        if reading and not any(own and same_terms(reading, own) and same_version(reading, own) for _, own in declared):
            related = (Related("/metadata/license", f"license is '{declared[0][0]}'"),)
            yield Problem(link, f"badge says '{said}' but license is '{declared[0][0]}'", value=said, related=related)
