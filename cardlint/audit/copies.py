"""Texts of a whole mirror compared in SQL: who repeats whom, and which sections many have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.hub.index import FEWEST_OWNERS, FEWEST_REPOS
from cardlint.hub.likeness import ALIKE, FEWEST, SKETCH

if TYPE_CHECKING:
    import duckdb

    from cardlint.audit.nodes import Slice

_PROBES = 8
"""Lines by which copies are looked for: of two texts four fifths alike, one of the eight smallest is shared, but once in 400,000."""
_COMMON = 60
"""Repositories that have a line in common before it is a template's, and tells nothing."""

# Equal texts are compared with others once: `different` holds a text for all that have it, named by the first of them.
# Two texts cannot be alike where they have fewer lines in common than the longer one asks for; where all their lines together are
# `SKETCH` or fewer, that number decides. The others are few, and take four times as long.
_SQL = f"""
create table different as
  select min(n) as text, lines, count(*) as repos from text join holder using (n) where len(lines) >= {FEWEST} group by lines;
create table member as
  select different.text, text.n, node.key
  from text join holder using (n) join node using (n) join different on different.lines = text.lines;
create table length as select text, len(lines) as lines from different;
create table probe as select text, repos, unnest(lines[1:{_PROBES}]) as hash from different;
create table rare as
  select text, hash from probe join (select hash from probe group by hash having sum(repos) between 2 and {_COMMON}) using (hash);
create table pair as
  select distinct one.text, other.text as other from rare as one join rare as other using (hash) where one.text < other.text;
create table near as
  select pair.text, pair.other, length.lines + others.lines as total, greatest(length.lines, others.lines) as longer
  from pair join length using (text) join length as others on others.text = pair.other
  where least(length.lines, others.lines) >= {ALIKE} * longer;
create table common as
  select near.text, near.other, total, longer, len(list_intersect(first.lines, second.lines)) as lines
  from near join different as first on first.text = near.text join different as second on second.text = near.other;
create table alike as select text, other from common where total - lines <= {SKETCH} and lines >= {ALIKE} * (total - lines);
insert into alike
  select text, other from
    (select common.text, common.other, list_intersect(first.lines, second.lines) as common,
            list_sort(list_distinct(list_concat(first.lines, second.lines)))[1:{SKETCH}] as smallest
     from common join different as first on first.text = common.text join different as second on second.text = common.other
     where total - common.lines > {SKETCH} and common.lines >= {ALIKE} * longer)
  where len(list_intersect(common, smallest)) >= {ALIKE} * {SKETCH};
insert into alike select other, text from alike;
insert into alike select distinct text, text from rare;
create table shared as
  select hash, sum(repos)::bigint as repos, count(owner) as owners
  from (select hash, owner, count(*) as repos from section join holder using (n) join node using (n) group by hash, owner)
  group by hash having sum(repos) >= {FEWEST_REPOS} and count(owner) >= {FEWEST_OWNERS};
drop table text; drop table probe; drop table rare; drop table pair; drop table near; drop table common; drop table length;
drop table different;
"""  # noqa: S608  # numbers of ours
_OF_SLICE = """
create or replace temp table likes as
  select mine.n, list(theirs.key order by theirs.key) as keys
  from member as mine join alike using (text) join member as theirs on theirs.text = alike.other
  where mine.n >= {begin} and mine.n < {end} and theirs.n <> mine.n
  group by mine.n;
create or replace temp table sharing as
  select distinct n from section join shared using (hash) where n >= {begin} and n < {end};
"""


def prepare_copies(connection: duckdb.DuckDBPyConnection) -> None:
    """Compare the texts of all repositories. Fill ``shared`` (hash, repos, owners), and what `copies_of` reads."""
    connection.execute(_SQL)


def copies_of(connection: duckdb.DuckDBPyConnection, piece: Slice) -> None:
    """Fill ``likes`` (n, keys of what is alike) and ``sharing`` (n) for the repositories of a slice."""
    connection.execute(_OF_SLICE.format(begin=piece.begin, end=piece.end))
