"""How an entry of the journal reads: what was done, to what, from which value to which.

An entry holds the words of the database; people read the words of the field.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.dates import say
from app.domain.journal_nouns import NOUNS, POINTERS

PART_OF: dict[str, str] = {
    "audit_certificate": "audit_id",
    "audit_site": "audit_id",
    "team_member": "audit_id",
    "certificate_site": "certificate_id",
    "decision": "certificate_id",
    "significant_change": "certificate_id",
    "deviation": "certificate_id",
    "membership": "person_id",
    "calendar_feed": "person_id",
    "asset_ownership": "asset_id",
    "asset_duty": "asset_id",
    "audit_asset": "audit_id",
    "inventory_line": "check_id",
    "change_asset": "change_id",
    "cluster_host": "cluster_id",
    "placement": "guest_id",
    "reconciliation_line": "run_id",
    "product_alias": "product_id",
    "product_release": "product_id",
    "installation": "product_id",
    "usage_record": "product_id",
    "licence_seat": "pool_id",
    "pool_product": "pool_id",
    "entitlement_term": "entitlement_id",
    "process_performer": "process_id",
    "process_clause": "process_id",
    "audit_criterion": "audit_id",
    "audit_clause": "audit_id",
    "audit_process": "audit_id",
    "agenda_item": "audit_id",
    "agenda_person": "audit_id",
    "template_question": "template_id",
    "checklist_item": "audit_id",
    "finding_link": "finding_id",
    "cause": "case_id",
    "similar_case": "case_id",
    "deadline_extension": "case_id",
    "corrective_step": "case_id",
    "review_topic": "review_id",
    "audit_report": "audit_id",
    "audit_guest": "audit_id",
    "seat_assignment": "person_id",
    "seat_waiting": "person_id",
}
"""Rows that are known by what they are part of, and the column that says of what."""

OWNERS: frozenset[str] = (frozenset(PART_OF.values()) - {"person_id"}) | frozenset(
    ("action_id", "decision_id", "item_id", "nonconformity_id", "reconciliation_id", "report_id")
)
"""The columns that make a row a part of another, so that whoever asks for the one is told of the other too."""

SHORT = {
    "audit_certificate": "certificate",
    "audit_site": "site",
    "certificate_site": "site",
    "audit_asset": "asset",
    "change_asset": "asset",
    "cluster_host": "host",
    "process_performer": "person",
    "process_clause": "clause",
    "audit_clause": "clause",
    "audit_process": "process",
    "finding_link": "link",
}
"""In a sentence that goes on with what the row is part of."""

TOLD_BY: dict[str, tuple[str, ...]] = {
    "audit_certificate": ("certificate_id",),
    "audit_site": ("site_id",),
    "certificate_site": ("site_id",),
    "team_member": ("person_id",),
    "decision": ("kind",),
    "deviation": ("rule",),
    "calendar_feed": ("name",),
    "asset_ownership": ("kind",),
    "asset_duty": ("duty",),
    "inventory_line": ("tag",),
    "audit_asset": ("asset_id",),
    "change_asset": ("asset_id",),
    "cluster_host": ("asset_id",),
    "reconciliation_line": ("key",),
    "product_alias": ("name",),
    "product_release": ("version",),
    "installation": ("asset_id",),
    "usage_record": ("metric",),
    "licence_seat": ("employee_id", "asset_id"),
    "pool_product": ("product_id",),
    "entitlement_term": ("term",),
    "process_performer": ("person_id",),
    "process_clause": ("clause",),
    "audit_criterion": ("standard",),
    "audit_clause": ("clause",),
    "audit_process": ("process_id",),
    "agenda_item": ("title",),
    "agenda_person": ("person_id", "side"),
    "template_question": ("question",),
    "checklist_item": ("clause",),
    "finding_link": (
        "asset_id",
        "entitlement_id",
        "pool_id",
        "installation_id",
        "site_id",
        "process_id",
        "change_id",
    ),
    "cause": ("branch",),
    "similar_case": ("name",),
    "deadline_extension": ("due",),
    "corrective_step": ("kind",),
    "review_topic": ("title",),
    "audit_report": ("number",),
    "audit_guest": ("person_id",),
    "seat_assignment": ("kind",),
    "seat_waiting": ("kind",),
}
"""The field by which one such row is told from another."""

FIELDS = {
    "site_ids": "sites",
    "changed_at": "last changed",
    "joined_at": "joined",
    "full_name": "name",
    "uid": "calendar name",
}
UNSAID = frozenset({"version_key", "changed_at", "sequence", "lasting_key"})
"""Kept for sorting and for calendars alone: what it is made of, and when it changed, stands beside it."""
CHOICES = frozenset(
    (
        *("kind", "progress", "outcome", "mode", "grade", "role", "roles", "rule"),
        *("finding", "matched_by", "settlement", "since"),
        *("status", "criticality", "duty", "difference", "resolution", "authorisation", "source", "metric"),
        *("term", "answer", "standing", "refreshing", "team_role", "competence_gap"),
        *("stage", "state", "branch", "due", "result", "side", "cause_method", "effectiveness"),
        *("expiry", "audit_date", "recertification_year", "second_surveillance", "late_stage_2"),
    )
)
"""Fields whose values are words of ours, written with a hyphen."""
MADE = {"created": "added", "changed": "changed", "deleted": "removed"}
KEPT_BACK = "…"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.*")

Names = Callable[[str, Any], str]
"""Gives the name of a row by its table and id."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field with its old and new value, in words."""

    field: str
    old: str
    new: str

    def __str__(self) -> str:
        if self.old == self.new == KEPT_BACK:
            return f"{self.field} (what it held is not kept here)"
        return f"{self.field} {self.old} → {self.new}"


