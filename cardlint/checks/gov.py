"""Who answers for a model, and on what terms it is given: contact, gates, version and date."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cardlint.data import vocabulary
from cardlint.model import Problem, Range
from cardlint.patterns import Cue, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_PEOPLE = frozenset(
    {
        "author",
        "authors",
        "contact",
        "creator",
        "created_by",
        "developers",
        "model_creator",
        "maintainer",
        "maintainers",
        "organization",
    }
)
_GATE_TEXTS = ("extra_gated_prompt", "extra_gated_description", "extra_gated_heading")
_ASK = Pattern(
    r"\b(?:to (?:get|gain|obtain|request) (?:the )?access to (?:the|this|these|our) (?:weights|checkpoints?|models?)\b"
    r"|the (?:\w+ ){0,2}(?:weights|checkpoints?) (?:is|are) (?:only )?available (?:up)?on (?:reasonable )?request)",
    re.IGNORECASE,
)
_ASKED = Cue("(?i)" + _ASK.source.replace(r"\b", "").replace(r"\w", r"[\pL\pN_]"))
"""`_ASK` for RE2, which knows words of ASCII only, hence no edges."""
_CREDIT = Cue(
    r"(?im)^#{1,6} +(?:the +)?model +by +\S|\b(?:embedding|lora|lycoris|hypernetwork|checkpoint|merge) by +@?\w"
    r"|(?:^|[^\pL\pN_])credits? +goe?s? +to[ :]"
    r"|^[^\w\n\[]*(?:(?:trained|developed|built|made|created|maintained|quanti[sz]ed|converted|merged|packaged) by"
    r"|(?:\w+ )?packaging):[^\w\n\[]*\pL"
    r"|(?:©|\(c\)|copyright) *(?:\(c\) *|© *)?(?:19|20)\d\d[-–, \d]*[\pL\[]"
)
"""Who made a model, as headings and lines say it that are no section on authors."""
_HOST = r"https?://(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org)/[\w.-]{1,60}/[\w.-]{1,80}"
_REACHED = Cue(
    r"(?im)\b(?:discord|slack|telegram|mailing list|issue tracker|discussions tab|community tab)\b"
    r"|\b(?:repositor(?:y|ies)|repo|code|github|gitlab|implementation|application|project|library|pipeline|runner|harness|website|recipes?"
    r"|findings)\b[^\n]{0,100}?" + _HOST + r"|" + _HOST + r"/?\)?[^\n]{0,40}\b(?:repositor(?:y|ies)|repo|code|harness)\b"
    r"|^[^\w\n]{0,12}" + _HOST + r"/?\W{0,6}$|<a href=\"" + _HOST + r"\""
    r"|\b(?:report|send|raise|submit)\b[^\n]{0,60}\b(?:vulnerabilit|concerns?|issues?|bugs?|problems?|feedback)\b[^\n]{0,40}(?:\]\(|https?://|@)"
)
"""A place where the makers are met: a forum, or the repository of the code, which has an issue tracker."""
_LINKED = Pattern(r"(?:https?://(?:www\.)?|\b)(?:github\.com|gitlab\.com|codeberg\.org)/(?P<owner>[\w.-]{1,60})/(?P<name>[\w.-]{1,80})")
_OWNED = Pattern(r"(?:[\"'`]|(?:huggingface\.co|hf\.co|modelscope\.cn)/(?:datasets/|models/|spaces/)?)([\w.-]{1,60})/[\w.-]")
_LONG_NAME = 4
"""Letters and digits of a name that no word holds by chance."""
_OF_OTHERS = Cue(
    r"(?i)\b(?:data ?sets?|data|corpus|corpora|benchmarks?|based on|(?:trained|tuned) (?:on|with|using)|baselines?|licen[cs]es?"
    r"|pre-?trained|guides?|inspir\w+|thanks|compar\w+|segmented)\b|\.(?:png|jpg|svg|gif)\b|!\["
)
"""What stands beside a link to the repository of somebody else: whose data, base, tool or picture it is."""
_BESIDE = 60
_VERSION = Pattern(r"[Vv]ersions?\b[^\n]{0,40}\d|\b[vV]\d+(?:\.\d+)*\b|[Rr]evisions?\b[^\n]{0,40}[0-9a-f]{7}")
_DATE = Pattern(
    r"(?:19|20)\d\d(?:[-/.](?:0?[1-9]|1[0-2])\b| ?年)"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? (?:\d{1,2},? )?(?:19|20)\d\d\b"
)


def no_contact(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """Neither an author nor a way to reach one, in the body or in the front matter."""
    name = "contact_authors" if card.kind == "model" else "contact"
    section = card.sections.get(name)
    if section is None or section.documented != "none" or section.status != "absent":
        return
    metadata = card.front_matter.metadata
    body = card.text[card.front_matter.end :]
    if any(metadata[key] for key in metadata.keys() & _PEOPLE) or _CREDIT.occurs(body) or _REACHED.occurs(body):
        return
    if _links_home(card, body, str(facts["id"] or "")):
        return
    yield Problem(f"section:{name}", "the card names no author and no contact")


def _links_home(card: Card, body: str, own_id: str) -> bool:
    """Whether a repository on a code host is the authors' own: its owner has what the card loads, or the title has its name.

    The name in the title counts where the repository is linked twice, for models are called after the code of others too, or where
    the code of a dataset is cloned. A model's card is believed of any repository but those of its base's owner, of well-known
    tools, and of data, tools and pictures that it says it took from there. What an owner makes from a base of its own is its own.
    """
    given = card.front_matter.metadata.get("base_model")
    bases = [base for base in (given if isinstance(given, list) else [given]) if isinstance(base, str)]
    of_bases = {_name(base.partition("/")[0]) for base in bases} - _own_names(card, own_id)
    others = of_bases.union(vocabulary("metadata_words")["code_of_others"]) if card.kind == "model" else None
    loaded = {_name(match[1]) for match in _OWNED.finditer(_LINKED.sub(" ", body))} - of_bases
    headings = card.outline.headings
    title = _name(headings[0].text) if headings else ""
    seen = set()
    for match in _LINKED.finditer(body):
        owner, name = _name(match["owner"]), _name(match["name"].removesuffix(".git"))
        named = len(name) >= _LONG_NAME and name in title
        cloned = card.kind == "dataset" and body[: match.start()].endswith("git clone ")
        believed = others is not None and owner not in others and not _OF_OTHERS.occurs(_around(body, *match.span()))
        if believed or owner in loaded or (named and (cloned or (owner, name) in seen)):
            return True
        seen.add((owner, name))
    return False


def _own_names(card: Card, own_id: str) -> set[str]:
    """The owner of this repository, by its id or by the id in the text that ends with the title."""
    headings = card.outline.headings
    title = _name(headings[0].text) if headings else ""
    ids = [own_id] if own_id else [claim.value for claim in card.claims.repo_ids if _name(claim.value.rpartition("/")[2]) == title]
    return {_name(owner) for each in ids if (owner := each.rpartition("/")[0])}


def _around(text: str, start: int, end: int) -> str:
    """What stands beside a link in its sentence."""
    before, after = text[max(0, start - _BESIDE) : start], text[end : end + _BESIDE]
    return before.rpartition("\n\n")[2].rpartition(". ")[2] + " " + after.partition("\n")[0].partition(". ")[0]


def _name(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def gate_without_terms(card: Card) -> Iterator[Problem]:
    """Fields that a reader must fill in, and no text that says what for."""
    metadata = card.front_matter.metadata
    if metadata.get("extra_gated_fields") and not any(metadata.get(key) for key in _GATE_TEXTS):
        yield Problem("key:/metadata/extra_gated_fields", "the gate asks for data but does not say on what terms or why")


def prose_gate(card: Card) -> Iterator[Problem]:
    """A sentence that makes readers ask for the weights, where no gate is declared."""
    if any(key.startswith("extra_gated") or key == "gated" for key in card.front_matter.metadata):
        return
    match = _ASK.search(card.text, card.front_matter.end) if _ASKED.occurs(card.utf8) else None
    if match is not None:
        yield Problem(Range(*match.span()), "access is granted on request, but no gate is declared", value=match.group())


def no_version(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """No version of the model or dataset, in the front matter or in the text."""
    if not facts["metadata"].get("version") and not _VERSION.search(card.text, card.front_matter.end):
        yield Problem("/metadata", "the card names no version")


def no_date(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """No date of release, in the front matter or in the text."""
    given = any(facts["metadata"].get(key) for key in ("date", "release_date", "released"))
    if not given and not _DATE.search(card.text, card.front_matter.end):
        yield Problem("/metadata", "the card names no date")
