"""A card that speaks of another model than the one it stands beside, or of none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.contrasts import EVERY, contrast
from cardlint.checks.doc_loads import low_code
from cardlint.checks.doc_names import misspelt, siblings, squeeze, words
from cardlint.checks.places import quoted
from cardlint.model import Problem, Related
from cardlint.patterns import Cue, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Heading
    from cardlint.model import Placed

_REPO_NAME = Pattern(r"([\w.\-]+/)?([A-Za-z0-9]+(?:[-_.][A-Za-z0-9.]+)+)")
_LEAD = Pattern(r"(?i)^(?:model )?card (?:for|of) |^model card:? ")
_PAGE = Pattern(r"https?://(?:huggingface\.co|hf\.co)/(?:models/)?([\w.\-]+)/([\w.\-]+)")
_ID_GOES_ON = Pattern(r"[\w./\-]")
_STREAM = Pattern(
    r"(?i)\b(?:repelis|pelicula|película|watch\W+(?:full\W+)?(?:movie|online)|full\W+movie|streaming\W+(?:vf|ita|gratuit|complet)"
    r"|ver\W+online|cuevana|123movies)"
)
_FILMS = Cue("(?i)" + _STREAM.source.removeprefix("(?i)").replace(r"\b", "").replace(r"\W", r"[^A-Za-z0-9_]"))
"""`_STREAM` for RE2 and a little more, as RE2 knows words of ASCII only, hence no edges; all letters in a class cost 6 ms to compile."""
_FEWEST_FILMS = 3
_READ = 6_000
_MOST_PAGES = 200
_MOST_BLANKS = 5
_LONGEST = 200
_FEWEST_WORDS = 3


def title(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """A title that is a repository's name, but a sibling's."""
    owner, _, name = str(facts["id"]).rpartition("/")
    headings = card.outline.headings
    if headings and headings[0].level == 1 and (_names_sibling(headings[0].text, owner, name) or _names_base(card, headings[0].text, name)):
        yield _titled(headings[0], str(facts["id"]))


def contrasting_title(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """A title, or a name of the results, of another size, language or version than the repository, or misspelt; one problem a card."""
    name = str(facts["id"]).rpartition("/")[2]
    index = card.front_matter.metadata.get("model-index")
    entry = index[0] if isinstance(index, list) and len(index) == 1 else None
    results = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(results, str) or not (contrast(name, results) or (entry and entry.get("results") and _is_renamed(name, results))):
        results = None
    headings = card.outline.headings
    if headings and squeeze(headings[0].text) != squeeze(name) and _is_of_another(name, headings[0].text):
        related = (Related("/metadata/model-index/0/name", "so are the results"),) if results else ()
        yield _titled(headings[0], str(facts["id"]), related)
    elif results:
        message = f"the results are those of {quoted(results)}, the repository is {quoted(str(facts['id']))}"
        yield Problem("/metadata/model-index/0/name", message, value=results)


def _titled(heading: Heading, own: str, related: tuple[Related, ...] = ()) -> Problem:
    said = _LEAD.sub("", heading.text).strip(" `*_🤗")
    message = f"the title is {quoted(said)}, the repository {quoted(own)}"
    return Problem(heading, message, value=said.rpartition("/")[2], related=related)


def _names_sibling(text: str, owner: str, name: str) -> bool:
    """Whether a heading is a repository's name, and that of a sibling."""
    if " " in text and not _LEAD.match(text):
        return False
    match = _REPO_NAME.fullmatch(_LEAD.sub("", text).strip(" `*_🤗"))
    if match is None:
        return False
    said_owner, said = (match.group(1) or "").rstrip("/"), match.group(2)
    if said_owner and said_owner.lower() == owner.lower():
        return squeeze(said) != squeeze(name)
    return siblings(name, said)


def _is_renamed(name: str, results: str) -> bool:
    """Whether the results carry the name of a sibling; a letter that is missing in this one's is none."""
    match = _REPO_NAME.fullmatch(results.strip())
    return match is not None and siblings(name, match[2]) and not misspelt(name, match[2])


