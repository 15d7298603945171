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
from app.domain.journal_seen import is_open

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
NOT_SHOWN = "not shown to you"
NOTHING = "nothing"

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
        if self.old == self.new == NOT_SHOWN:
            return f"{self.field} ({NOT_SHOWN})"
        return f"{self.field} {self.step}"

    @property
    def step(self) -> str:
        """From which value to which; what stood empty before, or does now, has one alone."""
        if self.old == self.new == NOT_SHOWN:
            return NOT_SHOWN
        if self.old == NOTHING != self.new:
            return self.new
        return f"no longer {self.old}" if self.new == NOTHING != self.old else f"{self.old} → {self.new}"


def noun_of(noun: str) -> str:
    """What the pages call a row of a table."""
    return NOUNS.get(noun, noun.replace("_", " "))


def say_action(action: str, noun: str, changes: Mapping[str, Any]) -> str:
    """The verb of an entry: an audit whose days changed was moved."""
    if action == "changed" and noun == "audit" and {"starts_on", "ends_on"} & set(changes):
        return "moved"
    return MADE.get(action, action.replace("-", " ").replace("_", " "))


def say_changes(
    changes: Mapping[str, Any], names: Names, time_zone: str, *, unseen: bool = False
) -> tuple[Change, ...]:
    """Every field that changed, in words; a value that is no pair of old and new stands as the new one.

    Of what the reader may not see, each field is named without its values.
    """
    said = []
    for field, value in changes.items():
        if field in UNSAID:
            continue
        if unseen and not is_open(field):
            said.append(Change(_field(field), NOT_SHOWN, NOT_SHOWN))
            continue
        old, new = value if isinstance(value, list) and len(value) == 2 else (None, value)
        said.append(Change(_field(field), _say(field, old, names, time_zone), _say(field, new, names, time_zone)))
    return tuple(said)


def _field(name: str) -> str:
    return FIELDS.get(name) or name.removesuffix("_id").replace("_", " ")


def _say(field: str, value: Any, names: Names, time_zone: str) -> str:
    if value is None or value == "" or value == []:
        return NOTHING
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
