"""What stands where a verb of training has its object: names, titles, series of names, what matter is from."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from cardlint.card.claims.datalinks import is_data_page
from cardlint.card.claims.datanames import is_adjective, is_known, is_subject
from cardlint.card.claims.datawords import WORD_BEHIND
from cardlint.card.claims.names import holds_model
from cardlint.data import vocabulary
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from cardlint.card.claims.datanames import Found

CLAUSE_END = r"[.,;:](?:\s|$)|[(\n]|$| \("
"""Where a clause ends behind a name."""
_OBJECT = Pattern(
    r"(?:the |both |a |an |\W){0,3}([A-Z][a-z]{3,}(?=[.,;](?:\s|$)|[(\n]|$| for\b)|"
    r"[A-Z][A-Za-z]*[A-Z0-9_-](?:[\w./-]*\w)?(?: [vV]?\d+(?:\.\d+)+| v\d(?:/v\d)*)?|[a-z]+(?:_[\w-]*\w|\d\w*)"
    r"|[A-Za-z][\w.-]*/[A-Za-z]\w*(?:[_-][\w.-]*\w|(?<=[a-z])[A-Z]\w*)|https?://[^\s()<>\[\],]*[\w/])[\"'`*)]*"
    rf"(?={CLAUSE_END}| - | [+&] | (?:for|and|with|which|that|by|in|using|to|as|train|translated|from|at)\b)"
)
_OF_A_WHOLE = Pattern(r" (?:subsets?|parts?|portions?|splits?) of (?:the )?(?=[A-Z])")
"""Behind what a part of a dataset is called: "the Python and Java subsets of Acme Code"."""
_IN_BRACKETS = Pattern(r" ?\([^()\n]{1,40}\)")
_PART = r"(?:[A-Z][\w’'.+-]*\w(?: [A-Z\d][\w’'.+-]*\w){0,4})"
_PART_OF_SERIES = Pattern(rf"({_PART})(?: ?\([^()\n]{{1,40}}\))?")
_SERIES = Pattern(
    rf"(?:the )?{_PART}(?: ?\([^()\n]{{1,40}}\))?(?: ?,\s(?:the )?{_PART}(?: ?\([^()\n]{{1,40}}\))?){{1,12}}"
    rf",?\s(?:and|&)\s(?:the )?{_PART}"
    rf"(?={CLAUSE_END}| (?:for|with|which|that|by|in|using|to|as|from|data ?sets?|corpus|corpora|collections?|subsets of)\b)"
)
_OF_THEME = Pattern(r" for the \w+ theme\b")
"""Behind what pictures are of, in a sentence of a template."""
_SHARED = Pattern(rf"({_PART})\s?[\[(][~≈]?\d[\d.]*\s?%[\])]")
SUCH_AS = Pattern(
    r"\b(?:data ?sets?|corpora|corpus|sources|collections?|forums|websites|sites)"
    r"(?:,? such as|,? like|,? including|,? includ(?:es?|ing)|,? e\.g\.,?) (?:the )?"
)
_NAMED_SITES = Pattern(
    r"\b(?:sources|social (?:networks|media)|(?:web)?sites|forums|newspapers|news agencies) "
    r"\((?:e\.g\.,? |such as |like )?([A-Z][^()\n]*,[^()\n]*)\)"
)
"""Sites that brackets name: "from different sources (Acme, Wikimedia)"."""
_SITE = Pattern(r"([A-Z][\w-]*\w(?: [A-Z][\w-]*\w){0,2})(?=,|$| \.\.\.|\.\.\.|…|,? and | etc)")
_SURE = Pattern(r"[a-z\d][A-Z]|\w-[A-Z]\w+-[A-Z]|[A-Z]{2}|[A-Za-z]\d|\b(?:Corpus|Treebank|Dataset|Database|Wiki\w*)\b")
_MIXED = Pattern(
    r"(?i)\b(?:corpus|corpora|data(?: ?sets?| mix(?:ture)?| blend)?|mix(?:ture)?|blend)"
    r" \(([^()\n]*(?:[+,·] ?)[^()\n]*)\)"
)
_PART_OF_MIX = Pattern(r"[A-Za-z][\w.-]*(?: [A-Z\d][\w.-]*){0,3}(?=\s*(?:[+,·&;)]|$| and\b))")
_LATIN = Pattern(r"[A-Za-z][\w.-]*\w", re.ASCII)
_ENUMERATED = Pattern(r"[A-Za-z][\w.-]*\w(?:、\s?[A-Za-z][\w.-]*\w){2,}", re.ASCII)
_COUNTED = Pattern(
    r"(?<![\w.])\d[\d.,]*[kKM]?\+? ([A-Z][\w.-]*\w(?: [A-Z][\w.-]*\w){0,2}) "
    r"(?:samples|examples|instances|rows|conversations|instructions|problems|clips|utterances)\b"
)
_FROM = Pattern(r"(?<![a-z])([a-z]{3,}) from (?:the )?(?=[A-Z])")
_COMBINED = Pattern(
    r"(?:the |an? |our )?(?:[a-z-]+ ){0,3}?(?:(?:corpus|corpora|data ?sets?|data|mix(?:ture)?) "
    r"(?:that )?(?:combin(?:ing|es)|consist(?:ing|s) of|"
    r"compris(?:ing|es)|made (?:up )?of|composed of)|(?:combination|mix(?:ture)?|union|concatenation) of) (?:both )?"
)
"""Before the parts of what a model was trained on: "a corpus combining both Acme-NER and WNUT 17"."""
_AND = Pattern(r"(?:,? and|,| &| \+)\s")
_MATTER = (
    r"(?:reviews?|tweets|articles|abstracts|notes|images|pictures|posts|comments|subtitles|papers|patents|books|scripts|conversations|"
    r"dialogues|transcripts|recordings|poems|stories|screenshots|screencaps|stills|frames|artworks?|icons|sprites|logos)"
)
_PHRASE = Pattern(
    rf"(?:the )?[\"“`*]*((?:(?:[A-Z][\w’'-]+ ){{1,4}}(?:[A-Z][\w-]*(?: \d[\d.]*)?|{_MATTER})"
    rf"|[A-Z][\w’'-]+ (?:of|with)(?: the)? (?:[A-Z][\w’'-]+ ){{1,3}}{_MATTER})(?: ?\([A-Z][\w.-]{{1,15}}\))?)[\"”`*]*"
    rf"(?={CLAUSE_END}| (?:for|and|with|which|that|by|in|using|to|as|from|of|images|pictures|translated)\b)"
)
_SOURCE = Pattern(
    r"(?<![a-z])([a-z]{3,}) (?:from|on|(?P<of>of)) (?:the |an? )?"
    r"(?:open[ -]source |public |official |original )?[\"“`*]*"
    r"((?:[A-Z][\w’-]+ (?:of (?:the )?)?){1,3}[A-Z][\w-]*[A-Za-z0-9]|[A-Z][a-z]*[A-Z\d][\w-]*|[A-Z][a-z]+-[A-Z][\w-]*|"
    r"Twitter|Reddit|Midjourney)[\"”`*]*(?:['’]s\b)?"
    rf"(?={CLAUSE_END}| (?:for|and|with|which|that|by|in|using|to|as|from|\d+|data|data ?sets?|corpus|archive|"
    r"dump|site|website|collection)\b)"
)
_TITLE = r"(?:r/)?[A-Z][\w'’+-]*(?: (?:(?:of|the|and|in) )*[A-Z\d][\w'’+-]*){0,5}"
_WORK = Pattern(
    r"\b(?:from|of) (?:the )?(?:[a-z-]+ ){0,3}(?:(?:video ?)?game|MMORPG|RPG|movie|film|show|series|anime|manga|novel|website|forum|"
    r"subreddit) "
    rf"[“\"'`*]*(?:(?<=[“\"])([^\"”\n]{{2,60}})[”\"]|({_TITLE}))"
    rf"|\bfrom (?:the )?({_TITLE}) (?:franchise|series|(?:video ?)?games?|movies?|films?|show|anime|manga|novels|subreddit)\b"
    rf"|\bfrom (?:the )?({_TITLE}(?: news)?) web ?site\b"
    r"|\bfrom [\"“‘']([A-Z][^\"”’'\n]{2,50})[\"”’']"
    r"|\b(?:scraped|crawled|downloaded) from (?:the )?([A-Z][\w.-]*\w(?: [A-Z][\w.-]*\w){0,4})"
    r"(?=\sand\s|[.,;](?:\s|$)|$| (?:website|site|forum)\b)"
)
_OF_WORKS = (
    *("game", "MMORPG", "RPG", "movie", "film", "show", "series", "anime", "manga", "novel", "website", "forum", "subreddit", "franchise"),
    *('from "', "from “", "from ‘", "from '", "scraped from ", "crawled from ", "downloaded from "),
)
"""One of which stands wherever `_WORK` finds something, which is seldom: it is looked for first."""
_QUOTED = Pattern(r"(?:(?:the|an?|of|\w+ed|excerpt|part|subset|version|portion|sample) ){0,5}[\"“]([A-Z][^\"”\n]{2,60})[\"”]")


@cache
def _matter() -> tuple[frozenset[str], frozenset[str]]:
    """What data is made of ("tweets"), and parts of data ("subset")."""
    words = vocabulary("claims_datasets")
    return frozenset(words["matter"]), frozenset(words["parts"])


def keep_objects(found: Found, at: int, end: int) -> None:
    """What stands where a verb of training has its object."""
    text = found.block.text
    linked = any(not text.endswith(" by ", 0, first) for first, _ in found.taken)
    linked |= keep_sources(found, at, end)
    if combined := _COMBINED.match(text, at, end):
        at = combined.end()
    if (quoted := _QUOTED.match(text, at, end)) and is_subject(quoted.group(1)):
        linked = True
        found.keep(*quoted.span(1))
    series = _series(found, at, end)
    linked |= series is not None
    begin = at
    while series is None and (named := _OBJECT.match(text, begin, end)):
        linked = True
        if not _is_model(text, *named.span(1)) and (not named.group(1).startswith("http") or is_data_page(named.group(1))):
            found.add(*named.span(1))
        joint = _AND.match(text, named.end(), end)
        if not joint:
            break
        begin = joint.end()
    if not linked and (phrase := _PHRASE.match(text, at, end)) and is_subject(phrase.group(1)) and not _OF_THEME.match(text, phrase.end()):
        found.add(*phrase.span(1))


def keep_sources(found: Found, at: int, end: int, *, parts: bool = True) -> bool:
    """Keep what matter is from, "images from Pexels", or a part of: "the title task of CodeXGLUE"; whether there was any."""
    matter, words = _matter()
    some = False
    stretch = found.block.text[at:end]
    for match in _WORK.finditer(found.block.text, at, end) if any(word in stretch for word in _OF_WORKS) else ():
        if is_subject(match.group(match.lastindex or 0)):
            some = True
            found.keep(*match.span(match.lastindex or 0))
    for match in _FROM.finditer(found.block.text, at, end) if " from " in stretch else ():
        some |= match.group(1) in matter and bool(_series(found, match.end(), end))
    for match in SUCH_AS.finditer(found.block.text, at, end):
        series = _series(found, match.end(), end)
        some |= bool(series)
        if series is None and (named := _OBJECT.match(found.block.text, match.end(), end)) and is_subject(named.group(1)):
            some = True
            found.add(*named.span(1))
    for match in _NAMED_SITES.finditer(found.block.text, at, end) if "(" in stretch else ():
        sites = [site for site in _SITE.finditer(found.block.text, *match.span(1)) if is_subject(site.group(1))]
        for site in sites if len(sites) > 1 else ():
            some = True
            found.add(*site.span(1))
    for match in _SOURCE.finditer(found.block.text, at, end):
        if match.group(1) in (words if match.group("of") else matter) and (parts or not match.group("of")) and is_subject(match.group(3)):
            some = True
            if not _series(found, match.start(3), end):
                found.add(*match.span(3))
    return some


def keep_mixed(found: Found) -> None:
    """Keep the parts of a mixture in brackets: "a mixed corpus (FineWeb + AcmeText)"; one of them has to be well known."""
    for match in _MIXED.finditer(found.block.text):
        parts = list(_PART_OF_MIX.finditer(found.block.text, *match.span(1)))
        if len(parts) > 1 and any(is_known(part.group()) for part in parts):
            for part in parts:
                if (is_subject(part.group()) and not part.group().islower()) or is_known(part.group()):
                    found.keep(*part.span())


def keep_enumerated(found: Found, start: int, end: int) -> None:
    """Keep names in Latin letters that "、" joins: "FineWeb-Edu、AcmeText、SkyPile"."""
    for match in _ENUMERATED.finditer(found.block.text, start, end):
        for name in _LATIN.finditer(found.block.text, *match.span()):
            if _SURE.search(name.group()) or is_known(name.group()) or name.group()[0].isupper():
                found.add(*name.span())


def keep_counted(found: Found, start: int, end: int) -> None:
    """Keep what is counted by its name: "3,000 Acme-Evol-Instruct samples"."""
    for match in _COUNTED.finditer(found.block.text, start, end):
        name = match.group(1)
        if is_subject(name) and not is_adjective(name) and _SURE.search(name):
            found.add(*match.span(1))


def keep_shares(found: Found, start: int, end: int) -> None:
    """Keep the names of which each has its share: "CCNet [67%], C4 [15%], Books [4.5%]"; one of them has to be well known."""
    if "%" not in found.block.text[start:end]:
        return
    names = [match.group(1) for match in _SHARED.finditer(found.block.text, start, end)]
    if len(names) > 1 and any(map(is_known, names)):
        for match in _SHARED.finditer(found.block.text, start, end):
            if is_subject(match.group(1)):
                found.add(*match.span(1))


def _series(found: Found, at: int, end: int) -> bool | None:
    """Keep the names joined by commas at ``at``, "SQuAD, Acme Reader and NewsQA"; None where there is no such series.

    All of them can name data and one surely does; else they are subjects and the like, "Tennis, Football and Rugby".
    """
    listed = _SERIES.match(found.block.text, at, end)
    if listed is None:
        return None
    if _OF_A_WHOLE.match(found.block.text, listed.end()):
        return False
    parts = list(_PART_OF_SERIES.finditer(found.block.text, *listed.span()))
    names = [part.group(1) for part in parts]
    if not all(map(is_subject, names)) or not any(is_known(name) or _SURE.search(name) for name in names):
        return False
    for part in parts:
        found.add(*part.span(1))
    return True


def _is_model(text: str, start: int, end: int) -> bool:
    """Whether the object of a verb of training is a model: "LoRA weights trained on FLUX.1-dev"."""
    name = text[start:end]
    if (behind := _IN_BRACKETS.match(text, end)) and holds_model(behind.group()):
        return True
    return ("_" not in name or "/" in name) and holds_model(name) and not is_known(name) and not WORD_BEHIND.match(text, end)
