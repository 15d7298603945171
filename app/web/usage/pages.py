"""The list of records of use, its file, and the drawing of one product."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.domain.dates import say
from app.domain.itam.asset import normal_tag
from app.domain.itam.usage import UsageMetric, plain
from app.domain.permission import Permission
from app.outputs.drawing.bars import Bar, draw_bars
from app.queries.software import products_named
from app.queries.usage import ORDERS, PAGE, Series, UsageFilters, all_usage, series_of, usage_list, usage_sources
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.usage.area import area
from app.work import Work

HEAD = (
    "Publisher",
    "Product",
    "Edition",
    "Asset",
    "Metric",
    "Value",
    "Unit",
    "From",
    "Until",
    "Source",
    "Imported from",
)
_NAMES = ("q", "product", "metric", "asset", "source", "from", "until", "batch", "order", "direction")
_MOST = 200


@dataclass(frozen=True, slots=True)
class Chart:
    """What was measured in one unit, drawn, and the same for a table."""

    title: str
    says: str
    head: str
    drawing: Markup
    bars: list[Bar]


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """The records that are asked for, fifty a page; of one product also drawn, each unit by itself."""
    wanted, page = asked(), asked_page()
    rows, total = usage_list(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        rows, total = usage_list(work, wanted, page)
    products = products_named(work)
    charts = [_chart(each) for each in series_of(work, wanted)] if wanted.product_id is not None else []
    return render_template(
        "usage/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        products=products,
        product_name=dict(products).get(wanted.product_id or 0, ""),
        metrics=[(each.value, each.label) for each in UsageMetric],
        sources=[(each, each) for each in usage_sources(work)],
        charts=charts,
        plain=plain,
        link=lambda number: address("usage.index", page=number),
        sort=lambda order: _turned(wanted, order),
        export=lambda sheet: address("usage.export", sheet=sheet),
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All records that the filters ask for, as a file."""
    return sheet_response(work, "usage", sheet, "Usage", HEAD, _cells(work, asked()))


def _cells(work: Work, wanted: UsageFilters) -> Iterator[list[Any]]:
    for row in all_usage(work, wanted):
        value = row.value.normalize() if row.metric.has_value else None
        yield [
            *(row.publisher, row.product, row.edition, row.tag or "", row.metric.label),
            None if value is None else int(value) if value == value.to_integral_value() else float(value),
            *(row.unit, row.starts_on, row.ends_on, row.source, row.file_name or ""),
        ]


def _chart(series: Series) -> Chart:
    is_peak = series.metric is UsageMetric.PEAK_SESSIONS
    label, unit = series.metric.label, series.unit
    title = f"{label} in {unit}" if unit else f"{label}, no unit said"
    if unit and unit.casefold() in label.casefold():
        title = label
    says = "The most at once in each period." if is_peak else "All records of each period together."
    bars = [
        Bar(f"{say(each.starts_on)} to {say(each.ends_on)}", each.value, plain(each.value)) for each in series.periods
    ]
    drawing = draw_bars(bars, f"{title}, by period; the table below says the same.")
    return Chart(title, says, "Most at once" if is_peak else "Used", drawing, bars)


def asked() -> UsageFilters:
    """What the address asks for; a filter that names nothing asks for everything."""
    said = request.args
    order = next((each for each in ORDERS if each == said.get("order")), "period")
    return UsageFilters(
        text=said.get("q", "").strip()[:_MOST] or None,
        product_id=said.get("product", type=row_id),
        metric=next((each for each in UsageMetric if each.value == said.get("metric")), None),
        asset=normal_tag(said.get("asset", "")[:40]) or None,
        source=said.get("source", "").strip()[:_MOST] or None,
        from_on=said.get("from", type=date.fromisoformat),
        until=said.get("until", type=date.fromisoformat),
        batch_id=said.get("batch", type=row_id),
        order=order,
        # The latest stand first, until somebody asks otherwise.
        descending=said.get("direction") == "down" or (order == "period" and said.get("direction") != "up"),
    )


def address(endpoint: str, **more: Any) -> str:
    """The address of the same records, with something said besides."""
    kept = {name: request.args[name][:_MOST] for name in _NAMES if request.args.get(name)}
    return url_for(endpoint, **{name: value for name, value in {**kept, **more}.items() if value is not None})


def _turned(wanted: UsageFilters, order: str) -> str:
    down = not wanted.descending if wanted.order == order else False
    return address("usage.index", order=order, direction="down" if down else "up", page=None)
