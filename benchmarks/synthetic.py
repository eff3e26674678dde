"""A store of an audit that nobody ran: repositories, findings, edges, nodes and facts as a hub has them, any number of them.

    python benchmarks/synthetic.py OUT --repos 100000 [--facts]

One repository in five is a dataset. Of the models 60 % name a base, most of them an old and popular one (power law), 6 % of these
are merges of two to four; one base in twelve lies outside the audit, one in a thousand closes a cycle. Licences follow the
base's in two cases of three; one card in ten repeats its base's. What a repository is depends on its number and the seed only.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cardlint.audit.part import TABLES

PART = 1_000
"""Repositories of a part, as an audit has them at most."""
_AT_ONCE = 100_000
LICENSES = (
    ("apache-2.0", 0.34),
    ("mit", 0.52),
    ("other", 0.57),
    ("cc-by-nc-4.0", 0.61),
    ("llama2", 0.64),
    ("llama3.1", 0.68),
    ("gemma", 0.70),
    ("openrail", 0.74),
    ("creativeml-openrail-m", 0.78),
    ("cc-by-4.0", 0.80),
    ("cc-by-sa-4.0", 0.81),
    ("gpl-3.0", 0.82),
)
"""Licence and the upper bound of its share; above the last none is declared."""

_MACROS = """
create macro u(i, salt) as (hash(i, salt, {seed}) % 1000000007) / 1000000007.0;
create macro drawn(x) as case {licenses} else null end;
create macro parent(i, k) as cast(floor(pow(u(i, 'p' || k), 3) * i) as bigint);
create macro is_data(i) as i % 5 = 4;
create macro name_of(i) as 'org' || cast(floor(pow(u(i, 'o'), 2) * {owners}) as bigint) || '/repo-' || i;
"""
_MODELS = """
create temp table part as
select i, is_data(i) as data, not is_data(i) and i > 10 and u(i, 'b') < 0.6 as derived,
  case when u(i, 'm') < 0.06 then 2 + cast(floor(u(i, 'mm') * 3) as int) else 1 end as parents
from range({begin}, {end}) r(i)
"""
_EDGES = """
create temp table edge as
with bases as (
  select i, k, parents, case when is_data(parent(i, k)) then parent(i, k) - 1 else parent(i, k) end as base
  from (select i, parents, unnest(range(parents)) as k from part where derived)),
data as (select i, unnest(range(1 + cast(floor(u(i, 'dn') * 2) as int))) as k from part where not data and u(i, 'd') < 0.4)
select i, k, name_of(i) as source, 'base_model' as relation,
  case when u(i, 'out' || k) < 0.083 then 'elsewhere/base-' || (base % 500)
       when u(i, 'cycle') < 0.001 then name_of(i + 1) else name_of(base) end as target,
  case when parents > 1 then 'merge' when u(i, 'kind') < 0.3 then 'adapter' when u(i, 'kind') < 0.6 then 'quantized'
       when u(i, 'kind') < 0.8 then 'finetune' end as kind, 'metadata' as evidence, 5 as line
from bases
union all
select i, k, name_of(i), 'dataset', name_of(cast(floor(pow(u(i, 'dd' || k), 3) * i / 5) as bigint) * 5 + 4), null, 'metadata', 6 from data
"""
_LICENSED = """
create temp table licensed as
select *, case when l is null then [] else [l] end as licenses
from (select *, drawn(u(if(derived and u(i, 'keep') < 0.66, parent(i, 0), i), 'l')) as l from part)
"""
_NODES = """
with named as (
  select i, bool_or(true) as linked,
    list_distinct(list('model:' || lower(target) order by k) filter (relation = 'base_model' and target <> source)) as bases,
    list([relation, target, kind, 'metadata', '/metadata/' || relation, '5'] order by relation, k) as edges
  from edge group by i)
select 'mirror/' || name_of(i) as input, name_of(i) as id, kinds || ':' || lower(name_of(i)) as name, split_part(lower(name_of(i)), '/', 1) as owner,
  licenses, coalesce(bases, []) as parents, coalesce(linked, false) as linked,
  lines, if(section is null, [], [section]) as sections, true as judged,
  '{"id":"' || name_of(i) || '","kind":"' || kinds || '","input":"mirror/' || name_of(i) || '","licenses":' || to_json(licenses)
    || ',"languages":["en"],"lines":' || to_json(lines) || coalesce(',"sections":{"limitations":' || section || '}', '') || coalesce(',"edges":' || replace(to_json(edges), '"5"]', '5]'), '') || '}' as document
