"""The catalogue: every product, and the page of one."""

from collections.abc import Iterator
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.itam.change import Authorisation
from app.domain.permission import Permission
from app.models.software import Product
from app.queries.installations import installation_list
from app.queries.product_pointers import pointers_at
from app.queries.software import (
    PAGE,
    SoftwareFilters,
    aliases_of,
    all_products,
    categories_of,
    product_list,
    publishers_of,
    versions_of,
)
from app.web.exporting import sheet_response
from app.web.fields import asked_page
from app.web.gate import may
from app.web.software.area import area, product_or_404
from app.web.software.asked import STANDINGS, address, asked_installations, asked_software, turned
from app.work import Work

HEAD = ("Publisher", "Product", "Edition", "Category", "Needs a licence", "Assets", "Unauthorised")


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """The products that are asked for, fifty a page."""
    wanted, page = asked_software(), asked_page()
    rows, total = product_list(work, wanted, page)
    return render_template(
        "software/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        wanted=wanted,
        publishers=publishers_of(work),
        categories=categories_of(work),
        standings=STANDINGS,
        link=lambda number: address("software.index", page=number),
        sort=lambda order: turned("software.index", wanted, order),
        export=lambda sheet: address("software.export", sheet=sheet),
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All products that the filters ask for, as a file."""
    return sheet_response(work, "software", sheet, "Software", HEAD, _cells(work, asked_software()))


def _cells(work: Work, wanted: SoftwareFilters) -> Iterator[list[Any]]:
    for row in all_products(work, wanted):
        licence = "yes" if row.needs_licence else "no"
        yield [row.publisher, row.name, row.edition, row.category, licence, row.devices, row.unauthorised]


@area.get("/<int:product_id>", needs=Permission.SEE_ASSETS)
def show(work: Work, product_id: int) -> ResponseReturnValue:
    """One product: its versions, where it is installed, and what points at it."""
    product = product_or_404(work, product_id)
    return render_template("software/show.html", **page_of(work, product))


def page_of(work: Work, product: Product) -> dict[str, Any]:
    """All that the page of a product shows."""
    wanted, page = asked_installations(product.id), asked_page()
    rows, total = installation_list(work, wanted, page)
    versions = versions_of(work, product.id)
    return {
        "product": product,
        "rows": rows,
        "total": total,
        "page": page,
        "pages": max(1, -(-total // PAGE)),
        "wanted": wanted,
        "versions": versions,
        "installed": sum(each.installed for each in versions),
        "open_count": sum(each.unauthorised for each in versions),
        "aliases": aliases_of(work, product.id),
        "pointers": [each for each in pointers_at(work, product.id) if each.named or each.noun == "Records of use"],
        "authorisations": list(Authorisation),
        "link": lambda number: address("software.show", product_id=product.id, page=number),
        "sort": lambda order: turned("software.show", wanted, order, product_id=product.id),
        "journal_url": url_for("journal.index", noun="product") if may(Permission.READ_JOURNAL) else None,
    }
