"""Facts that cannot be read are refused by the place of the fault, in one line; all else is read as it stands."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.certification.facts import (
    AuditKind,
    AuditStatus,
    CycleSettings,
    DecisionKind,
    Expiry,
    Facts,
    LateStage2,
)
from app.domain.certification.reading import FactsError, facts_from, read_facts

AUDIT = {"id": "a", "kind": "stage-2", "ends_on": "2024-02-01"}
GRANT = {"kind": "granted", "decided_on": "2024-03-15"}
NONCONFORMITY = {"id": "n", "audit": "a", "grade": "major"}


def audits(**changes: Any) -> dict[str, Any]:
    return {"audits": [{**AUDIT, **changes}]}


def decisions(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"decisions": list(entries)}


def nonconformities(**changes: Any) -> dict[str, Any]:
    return {"audits": [AUDIT], "nonconformities": [{**NONCONFORMITY, **changes}]}


def without(entry: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != key}


FAULTS: tuple[tuple[object, str], ...] = (
    # not an object
    ([], "facts"),
    (None, "facts"),
    ("facts", "facts"),
    (True, "facts"),
    # unknown keys, at each level
    ({"audit": []}, "audit"),
    ({"settings": {"expires": "anniversary"}}, "settings.expires"),
    (audits(end="2024-02-01"), "audits[0].end"),
    (decisions({**GRANT, "on": "2024-03-15"}), "decisions[0].on"),
    (nonconformities(closed_on="2024-03-01"), "nonconformities[0].closed_on"),
    ({"changes": [{"on": "2024-01-01", "what": "merger"}]}, "changes[0].what"),
    ({"deviations": [{"rule": "calendar-year", "why": "season"}]}, "deviations[0].why"),
    ({"a b": 1}, '["a b"]'),
    (audits(**{"line\nbreak": 1}), 'audits[0]["line\\nbreak"]'),
    # null, anywhere
    *(({key: None}, key) for key in ("standard", "settings", "audits", "decisions", "nonconformities", "changes")),
    ({"deviations": None}, "deviations"),
    ({"audits": [None]}, "audits[0]"),
    ({"audits": [AUDIT, None]}, "audits[1]"),
    ({"decisions": [None]}, "decisions[0]"),
    *(
        (audits(**{key: None}), f"audits[0].{key}")
        for key in ("id", "kind", "starts_on", "ends_on", "status", "outcome")
    ),
    (audits(counts_as_surveillance=None), "audits[0].counts_as_surveillance"),
    *(
        (decisions({**GRANT, key: None}), f"decisions[0].{key}")
        for key in ("kind", "decided_on", "valid_through", "to")
    ),
    *(
        (nonconformities(**{key: None}), f"nonconformities[0].{key}")
        for key in ("id", "audit", "grade", "plan_accepted_on", "verified_on")
    ),
    ({"changes": [{"on": None}]}, "changes[0].on"),
    ({"changes": [{"on": "2024-01-01", "significant": None}]}, "changes[0].significant"),
    ({"deviations": [{"rule": None}]}, "deviations[0].rule"),
    ({"deviations": [{"rule": "calendar-year", "year": None}]}, "deviations[0].year"),
    ({"settings": {"expiry": None}}, "settings.expiry"),
    ({"settings": {"max_early_months": None}}, "settings.max_early_months"),
    # wrong types
    ({"standard": 27001}, "standard"),
    ({"standard": True}, "standard"),
    ({"audits": {}}, "audits"),
    ({"audits": "none"}, "audits"),
    ({"audits": [["a"]]}, "audits[0]"),
    (audits(id=7), "audits[0].id"),
    (audits(id=True), "audits[0].id"),
    (audits(kind=True), "audits[0].kind"),
    (audits(ends_on=20240201), "audits[0].ends_on"),
    (audits(ends_on=True), "audits[0].ends_on"),
    (audits(counts_as_surveillance="yes"), "audits[0].counts_as_surveillance"),
    (audits(counts_as_surveillance=1), "audits[0].counts_as_surveillance"),
    ({"settings": []}, "settings"),
    ({"changes": [{"on": "2024-01-01", "significant": "true"}]}, "changes[0].significant"),
    ({"deviations": [{"rule": "calendar-year", "year": "2025"}]}, "deviations[0].year"),
    ({"deviations": [{"rule": "calendar-year", "year": True}]}, "deviations[0].year"),
    ({"deviations": [{"rule": "calendar-year", "year": 2025.0}]}, "deviations[0].year"),
    ({"deviations": [{"rule": "stage-2-majors", "justification": False}]}, "deviations[0].justification"),
    # missing
    *(({"audits": [without(AUDIT, key)]}, f"audits[0].{key}") for key in AUDIT),
    *((decisions(without(GRANT, key)), f"decisions[0].{key}") for key in GRANT),
    *(
        ({"audits": [AUDIT], "nonconformities": [without(NONCONFORMITY, key)]}, f"nonconformities[0].{key}")
        for key in NONCONFORMITY
    ),
    ({"changes": [{"significant": True}]}, "changes[0].on"),
    (decisions(GRANT, {"kind": "transitioned", "decided_on": "2024-04-01"}), "decisions[1].to"),
    # unknown kinds
    (audits(kind="surveilance"), "audits[0].kind"),
    (audits(kind="Stage-2"), "audits[0].kind"),
    (audits(status="done"), "audits[0].status"),
    (audits(outcome="ready"), "audits[0].outcome"),
    (audits(kind="stage-1", outcome="recommended"), "audits[0].outcome"),
    (decisions({**GRANT, "kind": "extended"}), "decisions[0].kind"),
    (nonconformities(grade="observation"), "nonconformities[0].grade"),
    ({"deviations": [{"rule": "no-such-rule"}]}, "deviations[0].rule"),
    # settings with an unknown value
    ({"settings": {"expiry": "day-after"}}, "settings.expiry"),
    ({"settings": {"audit_date": "any"}}, "settings.audit_date"),
    ({"settings": {"recertification_year": True}}, "settings.recertification_year"),
    ({"settings": {"second_surveillance": "soft"}}, "settings.second_surveillance"),
    ({"settings": {"late_stage_2": "none"}}, "settings.late_stage_2"),
    ({"settings": {"restore_after_edition_deadline": "false"}}, "settings.restore_after_edition_deadline"),
    *(
        ({"settings": {key: value}}, f"settings.{key}")
        for key in (
            "max_early_months",
            "suspension_months",
            "restoration_months",
            "long_gap_months",
            "stage_interval_months",
        )
        for value in (-1, 1.5, "6", True)
    ),
    # dates
    (audits(ends_on="2024-02-30"), "audits[0].ends_on"),
    (audits(ends_on="2023-02-29"), "audits[0].ends_on"),
    (audits(ends_on="2024-13-01"), "audits[0].ends_on"),
    (audits(ends_on="0000-01-01"), "audits[0].ends_on"),
    (audits(ends_on="20240201"), "audits[0].ends_on"),
    (audits(ends_on="2024-W05-4"), "audits[0].ends_on"),
    (audits(ends_on="2024-2-1"), "audits[0].ends_on"),
    (audits(ends_on="2024-02-01T00:00"), "audits[0].ends_on"),
    (audits(ends_on="2024-02-01\n"), "audits[0].ends_on"),
    (audits(ends_on="٢٠٢٤-٠٢-٠١"), "audits[0].ends_on"),
    (audits(ends_on=""), "audits[0].ends_on"),
    (audits(starts_on="2024-02-02"), "audits[0].ends_on"),
    (audits(starts_on="2024-02-31"), "audits[0].starts_on"),
    (decisions({**GRANT, "valid_through": "2027-02-29"}), "decisions[0].valid_through"),
    (nonconformities(verified_on="soon"), "nonconformities[0].verified_on"),
    # ids
    ({"audits": [AUDIT, {**AUDIT, "id": "b"}, AUDIT]}, "audits[2].id"),
    ({"audits": [AUDIT], "nonconformities": [NONCONFORMITY, NONCONFORMITY]}, "nonconformities[1].id"),
    ({"nonconformities": [NONCONFORMITY]}, "nonconformities[0].audit"),
    (nonconformities(audit="b"), "nonconformities[0].audit"),
    (audits(id="\ud800"), "audits[0].id"),
    # a renewal or restoration before any grant
    (decisions({"kind": "renewed", "decided_on": "2024-03-15"}), "decisions[0]"),
    (decisions(GRANT, {"kind": "restored", "decided_on": "2024-03-14"}), "decisions[1]"),
    (decisions({"kind": "renewed", "decided_on": "2024-03-14"}, GRANT), "decisions[0]"),
)


@pytest.mark.parametrize(("document", "place"), FAULTS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_fault_is_named_by_its_place(document: object, place: str) -> None:
    with pytest.raises(FactsError) as fault:
        read_facts(json.dumps(document).encode())
    assert fault.value.place == place
    assert str(fault.value).startswith(f"{place}: ")
    assert len(str(fault.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "facts"),
        (b"  \n", "facts"),
        (b"{", "line 1 column 2"),
        (b"{}\n{}", "line 2 column 1"),
        (b"{'audits': []}", "line 1 column 2"),
        (b'{"settings": {"max_early_months": NaN}}', "facts"),
        (b'{"settings": {"max_early_months": Infinity}}', "facts"),
        (b'{"settings": {"max_early_months": 1e999}}', "settings.max_early_months"),
        (b'{"settings": {"max_early_months": ' + b"9" * 5000 + b"}}", "facts"),
        (b"[" * 100_000, "facts"),
        (b"\xff\xfe{\x00}\x00", "byte 0"),
        (b'{"standard": "caf\xe9"}', "byte 17"),
        (b'{"audits": [], "audits": []}', "audits"),
        (b'{"audits": [{"id": "a", "id": "b", "kind": "stage-1", "ends_on": "2024-02-01"}]}', "audits[0].id"),
    ],
)
def test_what_is_not_json_is_refused(content: bytes, place: str) -> None:
    with pytest.raises(FactsError) as fault:
        read_facts(content)
    assert fault.value.place == place
    assert len(str(fault.value).splitlines()) == 1


def test_nothing_at_all_is_an_applicant() -> None:
    assert facts_from({}) == Facts()


def test_only_what_is_required_is_required() -> None:
    facts = facts_from(
        {
            "audits": [AUDIT],
            "decisions": [GRANT, {"kind": "transitioned", "decided_on": "2025-01-01", "to": "ISO/IEC 27001:2022"}],
            "nonconformities": [NONCONFORMITY],
            "changes": [{"on": "2024-01-01"}],
            "deviations": [{}],
        }
    )
    assert facts.audits[0].status is AuditStatus.COMPLETED
    assert facts.audits[0].begins_on == date(2024, 2, 1)
    assert facts.decisions[1].to == "ISO/IEC 27001:2022"
    assert facts.changes[0].significant is False
    assert facts.settings == CycleSettings()


def test_everything_is_read() -> None:
    facts = read_facts(
        json.dumps(
            {
                "standard": "ISO/IEC 27001:2013",
                "settings": {
                    "expiry": "anniversary",
                    "audit_date": "first-day",
                    "recertification_year": "decision",
                    "second_surveillance": "hard",
                    "max_early_months": 0,
                    "suspension_months": 3,
                    "restoration_months": 4,
                    "restore_after_edition_deadline": True,
                    "long_gap_months": 20,
                    "stage_interval_months": 9,
                    "late_stage_2": "prior-cycle",
                },
                "audits": [
                    {
                        "id": "é",
                        "kind": "special",
                        "starts_on": "2024-02-01",
                        "ends_on": "2024-02-02",
                        "status": "planned",
                        "outcome": "not-recommended",
                        "counts_as_surveillance": True,
                    }
                ],
                "decisions": [{**GRANT, "valid_through": "2027-03-15"}],
            }
        ).encode("utf-8-sig")
    )
    assert facts.settings.expiry is Expiry.ANNIVERSARY
    assert facts.settings.late_stage_2 is LateStage2.PRIOR_CYCLE
    assert (facts.settings.max_early_months, facts.settings.stage_interval_months) == (0, 9)
    assert facts.settings.restore_after_edition_deadline is True
    assert facts.audits[0].kind is AuditKind.SPECIAL
    assert facts.audits[0].counts_as_surveillance
    assert facts.decisions[0].kind is DecisionKind.GRANTED
    assert facts.decisions[0].valid_through == date(2027, 3, 15)


def test_a_renewal_on_the_day_of_the_grant_follows_it() -> None:
    facts_from(decisions({"kind": "renewed", "decided_on": "2024-03-15"}, GRANT))


def test_the_first_fault_in_the_order_of_the_keys_is_named() -> None:
    document = {"decisions": [{"kind": "renewed", "decided_on": "2024-01-01"}], "audits": [AUDIT, AUDIT]}
    with pytest.raises(FactsError) as fault:
        facts_from(document)
    assert fault.value.place == "audits[1].id"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["granted", "2024-02-29"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["audits", "decisions", "settings", "id", "kind", "ends_on", "decided_on"]) | st.text(),
            inner,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_whatever_is_given_is_read_or_refused_in_one_line(value: object) -> None:
    try:
        facts_from(value)
    except FactsError as fault:
        assert len(str(fault).splitlines()) == 1  # noqa: PT017


@given(st.binary())
def test_whatever_bytes_are_given_are_read_or_refused_in_one_line(content: bytes) -> None:
    try:
        read_facts(content)
    except FactsError as fault:
        assert len(str(fault).splitlines()) == 1  # noqa: PT017