from (
  select *, if(data, 'dataset', 'model') as kinds,
    list_sort([cast(hash(if(derived and u(i, 'copy') < 0.1, parent(i, 0), i), 'line', x) >> 1 as bigint) for x in range(24)]) as lines,
    case when u(i, 's') < 0.3 then cast(hash(cast(floor(u(i, 'ss') * 5000) as bigint), 'section') >> 1 as bigint) end as section
  from licensed) left join named using (i)
"""
_REPOS = """
select 'mirror/' || name_of(i) as input, name_of(i) as id, split_part(name_of(i), '/', 1) as owner,
  if(data, 'dataset', 'model') as kind, 'r' || i as revision, md5(cast(i as varchar)) as sha256, true as has_card, 'ok' as front_matter,
  'en' as language, null as generator, cast(2000 + 8000 * u(i, 'size') as bigint) as bytes, 'text-generation' as pipeline_tag,
  'transformers' as library,
  licenses, ['en'] as languages, [] as datasets, [] as base_models,
  [{'name': 'limitations', 'status': 'absent', 'documented': 'none'}] as sections, 0 as errors, 1 as warnings, 2 as notes,
  0 as not_checked, 0 as waived, 0 as suppressed, 0 as unhonoured, null as failure,
  cast(floor(1e6 / (1 + pow(u(i, 'dl') * 1000, 1.5))) as bigint) as downloads
from licensed
"""
_FINDINGS = """
select 'mirror/' || name_of(i) as input, name_of(i) as id, if(data, 'dataset', 'model') as kind, 'LIM001' as code,
  'no-limitations' as name, 'warning' as severity, 'high' as confidence, 'the card does not document limits' as message, '' as help,
  'section:limitations' as "at", md5('f' || i) as fingerprint, 1 as line, 1 as "column"
from part
"""
_FACTS = """
select 'mirror/' || name_of(i) as input, name_of(i) as id, if(data, 'dataset', 'model') as kind,
  '{"card": {"path": "README.md", "kind": "' || if(data, 'dataset', 'model') || '"}, "metadata": {}, "sections": {}, "claims": {}}' as document, [] as cut
from part
"""


_TABLES = {"repos": _REPOS, "findings": _FINDINGS, "edges": "select * from edge", "nodes": _NODES, "facts": _FACTS}


def write_store(folder: Path, repos: int, seed: int = 0, *, facts: bool = False) -> None:
    """Write the tables as parts of `PART` repositories, and a manifest."""
    with duckdb.connect(":memory:") as connection:
        cases = " ".join(f"when x < {below} then '{name}'" for name, below in LICENSES)
        for statement in _MACROS.format(seed=seed, licenses=cases, owners=max(1, repos // 6)).split(";\n"):
            if statement.strip():
                connection.execute(statement)
        keys = []
        for begin in range(0, repos, _AT_ONCE):
            end = min(begin + _AT_ONCE, repos)
            dropped = [f"drop table if exists {name}" for name in ("part", "edge", "licensed")]
            for statement in (*dropped, _MODELS.format(begin=begin, end=end), _EDGES, _LICENSED):
                connection.execute(statement)
            keys += [f"{first:012d}" for first in range(begin, end, PART)]
            for name, query in _TABLES.items():
                if name in TABLES and (name != "facts" or facts):
                    _write(connection.sql(query).to_arrow_table(), folder / name, begin, end, TABLES[name].schema)
    for name in ("cards", "segments"):  # a store is known by them
        (folder / name).mkdir(exist_ok=True)
    (folder / "run.json").write_text(json.dumps({"version": 1, "rules": [], "parts": keys, "summary": {}}) + "\n", encoding="utf-8")


def _write(made: pa.Table, folder: Path, begin: int, end: int, schema: pa.Schema) -> None:
    """The rows of some repositories, shared out evenly among their parts."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = [
        made[field.name].cast(field.type) if field.name in made.column_names else pa.nulls(len(made), field.type) for field in schema
    ]
    whole = pa.table(columns, schema=schema)
    firsts = range(begin, end, PART)
    bounds = [len(whole) * each // len(firsts) for each in range(len(firsts) + 1)]
    for first, start, stop in zip(firsts, bounds, bounds[1:], strict=False):
        pq.write_table(whole.slice(start, stop - start), folder / f"{first:012d}.parquet", compression="zstd")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the store of an audit that nobody ran.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--repos", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--facts", action="store_true", help="also a short facts document for each")
    options = parser.parse_args()
    write_store(options.out, options.repos, options.seed, facts=options.facts)


if __name__ == "__main__":
    main()
