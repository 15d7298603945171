"""The register of certificates."""

import json
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.domain.certification.facts import State
from app.domain.certification.risk import Risk
from app.domain.permission import Permission
from app.outputs.drawing.ring import draw_ring
from app.outputs.drawing.standing import ring_of
from app.queries.certificates import ORDERS, PAGE, CertificateRow, Filters, choices, register
from app.web.certificates.area import area
from app.web.fields import asked_page, row_id
from app.work import Work

E = TypeVar("E", bound=StrEnum)
FILTERS = ("state", "risk", "standard", "site", "body")
STATES = [
    (State.APPLICANT.value, "Applicant"),
    (State.ACTIVE.value, "Active"),
    (State.SUSPENDED.value, "Suspended"),
    (State.EXPIRED_RESTORABLE.value, "Expired, can be restored"),
    (State.LAPSED.value, "Lapsed"),
    (State.WITHDRAWN.value, "Withdrawn"),
]


@area.get("", needs=Permission.SEE_PROGRAMME)
def index(work: Work) -> ResponseReturnValue:
    """All certificates, fifty a page, as their kept verdicts say they stand."""
    wanted = Filters(
        state=_member(State, request.args.get("state")),
        risk=_member(Risk, request.args.get("risk")),
        standard=request.args.get("standard") or None,
        site_id=request.args.get("site", type=row_id),
        body_id=request.args.get("body", type=row_id),
        order=next((each for each in ORDERS if each == request.args.get("order")), ORDERS[0]),
    )
    page = asked_page()
    found = register(work, wanted, page)
    if page > 1 and not found.rows:
        # Behind the last page: the first knows how many there are.
        found = register(work, wanted)
        page = max(1, -(-found.total // PAGE))
        found = register(work, wanted, page)
    pages = max(1, -(-found.total // PAGE))
    asked: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}

    def link(number: int) -> str:
        order = wanted.order if wanted.order != "standard" else None
        return url_for("certificates.index", **asked, order=order, page=number)

    def in_order(order: str) -> str:
        return url_for("certificates.index", **asked, order=order)

    offered = choices(work)
    # References need no quoting in an address, so one address serves for all.
    stem = url_for("certificates.show", reference="-").removesuffix("-")
    return render_template(
        "certificates/index.html",
        lines=[_line(row, work.today, stem + row.reference) for row in found.rows],
        total=found.total,
        page=page,
        pages=pages,
        wanted=wanted,
        filtered=bool(asked),
        choices=offered,
        standards=[(each, each) for each in offered.standards],
        states=STATES,
        risks=[(each.value, each.label) for each in Risk],
        link=link,
        in_order=in_order,
    )


@lru_cache(maxsize=4096)
def _line(row: CertificateRow, today: date, url: str) -> Markup:
    """A line of the table: drawn once for each day on which it says the same, since it says nothing else."""
    ring = ring_of(
        state=row.state.value,
        began_on=row.began_on,
        valid_through=row.valid_through,
        detail=json.loads(row.detail),
        today=today,
        about=row.reference,
    )
    template: Any = current_app.jinja_env.get_template("certificates/_line.html")
    drawn: Markup = template.module.line(row, draw_ring(ring), today, url)
    return drawn


def _member(kind: type[E], value: str | None) -> E | None:
    """The member of that value; a filter that names nothing asks for everything."""
    return next((each for each in kind if each.value == value), None)
