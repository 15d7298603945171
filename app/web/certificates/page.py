"""The page of one certificate: how it stands, why, and everything it rests on."""

from datetime import date

from flask import abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.certification.cycle import judge
from app.domain.certification.decisions import WITH_LAST_DAY
from app.domain.certification.nonconformity import endangered_by
from app.domain.certification.risk import risk_of, rule_name
from app.domain.certification.verdict import Verdict
from app.domain.certification.watch import watch
from app.domain.dates import add_days, add_months
from app.domain.permission import Permission
from app.domain.programme.preparation import Ready
from app.outputs.drawing import draw_band
from app.outputs.drawing.ring import draw_ring
from app.queries.catalogue import edition_named
from app.queries.certificates import CertificatePage, certificate_page
from app.queries.corrective_actions import cases_behind
from app.queries.preparation import before_next
from app.queries.programme import blackouts_between, lanes
from app.queries.readiness import preparing
from app.web.certificates.area import area
from app.web.certificates.words import DEEDS, OUTCOMES
from app.web.gate import may
from app.web.programme.drawing import band_of
from app.work import Work


@area.get("/<reference>", needs=Permission.SEE_PROGRAMME)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One certificate, judged as of today from all its facts."""
    page = certificate_page(work, reference)
    if page is None:
        abort(404)
    verdict = judge(page.facts, work.today)
    notices = watch(page.facts, verdict)
    first, last = _span(verdict)
    found = lanes(work, first, last, reference=reference)
    drawn = band_of(found, first, last, work.today, blackouts_between(work, first, last))
    endangered = {each.id: endangered_by(page.facts, each, work.today) for each in page.facts.nonconformities}
    return render_template(
        "certificates/show.html",
        page=page,
        certificate=page.certificate,
        verdict=verdict,
        risk=risk_of(verdict, notices),
        notices=notices,
        before=[each for each in before_next(work, page.facts) if each.ready is not Ready.HELD],
        preparing=preparing(work, [page.certificate]),
        ring=draw_ring(drawn.lanes[0].ring, 32) if drawn.lanes and drawn.lanes[0].ring else "",
        planned={window.label: window.met_by for lane in drawn.lanes for window in lane.windows if window.met_by},
        drawn=draw_band(drawn),
        edition=edition_named(work, page.certificate.full_standard),
        rule_name=rule_name,
        behind=cases_behind(work, [each.id for each in page.nonconformities]),
        endangered=endangered,
        deeds=DEEDS,
        outcomes=OUTCOMES,
        with_last_day=WITH_LAST_DAY,
        journal_url=_journal(page),
        calendar_url=_calendar(page),
    )


def _span(verdict: Verdict) -> tuple[date, date]:
    """The days that the drawing shows: the current cycle with a month on both sides, else three years from today."""
    first = verdict.cycle.began_on if verdict.cycle else verdict.on
    last = verdict.valid_through.value if verdict.valid_through else add_months(verdict.on, 36)
    return add_months(first, -1).replace(day=1), add_days(add_months(last, 2).replace(day=1), -1)


def _journal(page: CertificatePage) -> str | None:
    if "journal.index" not in current_app.view_functions or not may(Permission.READ_JOURNAL):
        return None
    return url_for("journal.index", reference=page.certificate.reference)


def _calendar(page: CertificatePage) -> str | None:
    if "feeds.certificate" not in current_app.view_functions or not may(Permission.SEE_PROGRAMME):
        return None
    return url_for("feeds.certificate", reference=page.certificate.reference)
