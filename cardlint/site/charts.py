"""The pictures of the first page: SVG with their own light and dark colours, no script, no date, the same bytes for the same counts.

Every picture is drawn from the rows that stand beside it as a table. Colours: Okabe and Ito, Color Universal Design (2008), darkened or
lightened to a contrast of 3:1 and more with the page; the tables and labels carry every meaning without them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pygal
from pygal.style import Style

# pygal adds a finder for its plugins that makes Python 3.11 warn at every later import; there are no plugins here
sys.meta_path[:] = [finder for finder in sys.meta_path if not type(finder).__module__.startswith("pygal")]

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLE = """
svg { font-family: system-ui, "Segoe UI", Helvetica, Arial, sans-serif; background: transparent; }
text { fill: #33404d; font-size: 13px; } .legends text { font-size: 13px; }
.axis.y text { text-anchor: end; } .axis.x text, .centered { text-anchor: middle; }
.line-graph .axis.x text[transform] { text-anchor: start; }
.background { fill: none; } .axis .line { stroke: none; fill: none; }
.axis .guide.line { stroke: #d5dbe1; fill: none; } .horizontal .axis.y .guide.line, .vertical .axis.x .guide.line { stroke: none; }
.tooltip { display: none; } .nofill { fill: none; } .line.reactive { stroke-width: 2.5px; } .dot { stroke-width: 1px; }
"""
_DARK = ".dark text, text { fill: #c8d1da; } .axis .guide.line { stroke: #3a4550; }"
_DOCUMENTED = (("#00684b", "#35c79a"), ("#5aa9e6", "#5aa9e6"), ("#1f5f99", "#8cc4f0"), ("#b8860b", "#e0b040"), ("#cfd6dc", "#46525e"))
_SEVERITY = (("#b3361b", "#ff8a66"), ("#c98a00", "#f0b840"), ("#3f79ad", "#79b8ea"))
_ONE = (("#1f5f99", "#79b8ea"),)
_LINES = (("#00684b", "#35c79a"), ("#1f5f99", "#79b8ea"), ("#b3361b", "#ff8a66"), ("#8f6a00", "#e0b040"))
_WIDTH = 620


def charts(overview: dict[str, Any]) -> dict[str, str]:
    """The pictures by name, as SVG text."""
    drawn = {
        f"sections-{kind}": _sections(overview["sections"], kind) for kind in dict.fromkeys(row["kind"] for row in overview["sections"])
    }
    classes = overview["licenses"]["classes"]
    drawn["licences"] = _bars([row["label"] for row in classes], [("repositories", [row["repos"] for row in classes])], _ONE)
    if overview["families"]:
        drawn["families"] = _bars(
            [row["label"] for row in overview["families"]],
            [(name, [row[severity] for row in overview["families"]]) for name, severity in _SEVERITIES],
            _SEVERITY,
        )
    drawn["scores"] = _columns(overview["scores"])
    trend = overview.get("trend") or []
    if len(trend) > 1:
        labels = [point["label"] for point in trend]
        shares = [("score", "score"), ("documented", "sections documented"), ("licensed", "with a licence")]
        drawn["trend-documentation"] = _lines(labels, [(label, [point[key] for point in trend]) for key, label in shares], _LINES)
        drawn["trend-findings"] = _lines(labels, [(name, [point[key] for point in trend]) for name, key in _SEVERITIES], _SEVERITY)
    return drawn


_SEVERITIES = (("errors", "error"), ("warnings", "warning"), ("notes", "note"))


def _sections(rows: Sequence[dict[str, Any]], kind: str) -> str:
    own = [row for row in rows if row["kind"] == kind]
    series = [
        ("in words", [_share(row, "substantive") for row in own]),
        ("few words", [_share(row, "thin") for row in own]),
        ("metadata, files", [_share(row, "metadata") + _share(row, "files") for row in own]),
        ("placeholder", [_share(row, "placeholder") for row in own]),
        ("absent", [_share(row, "absent") for row in own]),
    ]
    return _bars([row["name"].replace("_", " ") for row in own], series, _DOCUMENTED, most=100, unit=" %")


def _share(row: dict[str, Any], state: str) -> float:
    share: float = round(100 * row[state] / row["repos"], 2)
    return share


def _bars(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    colours: Sequence[tuple[str, str]],
    most: int | None = None,
    unit: str = "",
) -> str:
    """Bars that lie, from the first label at the top down."""
    options: dict[str, Any] = {"range": (0, most)} if most else {}
    chart = pygal.HorizontalStackedBar(height=70 + 28 * len(labels) + 20 * (len(series) > 3), spacing=8, **_options(unit), **options)
    chart.show_legend = len(series) > 1
    chart.x_labels = list(reversed(labels))
    for name, values in series:
        chart.add(name, list(reversed(values)))
    return _drawn(chart, colours)


def _columns(scores: Sequence[dict[str, Any]]) -> str:
    """The distribution of the score, a column for each ten points."""
    chart = pygal.StackedBar(height=280, **_options(""))
    chart.x_labels = [f"{10 * each}–{10 * each + 9 + (each == 9)}" for each in range(10)]
    for row in scores:
        chart.add(f"{row['kind']}s", row["bins"])
    return _drawn(chart, _LINES)


def _lines(labels: Sequence[str], series: Sequence[tuple[str, Sequence[float]]], colours: Sequence[tuple[str, str]]) -> str:
    chart = pygal.Line(height=280, dots_size=4, **_options(""))
    chart.range = (0, max([1, *(value for _, values in series for value in values)]))
    chart.x_labels = list(labels)
    for name, values in series:
        chart.add(name, list(values))
    return _drawn(chart, colours)


def _options(unit: str) -> dict[str, Any]:
    return {
        "width": _WIDTH,
        "no_prefix": True,
        "js": (),
        "css": (),
        "disable_xml_declaration": True,
        "legend_at_bottom": True,
        "style": Style(label_font_size=14, major_label_font_size=14, legend_font_size=14),
        "margin": 6,
        "margin_right": 34,
        "value_formatter": lambda value: f"{value:,.0f}{unit}",
        "truncate_label": -1,
        "truncate_legend": -1,
        "max_scale": 5,
        "show_x_guides": True,
        "show_y_guides": True,
    }


def _drawn(chart: Any, colours: Sequence[tuple[str, str]]) -> str:
    """The chart's SVG with our style in place of scripts, comments (they hold a date) and the library's style."""
    light, dark = (
        "".join(f".color-{index} {{ fill: {pair[side]}; stroke: {pair[side]}; }} " for index, pair in enumerate(colours)) for side in (0, 1)
    )
    style = f"{_STYLE}{light}\ntext, tspan {{ stroke: none !important; }}\n@media (prefers-color-scheme: dark) {{ {_DARK} {dark}}}\n"

    def restyle(root: Any) -> Any:
        for parent in list(root.iter()):
            for child in list(parent):
                name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else "comment"
                if name in ("comment", "script", "style", "desc", "title"):
                    parent.remove(child)
        for each in root.iter():
            if isinstance(each.tag, str) and each.tag.rpartition("}")[2] == "defs":
                made = each.makeelement("style", {})
                made.text = style
                each.append(made)
        return root

    chart.legend_at_bottom_columns = min(3, len(chart.raw_series))
    if len(chart.raw_series) > 3:
        chart.margin_bottom = 30  # the library leaves room for one line of the legend
    chart.add_xml_filter(restyle)
    return str(chart.render(is_unicode=True))