def _names_base(card: Card, text: str, name: str) -> bool:
    """Whether a heading is the name of the model that this one was fine-tuned from."""
    match = _REPO_NAME.fullmatch(text.strip(" `*_🤗")) if " " not in text.strip() else None
    if match is None or squeeze(match[2]) == squeeze(name):
        return False
    said = squeeze(match[2])
    if said in squeeze(name) and len(words(match[2])) < _FEWEST_WORDS:  # the name of a family
        return False
    return any(claim.detail == "finetuned" and squeeze(claim.value.rpartition("/")[2]) == said for claim in card.claims.base_models)


def _is_of_another(name: str, text: str) -> bool:
    """Whether a title is one of another model; a long one that names a version may speak of several."""
    if "{" in text:
        return False
    kinds = EVERY if text.count(" ") <= _MOST_BLANKS else [kind for kind in EVERY if kind != "version"]
    if contrast(name, text, kinds):
        return True
    if not text.isascii() or ("-" not in name and "_" not in name):  # an accent is no other letter
        return False
    own = squeeze(name)
    if own in squeeze(text):
        return False
    said = [match[2] for match in _REPO_NAME.finditer(text[:_LONGEST])]
    return any(misspelt(name, each) and own != squeeze(each) for each in said)


def misspelt_id(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """Ids of this owner in code, and in links where none is right, that differ from this repository's by a letter."""
    owner, slash, name = str(facts["id"]).lower().rpartition("/")
    if not slash:
        return
    links = [link for link in card.outline.links[:_MOST_PAGES] if owner in link.url.lower()]
    low = card.once(low_code)
    loads = _names_another(low, owner, name)
    if not links and not loads and f"/{owner}/" not in low:
        return
    found: dict[str, Placed] = {}
    for claim in card.claims.repo_ids if loads else ():
        if claim.value.lower().startswith(owner + "/"):
            found.setdefault(claim.value, claim)
    wrong_ids = {f"{owner}/{owner}/{name}": "names the owner twice", f"/{owner}/{name}": "is a path: an id begins with its owner"}
    odd = next((claim for claim in card.claims.code_loads if claim.value.lower() in wrong_ids), None) if f"/{owner}/" in low else None
    if odd is not None:
        message = f"{quoted(odd.value)} {wrong_ids[odd.value.lower()]}"
        yield Problem(odd, message, help=f"It is '{facts['id']}'.", value=odd.value)
    linked: dict[str, Placed] = {}
    for link in links:
        page = _PAGE.match(link.url)
        if page and page.group(1).lower() == owner:
            linked.setdefault("/".join(page.groups()), link)
    if not any(each.lower() == f"{owner}/{name}" for each in linked):
        found = {**linked, **found}
    wrong = [(other, place) for other, place in found.items() if misspelt(name, other.rpartition("/")[2])]
    if wrong:
        other, place = min(wrong, key=lambda each: each[1].start)
        related = tuple(Related(each, f"{quoted(said)} here") for said, each in wrong if each is not place)
        yield Problem(place, f"{quoted(other)} is not quite this repository", help=f"It is '{facts['id']}'.", value=other, related=related)


def _names_another(low: str, owner: str, name: str) -> bool:
    """Whether a text in lower case may hold an id of an owner that is not this one."""
    behind = low.split(f"{owner}/")
    del behind[0]
    return any(not each.startswith(name) or _ID_GOES_ON.match(each, len(name)) for each in behind)


def advertising(card: Card) -> Iterator[Problem]:
    """Pages that advertise films or streams and describe no model."""
    start = card.front_matter.end
    text = card.text[start : start + _READ]
    if not _FILMS.occurs(text) or len(_STREAM.findall(text)) < _FEWEST_FILMS:
        return
    about = {"model_description", "description"}
    if any(section.status == "substantive" and name not in about for name, section in card.sections.items()):
        return
    outline = card.outline
    first = next(iter(outline.headings), None) or next(iter(outline.blocks), None)
    if first is not None:
        yield Problem(first, "the card advertises films and describes no model", value="films")
