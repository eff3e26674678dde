"""Texts of a whole mirror compared in SQL: who repeats whom, and which sections many have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.hub.index import FEWEST_OWNERS, FEWEST_REPOS
from cardlint.hub.likeness import ALIKE, SKETCH

if TYPE_CHECKING:
    import duckdb

_PROBES = 8
"""Lines by which copies are looked for: of two texts four fifths alike, one of the eight smallest is shared, but once in 400,000."""
_COMMON = 60
"""Repositories that have a line in common before it is a template's, and tells nothing."""

# Equal texts are compared with others once: the first of those that have a text stands for it. Groups hold numbers alone and
# lists of lines are joined only for pairs that may be alike, so that every step can leave memory for the disk.
# Two texts cannot be alike where they have fewer lines in common than the longer one asks for; where all their lines together are
# `SKETCH` or fewer, that number decides. The others are few, and take four times as long.
_SQL = f"""
create table different as select mark, first, min(n) as text, count(*) as repos from text group by mark, first;
create table member as select different.text, text.n from text join different using (mark, first);
create table probe as select n as text, repos, unnest(lines[1:{_PROBES}]) as hash from text join different on n = different.text;
create table rare as
  select text, hash from probe join (select hash from probe group by hash having sum(repos) between 2 and {_COMMON}) using (hash);
create table pair as
  select distinct one.text, other.text as other from rare as one join rare as other using (hash) where one.text < other.text;
create table near as
  select pair.text, pair.other, one.length + another.length as total, greatest(one.length, another.length) as longer
  from pair join text as one on one.n = pair.text join text as another on another.n = pair.other
  where least(one.length, another.length) >= {ALIKE} * longer;
create table common as
  select near.text, near.other, total, longer, len(list_intersect(one.lines, another.lines)) as lines
  from near join text as one on one.n = near.text join text as another on another.n = near.other;
create table alike as select text, other from common where total - lines <= {SKETCH} and lines >= {ALIKE} * (total - lines);
insert into alike
  select text, other from
    (select common.text, common.other, list_intersect(one.lines, another.lines) as common,
            list_sort(list_distinct(list_concat(one.lines, another.lines)))[1:{SKETCH}] as smallest
     from common join text as one on one.n = common.text join text as another on another.n = common.other
     where total - common.lines > {SKETCH} and common.lines >= {ALIKE} * longer)
  where len(list_intersect(common, smallest)) >= {ALIKE} * {SKETCH};
insert into alike select other, text from alike;
insert into alike select distinct text, text from rare join different using (text) where repos > 1;
create table shared as
  select hash, sum(repos)::bigint as repos, count(owner) as owners
  from (select hash, owner, count(*) as repos from section join node using (n) anti join superseded using (n) group by hash, owner)
  group by hash having sum(repos) >= {FEWEST_REPOS} and count(owner) >= {FEWEST_OWNERS};
drop table text; drop table different; drop table probe; drop table rare; drop table pair; drop table near; drop table common;
"""  # noqa: S608  # numbers of ours

AROUND = """
select n, key from
  (select mine.n, node.key
   from alike join member as mine using (text) join member as theirs on theirs.text = alike.other join node on node.n = theirs.n
   where theirs.n <> mine.n
   union all select n, null as key from section join shared using (hash))
order by n, key
"""
"""What is like what: a row (n, key) for each key whose text is like that of repository n, sorted; n alone where it shares a section."""
SHARED = "select hash, repos, owners from shared order by hash"


def compare_texts(connection: duckdb.DuckDBPyConnection) -> None:
    """Compare the texts of all repositories. Fill what `AROUND` and `SHARED` ask."""
    connection.execute(_SQL)