def noun_of(noun: str) -> str:
    """What the pages call a row of a table."""
    return NOUNS.get(noun, noun.replace("_", " "))


def say_action(action: str, noun: str, changes: Mapping[str, Any]) -> str:
    """The verb of an entry: an audit whose days changed was moved."""
    if action == "changed" and noun == "audit" and {"starts_on", "ends_on"} & set(changes):
        return "moved"
    return MADE.get(action, action.replace("-", " ").replace("_", " "))


def say_changes(changes: Mapping[str, Any], names: Names, time_zone: str) -> tuple[Change, ...]:
    """Every field that changed, in words; a value that is no pair of old and new stands as the new one."""
    said = []
    for field, value in changes.items():
        if field in UNSAID:
            continue
        old, new = value if isinstance(value, list) and len(value) == 2 else (None, value)
        said.append(Change(_field(field), _say(field, old, names, time_zone), _say(field, new, names, time_zone)))
    return tuple(said)


def _field(name: str) -> str:
    return FIELDS.get(name) or name.removesuffix("_id").replace("_", " ")


def _say(field: str, value: Any, names: Names, time_zone: str) -> str:
    if value is None or value == "" or value == []:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_say(field, each, names, time_zone) for each in value)
    if field in POINTERS:
        return names(POINTERS[field], value)
    if isinstance(value, dict):
        return _say_asked(field, value, names, time_zone)
    text = str(value)
    if field in CHOICES:
        return text.replace("-", " ")
    if _DAY.fullmatch(text):
        return say(date.fromisoformat(text))
    if _MOMENT.fullmatch(text):
        return say_at(text, time_zone)
    return text


def _say_asked(field: str, value: Mapping[str, Any], names: Names, time_zone: str) -> str:
    """Several things in one field, each by its name; what was left empty asked for nothing."""
    said = []
    for name, each in value.items():
        if each in (None, "", [], {}):
            continue
        if field == "asked" and (pointed := asked_row(name, each)):
            told = names(*pointed)
        else:
            told = _say(name, each, names, time_zone)
        said.append(f"{_field(name)} ({told})" if isinstance(each, dict) else f"{_field(name)} {told}")
    return "; ".join(said) or ("everything" if field == "asked" else "nothing")


def asked_row(name: str, value: Any) -> tuple[str, int] | None:
    """The row that something asked points at, by its table and id; a form sends the id as a text."""
    noun = POINTERS.get(f"{name}_id")
    return (noun, int(value)) if noun and isinstance(value, str) and value.isdecimal() else None


def say_at(text: str, time_zone: str) -> str:
    """A moment of the journal in the organisation's own time: 14 Mar 2027, 09:30."""
    local = datetime.fromisoformat(text).astimezone(ZoneInfo(time_zone))
    return f"{say(local.date())}, {local:%H:%M}"
