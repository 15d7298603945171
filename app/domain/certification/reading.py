"""Facts from JSON: everything is checked, and the first fault is named by its place in the file.

Standard library only, so that the command needs nothing else to read what it is given.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from app.domain.certification.facts import (
    AuditDate,
    AuditFact,
    AuditKind,
    AuditStatus,
    ChangeFact,
    CycleSettings,
    DecisionFact,
    DecisionKind,
    DeviationFact,
    EditionDeadline,
    Expiry,
    Facts,
    Grade,
    LateStage2,
    NonconformityFact,
    Outcome,
    RecertificationYear,
    SecondSurveillance,
)
from app.domain.certification.history import in_order
from app.domain.certification.verdict import Rule

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
Record = Mapping[str, Any]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,60}", re.ASCII)


class FactsError(ValueError):
    """The facts cannot be read; `place` says where, `says` what is wrong there. One line, whatever was read."""

    def __init__(self, place: str, says: str) -> None:
        self.place = place
        self.says = says
        super().__init__(f"{place}: {says}")


def read_facts(content: bytes, editions: tuple[EditionDeadline, ...] = ()) -> Facts:
    """Facts from the bytes of a JSON file; raises `FactsError` with the place of the first fault."""
    return facts_from(_parse(content), editions)


def facts_from(document: object, editions: tuple[EditionDeadline, ...] = ()) -> Facts:
    """Facts from a parsed JSON document."""
    record = _object("facts", document)
    _known("", record, _TOP)
    standard = _text("standard", record["standard"]) if "standard" in record else None
    settings = _settings(record["settings"]) if "settings" in record else CycleSettings()
    audits = _list(record, "audits", _audit)
    _unique("audits", [audit.id for audit in audits])
    decisions = _list(record, "decisions", _decision)
    nonconformities = _list(record, "nonconformities", _nonconformity)
    _unique("nonconformities", [nonconformity.id for nonconformity in nonconformities])
    audit_ids = {audit.id for audit in audits}
    for index, nonconformity in enumerate(nonconformities):
        if nonconformity.audit not in audit_ids:
            _fail(f"nonconformities[{index}].audit", f"no audit has the id {_show(nonconformity.audit)}")
    changes = _list(record, "changes", _change)
    deviations = _list(record, "deviations", _deviation)
    _renewals_follow_a_grant(decisions)
    return Facts(
        standard=standard,
        settings=settings,
        audits=audits,
        decisions=decisions,
        nonconformities=nonconformities,
        changes=changes,
        deviations=deviations,
        editions=editions,
    )


def read_day(place: str, value: object) -> date:
    """A date written YYYY-MM-DD, and no other way."""
    if not isinstance(value, str):
        _fail(place, f"a date is a text like 2027-03-14, not {_kind_of(value)}")
    if not _DATE.fullmatch(value):
        _fail(place, f"{_show(value)} is not a date written YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        _fail(place, f"{value} is not a day of the calendar")


# What is read -------------------------------------------------------------------------------------------------

_TOP = ("standard", "settings", "audits", "decisions", "nonconformities", "changes", "deviations")
_CHOICES: Mapping[str, type[StrEnum]] = {
    "expiry": Expiry,
    "audit_date": AuditDate,
    "recertification_year": RecertificationYear,
    "second_surveillance": SecondSurveillance,
    "late_stage_2": LateStage2,
}
_MONTHS = (
    "max_early_months",
    "suspension_months",
    "restoration_months",
    "long_gap_months",
    "stage_interval_months",
)
_SWITCH = "restore_after_edition_deadline"


def _settings(value: object) -> CycleSettings:
    record = _object("settings", value)
    _known("settings", record, (*_CHOICES, *_MONTHS, _SWITCH))
    chosen: dict[str, Any] = {}
    for key, item in record.items():
        place = f"settings.{key}"
        if key in _CHOICES:
            chosen[key] = _one_of(place, item, _CHOICES[key])
        elif key == _SWITCH:
            chosen[key] = _flag(place, item)
        else:
            chosen[key] = _whole_number(place, item, lowest=0)
    return CycleSettings(**chosen)


def _audit(place: str, record: Record) -> AuditFact:
    _known(place, record, ("id", "kind", "starts_on", "ends_on", "status", "outcome", "counts_as_surveillance"))
    id_ = _text(f"{place}.id", _required(place, record, "id"))
    kind = _one_of(f"{place}.kind", _required(place, record, "kind"), AuditKind)
    starts_on = read_day(f"{place}.starts_on", record["starts_on"]) if "starts_on" in record else None
    ends_on = read_day(f"{place}.ends_on", _required(place, record, "ends_on"))
    if starts_on is not None and ends_on < starts_on:
        _fail(f"{place}.ends_on", f"{ends_on} is before starts_on {starts_on}")
    status = AuditStatus.COMPLETED
    if "status" in record:
        status = _one_of(f"{place}.status", record["status"], AuditStatus)
    outcome = None
    if "outcome" in record:
        outcome = _one_of(f"{place}.outcome", record["outcome"], Outcome, _outcomes_of(kind))
    counts = False
    if "counts_as_surveillance" in record:
        counts = _flag(f"{place}.counts_as_surveillance", record["counts_as_surveillance"])
    return AuditFact(id_, kind, ends_on, starts_on, status, outcome, counts)


def _outcomes_of(kind: AuditKind) -> tuple[Outcome, ...]:
    if kind is AuditKind.STAGE_1:
        return (Outcome.READY, Outcome.NOT_READY)
    return (Outcome.RECOMMENDED, Outcome.NOT_RECOMMENDED)


def _decision(place: str, record: Record) -> DecisionFact:
    _known(place, record, ("kind", "decided_on", "valid_through", "to"))
    kind = _one_of(f"{place}.kind", _required(place, record, "kind"), DecisionKind)
    decided_on = read_day(f"{place}.decided_on", _required(place, record, "decided_on"))
    valid_through = read_day(f"{place}.valid_through", record["valid_through"]) if "valid_through" in record else None
    if kind is DecisionKind.TRANSITIONED:
        _required(place, record, "to")
    to = _text(f"{place}.to", record["to"]) if "to" in record else None
    return DecisionFact(kind, decided_on, valid_through, to)


def _nonconformity(place: str, record: Record) -> NonconformityFact:
    _known(place, record, ("id", "audit", "grade", "plan_accepted_on", "verified_on"))
    id_ = _text(f"{place}.id", _required(place, record, "id"))
    audit = _text(f"{place}.audit", _required(place, record, "audit"))
    grade = _one_of(f"{place}.grade", _required(place, record, "grade"), Grade)
    days = {
        key: read_day(f"{place}.{key}", record[key]) for key in ("plan_accepted_on", "verified_on") if key in record
    }
    return NonconformityFact(id_, audit, grade, days.get("plan_accepted_on"), days.get("verified_on"))


def _change(place: str, record: Record) -> ChangeFact:
    _known(place, record, ("on", "significant"))
    on = read_day(f"{place}.on", _required(place, record, "on"))
    significant = _flag(f"{place}.significant", record["significant"]) if "significant" in record else False
    return ChangeFact(on, significant)


def _deviation(place: str, record: Record) -> DeviationFact:
    _known(place, record, ("rule", "justification", "year"))
    rule = str(_one_of(f"{place}.rule", record["rule"], Rule)) if "rule" in record else ""
    justification = _string(f"{place}.justification", record["justification"]) if "justification" in record else ""
    year = _whole_number(f"{place}.year", record["year"], lowest=1, highest=9999) if "year" in record else None
    return DeviationFact(rule, justification, year)


def _renewals_follow_a_grant(decisions: Sequence[DecisionFact]) -> None:
    granted = next((d for d in in_order(tuple(decisions)) if d.kind is DecisionKind.GRANTED), None)
    for index, decision in enumerate(decisions):
        if decision.kind not in (DecisionKind.RENEWED, DecisionKind.RESTORED):
            continue
        if granted is None or decision.decided_on < granted.decided_on:
            _fail(
                f"decisions[{index}]", f"{decision.kind} on {decision.decided_on}, before any certification was granted"
            )


# How it is read -----------------------------------------------------------------------------------------------


class _Doubled(dict[str, Any]):
    """An object in which a key stands twice: which of the values was meant cannot be known."""

    doubled: str = ""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) == len(pairs):
        return record
    seen: set[str] = set()
    marked = _Doubled(record)
    for key, _ in pairs:
        if key in seen:
            marked.doubled = key
        seen.add(key)
    return marked


def _not_a_number(constant: str) -> NoReturn:
    raise FactsError("facts", f"{constant} is not JSON")


def _parse(content: bytes) -> object:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        _fail(f"byte {fault.start}", "not UTF-8")
    if not text.strip():
        _fail("facts", "empty, where a JSON object was expected")
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_not_a_number)
    except json.JSONDecodeError as fault:
        _fail(f"line {fault.lineno} column {fault.colno}", f"not JSON ({fault.msg[:1].lower()}{fault.msg[1:]})")
    except RecursionError:
        _fail("facts", "nested too deeply")
    except FactsError:
        raise
    except ValueError:
        _fail("facts", "a number has too many digits")


def _list(record: Record, key: str, read: Callable[[str, Record], T]) -> tuple[T, ...]:
    if key not in record:
        return ()
    value = record[key]
    if not isinstance(value, list):
        _fail(key, f"a list was expected, not {_kind_of(value)}")
    places = (f"{key}[{index}]" for index in range(len(value)))
    return tuple(read(place, _object(place, item)) for place, item in zip(places, value, strict=True))


def _object(place: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        _fail(place, f"an object was expected, not {_kind_of(value)}")
    if isinstance(value, _Doubled):
        _fail(_at(place if place != "facts" else "", value.doubled), "the key stands twice")
    return value


def _known(place: str, record: Record, keys: Sequence[str]) -> None:
    for key in record:
        if key not in keys:
            _fail(_at(place, key), "unknown key")


def _at(place: str, key: str) -> str:
    """The place of a key, in one line whatever the key is made of."""
    if not _PLAIN_KEY.fullmatch(key):
        return f"{place}[{_show(key)}]"
    return f"{place}.{key}" if place else key


def _required(place: str, record: Record, key: str) -> object:
    if key not in record:
        _fail(f"{place}.{key}", "missing")
    return record[key]


def _unique(name: str, ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for index, id_ in enumerate(ids):
        if id_ in seen:
            _fail(f"{name}[{index}].id", f"{_show(id_)} is used twice")
        seen.add(id_)


def _string(place: str, value: object) -> str:
    if not isinstance(value, str):
        _fail(place, f"a text was expected, not {_kind_of(value)}")
    if any("\ud800" <= character <= "\udfff" for character in value):
        _fail(place, "holds half a character")
    return value


def _text(place: str, value: object) -> str:
    text = _string(place, value)
    if not text.strip():
        _fail(place, "empty")
    return text


def _one_of(place: str, value: object, kinds: type[E], allowed: Sequence[E] | None = None) -> E:
    choices = tuple(kinds) if allowed is None else allowed
    if isinstance(value, str):
        for choice in choices:
            if choice.value == value:
                return choice
    said = _show(value) if isinstance(value, str) else _kind_of(value)
    names = ", ".join(choice.value for choice in choices)
    _fail(place, f"{said} is unknown; known are {names}")


def _flag(place: str, value: object) -> bool:
    if not isinstance(value, bool):
        _fail(place, f"true or false was expected, not {_kind_of(value)}")
    return value


def _whole_number(place: str, value: object, lowest: int, highest: int | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        _fail(place, f"a whole number was expected, not {_kind_of(value)}")
    if value < lowest or (highest is not None and value > highest):
        _fail(place, f"{_show(value)} is out of range")
    return value


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"


def _show(value: object) -> str:
    """What was read, short and in one line."""
    try:
        shown = json.dumps(value)
    except ValueError:
        return "the number"
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _fail(place: str, says: str) -> NoReturn:
    raise FactsError(place, says)
