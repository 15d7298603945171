"""The register of audits, and the page of one."""

from datetime import date
from functools import lru_cache
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.domain.certification.facts import AuditKind
from app.domain.dates import say
from app.domain.explained import Reason
from app.domain.permission import Permission
from app.domain.programme.progress import ORDER, AuditProgress, may_follow_on
from app.domain.programme.sequence import topics
from app.models.audit import Audit
from app.operations.audits import now_of
from app.queries.attachments import attachments_on
from app.queries.audit_assets import assets_at
from app.queries.audit_standing import held_back_among, standing_of
from app.queries.audits import HELD, TO_COME, Page, Row, Wanted, choices_of, page_of
from app.queries.nonconformities import raised_at
from app.queries.readiness import Preparing, preparing
from app.web.audits import area
from app.web.audits.access import audit_or_404, is_guest, may_attach, may_conclude, may_work_on, steps_for
from app.web.gate import may
from app.work import Work

GROUPS: dict[str, tuple[AuditProgress, ...]] = {
    "to-come": TO_COME,
    "held": HELD,
    "any": (),
    **{each.value: (each,) for each in AuditProgress},
}
"""What the filter of progress may ask for; the first is what stands there before anybody asks."""

GROUP_NAMES = {
    "to-come": "To come",
    "held": "Held",
    "any": "Any",
    **{each.value: each.label for each in AuditProgress},
}


@area.get("", needs=Permission.SEE_PROGRAMME)
def index(work: Work) -> ResponseReturnValue:
    """The register: fifty audits a page, with filters."""
    asked, wanted = _asked(), _wanted()
    found = page_of(work, wanted, _number())
    held_back = held_back_among(work, found.rows)
    # References need no quoting in an address, so one address serves for all.
    stems = [url_for(f"{noun}.show", reference="-").removesuffix("-") for noun in ("audits", "certificates")]
    return render_template(
        "audits/index.html",
        found=found,
        asked=asked,
        is_filtered=any(value for name, value in asked.items() if name not in ("progress", "order")),
        choices=choices_of(work, most=100),
        lines=[_line(row, held_back.get(row.reference, ()), work.today, *stems) for row in found.rows],
        kinds=list(AuditKind),
        groups=GROUP_NAMES,
        standing=_in_words(found, wanted, work.today),
        link=lambda number: url_for("audits.index", **_linked(asked), page=number),
        turned=url_for("audits.index", **_linked({**asked, "order": "" if wanted.newest_first else "newest"})),
        newest_first=wanted.newest_first,
    )


@lru_cache(maxsize=4096)
def _line(row: Row, held_back: tuple[Reason, ...], today: date, audit: str, certificate: str) -> Markup:
    """A line of the table: drawn once for each day on which it says the same, since it says nothing else."""
    template: Any = current_app.jinja_env.get_template("audits/_line.html")
    drawn: Markup = template.module.line(row, held_back, today, audit, certificate)
    return drawn


def _asked() -> dict[str, str]:
    names = ("kind", "progress", "certificate", "site", "person", "since", "until", "overdue", "order")
    return {name: request.args.get(name, "").strip() for name in names}


def _linked(asked: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value}


def _wanted() -> Wanted:
    """What the filters ask for; a filter that says nothing sensible asks for nothing."""
    asked = _asked()
    overdue = asked["overdue"] in ("yes", "1", "on")
    group = asked["progress"] if asked["progress"] in GROUPS else "any" if overdue else "to-come"
    return Wanted(
        kind=AuditKind(asked["kind"]) if asked["kind"] in set(AuditKind) else None,
        progress=GROUPS[group],
        certificate=_id(asked["certificate"]) or asked["certificate"] or None,
        site_id=_id(asked["site"]),
        person_id=_id(asked["person"]),
        since=_day(asked["since"]),
        until=_day(asked["until"]),
        overdue=overdue,
        newest_first=asked["order"] == "newest",
    )


def _id(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number() -> int:
    return max(_id(request.args.get("page", "")) or 1, 1)


def _in_words(found: Page, wanted: Wanted, today: date) -> str:
    """One sentence that says how things stand."""
    if not found.total:
        return ""
    count = "1 audit" if found.total == 1 else f"{found.total} audits"
    if wanted.overdue:
        return f"{count} overdue: the last day has passed and nothing says that it was held."
    upcoming = next((row for row in found.rows if row.progress in TO_COME and row.starts_on >= today), None)
    if upcoming is None or wanted.newest_first or found.number > 1:
        return f"{count}."
    return f"{count}. Next: {upcoming.reference} on {say(upcoming.starts_on)}."


@area.get("/<reference>", needs=Permission.SEE_OWN_WORK)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One audit: what it is, for whom, when, where, with whom, and what depends on it."""
    audit = audit_or_404(work, reference)
    sees_all = may(Permission.SEE_PROGRAMME)
    sees_raised = sees_all or is_guest(audit)
    return render_template(
        "audits/show.html",
        audit=audit,
        standing=standing_of(work, audit) if sees_all else [],
        attachments=attachments_on(work, audit_id=audit.id),
        looked_at=assets_at(work, audit.id) if may(Permission.SEE_ASSETS) else [],
        may_look=may_work_on(audit) and may(Permission.SEE_ASSETS),
        raised=raised_at(work, audit.id) if sees_raised and audit.kind is not AuditKind.INTERNAL else [],
        topics=topics(audit.kind),
        course=ORDER,
        steps=steps_for(audit, may_follow_on(now_of(audit), work.today)),
        may_conclude=may_conclude(audit),
        may_attach=may_attach(audit),
        is_overdue=audit.progress in TO_COME and audit.ends_on < work.today,
        sees_all=sees_all,
        preparing=_preparing(work, audit) if sees_all else [],
    )


def _preparing(work: Work, audit: Audit) -> list[Preparing]:
    """The implementations that lead to it, where it is a stage 1 that is not over yet."""
    served = [each.certificate for each in audit.audit_certificates if each.kind is AuditKind.STAGE_1]
    return preparing(work, served) if served and not audit.progress.is_over else []
