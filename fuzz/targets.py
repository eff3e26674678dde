"""What is fuzzed: one function a reader. Each takes any bytes and raises only where a promise of SECURITY.md is broken.

The same functions are fed by atheris (``fuzz/run.py``), by the kept cases and by hypothesis (``tests/test_fuzz.py``).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cardlint.card.card import Card
from cardlint.card.decode import decode
from cardlint.card.frontmatter import read_front_matter
from cardlint.card.yamlevents import read_events
from cardlint.card.yamllines import MAX_DEPTH, MAX_NODES, read_lines
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.loader import load
from cardlint.engine.rule import rule_from_data
from cardlint.engine.run import Engine
from cardlint.engine.select import Choice, Selected, choose
from cardlint.facts.repo import repo_facts
from cardlint.facts.subject import Subject
from cardlint.model import CardlintError
from cardlint.repo.gguf import read_gguf
from cardlint.repo.pointer import MAX_POINTER, read_pointer
from cardlint.repo.repo import Repo
from cardlint.repo.safetensors import read_header
from cardlint.sources.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CONFIG_FILES = (
    "config.json",
    "generation_config.json",
    "preprocessor_config.json",
    "adapter_config.json",
    "tokenizer_config.json",
    "tokenizer.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "model_index.json",
    "modules.json",
    "meta.json",
    "mergekit_config.yml",
    "trainer_state.json",
    "all_results.json",
    "model.safetensors.index.json",
    "vocab.txt",
    "LICENSE",
    "CITATION.cff",
)
"""The files of target ``config``; the first byte of its input chooses one."""

_STATES = ("ok", "absent", "not-here", "unreadable")


def _inside(start: int, end: int, length: int) -> None:
    assert 0 <= start <= end <= length, f"{start}, {end} in a text of {length}"


def front_matter(data: bytes) -> None:
    """Front matter: bounded values, every place inside the text; what is read line by line is read as from events."""
    text = decode(data).text
    block = read_front_matter(text)
    _inside(block.start, block.end, len(text))
    for place in (*block.values.values(), *block.keys.values(), *block.comments):
        _inside(*place, len(text))
    for problem in block.problems:
        _inside(problem.start, problem.end, len(text) + 1)  # a fault at the end has the width of one
    assert len(block.values) <= MAX_NODES + 1
    assert all(pointer.count("/") <= MAX_DEPTH for pointer in block.values)
    assert all(type(key) is str for key in block.metadata)
    lines = text[block.start + 4 : block.closing]
    read = read_lines(lines)
    assert read is None or repr(read) == repr(read_events(lines))


def outline(data: bytes) -> None:
    """The body: every element inside the text, and every part of a block findable in it."""
    card = Card.from_bytes(data)
    found = card.outline
    for element in (*found.headings, *found.blocks, *found.links, *found.comments):
        _inside(element.start, element.end, len(card.text))
    for block in found.blocks[:50]:
        piece = found.place(block, 0, len(block.text))
        _inside(piece.start, piece.end, len(card.text))
    for index in range(min(20, len(found.headings))):
        found.under(index)


def card(data: bytes) -> None:
    """Sections, placeholders, claims, language, generator."""
    read = Card.from_bytes(data, "dataset" if data[:1] == b"\n" else "model")
    for section in read.sections.values():
        _inside(section.start, section.end, len(read.text))
    for placeholder in read.placeholders:
        _inside(placeholder.start, placeholder.end, len(read.text))
    for name in read.claims.names():
        for claim in getattr(read.claims, name):
            _inside(claim.start, claim.end, len(read.text))
    assert read.language is None or read.language.isascii()
    assert read.generator is None or read.generator


def safetensors(data: bytes) -> None:
    """The header of safetensors: what is read agrees with the size of the file."""
    answer = read_header(Repo.from_contents({"model.safetensors": data}), "model.safetensors")
    assert answer.state in _STATES
    if answer.value is not None:
        assert 8 + int.from_bytes(data[:8], "little") + answer.value.bytes == len(data)


def gguf(data: bytes) -> None:
    """The header of GGUF: what is read lies inside the file."""
    answer = read_gguf(Repo.from_contents({"model.gguf": data}), "model.gguf")
    assert answer.state in _STATES
    if answer.value is not None:
        assert sum(answer.value.dtypes.values()) <= 8 * len(data)


def pointer(data: bytes) -> None:
    """Pointers of Git LFS and Xet: small, with a size and a whole hash or none."""
    found = read_pointer(data)
    if found is not None:
        assert len(data) <= MAX_POINTER
        assert 0 <= found.size < 10**18
        assert found.sha256 is None or len(found.sha256) == 64


def config(data: bytes) -> None:
    """A file beside the card, through every reader of the facts; they can be written as JSON."""
    import orjson

    name = CONFIG_FILES[data[0] % len(CONFIG_FILES)] if data else CONFIG_FILES[0]
    facts: dict[str, Any] = repo_facts(Repo.from_contents({name: data[1:]}), "acme/gulls", None)
    orjson.dumps(facts, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS)


@cache
def _everything() -> Judge:
    """Every shipped rule, as an audit with preview runs them."""
    return Judge(Plan(tuple(choose(Choice(profile="audit", preview=True), shipped())), {}))


def judge(data: bytes) -> None:
    """A card through every rule: never a failure of our own, every span inside the text."""
    outcome = _everything()(Entry("README.md", None, id="acme/gulls", text=data))
    assert outcome.failure is None, outcome.failure
    lines = Card.from_bytes(data).lines
    last = lines.span(lines.length, lines.length)
    for found in outcome.findings:
        assert (1, 1) <= found.span[:2] <= found.span[2:] <= last[:2], f"{found.code} {found.span} beyond {last}"


def rule_file(data: bytes) -> None:
    """A rule file of a stranger: the rule or one clear refusal, and a rule that loads judges a card."""
    try:
        rule = rule_from_data(load(decode(data).text, "ORG900-any.yaml"))
    except CardlintError as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert refusal.startswith("ORG900-any.yaml:")
        return
    if "python" in rule.check:
        return  # names code of the organisation, which is imported: not for strangers
    engine = Engine([Selected(rule, "error")])
    assert engine.judge(Subject(Entry("README.md", None, text=b"---\nlicense: mit\n---\n# Gulls\nText.\n"))).failure is None


TARGETS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (front_matter, outline, card, safetensors, gguf, pointer, config, judge, rule_file)
}
