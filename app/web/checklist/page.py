"""The page of the checklist: every question in short, one of them open, and what has changed since it was shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import abort, current_app, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.domain.explained import Reason
from app.domain.permission import Permission
from app.domain.programme.checklist import VERDICTS, ClauseResult, ItemField
from app.domain.programme.progress import AuditProgress
from app.models.audit import Audit
from app.models.checklist import ChecklistItem
from app.operations.checklist import value_of
from app.queries.attachments import files_of_items
from app.queries.checklist import (
    Group,
    Line,
    changed_since,
    findings_from,
    groups_of,
    item_of,
    items_of,
    my_places,
    reached,
    tally,
)
from app.web.audits.access import audit_or_404, may_work_on
from app.web.checklist.area import MOST_TYPED, area, fresh_key
from app.web.gate import may
from app.web.rendering import say_moment
from app.work import Work

FILTERS = ("result", "mine", "q")


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a form that was refused: shown with all that was typed."""

    item_id: int
    typed: Mapping[ItemField, str] = field(default_factory=dict)
    why: tuple[Reason, ...] = ()
    at: str | None = None
    """The field that the refusal concerns."""
    theirs: Mapping[ItemField, str] = field(default_factory=dict)
    reason: str = ""


@area.get("/<reference>/checklist", needs=Permission.SEE_OWN_WORK)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """All questions; a filter hides those that are not asked for, and one may be open."""
    return shown(work, audit_or_404(work, reference))


def shown(work: Work, audit: Audit, answered: Answered | None = None) -> str:
    """The page, with the question open that the address or a refused form names."""
    groups = groups_of(work, audit.id)
    counts = tally(groups)
    open_id = answered.item_id if answered else request.args.get("item", type=int)
    item = item_of(work, audit.id, open_id) if open_id is not None and 0 < open_id < 2**31 else None
    works = may_work_on(audit) and audit.frozen_at is None and audit.progress is not AuditProgress.CANCELLED
    asked = asked_filters()
    kept = {name: value for name, value in asked.items() if value}
    return render_template(
        "checklist/show.html",
        audit=audit,
        groups=[(group, _drawn(audit, group, asked, item.id if item else None, kept)) for group in groups],
        total=sum(counts.values()),
        assessed=sum(counts.values()) - counts[ClauseResult.NOT_ASSESSED],
        counts=[(verdict, counts[verdict]) for verdict in VERDICTS],
        item=item,
        answered=answered,
        works=works,
        is_begun=audit.starts_on <= work.today,
        asked=asked,
        kept=kept,
        verdicts=VERDICTS,
        fields=tuple(ItemField),
        value_of=value_of,
        raised=findings_from(work, audit.id).get(item.id, []) if item else [],
        files=files_of_items(work, audit.id).get(item.id, []) if item else [],
        raises=may(Permission.RAISE_FINDING),
        key=fresh_key(),
        me=current_user.id,
        places=sorted(my_places(audit.team, current_user.id)),
        sees_all=may(Permission.SEE_PROGRAMME),
    )


@area.get("/<reference>/checklist/state", needs=Permission.SEE_OWN_WORK)
def state(work: Work, reference: str) -> ResponseReturnValue:
    """What has changed since the page was shown, or all of it; small, since a page asks every few seconds."""
    audit = audit_or_404(work, reference)
    now, since = reached(work), request.args.get("since", type=int)
    ids = changed_since(work, audit.id, since, now) if since is not None else None
    items = items_of(work, audit.id, ids) if ids is None or ids else []
    findings = findings_from(work, audit.id) if items else {}
    files = files_of_items(work, audit.id) if items else {}
    listed = [told(each, findings.get(each.id, []), files.get(each.id, [])) for each in items]
    gone = sorted(set(ids or ()) - {each.id for each in items})
    return jsonify(seen=now, all=ids is None, items=listed, gone=gone, token=generate_csrf())


def told(item: ChecklistItem, findings: list[str], files: list[tuple[int, str]]) -> dict[str, Any]:
    """A question as the script knows it."""
    return {
        "id": item.id,
        "version": item.version,
        **{each.value: value_of(item, each) for each in ItemField},
        "guidance": item.guidance,
        "by": item.assessed_by.label if item.assessed_by_id is not None and item.assessed_by else "",
        "at": say_moment(item.assessed_at) if item.assessed_at else "",
        "findings": findings,
        "files": [{"name": name, "url": url_for("attachments.download", attachment_id=each)} for each, name in files],
    }


def asked_filters() -> dict[str, str]:
    """What the address asks for; a filter that says nothing sensible asks for nothing."""
    said = {name: request.args.get(name, "").strip()[:MOST_TYPED] for name in FILTERS}
    if said["result"] not in set(ClauseResult):
        said["result"] = ""
    said["mine"] = "yes" if said["mine"] else ""
    return said


def _drawn(
    audit: Audit, group: Group, asked: dict[str, str], open_id: int | None, kept: dict[str, str]
) -> list[tuple[int, bool, Markup]]:
    """The lines of a group: id, whether the filter hides it, and the line itself."""
    address = url_for("checklist.show", reference=audit.reference, **kept)  # type: ignore[arg-type]
    stem = f"{address}{'&' if '?' in address else '?'}item="
    names = {member.id: member.label for member in audit.team}
    mine, zone = my_places(audit.team, current_user.id), g.organisation.time_zone
    text = asked["q"].casefold()
    return [
        (
            line.id,
            line.id != open_id and _hidden(line, asked, mine, text),
            _line(*line[:4], names.get(line.assigned_to_id or 0, ""), *line[5:], zone, stem),
        )
        for line in group.lines
    ]


def _hidden(line: Line, asked: dict[str, str], mine: frozenset[int], text: str) -> bool:
    return bool(
        (asked["result"] and line.result.value != asked["result"])
        or (asked["mine"] and line.assigned_to_id not in mine)
        or (text and text not in f"{line.clause} {line.question}".casefold())
    )


@lru_cache(maxsize=8192)
def _line(
    id_: int,
    clause: str,
    question: str,
    result: ClauseResult,
    auditor: str,
    by: str,
    at: datetime | None,
    zone: str,
    stem: str,
) -> Markup:
    """A line, drawn once as long as it says the same, since it says nothing else."""
    template: Any = current_app.jinja_env.get_template("checklist/_line.html")
    drawn: Markup = template.module.line(id_, clause, question, result, auditor, by, at, zone, stem)
    return drawn


@area.get("/<reference>/checklist/items/<int:item_id>", needs=Permission.SEE_OWN_WORK)
def item(work: Work, reference: str, item_id: int) -> ResponseReturnValue:
    """One question in full by its own address, such as a finding gives: the page with this question open."""
    audit = audit_or_404(work, reference)
    if item_of(work, audit.id, item_id) is None:
        abort(404)
    return shown(work, audit, Answered(item_id))
