"""Licence texts and licences in other files, against the licence that the front matter declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.checks.lic_names import read, same_terms, same_version
from cardlint.checks.values import addition, replacement, texts
from cardlint.model import NotChecked, Problem
from cardlint.patterns import Pattern
from cardlint.vocab import licenses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.license_files import LicenseFile
    from cardlint.repo.repo import Repo

_AT = "/metadata/license"
_PLAIN = Pattern(r"(?i)(?:licen[sc]e|copying|model[-_ ]licen[sc]e|licen[sc]e[-_ ]model)(?:\.(?:md|txt|rst))?")
"""Names of files that speak of the whole repository, not of its code or of a third party's part."""
_PERMISSIVE = frozenset({"apache", "mit", "bsd", "unlicense", "wtfpl", "afl", "cc0", "pddl"})
_OPEN = frozenset({"other", "unknown"})
_VENDORS = {"llama": "meta-llama", "gemma": "google"}


def _main(repo: Repo) -> list[LicenseFile]:
    return [file for file in repo.license_files if file.role == "license" and _PLAIN.fullmatch(file.path)]


def _name(file: LicenseFile) -> str:
    return file.text.license or file.text.title or ""


def _is_text_of(file: LicenseFile, declared: str) -> bool:
    """Whether a text may be the declared licence; a vendor's text without an id of its own is none that has one."""
    if file.text.license is None and file.text.spdx is None:
        return not licenses.known(declared)
    return _agrees(_name(file), declared)


def _agrees(name: str, declared: str) -> bool:
    """Whether a name may mean the declared licence; a declared id that is not understood contradicts nothing."""
    if name == declared:
        return True
    one, two = read(name), read(declared)
    if two is None:
        return not licenses.known(declared) or declared in _OPEN
    return one is not None and same_terms(one, two) and same_version(one, two)


def contradicted(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A licence text that is another licence than the declared ones; a vendor's agreement under a permissive id has a rule of its own."""
    yield from _against(card, repo, vendor=False)


def vendor_text(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A vendor's agreement or a licence that restricts use, where the front matter declares a permissive licence."""
    yield from _against(card, repo, vendor=True)


def _against(card: Card, repo: Repo, *, vendor: bool) -> Iterator[Problem | NotChecked]:
    declared = [value.strip().lower() for _, value in texts(card, "license")]
    files = _main(repo)
    if not declared or not files or any(each in _OPEN for each in declared):
        return
    if any(file.state == "not-here" for file in files):
        yield NotChecked("the licence file is not in this copy")
        return
    known = [file for file in files if _name(file) and not file.text.modified]
    if not known or len(known) < len(files) or any(_is_text_of(file, each) for file in known for each in declared):
        return
    file = known[0]
    if vendor == (_restricts(file) and all(_permissive(each) for each in declared)):
        title = file.text.title or _name(file)
        shown = f"'{file.text.license}'" if file.text.license else title
        yield Problem(_AT, f"license is '{declared[0]}', but {file.path} is the text of {shown}", value=_name(file))


def _restricts(file: LicenseFile) -> bool:
    """Whether a text is an agreement with restrictions of use: all vendors' and RAIL texts are."""
    if file.text.license is None:
        return file.text.spdx is None
    return bool(licenses.flags(file.text.license) & {"vendor", "use_restricted", "non_commercial"})


def _permissive(declared: str) -> bool:
    reading = read(declared)
    return reading is not None and (reading.family in _PERMISSIVE or (reading.family == "cc" and reading.elements <= {"by", "sa"}))


def only_in_file(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A licence file whose licence the front matter does not declare."""
    if any(value.strip() for _, value in texts(card, "license")):
        return
    files = _main(repo)
    if any(file.state == "not-here" for file in files):
        yield NotChecked("the licence file is not in this copy")
    found = {_name(file): file for file in files if _name(file) and not file.text.modified}
    if len(found) != 1 or card.claims.licenses:
        return
    (name, file) = next(iter(found.items()))
    known = file.text.license is not None and licenses.known(name)
    fix = addition(card, "license", [name]) if known else None
    shown = f"the text of '{name}'" if known else f"the {name}"
    yield Problem(_AT, f"{file.path} is {shown}, but the front matter declares no license", value=name, fix=fix)


def other_though_known(card: Card, repo: Repo) -> Iterator[Problem]:
    """``other`` where the licence file is the text of a licence that has an id."""
    declared = list(texts(card, "license"))
    if [value for _, value in declared] != ["other"]:
        return
    names = {file.text.license for file in _main(repo)}
    if len(names) == 1 and (name := names.pop()) and licenses.known(name):
        fix = replacement(card, declared[0][0], name, safe=False)
        yield Problem(declared[0][0], f"license is 'other', though the licence file is the text of '{name}'", value=name, fix=fix)


def copies(card: Card, repo: Repo, facts: dict[str, Any]) -> Iterator[Problem]:
    """The copy of the agreement and the notice that some licences want beside the weights."""
    if not any(file.role == "weights" for file in repo.weights.files):
        return
    owner = str(facts["id"] or "").partition("/")[0].lower()
    for at, value in texts(card, "license"):
        terms = licenses.terms(value)
        if terms is None or terms.notice is None or any(value.startswith(name) and owner == vendor for name, vendor in _VENDORS.items()):
            continue
        roles = {file.role for file in repo.license_files}
        lacking = [] if "license" in roles else ["a copy of the agreement"]
        if "notice" not in roles and terms.notice[:40].lower() not in " ".join(card.text.lower().split()):
            lacking.append("a file 'Notice'")
        if lacking:
            yield Problem(at, f"license '{value}' asks for {' and '.join(lacking)} beside the weights", value=value)


def elsewhere(card: Card, repo: Repo) -> Iterator[Problem]:
    """Another licence in the header of a GGUF file or in spaCy's ``meta.json`` than in the front matter."""
    declared = [value.strip().lower() for _, value in texts(card, "license")]
    if not declared:
        return
    said = {path: answer.value.license for path, answer in repo.weights.gguf.items() if answer.value and answer.value.license}
    if repo.spacy.value and repo.spacy.value.license:
        said["meta.json"] = repo.spacy.value.license
    for path, name in said.items():
        reading = read(name)
        if reading is not None and not any(_agrees(name.strip().lower(), each) for each in declared):
            yield Problem(_AT, f"license is '{declared[0]}', but '{path}' says '{name}'", value=name)
            return


def disagreeing(repo: Repo) -> Iterator[Problem]:
    """Several licence files that are texts of different licences."""
    found = {_name(file): file.path for file in repo.license_files if file.role == "license" and _name(file) and not file.text.modified}
    if len(found) > 1:
        shown = ", ".join(f"{path} ({name})" for name, path in list(found.items())[:3])
        yield Problem("/repo/license_files", f"the licence files are different licenses: {shown}", value=shown)


def modified(repo: Repo) -> Iterator[Problem]:
    """A licence text with words more or less than the licence it is near to."""
    for file in _main(repo):
        if file.text.modified and file.text.near:
            quoted = f" ('{file.text.foreign[:60]}')" if file.text.foreign else ""
            yield Problem(
                "/repo/license_files", f"{file.path} is near the text of '{file.text.near}', but not the same{quoted}", value=file.text.near
            )
