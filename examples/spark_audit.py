"""Cards in a Spark table judged where they lie: a function for ``DataFrame.mapInArrow``, and how to call it.

Each executor needs ``pip install 'cardlint[audit]'``. The function is pure: batches of cards in, batches of findings out, so a task
that is lost runs again. Rules that look at other repositories need the whole audit: `cardlint audit --engine`, or the table of cards
written as Parquet and `cardlint audit` over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = "id string, kind string, code string, severity string, line int, message string, fingerprint string, failure string"


def findings(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Judge batches with the columns ``id``, ``kind`` and ``card`` (text); a row a finding, and one for each card that failed."""
    from cardlint.audit.rows import Auditor
    from cardlint.config.suppressions import silencing
    from cardlint.engine.batch import Plan
    from cardlint.engine.catalogue import shipped
    from cardlint.engine.select import Choice, choose
    from cardlint.sources.entry import Entry

    rules = shipped()
    judge = Auditor(Plan(tuple(choose(Choice(profile="audit"), rules)), {}, silence=silencing(rules, "audit")))
    names = [part.split()[0] for part in SCHEMA.split(", ")]
    for batch in batches:
        rows = []
        for repo, kind, card in zip(*(batch.column(name).to_pylist() for name in ("id", "kind", "card")), strict=True):
            text = None if card is None else card.encode("utf-8", "surrogatepass")
            outcome = judge(Entry(repo, None, id=repo, kind=kind, text=text, files=() if text is None else None))
            rows += [
                (repo, outcome.kind, each.code, each.severity, each.span.line, each.message, each.fingerprint, None)
                for each in outcome.findings
            ]
            if outcome.failure:
                rows.append((repo, outcome.kind, None, None, None, None, None, outcome.failure))
        columns = list(zip(*rows, strict=True)) or [()] * len(names)
        types = [pa.int32() if name == "line" else pa.string() for name in names]
        yield pa.RecordBatch.from_arrays([pa.array(column, kind) for column, kind in zip(columns, types, strict=True)], names=names)


if __name__ == "__main__":
    import sys

    from pyspark.sql import SparkSession  # type: ignore[import-not-found]

    cards, out = sys.argv[1:3]
    spark = SparkSession.builder.appName("cardlint").getOrCreate()
    table = spark.read.parquet(cards).select("id", "kind", "card").repartition(spark.sparkContext.defaultParallelism * 4)
    table.mapInArrow(findings, SCHEMA).write.mode("overwrite").parquet(out)
