"""What a card's code loads, against the repository the card stands in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cardlint.card.claims.repoids import is_repo_id
from cardlint.checks.doc_addresses import API, CALLS
from cardlint.checks.doc_names import misspelt, one_word_apart, squeeze
from cardlint.checks.places import Areas, quoted
from cardlint.hub.names import renamed
from cardlint.model import Edit, Fix, Problem, Related
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cardlint.card.card import Card
    from cardlint.card.claims import Claim

_LOADERS = Pattern(
    r"(?:from_pretrained|pipeline|SentenceTransformer|CrossEncoder|load_model|load|create_model|from_hparams|snapshot_download|hf_hub_download"
    r"|cached_download|load_from_hub|from_pretrained_keras|from_pretrained_fastai|from_quantized|InferenceClient|package_from_hf_hub|model|model_name|model_id|repo_id|checkpoint|weights|--model_id|MODEL"
    r"|huggingface\.co/(?:models/)?|hf_hub:|hf-hub:|LLM|TFAutoModel|SetFitModel|\w+Tagger|\w+Model)$"
)
_COMMANDS = Pattern(r"(?:vllm serve|(?:hf|huggingface-cli) download|-hf|--hf-repo|--model(?:[-_](?:path|id|name))?)$")
_RUN = Pattern(r"(?:ollama|docker model) (?:run|pull)\s[^\n]*$")
"""What stands before a page that a command runs."""
_PULLED = Pattern(r"(?:ollama|docker model) (?:run|pull)\s+([\w-]+/[\w.-]+)")
"""A command that gets a model by its name in the tool's own registry, which is no hub's."""
_LONGEST_LEAD = 120
_VARIABLES = Pattern(r"(?i)(?:\w*_)?(?:model|checkpoint|ch?kpt|loc)(?:_?(?:name|id|path)(?:_or_path)?)?$")
_HELPERS = Pattern(
    r"(?i)(?:\w*_)?(tokeni[sz]er|processor|feature_?extractor|scheduler|vae|autoencoder\w*|controlnet|text_?encoder|adapter|lora|base\w*|teacher|config|critic"
    r"|metric|vocoder|vqgan|hifigan|safety_checker|refiner|embedd\w*|retriever|reranker|motion|clip\w*|encoder(?!classifier|decodermodel)|decoder|reward\w*|judge)\w*$"
)
_PAIR = Pattern(r"\s*model, ?\w+ = [\w.]+\([^,]*$")
"""A model and its tokenizer from one call."""
_ADAPTERS = ("peft", "adapter", "lora", "load_textual_inversion", "load_attn_procs", "ControlNet", "merge")
_ADAPTER_CALLS = frozenset({"load_lora_weights", "load_textual_inversion", "load_adapter", "load_attn_procs"})
_ADAPTED = Pattern(r"(?:AutoPeft\w*\.from_pretrained\([^()\"']*|Peft\w*\.from_pretrained\(\s*[\w.]+\s*,[^()\"']*)[\"']$")
_HOME = Pattern(
    r"/(?:home|Users|root|content|mnt|data|tmp|kaggle|workspace|gdrive|media|opt|scratch|nfs|Volumes|var|raid)\w*/|[A-Za-z]:[\\/]|~/|file://"
)
_SETTINGS = frozenset({"yaml", "yml", "json", "toml", "ini"})
_FOLDER = Pattern(r"\.{1,2}[\\/][\w.\- /\\]*\w")
_DEEP = Pattern(r"[A-Za-z0-9][\w.-]*(?:/+[\w.-]+){2,}")
"""A path from wherever the author stood, or an id with its owner doubled: an id has one slash."""
_IDS = frozenset({"from_pretrained", "pipeline"})
_ADVISED = Pattern(r"(?i)path|your|local|download|[<${]|xxx")
_SAVED = ("save_pretrained(", "save_model(", ".save(", "git clone", "local_dir", "snapshot_download", "wget ", "output", "convert", "unzip")
_FETCHED = ("save_pretrained(", "save_model(", "git clone", "local_dir", "snapshot_download", "wget ", "unzip")
_TRAINING = (
    *("--do_train", "train.py", "accelerate launch", "--output_dir", "--num_train", "--train_", "TrainingArguments("),
    *("finetune.py", "finetune.sh", "finetune(", ".train(", ".fit(", ".quantize(", "push_to_hub("),
)
_UNFILLED = Pattern(
    r"""(?x) \{MODEL(?:_NAME|_ID)?\} | \{model(?:_name|_id)?\} | (?:[\w.\-]+/)?MODEL_NAME | None | PATH_TO_THIS_REPO
    | sentence_transformers_model_id
    | (?i:\[?<?your[-_ ]?(?:hf[-_ ]?)?(?:user(?:[-_ ]?name)?|org(?:ani[sz]ation)?|name|hub|account|repo|model)[^/\s]*(?:/.*)?)
    | (?i:<?(?:hf[-_])?(?:user|username|org|organization|owner)>?/(?:<?(?:model|repo)[\w-]*>?|[\w.\-]+))
    | (?i:(?:seu|tu|su|votre|ton|dein|ihr|tuo|il-tuo|jouw|ваш|твой)[-_](?:usu[aá]rio|nome|nombre|nom|utilisateur|user(?:name)?|name
        |benutzername|nutzername|organi[sz]\w+|gebruikersnaam|utente|логин|имя|ник)/[\w.\-]+)
    | (?i:(?:kullan[ıi]c[ıi](?:[-_]?ad[ıi]\w*)?|nama[-_]pengguna|username[-_](?:anda|kamu)|имя[-_]пользователя|placeholder)/[\w.\-]+)
    | (?:(?:你的|您的|あなたの)\w*|用户名|用戶名|ユーザー名|사용자[-_]?[이름명]+)/[\w.\-]+ """
)
_WHERE = Pattern(r"(?i)\bwhere\W{1,3}(\w{1,40})\W{1,3}(?:is|can be|may be|stands for)\b")
_PAGES = frozenset({"huggingface.co/", "hf.co/", "huggingface.co/models/", "hf.co/models/"})
_WORD = Pattern(r"\w+")
_MADE_NAME = Pattern(r"auto(?:nlp|train)-[\w.-]*\d{5}")
_LIBRARIES = frozenset({"sentence-transformers", "timm"})
"""Owners whose models a library loads by the name alone."""


class _Own(NamedTuple):
    """This repository as its id names it: owner and name in lower case, and letters and digits of the name alone."""

    owner: str
    name: str
    squeezed: str

    def is_named(self, value: str) -> bool:
        """Whether a loaded string names this repository: by its id or, where no other owner is given, by its name."""
        owner, slash, name = value.lower().rpartition("/")
        if slash and self.owner and is_repo_id(value) and owner != self.owner:
            return False
        return self.squeezed in squeeze(name if slash else value)


def low_code(card: Card) -> str:
    """The code of a card in lower case."""
    return card.code.lower()


def _own(facts: dict[str, object]) -> _Own:
    owner, _, name = str(facts["id"]).rpartition("/")
    return _Own(owner.lower(), name.lower(), squeeze(name))


def own_other_model(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """Code that loads another model of the same owner and never this one."""
    this = str(facts["id"]).lower()
    at = this.rfind("/") + 1
    low = card.once(low_code)
    if not at or this[:at] not in low:
        return
    if _is_run(low, this):
        if "/auto" in low and not _MADE_NAME.match(this, at):
            yield from _loads_first_name(card, facts, this[:at])
        if "from_pretrained" in low and "pipeline" in low and low.count(this[:at]) > low.count(this):
            yield from _loads_sibling(card, facts)
        return
    own = _own(facts)
    for claim in _others(card, own)[:1]:
        owner, _, name = claim.value.lower().rpartition("/")
        if owner == own.owner and not misspelt(own.name, name):
            yield _loads(claim, facts)


def _loads_first_name(card: Card, facts: dict[str, object], owner: str) -> Iterator[Problem]:
    """Code that loads this model by the name that a service gave it first, beside its own."""
    for claim in card.claims.code_loads:
        if claim.detail in CALLS and claim.value.lower().startswith(owner) and _MADE_NAME.match(claim.value.lower(), len(owner)):
            yield _loads(claim, facts)
            return


def _loads_sibling(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """Code that loads a sibling's weights and tokenizer where this model stands in a pipeline alone."""
    own = _own(facts)
    loads = [load for load in card.claims.code_loads if load.value.lower().startswith(own.owner + "/")]
    named = {load.value.lower().rpartition("/")[2] for load in loads if load.detail == "from_pretrained"}
    if len(named) == 1 and one_word_apart(own.name, *named, digits=True):
        found = [load for load in loads if load.detail == "from_pretrained"]
        known = _bases(_declared_bases(card)) | _bases(claim.value for claim in card.claims.base_models)
        if len(found) > 1 and known.isdisjoint(named) and not all(_loads_helper(card, load, own) for load in found):
            yield _loads(found[0], facts)


def _is_run(low: str, own_id: str) -> bool:
    """Whether code in lower case holds an id elsewhere than in remarks alone."""
    return own_id in low and any(own_id in line and not line.lstrip().startswith(("#", "//")) for line in low.splitlines())


def foreign_model(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """Code that loads one model of another owner and never this one, where the card names it nowhere as a base."""
    own = _own(facts)
    found = _others(card, own) or _namesakes(card, own)
    if found:
        found = _without_ids(found, {match[1] for match in _PULLED.finditer(card.once(low_code))})
    if not found or any(own.owner and claim.value.lower().startswith(own.owner + "/") for claim in found):
        return
    if len({claim.value for claim in found}) == 1 and ("/" in found[0].value or found[0].detail in CALLS):
        yield _loads(found[0], facts)


def _namesakes(card: Card, own: _Own) -> list[Claim]:
    """What the code loads of another owner under this repository's name, where it loads this one too; a base is none."""
    low = card.once(low_code)
    if not own.owner or low.count("/" + own.name) <= low.count(f"{own.owner}/{own.name}"):
        return []
    loads = [load for load in card.claims.code_loads if load.value.lower().endswith("/" + own.name) and is_repo_id(load.value)]
    found = [load for load in loads if own.owner not in (owner := load.value.lower().partition("/")[0]) and owner not in own.owner]
    found = [load for load in found if _LOADERS.match(load.detail) and not _loads_helper(card, load, own)]
    return _without_ids(found, _bases(_declared_bases(card)) | _bases(claim.value for claim in card.claims.base_models))


def without_owner(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """Code that loads the model by its name alone, which no hub finds, or which is that of another model; one problem a card."""
    own_id = str(facts["id"]).lower()
    owner, _, name = own_id.rpartition("/")
    low = card.once(low_code)
    if not owner or owner in _LIBRARIES or not (f'"{name}"' in low or f"'{name}'" in low) or any(word in low for word in _FETCHED):
        return
    known = renamed("model", name)
    if own_id in low and (known or "nemo" in low):
        return
    if known and known.lower() == own_id:
        return
    found = [
        load for load in card.claims.code_loads if load.value.lower() == name and (load.detail in CALLS or _is_passed(card, load.detail))
    ]
    if known:
        found = [load for load in found if not _loads_helper(card, load, _own(facts))]
    if found:
        related = tuple(Related(load, "and here") for load in found[1:6])
        what = f"which is {quoted(known)}" if known else "without its owner"
        message = f"the code loads {quoted(found[0].value)}, {what}"
        help_text = f"This repository is '{facts['id']}'."
        yield Problem(found[0], message, help=help_text, value=found[0].value, fix=_named(facts, found), related=related)


def _loads(claim: Claim, facts: dict[str, object]) -> Problem:
    here = f"This repository is '{facts['id']}'."
    return Problem(claim, f"the code loads {quoted(claim.value)}, not this model", help=here, value=claim.value)


def _others(card: Card, own: _Own) -> list[Claim]:
    """Ids of models that the code loads as the model, where nothing in code loads this repository; own siblings first."""
    known = card.once(_known)
    if own not in known:
        known[own] = _loaded(card, own)
    return known[own]


def _known(_: Card) -> dict[_Own, list[Claim]]:
    """What `_others` found: two rules ask for it."""
    return {}


def _loaded(card: Card, own: _Own) -> list[Claim]:
    own_id = f"{own.owner}/{own.name}" if own.owner else own.name
    if not own.squeezed or _is_run(card.once(low_code), own_id):
        return []
    adapts = any(word in card.code for word in _ADAPTERS)
    loads = card.claims.code_loads
    if not loads or any(own.is_named(load.value) or "{" in load.value or "$" in load.value or load.value in (".", "./") for load in loads):
        return []
    blocks = [block for block in card.outline.blocks if block.kind == "code"]
    training = Areas((block.start, block.end) for block in blocks if any(word in block.text for word in _TRAINING))
    ids = {claim.value for claim in card.claims.repo_ids}
    found = []
    for load in loads:
        if load.value not in ids or load.start in training:
            continue
        if adapts and _is_adapter(card, load):
            found.append(load)
        elif adapts and squeeze(load.value.rpartition("/")[2]) != own.squeezed:
            continue
        elif _is_loader(card, load, own) and not _loads_helper(card, load, own):
            found.append(load)
    if found:
        called = {match.group(1).lower() for match in API.finditer(card.text)}
        found = _without(found, called | (_bases(_declared_bases(card)) - {own.name}))
    if found:
        found = _without(found, _bases(claim.value for claim in card.claims.base_models) - {own.name})
    found.sort(key=lambda load: (not load.value.lower().startswith(own.owner + "/"), load.start))
    return found


def _is_loader(card: Card, load: Claim, own: _Own) -> bool:
    """Whether a call, a variable or a command gets the string as the model; a page, where a command runs it or clones this owner's."""
    if load.detail in _PAGES:
        line = card.text[max(0, load.start - _LONGEST_LEAD) : load.start].rpartition("\n")[2]
        return _RUN.search(line) is not None or ("git clone " in line and load.value.lower().startswith(own.owner + "/"))
    if load.detail.isupper() and "MODEL" in load.detail and load.value.lower().startswith(own.owner + "/"):
        return True
    return _LOADERS.match(load.detail) is not None or _COMMANDS.match(load.detail) is not None or _is_passed(card, load.detail)


def _is_adapter(card: Card, load: Claim) -> bool:
    """Whether a call gets the string as the adapter that it puts onto a base."""
    return load.detail in _ADAPTER_CALLS or _ADAPTED.search(card.text, max(0, load.start - _LONGEST_LEAD), load.start) is not None


def _is_passed(card: Card, word: str) -> bool:
    """Whether a variable named as models are is what ``from_pretrained`` gets."""
    calls = card.code.split("from_pretrained(")[1:] if _VARIABLES.match(word) else ()
    return any(call.lstrip().startswith((f"{word},", f"{word})")) for call in calls)


def _loads_helper(card: Card, load: Claim, own: _Own) -> bool:
    """Whether a call loads a tokenizer, a scheduler or the like, by the words before it in its line; this repository may be one."""
    before = card.text[max(0, load.start - 90) : load.start].rpartition("\n")[2]
    if _PAIR.match(before):
        return False
    helpers = filter(None, map(_helper, _WORD.findall(before)[-6:]))
    return any(helper not in own.squeezed for helper in helpers)


# The same words stand in all code.
@lru_cache(2048)
def _helper(word: str) -> str:
    """The part of a model that a word of code names, in lower case; "" for any other word."""
    match = _HELPERS.match(word)
    return squeeze(match[1]) if match else ""


def _without(loads: list[Claim], known: set[str]) -> list[Claim]:
    """The loads of other models than the known ones."""
    return [load for load in loads if known.isdisjoint((load.value.lower(), load.value.lower().rpartition("/")[2]))]


def _without_ids(loads: list[Claim], known: set[str]) -> list[Claim]:
    """The loads of ids that are none of the known ones."""
    return [load for load in loads if load.value.lower() not in known]


def _declared_bases(card: Card) -> Iterator[str]:
    declared = card.front_matter.metadata.get("base_model")
    return (value for value in (declared if isinstance(declared, list) else [declared]) if isinstance(value, str))


def _bases(values: Iterable[str]) -> set[str]:
    """Names of base models in lower case, with and without the owner."""
    names = {value.removeprefix("https://huggingface.co/").strip("/ ").lower() for value in values}
    return names | {name.rpartition("/")[2] for name in names}


def local_path(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """Code that loads the model from a folder of the author's machine; a recipe of settings is no such code."""
    if not card.claims.code_loads:
        return
    recipes = Areas([(block.start, block.end) for block in card.outline.blocks if block.kind == "code" and block.language in _SETTINGS])
    loads = [load for load in card.claims.code_loads if load.start not in recipes]
    own = squeeze(str(facts["id"] or "").rpartition("/")[2])
    found = [load for load in loads if _HOME.match(load.value) and not _ADVISED.search(load.value)]
    if not found and not any(is_repo_id(load.value, single=True) or (own and own in squeeze(load.value)) for load in loads):
        folders = [each for each in loads if each.detail in CALLS and _FOLDER.fullmatch(each.value) and not _ADVISED.search(each.value)]
        if folders and not any(word in card.text for word in _SAVED):
            found = folders
    message = "the code loads a local path {}"
    if not found and not any(is_repo_id(load.value) for load in loads) and not any(word in card.text for word in _FETCHED):
        found = [each for each in loads if each.detail in _IDS and _DEEP.fullmatch(each.value) and not _ADVISED.search(each.value)]
        message = "the code loads {}, which is no id of a hub: one has a single slash"
    if found:
        related = tuple(Related(load, "and here") for load in found[1:6])
        yield Problem(found[0], message.format(quoted(found[0].value)), value=found[0].value, related=related)


def unfilled_name(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """Code that loads a name which the template left open; the fix writes this repository's id."""
    found = [load for load in card.claims.code_loads if is_unfilled(load.value) and not _is_formatted(card, load)]
    if found and not _is_explained(card, found[0].value):
        related = tuple(Related(load, "and here") for load in found[1:6])
        name = found[0].value
        message = f"the code loads a name that is not filled in: {quoted(name)}"
        help_text = f"This repository is '{facts['id']}'." if facts["id"] else None
        yield Problem(found[0], message, help=help_text, value=name, fix=_named(facts, found), related=related)


def _named(facts: dict[str, object], loads: list[Claim]) -> Fix | None:
    """The fix that writes this repository's id, where it has an owner, in place of what code loads."""
    own_id = str(facts["id"] or "")
    return Fix(tuple(Edit(load, own_id) for load in loads), "unsafe") if "/" in own_id else None


def is_unfilled(name: str) -> bool:
    """Whether a loaded name is one that a template left open for that of this model."""
    return _UNFILLED.fullmatch(name) is not None


def _is_explained(card: Card, name: str) -> bool:
    """Whether the text says what the open part of a name stands for: "where `MODEL_NAME` is any of these"."""
    word = name.rpartition("/")[2]
    return word.isidentifier() and any(match.group(1) == word for match in _WHERE.finditer(card.prose))


def _is_formatted(card: Card, load: Claim) -> bool:
    """Whether the string is an f-string or is formatted."""
    before, after = card.text[max(0, load.start - 2) : load.start - 1], card.text[load.end : load.end + 10]
    return "{" in load.value and (before in ("f", "F") or ".format" in after)
