"""Datasets in sentences: what stands behind a verb of training, and when such a sentence tells of something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.claims.datalists import RESULTS
from cardlint.card.claims.datanames import Data, cleaned, is_plain
from cardlint.card.claims.mentions import mentions
from cardlint.card.claims.names import holds_model, page_id
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

_TRAINING = Pattern(r"(?i)train|tun(?:ed|ing)|distilled|学習|训练|訓練|학습|обуч|entren|entraîn|trein")
SIGNS = Pattern(r"[\W_]+")
"""What two spellings of a name may differ in."""


def in_sentence(body: Body, block: Block, group: str, start: int, end: int, around: tuple[int, int], pointed: int) -> Iterator[Data]:
    """The datasets in the rest of the sentence that a cue begins; in the whole sentence where the verb stands last."""
    text = block.text
    begin = around[0]
    last = _before_results(text, end, around[1])
    if group == "object" and any(stem in text[start:end].lower() for stem in RESULTS):
        return
    if group == "train" and (
        _ACHIEVED.search(text, start, end)
        or _LOGS.match(text, start)
        or _DENIED.search(text, begin, start)
        or _OF_TOKENIZER.search(text, begin, start)
        or _SIBLING.search(text, begin, start)
        or (_TO_TRAIN.match(text, start) and _ADVICE.search(text, begin, start))
        or _COMPARED.search(text, begin, start)
        or (any(word in text[begin:start] for word in _TELLS_OF_BASE) and _OF_BASE.search(text, begin, start))
        or _IMPORTANCE.search(text, begin, start)
        or _BASE_LABEL.match(text, text.rfind("\n", 0, start) + 1, start)
        or _has_base_as_subject(body, text, begin, start)
    ):
        return
    if group == "recipe":
        if match := _RECIPE.search(text, max(0, start - 60), start):
            yield Data(block, *match.span(1))
        return
    if pointed > 0 and (match := _TWEETS.match(text, pointed)) and not (text[pointed] == "@" and "on tweets from " in body.low):
        yield Data(block, *match.span())
    low = text[start:end].lower()
    if group == "loose" and low.startswith("used ") and start:
        return
    if (group == "loose" and (low.startswith("training") or (low.endswith("from ") and _TRAINING.search(text, begin, start)))) or (
        group == "train" and _TAKEN_FROM.search(low)
    ):
        pointed = end
    elif group == "train" and low.endswith("from ") and (behind := _MODEL_AND_ON.match(text, end, last)):
        linked = body.anchor_at(block, end)
        if (linked and page_id(linked.url)) or holds_model(behind.group()):
            pointed = behind.end()
    if (
        group == "loose"
        and pointed < 0
        and low != "trained for "
        and not _DATA_WORDS.search(text, end, end + 90)
        and not (_TRAINING.search(text, begin, start) or body.topic(block) == "train" or _FOR_TRAINING.search(text, end, last))
    ):
        return
    if group != "last" and ("fine-tuned version of" in text[begin:end] or "finetuned from" in text[begin:end]):
        at = text.rfind(" on", begin, end)
        yield from _trainer_name(body, block, at + 1, last)
    elif (group in ("train", "dataset") or "training data" in text[start:end]) and (match := _ON_THE.search(text, start, last)):
        first, stop = match.span(1)
        if body.code_end(block, first) == stop:
            yield Data(block, first, stop)
        elif (
            group != "dataset"
            and _LOWER.fullmatch(text, first, stop)
            and (item := cleaned(text, first, stop))
            and not is_plain(text[item[0] : item[1]])
        ):
            yield Data(block, *item)
    if group == "dataset" and "fine-tuned" not in text[begin:start] and not _TRAINING.search(text, begin, start):
        return
    if group == "last":
        if any(stem in text[begin:start].lower() for stem in RESULTS):
            begin = start
        yield from (Data(block, *match.span(1)) for match in _CORPUS_NAME.finditer(text, begin, last))
    if "based on" in text[start:end]:
        pointed = -1
    elif pointed < 0 and _IN_LANGUAGE.search(text, start, end):
        pointed = end
    yield from mentions(body, block, begin if group == "last" else start, last, pointed=pointed, training=group == "train")


def _has_base_as_subject(body: Body, text: str, begin: int, start: int) -> bool:
    """Whether what a sentence says was trained is the base of this model: "mBERT was only pre-trained on ..."."""
    subject = _SUBJECT.search(text, begin, start)
    if subject is None or not holds_model(subject.group(1)):
        return False
    bases = [SIGNS.sub("", claim.value.lower().rsplit("/", 1)[-1]) for claim in body.card.claims.base_models]
    if subject.group().find(" only ") > 0:
        return bool(bases)
    key = SIGNS.sub("", subject.group(1).lower())
    title = body.blocks[0].text.lower()
    if SIGNS.sub("", title).startswith(key) and "tuned" not in title:
        return False
    return any(base.startswith(key) for base in bases)


def _before_results(text: str, start: int, end: int) -> int:
    """Where a sentence turns from training to results."""
    low = text[start:end].lower()
    if " which " in low and (described := _DESCRIBED.search(low)):
        low = low[: described.start()]
    for stem in RESULTS:
        at = low.find(stem)
        if at >= 0:
            low = low[:at]
    return start + len(low)


_CORPUS_NAME = Pattern(r"(?:corpus|dataset|conjunto de datos|корпус\w*|датасет\w*) (?:d[eou]s? )?([A-Z][\w-]*[A-Z_-][\w-]*)")
_TWEETS = Pattern(r"tweets from [^.,\n(]{2,60}(?<! )|@[\w&-]{1,60}['’]s tweets")
_RECIPE = Pattern(r"using ([^\s/]+)(?:/\S+)? $")
_DATA_WORDS = Pattern(r"[dD]ata ?[sS]et|[cC]orp(?:us|ora)")
_DESCRIBED = Pattern(
    r",? which (?:is|was|are|were) (?:an?|the|based|derived|built|created|collected|composed|translated)\b"
    r"|,? which (?:has|had) been (?:pre-?)?trained\b"
)
_ACHIEVED = Pattern(r"achiev|outperform|compared")
_TO_TRAIN = Pattern(r"(?:fine-?tune|train) ")
_FOR_TRAINING = Pattern(r"\b(?:to|for) (?:further |pre-?|fine-? ?)*(?:train|tun)(?:e|ing)?\b")
_ADVICE = Pattern(r"(?i)\b(?:you (?:can|could|may|might)|commands? to|how to|if you|lets? you|allows? you to|say you)\b")
_DENIED = Pattern(r"(?:\b(?:not|never)|n['’]t)(?: been)?(?: \w+ly)? (?:pre-?|fine-?)?$")
_OF_TOKENIZER = Pattern(
    r"(?i)\b(?:tokeni[sz]ers?|vocabular(?:y|ies))[`\"*]*(?:,? (?:itself|which|that))?"
    r"(?: (?:is|was|were|are|has been|have been))?(?: \w+ly)? $"
    r"|\bvocabular(?:y|ies) \([^()]*$|^\W*(?:the )?tokeni[sz]er has [^.;]* and (?:was |is )?$"
)
"""Before what a tokenizer was trained on."""
_SIBLING = Pattern(
    r"\b[Ww]e (?:have )?also (?:provided?|released?|published?|offer(?:ed)?) (?:an?|another|the) "
    r"(?:[\w-]+ ){0,3}(?:module|model|version|checkpoint|variant)\s(?:pre-?|fine-?)?$"
)
"""Before what a sibling was trained on: "we also provide a module fine-tuned on"."""
_LOGS = Pattern(r"training (?:logs?|curves?|progress|code|scripts?|notebooks?)\b")
_COMPARED = Pattern(r"(?i)\b(?:compar(?:ed|ison) (?:with|to)|unlike|than|outperform(?:s|ed|ing)?) [^,;:]*$|\b(?:by|in) contrast,? [^,;:]*$")
_OF_BASE = Pattern(
    r"(?i:based on|version of|checkpoint of|on top of|model used is|initiali[sz]ed (?:from|with)|"
    r"train(?:ed|ing) from|start(?:ed|ing) (?:from|with)) "
    r"[^.]*,? (?:which|that) (?:is|was|were|has been) (?!(?:further|then|additionally|subsequently|continually) )"
    r"(?:(?:\w+ ?){0,2}|an? [^.,]{0,80}\bmodel )(?:pre-)?$"
    r"|\bfrom which this model is (?:[\w-]+ has been (?:pre-)?)?$|\b[Tt]he original model [^.]*$"
)
_BASE_LABEL = Pattern(r"(?i)\W{0,4}base(?: model)?:[^.;,]*\bpre-?$")
"""Before what the base in a label was trained on: "Base model: Acme-n pretrained on"."""
_SUBJECT = Pattern(
    r"([A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){0,3})(?: models?)? (?:was|is|were|has been|had been)(?: only| \w+ly| first)? (?:pre-?)?$"
)
_TAKEN_FROM = Pattern(
    r"\b(?:is|are|was|were|been)\s(?:\w+ly\s)?(?:taken|collected|scraped|extracted|drawn|gathered|sourced|obtained|crawled) from\s$"
    r"|training (?:data(?: ?sets?)?|corpus|set) (?:is|are|was|were|comes?|came) from\s$"
)
_MODEL_AND_ON = Pattern(r"(?:\S+ ){1,6}?(?:on|with|using) (?:the )?")
"""Behind "fine-tuned from": the model, and where its data begins."""
_IMPORTANCE = Pattern(r"(?i)\b(?:importance matri|imatrix\b)")
"""What quantisation is calibrated with is no training data."""
_TELLS_OF_BASE = ("which ", "that ", "original model ")
"""One of which stands wherever `_OF_BASE` finds something."""
_IN_LANGUAGE = Pattern(r"(?i:on|in) (?:[a-z]+ )?[A-Z][a-z]+(?: \([\w-]+\))? using\s$")
"""What ends the opening of cards on recognisers of speech: "Fine-tuned X on Welsh using the"."""
_LOWER = Pattern(
    r"(?!(?:an?|this|that|these|those|our|each|any|both)\b)[a-z][\w-]+"
    r"(?: (?!(?:and|or|of|with|for|the|from|in|to|as|by|that)\b)[a-z][\w-]*){0,2}"
)
_ON_SEVERAL = Pattern(r"on\s+the\s+(\S+(?: - \S+){0,3})\s+and\s+(?:the\s+)?(\S+(?: - \S+){0,3})\s+data ?sets\b")
_ON_THE = Pattern(r"\b(?:(?:on|is)\s+(?:the\s+)?|(?:with|using)\s+the\s+)(\S+(?:\s\S+){0,3}?)\s+data ?set")


def _trainer_name(body: Body, block: Block, start: int, end: int) -> Iterator[Data]:
    """The name in "on the NAME dataset", which may be a plain word in sentences that tools write."""
    text = block.text
    match = _ON_SEVERAL.match(text, start, end) or _ON_THE.match(text, start, end)
    if match is None or body.anchor_at(block, match.start(1)):
        return
    for number in range(1, 1 + (match.lastindex or 1)):
        item = cleaned(text, *match.span(number))
        if item and not (
            text[: item[0]].endswith((" a ", " an ")) and text[item[0] : item[1]].isalpha() and text[item[0] : item[1]].islower()
        ):
            yield Data(block, *item)
