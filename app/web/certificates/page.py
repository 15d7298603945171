"""The page of one certificate: how it stands, why, and everything it rests on."""

from typing import Any

from flask import abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.certification.cycle import judge
from app.domain.certification.decisions import WITH_LAST_DAY
from app.domain.certification.risk import risk_of, rule_name
from app.domain.permission import Permission
from app.outputs.drawing.ring import Dot, Ring, draw_ring
from app.queries.catalogue import edition_named
from app.queries.certificates import CertificatePage, certificate_page
from app.web.certificates.area import area
from app.web.certificates.words import DEEDS, OUTCOMES
from app.web.gate import may
from app.work import Work


@area.get("/<reference>", needs=Permission.SEE_PROGRAMME)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One certificate, judged as of today from all its facts."""
    page = certificate_page(work, reference)
    if page is None:
        abort(404)
    verdict = judge(page.facts, work.today)
    return render_template(
        "certificates/show.html",
        page=page,
        certificate=page.certificate,
        verdict=verdict,
        risk=risk_of(verdict),
        ring=draw_ring(_ring(page, verdict), 32),
        edition=edition_named(work, page.certificate.full_standard),
        rule_name=rule_name,
        deeds=DEEDS,
        outcomes=OUTCOMES,
        with_last_day=WITH_LAST_DAY,
        journal_url=_journal(page),
        calendar_url=_calendar(page),
        endpoints=current_app.view_functions,
    )


def _ring(page: CertificatePage, verdict: Any) -> Ring:
    cycle = verdict.cycle
    dots = [
        Dot(each.ends_on, "held" if each.progress.is_held else "planned")
        for each in page.audits
        if cycle is not None
        and each.ends_on >= cycle.began_on
        and each.kind != "internal"
        and each.progress != "cancelled"
    ]
    dots += [
        Dot(each.closes_on, "missing")
        for each in verdict.deadlines
        if each.audit is not None and each.standing == "breached" and each.met_by is None
    ]
    return Ring(
        began_on=cycle.began_on if cycle else None,
        valid_through=verdict.valid_through.value if verdict.valid_through else None,
        today=verdict.on,
        state=verdict.state.value.value,
        dots=tuple(sorted(dots, key=lambda dot: dot.on)),
        breached_on=tuple(each.since for each in verdict.breaches),
        about=page.certificate.reference,
    )


def _journal(page: CertificatePage) -> str | None:
    if "journal.index" not in current_app.view_functions or not may(Permission.READ_JOURNAL):
        return None
    return url_for("journal.index", noun="certificate", reference=page.certificate.reference)


def _calendar(page: CertificatePage) -> str | None:
    if "feeds.certificate" not in current_app.view_functions or not may(Permission.SUBSCRIBE):
        return None
    return url_for("feeds.certificate", reference=page.certificate.reference)
