"""Datasets that running text names: links to data, objects of verbs of training, names before a word for data, known names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.card.claims.datalinks import keep_addresses, keep_links
from cardlint.card.claims.datanames import Data, Found, is_adjective, is_never, known_names, without_word
from cardlint.card.claims.dataobjects import CLAUSE_END, keep_counted, keep_enumerated, keep_mixed, keep_objects, keep_shares, keep_sources
from cardlint.card.claims.datawords import WORD_BEHIND, around_words
from cardlint.card.claims.declared import declared_spans
from cardlint.card.claims.names import holds_model
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

_FROM = (" from ", " from the ")
_ARTICLES = Pattern(r"\bthe\b|\W")
_CLAUSE_END = Pattern(rf"[\"'`*)]*(?:{CLAUSE_END})")
_SOURCE_END = Pattern(rf"[\"'`*)]*(?:{CLAUSE_END}| (?:and|with|by|in|using|for)\b)")
# fmt: off
_NO_WORDS = frozenset(
    (
        "wikipedia", "bookcorpus", "imdb", "mnli", "snli", "xnli", "anli", "qnli", "mnist", "emnist", "imagenet", "pubmed",
        "arxiv", "librispeech", "libritts", "voxpopuli", "gigaspeech", "fleurs", "openwebtext", "commoncrawl", "redpajama",
        "slimpajama", "refinedweb", "fineweb", "culturax", "cosmopedia", "tinystories", "wikitext", "sharegpt", "ultrachat",
        "ultrafeedback", "openhermes", "openorca", "slimorca", "oasst", "smoltalk", "squad", "conll", "ontonotes", "wikiann",
        "opensubtitles", "europarl", "paracrawl", "ccmatrix", "tatoeba", "samsum", "xsum", "billsum", "triviaqa", "hotpotqa",
        "newsqa", "boolq", "quac", "msmarco", "korquad", "klue", "nsmc",
    )
)
# fmt: on
"""Well-known names that mean the data in lower case too."""
_LEFT_OUT = (
    "no ",
    "No ",
    "not ",
    "without ",
    "outside of ",
    "excluding ",
    "except ",
    "originally designed for ",
    "as part of ",
    "as part of the ",
    "any part of ",
    "excluding the ",
    "outbound links on ",
    "dataset is based on ",
)
_REMOVED = Pattern(r"(?: [a-z]+){0,2} (?:was|were|has been|have been) (?:removed|excluded|left out|filtered out)\b")
_MADE_OF = (" is based on ", " is derived from ", " is a subset of ", " was derived from ")
"""Between a dataset and what it was made of."""
_NEXT = 40
_ONE_OF = Pattern(r" (?:article|page|table|entry|passage|paragraph|sentence)\b(?! data)")
_CITED = Pattern(r"[.:,]? ?(?:pre-?print\b|https?:|doi\b|:? ?\d{4}[.,)])")
"""Behind "arXiv" where it tells where a paper is."""
_ID = Pattern(r"[A-Za-z0-9][\w.-]*/[\w.-]*\w", re.ASCII)
_MODEL_BEHIND = Pattern(r" (?:base )?(?:model|checkpoint)\b")
"""Behind the id of what was trained: "trained on the `acme/small` model using"."""
_WEIGHTS = Pattern(r"(?i)[ -](?:pre-?)?trained\b|(?:[ -]1k)? weights\b")
"""Behind what the weights of a part were trained on: "ImageNet-pretrained", "ImageNet weights"."""
_FORM = Pattern(r"(?:,? ?(?:and |or |& ?|/ ?)?[A-Z][\w.-]*(?: [A-Z][\w.-]*)?){0,3}[ -](?:[a-z]+ )?(?:formats?|style|template|schema)\b")
"""Behind the name of a form of data: "ShareGPT conversational format", "COCO, Pascal VOC formats"."""
_MAKER = Pattern(r"(?<=[a-z,+&] )([A-Z][\w-]+) $")
_MORE = Pattern(
    r"[\w+-]*(?:\.\d+)*(?: [a-z]+(?= data ?set| corpus)|(?: (?!(?:The|This|It|In|For|With|On|We|And|Using|"
    r"To|As|By)\b)[A-Z0-9][\w+-]*(?:\.\d+)*){0,3})",
    re.ASCII,
)


def mentions(body: Body, block: Block, start: int, end: int, *, pointed: int = -1, training: bool = False) -> list[Data]:
    """Every dataset that ``block.text[start:end]`` names.

    ``pointed`` is where the object of a verb of training begins: a link or an acronym there is data by its place, and
    so is what "and" joins to it. ``training`` says that a verb of training begins the stretch.
    """
    text = block.text
    found = Found(block)
    declared = declared_spans(body.declared, text, start, end)
    keep_links(body, found, start, end, pointed, declared)
    if pointed > 0:
        _coded_object(body, found, pointed)
        keep_objects(found, pointed, end)
    elif training or pointed == 0:
        keep_sources(found, start, end, parts=False)
    if "+" in text[start:end]:
        keep_mixed(found)
    keep_addresses(found, start, end, training=pointed > 0 or training)
    keep_counted(found, start, end)
    keep_shares(found, start, end)
    if not text.isascii():
        keep_enumerated(found, start, end)
    known = [(start + first, start + last) for first, last in known_names(text[start:end])]
    around_words(found, start, end, known + declared)
    for first, last in known:
        _known(found, first, last, start, end, pointed)
    for first, last in declared:
        if not found.overlaps(first, last) and not _may_be_words(text, first, last, pointed):
            found.add(first, last)
    return found.data


def _coded_object(body: Body, found: Found, at: int) -> None:
    """Keep the id in a code span right behind a verb of training, whatever its form: "trained on `acme/pairs`"."""
    text = found.block.text
    at += 4 if text.startswith("the ", at) else 0
    end = body.code_end(found.block, at)
    if "/" in text[at:end] and _ID.fullmatch(text, at, end) and not holds_model(text[at:end]) and not _MODEL_BEHIND.match(text, end):
        found.keep(at, end)


def _may_be_words(text: str, first: int, last: int, pointed: int) -> bool:
    """Whether a name in lower case is perhaps none: no word for data follows, and more than it stands behind the verb."""
    name = text[first:last]
    if not name.islower() or not name.replace(" ", "").isalpha() or name in _NO_WORDS or WORD_BEHIND.match(text, last):
        return False
    right_behind = 0 < pointed <= first and not _ARTICLES.sub("", text[pointed:first])
    return not ((right_behind and _CLAUSE_END.match(text, last)) or (text.endswith(_FROM, 0, first) and _SOURCE_END.match(text, last)))


def _known(found: Found, first: int, last: int, start: int, end: int, pointed: int) -> None:
    """A well-known name with the maker before it and the version behind it."""
    text = found.block.text
    if found.overlaps(first, last):
        return
    name = text[first:last]
    if _may_be_words(text, first, last, pointed):
        return
    if name.islower() and text.startswith("/", last) and holds_model(text[last : last + _NEXT]):
        return
    if first > 1 and text[first - 1] == "." and text[first - 2].isalnum():
        return
    if _FORM.match(text, last) or _WEIGHTS.match(text, last) or (name.lower() == "arxiv" and _CITED.match(text, last)):
        return
    if name.endswith("Wikipedias") and text.endswith("largest ", 0, first):
        return
    if text.endswith(_MADE_OF, 0, first) and any(text.startswith(_MADE_OF, stop) for _, stop in found.taken if stop < first):
        return
    if (name == "Wikipedia" and _ONE_OF.match(text, last)) or text.endswith(_LEFT_OUT, 0, first) or _REMOVED.match(text, last):
        return
    around = _MORE.match(text, last, end)
    if around and around.group().islower() and is_never(around.group().strip()):
        around = None
    line = text.find("\n", last)
    stop = min(max(last, around.end() if around else last), line if line > 0 else end)
    stop = min((begin for begin, _ in found.taken if last <= begin < stop), default=stop)
    maker = _MAKER.search(text, max(start, first - 24), first)
    if maker and not is_adjective(maker.group(1)):
        first = maker.start(1)
    found.taken.append((first, stop))
    stop = without_word(text, first, stop)[1]
    while stop > last and text[stop - 1] in " .,;:-)":
        stop -= 1
    found.data.append(Data(found.block, first, stop))
