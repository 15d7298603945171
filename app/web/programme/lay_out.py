"""Laying out the programme: every audit of the cycle is proposed, and the person takes all or some of them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.domain.programme.joining import Joint
from app.models.certificate import Certificate
from app.operations import programme
from app.queries.layouts import Layout, certificates_to_lay_out, lay_out_of
from app.web.programme import area
from app.work import Work


@dataclass(slots=True)
class Line:
    """A proposal on the page: whether it is ticked, the days as typed, and what is wrong with them."""

    proposal: Joint
    served: list[tuple[Certificate, str]]
    ticked: bool
    starts_on: str
    ends_on: str
    breaks: tuple[Reason, ...] = ()
    """What it would break: such a proposal is taken by who chooses to, with a reason."""
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is asked for."""

    references: list[str]
    plan_start: str
    joined: bool

    @property
    def start(self) -> date | None:
        return _day(self.plan_start)


def _asked() -> Asked:
    given = request.form if request.method == "POST" else request.args
    references = [each.strip() for value in given.getlist("certificate") for each in value.split(",") if each.strip()]
    return Asked(list(dict.fromkeys(references)), given.get("plan_start", "").strip(), given.get("joined") == "yes")


@area.form("/lay-out", needs=Permission.MANAGE_PROGRAMME)
def lay_out(work: Work) -> ResponseReturnValue:
    """Choose certificates, see what is proposed and why, change days, and take all or some."""
    asked = _asked()
    certificates = certificates_to_lay_out(work, asked.references)
    if not asked.references and len(certificates) == 1:
        asked = Asked([certificates[0].reference], asked.plan_start, asked.joined)
    chosen = [row for row in certificates if row.reference in asked.references]
    wrong = _wrong_start(asked)
    if not chosen or wrong:
        return _page(work, asked, certificates, chosen, wrong=wrong), 422 if wrong else 200
    ids = [row.id for row in chosen]
    found = lay_out_of(work, ids, asked.start, joined=asked.joined)
    if request.method == "GET":
        lines = [_line(each, chosen, found) for each in found.proposals]
        return _page(work, asked, certificates, chosen, found=found, lines=lines)
    lines = [_line_as_sent(each, chosen, found) for each in found.proposals]
    days = _days_sent(lines)
    refused: tuple[Reason, ...] = ()
    if not any(line.errors for line in lines):
        try:
            if not days:
                raise RefusedError("Tick the audits to put on the programme.")
            done = programme.accept(
                work,
                ids,
                days,
                plan_start=asked.start or found.plan_start,
                joined=asked.joined,
                reason=request.form.get("reason", ""),
            )
        except programme.RowError as row:
            refused = row.why
            for line in lines:
                if line.proposal.key == row.key:
                    line.errors += [reason.says for reason in row.why]
        except RefusedError as refusal:
            refused = refusal.why
        else:
            flash(_done(done), "success")
            return redirect(_timeline(done), 303)
    page = _page(work, asked, certificates, chosen, found=found, lines=lines, refused=refused)
    return page, 422


def _done(done: programme.Accepted) -> str:
    count = len(done.new)
    if not count:
        return "Nothing was added: these audits are on the programme already."
    said = "1 audit is on the programme" if count == 1 else f"{count} audits are on the programme"
    named = ", ".join(audit.reference for audit in done.new)
    return f"{said}: {named}." + (f" {done.already} stood there already." if done.already else "")


def _timeline(done: programme.Accepted) -> str:
    """The timeline at the three years in which the new audits stand."""
    years: dict[str, Any] = {"from": min(audit.starts_on.year for audit in done.new)} if done.new else {}
    return url_for("programme.timeline", **years)


def _page(work: Work, asked: Asked, certificates: list[Certificate], chosen: list[Certificate], **more: Any) -> str:
    found: Layout | None = more.get("found")
    home = work.organisation
    return render_template(
        "programme/lay_out.html",
        asked=asked,
        certificates=certificates,
        chosen=chosen,
        plan_start_is_set=home.internal_plan_starts_on is not None,
        plan_start=asked.plan_start or (found.plan_start.isoformat() if found else ""),
        reason=request.form.get("reason", ""),
        **more,
    )


def _line(proposal: Joint, chosen: list[Certificate], found: Layout) -> Line:
    by_id = {row.id: row for row in chosen}
    served = [(by_id[id_], each.kind.value) for id_, each in proposal.members]
    starts_on = proposal.starts_on.isoformat() if proposal.starts_on else ""
    ends_on = proposal.ends_on.isoformat() if proposal.ends_on else ""
    breaks = found.broken.get(proposal.key, ())
    ticked = bool(ends_on) and not proposal.is_past and not breaks
    return Line(proposal, served, ticked, starts_on, ends_on, breaks)


def _line_as_sent(proposal: Joint, chosen: list[Certificate], found: Layout) -> Line:
    """A proposal with what was typed for it."""
    line = _line(proposal, chosen, found)
    line.ticked = proposal.key in request.form.getlist("take")
    line.starts_on = request.form.get(f"starts_on-{proposal.key}", line.starts_on)
    line.ends_on = request.form.get(f"ends_on-{proposal.key}", line.ends_on)
    if line.ticked:
        starts_on, ends_on = _day(line.starts_on), _day(line.ends_on)
        if starts_on is None or ends_on is None:
            line.errors.append("There is no such day. Write it as 2027-03-14.")
        elif ends_on < starts_on:
            line.errors.append("It ends before it starts.")
    return line


def _days_sent(lines: list[Line]) -> dict[str, tuple[date, date]]:
    """The days of what was ticked; a proposal that is there no longer counts too, for it was taken before."""
    known = {line.proposal.key: line for line in lines}
    days: dict[str, tuple[date, date]] = {}
    for key in request.form.getlist("take"):
        line = known.get(key)
        starts_on = _day(line.starts_on if line else request.form.get(f"starts_on-{key}", ""))
        ends_on = _day(line.ends_on if line else request.form.get(f"ends_on-{key}", ""))
        if starts_on is not None and ends_on is not None:
            days[key] = (starts_on, ends_on)
    return days


def _wrong_start(asked: Asked) -> str:
    if asked.plan_start and asked.start is None:
        return "There is no such day. Write it as 2027-03-14."
    if asked.start is not None and not 1980 <= asked.start.year <= 2999:
        return "Choose a day between 1980 and 2999."
    return ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
