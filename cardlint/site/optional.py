"""Tables of what an audit may or may not hold besides repositories and findings: artifacts, ancestors, copies, controls of standards.

Where the audit has none the table is there and empty, so that pages ask one way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_TABLES = {
    "artifact": (
        "facts",
        """n integer, files integer, bytes bigint, formats varchar[], parameters bigint, architectures varchar[], model_type varchar,
           adapter varchar, pickles integer, license_files varchar[],
           headings struct(name varchar, heading varchar, line integer)[]""",
        """
        select repo.n, json_array_length(document, '$.repo.files'), list_sum(try_cast(document->'$.repo.files[*].size' as bigint[])),
               try_cast(document->'$.repo.weights.formats' as varchar[]), try_cast(document->>'$.repo.weights.parameters' as bigint),
               try_cast(document->'$.repo.config.architectures' as varchar[]), document->>'$.repo.config.model_type',
               document->>'$.repo.adapter.library', json_array_length(document, '$.repo.weights.pickles'),
               try_cast(document->>'$.repo.license_files[*].path' as varchar[]),
               [{'name': each.key, 'heading': each.value.heading, 'line': each.value.lines[1]}
                for each in map_entries(try_cast(document->'$.sections' as map(varchar, struct(heading varchar, lines integer[]))))
                if len(each.value.lines) > 0]
        from facts join site.repo as repo using (input) order by repo.n
        """,
    ),
    "ancestor": (
        "lineage",
        "n integer, ancestor varchar, hops integer, path varchar[], licenses varchar[], state varchar",
        """
        select repo.n, ancestor, hops, path, lineage.licenses, state
        from lineage join site.repo as repo using (input) order by repo.n, hops, path
        """,
    ),
    "likeness": (
        "copies",
        "n integer, copy varchar, likeness double, base boolean",
        "select repo.n, copy, likeness, base from copies join site.repo as repo using (input) order by repo.n, likeness desc, copy",
    ),
    "control": (
        "controls",
        "n integer, standard varchar, control varchar, state varchar, reason varchar, evidence varchar[]",
        """
        select repo.n, standard, control, state, reason, evidence
        from controls join site.repo as repo using (input) order by repo.n, standard, control
        """,
    ),
}


def add_optional(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables."""
    views = {row[0] for row in connection.execute("select view_name from duckdb_views() where not internal").fetchall()}
    for name, (view, columns, query) in _TABLES.items():
        connection.execute(f"create table site.{name} ({columns})")
        if view in views:
            connection.execute(f"insert into site.{name} {query}")
