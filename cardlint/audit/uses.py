"""What may be used for a purpose: the licence of each repository, and of all that it is built on."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cardlint.audit.ask import tables_of
from cardlint.hub.licenses import Answer, duties, permits
from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

_BATCH = 2048
_JOINED = " + "
"""What the licences of one repository are joined by, in the lineage too."""

_COMBINATIONS = """
select distinct terms from (
  select array_to_string(licenses, ' + ') as terms from repos union all select unnest(licenses) from lineage)
where terms is not null and terms <> ''
"""
_ASKED = """
with up as (
  select l.*, case when l.state <> 'present' or l.licenses[-1] is null then 'unknown' else coalesce(a.answer, 'unknown') end as answer
  from lineage l left join answers a on a.terms = l.licenses[-1]
  where l.id is null or not contains(l.ancestor, '/') or l.licenses[-1] is null
        or lower(split_part(l.id, '/', 1)) <> lower(split_part(l.ancestor, '/', 1))),
deciding as (
  select * from up qualify row_number() over (
    partition by input order by case answer when 'no' then 0 when 'unknown' then 1 else 2 end, if(answer = 'yes', -hops, hops), path) = 1)
select r.id, r.kind, r.input, array_to_string(r.licenses, ' + ') as terms, coalesce(a.answer, 'unknown') as own, d.answer as above,
       d.ancestor, d.hops, d.path, d.licenses, d.state, {downloads} as downloads
from repos r left join answers a on a.terms = array_to_string(r.licenses, ' + ') left join deciding d on d.input = r.input
where r.kind <> 'space' order by downloads desc nulls last, r.id nulls last, r.input
"""


class Use(NamedTuple):
    """Whether one repository may be used for a purpose, and why.

    ``path`` is the licence path that decides: itself and the models it is built on, each with its licences. ``duties`` are the kinds of
    what the licences on that path ask for.
    """

    answer: Answer
    id: str
    kind: str
    because: str
    duties: tuple[str, ...]
    downloads: int | None
    path: str


def uses(connection: duckdb.DuckDBPyConnection, use: str) -> Iterator[Use]:
    """Every model and dataset of an audit, the most downloaded first; ``use`` is one of `cardlint.hub.licenses.USES`.

    ``yes`` needs a known licence that permits it here and at every ancestor; one that forbids makes ``no``; an ancestor outside the
    audit, without licence or under terms that are not known makes ``unknown``. An ancestor of the same owner does not count: whoever
    owns the base may license its own derivative otherwise. What a model was trained on does not count either: whether data bind a
    model is not settled. Raises CardlintError where the audit has no lineage.
    """
    if "lineage" not in tables_of(connection):
        raise CardlintError("this audit knows no lineage: 'cardlint audit MIRROR --out DIR' of this version adds it")
    terms = [row[0] for row in connection.execute(_COMBINATIONS).fetchall()]
    connection.execute(
        "create or replace temp table answers as select unnest(?::varchar[]) as terms, unnest(?::varchar[]) as answer",
        [terms, [_answer(each.split(_JOINED), use) for each in terms]],
    )
    columns = {row[0] for row in connection.execute("describe repos").fetchall()}
    cursor = connection.execute(_ASKED.format(downloads="r.downloads" if "downloads" in columns else "null::bigint"))
    while batch := cursor.fetchmany(_BATCH):
        for row in batch:
            yield _use(*row)


def _answer(terms: list[str], use: str) -> Answer:
    """What several licences of one repository say together: nothing where they differ, for it may be a choice."""
    answers = {permits(each, use) for each in terms}
    return answers.pop() if len(answers) == 1 else "unknown"


def _use(
    repo: str | None,
    kind: str,
    place: str,
    terms: str,
    own: Answer,
    above: Answer | None,
    ancestor: str | None,
    hops: int | None,
    path: list[str] | None,
    licenses: list[str | None] | None,
    state: str | None,
    downloads: int | None,
) -> Use:
    name = repo or place
    decides = above is not None and own != "no" and (own == "yes" or above == "no")
    steps = [(name, terms), *(zip(path or (), licenses or (), strict=True) if decides else ())]
    told = [said or "no licence" for _, said in steps]
    if decides and state != "present":
        told[-1] = "not in this audit"
    shown = " ← ".join(f"{each} ({said})" for (each, _), said in zip(steps, told, strict=True))
    answer: Answer = "yes"
    if own == "no" or above == "no":
        answer = "no"
    elif "unknown" in (own, above):
        answer = "unknown"
    asked = tuple(sorted({kind for _, said in steps for kind in _kinds(said)})) if answer == "yes" else ()
    because = _above(ancestor, hops, above, licenses, state) if decides else _own(own, terms)
    return Use(answer, name, kind, "" if answer == "yes" else because, asked, downloads, shown)


def _own(own: Answer, terms: Any) -> str:
    if own == "no":
        return "its licence forbids it"
    return "its licence does not tell" if terms else "it declares no licence"


def _above(ancestor: str | None, hops: int | None, answer: Answer | None, licenses: list[str | None] | None, state: str | None) -> str:
    far = f", {hops} hops up," if hops and hops > 1 else ""
    if answer == "no":
        return f"the licence of {ancestor}{far} forbids it"
    if state != "present":
        return f"{ancestor}{far} lies outside this audit"
    return f"the licence of {ancestor}{far} does not tell" if licenses and licenses[-1] else f"{ancestor}{far} declares no licence"


@lru_cache(maxsize=4096)
def _kinds(terms: str | None) -> tuple[str, ...]:
    return tuple(duty.kind for each in (terms or "").split(_JOINED) for duty in duties(each)) if terms else ()
