"""The worked examples of the rules, as facts that the command reads and what it has to answer.

Each expectation names only what the example is about; limits, breaches and warnings are given by rule and year.
"""

from dataclasses import dataclass, field
from typing import Any

STAGES = {"id": "s1", "kind": "stage-1"}, {"id": "s2", "kind": "stage-2"}


def grant(decided_on: str, **more: str) -> dict[str, str]:
    return {"kind": "granted", "decided_on": decided_on, **more}


def decided(kind: str, decided_on: str, **more: str) -> dict[str, str]:
    return {"kind": kind, "decided_on": decided_on, **more}


def held(kind: str, ends_on: str, **more: Any) -> dict[str, Any]:
    return {"id": f"{kind} {ends_on}", "kind": kind, "ends_on": ends_on, **more}


def surveillance(ends_on: str) -> dict[str, Any]:
    return held("surveillance", ends_on)


def recertification(ends_on: str, **more: Any) -> dict[str, Any]:
    return held("recertification", ends_on, **more)


@dataclass(frozen=True)
class Example:
    name: str
    facts: dict[str, Any]
    on: str
    state: str | None = None
    valid_through: str | None = None
    effective: str | None = None
    next_kind: str | None = None
    opens_on: str | None = None
    closes_on: str | None = None
    limits: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By rule (and year): the last day and how it stands."""
    breaches: dict[str, str] | None = None
    """By rule (and year): since when; all of them."""
    warnings: dict[str, str] = field(default_factory=dict)
    """By rule (and year): since when; those that the example is about."""
    cycle: dict[str, Any] = field(default_factory=dict)


def _facts(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "audits": [entry for entry in entries if "ends_on" in entry],
        "decisions": [entry for entry in entries if "decided_on" in entry],
        **more,
    }


W15 = (grant("2024-03-15"), surveillance("2025-02-20"), surveillance("2026-02-20"), recertification("2027-01-20"))
W12 = (grant("2024-01-15"), surveillance("2024-12-10"), surveillance("2025-11-12"))
W31 = (grant("2024-06-10"), surveillance("2025-06-01"), decided("suspended", "2025-08-31"))
W26 = (
    grant("2024-01-15"),
    surveillance("2024-12-10"),
    surveillance("2025-11-12"),
    recertification("2026-11-10"),
    decided("renewed", "2027-01-10"),
)
W38 = _facts(grant("2023-09-20"), standard="ISO/IEC 27001:2013")

EXAMPLES = (
    Example(
        "W01 base case",
        _facts(grant("2024-03-15"), surveillance("2025-02-20")),
        "2025-03-01",
        state="active",
        valid_through="2027-03-14",
        next_kind="surveillance",
        opens_on="2026-01-01",
        closes_on="2026-12-31",
        limits={
            "first-surveillance": ("2025-03-15", "met"),
            "calendar-year 2025": ("2025-12-31", "met"),
            "calendar-year 2026": ("2026-12-31", "open"),
            "recertification": ("2027-03-14", "open"),
        },
        breaches={},
    ),
    Example(
        "W02 twelve months hold a leap day",
        _facts(grant("2023-03-15")),
        "2024-03-15",
        limits={"first-surveillance": ("2024-03-15", "open")},
        breaches={},
    ),
    Example(
        "W04 twelve months and calendar year met, one surveillance only",
        _facts(grant("2024-01-01"), surveillance("2025-01-01")),
        "2026-01-02",
        valid_through="2026-12-31",
        next_kind="surveillance",
        opens_on="2026-01-01",
        closes_on="2026-12-31",
        limits={"first-surveillance": ("2025-01-01", "met"), "calendar-year 2025": ("2025-12-31", "met")},
        breaches={},
    ),
    Example(
        "W04 recertification audit after one surveillance",
        _facts(grant("2024-01-01"), surveillance("2025-01-01"), recertification("2026-09-01")),
        "2026-09-01",
        breaches={"surveillance-count": "2026-09-01"},
    ),
    Example(
        "W05 decision on 29 February",
        _facts(grant("2024-02-29")),
        "2024-03-01",
        valid_through="2027-02-27",
        limits={"first-surveillance": ("2025-02-28", "open")},
    ),
    Example(
        "W05 decision on 29 February, anniversary",
        _facts(grant("2024-02-29"), settings={"expiry": "anniversary"}),
        "2024-03-01",
        valid_through="2027-02-28",
    ),
    Example(
        "W07 on the last day",
        _facts(grant("2024-06-10"), surveillance("2025-06-10")),
        "2025-06-11",
        limits={"first-surveillance": ("2025-06-10", "met")},
        breaches={},
    ),
    Example(
        "W08 a day late, though the calendar year is covered",
        _facts(grant("2024-06-10"), surveillance("2025-06-11")),
        "2025-06-30",
        limits={"first-surveillance": ("2025-06-10", "breached"), "calendar-year 2025": ("2025-12-31", "met")},
        breaches={"first-surveillance": "2025-06-11"},
    ),
    Example(
        "W09 an early surveillance still covers its year",
        _facts(grant("2024-11-05"), surveillance("2025-01-15")),
        "2026-11-06",
        next_kind="surveillance",
        opens_on="2026-01-01",
        closes_on="2026-12-31",
        breaches={},
        warnings={"second-surveillance": "2026-11-06"},
    ),
    Example(
        "W11 a January recertification does not make 2026 a recertification year",
        _facts(*W12, recertification("2027-01-05", status="planned")),
        "2027-01-01",
        valid_through="2027-01-14",
        limits={"calendar-year 2026": ("2026-12-31", "breached"), "recertification": ("2027-01-14", "planned")},
        breaches={"calendar-year 2026": "2027-01-01"},
        next_kind="recertification",
        closes_on="2026-12-31",
    ),
    Example(
        "W12 the recertification covers its year",
        _facts(*W12, recertification("2026-11-10"), decided("renewed", "2026-12-01")),
        "2026-12-01",
        valid_through="2030-01-14",
        next_kind="surveillance",
        opens_on="2027-01-01",
        closes_on="2027-12-31",
        breaches={},
        cycle={"number": 2, "kind": "recertification", "began_on": "2026-12-01", "gap_days": 0},
    ),
    Example(
        "W14 no audit at all in the year of the decision",
        _facts(
            held("stage-1", "2023-10-10"),
            held("stage-2", "2023-11-20"),
            grant("2024-01-05"),
            surveillance("2025-01-03"),
        ),
        "2025-02-01",
        breaches={},
        warnings={"decision-year-gap 2024": "2025-01-01"},
    ),
    Example(
        "W15 early days are credited",
        _facts(*W15, decided("renewed", "2027-02-10")),
        "2027-02-10",
        state="active",
        valid_through="2030-03-14",
        next_kind="surveillance",
        opens_on="2028-01-01",
        closes_on="2028-12-31",
        breaches={},
    ),
    Example(
        "W17 a day after expiry it is a restoration",
        _facts(*W15, decided("renewed", "2027-03-15")),
        "2027-03-15",
        state="active",
        valid_through="2030-03-14",
        cycle={"number": 2, "kind": "recertification", "began_on": "2027-03-15", "gap_days": 0},
    ),
    Example("W18 last valid day", _facts(grant("2024-03-15")), "2027-03-14", state="active"),
    Example(
        "W18 the day after",
        _facts(*W15),
        "2027-03-15",
        state="expired-restorable",
        next_kind="recertification",
        closes_on="2027-09-14",
        limits={"restoration": ("2027-09-14", "open"), "recertification": ("2027-03-14", "breached")},
        breaches={"recertification": "2027-03-15"},
    ),
    Example("W18 last day of restoration", _facts(*W15), "2027-09-14", state="expired-restorable"),
    Example(
        "W18 lapsed",
        _facts(*W15),
        "2027-09-15",
        state="lapsed",
        limits={"restoration": ("2027-09-14", "breached")},
        breaches={"recertification": "2027-03-15", "restoration": "2027-09-15"},
    ),
    Example(
        "W23 nine months early is more than the cap",
        _facts(
            grant("2024-03-15"),
            surveillance("2025-02-20"),
            surveillance("2026-02-20"),
            recertification("2026-05-10"),
            decided("renewed", "2026-06-01"),
        ),
        "2026-06-01",
        valid_through="2029-05-31",
    ),
    Example(
        "W26 base year by the audit",
        _facts(*W26),
        "2027-01-10",
        next_kind="surveillance",
        opens_on="2027-01-01",
        closes_on="2027-12-31",
    ),
    Example(
        "W26 base year by the decision",
        _facts(*W26, settings={"recertification_year": "decision"}),
        "2027-01-10",
        next_kind="surveillance",
        opens_on="2028-01-01",
        closes_on="2028-12-31",
    ),
    Example(
        "W27 majors verified on the last day",
        _facts(
            held("stage-1", "2024-07-01"),
            held("stage-2", "2024-08-31"),
            nonconformities=[{"id": "n", "audit": "stage-2 2024-08-31", "grade": "major", "verified_on": "2025-02-28"}],
        ),
        "2025-04-01",
        state="applicant",
        limits={"stage-2-majors": ("2025-02-28", "met")},
        breaches={},
    ),
    Example(
        "W27 majors verified a day late",
        _facts(
            held("stage-1", "2024-07-01"),
            held("stage-2", "2024-08-31"),
            nonconformities=[{"id": "n", "audit": "stage-2 2024-08-31", "grade": "major", "verified_on": "2025-03-01"}],
        ),
        "2025-04-01",
        state="applicant",
        next_kind="stage-2",
        limits={"stage-2-majors": ("2025-02-28", "breached")},
        breaches={"stage-2-majors": "2025-03-01"},
    ),
    Example(
        "W31 suspended until the day before it is lifted",
        _facts(*W31, decided("suspension-lifted", "2026-02-15")),
        "2026-02-14",
        state="suspended",
        valid_through="2027-06-09",
        limits={"suspension-limit": ("2026-02-28", "open")},
    ),
    Example(
        "W31 active again from the day of the lifting",
        _facts(*W31, decided("suspension-lifted", "2026-02-15")),
        "2026-02-15",
        state="active",
        valid_through="2027-06-09",
        limits={"suspension-limit": ("2026-02-28", "met")},
        breaches={},
    ),
    Example(
        "W33 a missed surveillance breaks a rule and suspends nothing",
        _facts(grant("2024-06-10")),
        "2025-06-11",
        state="active",
        breaches={"first-surveillance": "2025-06-11"},
    ),
    Example(
        "W38 the edition caps",
        W38,
        "2025-10-31",
        state="active",
        valid_through="2026-09-19",
        effective="2025-10-31",
    ),
    Example("W38 the day after", W38, "2025-11-01", state="lapsed", effective="2025-10-31"),
)
