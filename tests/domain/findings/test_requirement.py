"""What a finding needs: by grade, by kind of audit, and within the criteria."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.certification.facts import AuditKind
from app.domain.clauses import FINDINGS, NONCONFORMITY, STAGE_1_CONCLUSIONS
from app.domain.explained import RefusedError
from app.domain.findings.grading import FindingGrade
from app.domain.findings.requirement import (
    Criteria,
    FindingFacts,
    clause_key,
    grades_of,
    is_clause_of,
    is_within,
    plain_clause,
    refuse_incomplete,
    title_from,
)

G = FindingGrade
ISMS, QMS = "ISO/IEC 27001:2022", "ISO 9001:2015"
KNOWN = {ISMS: ("6", "6.1", "9", "9.2", "9.2.1", "9.2.2", "9.3")}
AUDIT = Criteria("IA-2026-01", (ISMS, QMS), {ISMS: ("9.2", "A.8")}, KNOWN)
OPEN = Criteria("IA-2026-01", (ISMS,), {}, KNOWN)
WHOLE = {"grade": G.MINOR, "statement": "s", "evidence": "e", "standard": ISMS, "clause": "9.2.2"}

REFUSED = [
    ({"statement": " "}, "statement", "Say what was found.", FINDINGS),
    ({"standard": ""}, "standard", "which standard", NONCONFORMITY),
    ({"clause": ""}, "clause", "which clause", NONCONFORMITY),
    ({"evidence": "\n"}, "evidence", "objective evidence", NONCONFORMITY),
    (
        {"clause": "9.3"},
        "clause",
        "outside the criteria of IA-2026-01: ISO/IEC 27001:2022, 9.2, A.8; ISO 9001",
        FINDINGS,
    ),
    ({"clause": "9"}, "clause", "outside the criteria", FINDINGS),
    ({"clause": "9.20"}, "clause", "has no clause 9.20", None),
    ({"clause": "nonsense"}, "clause", "has no clause nonsense", None),
    ({"standard": "ISO/IEC 20000-1:2018"}, "standard", "none of the criteria of IA-2026-01", FINDINGS),
    ({"grade": G.OBSERVATION, "standard": ""}, "standard", "of which standard the clause is", None),
    ({"grade": G.CONCERN}, "grade", "stage 1 alone", STAGE_1_CONCLUSIONS),
    ({"title": "x" * 201}, "title", "200 characters", None),
]


@pytest.mark.parametrize(("said", "field", "words", "clause"), REFUSED)
def test_what_is_missing_is_refused_at_its_field(said: dict, field: str, words: str, clause: object) -> None:
    with pytest.raises(RefusedError) as refused:
        refuse_incomplete(FindingFacts(**{**WHOLE, **said}), AUDIT, AuditKind.INTERNAL)
    assert refused.value.field == field
    assert words in refused.value.why[0].says
    assert refused.value.why[0].clause == clause


TAKEN = [
    {},
    {"clause": "9.2"},
    {"clause": "9.2.2 b)"},
    {"clause": "A.8.12"},
    {"clause": "a.8"},
    {"standard": QMS, "clause": "8.4.1"},
    {"grade": G.OBSERVATION, "evidence": "", "standard": "", "clause": ""},
    {"grade": G.OPPORTUNITY, "evidence": "", "clause": ""},
    {"grade": G.GOOD_PRACTICE, "evidence": ""},
]


@pytest.mark.parametrize("said", TAKEN)
def test_what_is_whole_is_taken(said: dict) -> None:
    refuse_incomplete(FindingFacts(**{**WHOLE, **said}), AUDIT, AuditKind.INTERNAL)


def test_without_a_scope_every_clause_of_the_criteria_is_within() -> None:
    refuse_incomplete(FindingFacts(**{**WHOLE, "clause": "6.1"}), OPEN, AuditKind.INTERNAL)


def test_outside_an_audit_any_standard_that_is_known_may_be_named() -> None:
    refuse_incomplete(FindingFacts(**WHOLE), Criteria("", (ISMS,), {}, KNOWN), None)
    with pytest.raises(RefusedError, match="catalogue knows no ISO 1:1999"):
        refuse_incomplete(FindingFacts(**{**WHOLE, "standard": "ISO 1:1999"}), Criteria("", (ISMS,), {}, KNOWN), None)


GRADES = [
    (None, {G.MAJOR, G.MINOR, G.OBSERVATION, G.OPPORTUNITY, G.GOOD_PRACTICE}),
    (AuditKind.INTERNAL, {G.MAJOR, G.MINOR, G.OBSERVATION, G.OPPORTUNITY, G.GOOD_PRACTICE}),
    (AuditKind.STAGE_1, {G.CONCERN, G.OBSERVATION, G.OPPORTUNITY, G.GOOD_PRACTICE}),
    (AuditKind.SURVEILLANCE, {G.OBSERVATION, G.OPPORTUNITY, G.GOOD_PRACTICE}),
]


@pytest.mark.parametrize(("kind", "grades"), GRADES)
def test_each_audit_knows_its_grades(kind: AuditKind | None, grades: set[FindingGrade]) -> None:
    assert set(grades_of(kind)) == grades


@pytest.mark.parametrize(
    ("kind", "words", "clause"),
    [(AuditKind.STAGE_1, "areas of concern", STAGE_1_CONCLUSIONS), (AuditKind.STAGE_2, "is theirs", FINDINGS)],
)
def test_a_nonconformity_is_refused_where_it_is_not_ours_to_give(kind: AuditKind, words: str, clause: object) -> None:
    with pytest.raises(RefusedError, match=words) as refused:
        refuse_incomplete(FindingFacts(**WHOLE), AUDIT, kind)
    assert refused.value.why[0].clause == clause


@pytest.mark.parametrize(
    ("clause", "wider", "within"),
    [
        ("9.2", "9.2", True),
        ("9.2.1", "9.2", True),
        ("9.20", "9.2", False),
        ("9", "9.2", False),
        ("A.8.12", "a.8", True),
        ("9.2", "", False),
        ("", "9", False),
    ],
)
def test_a_part_of_a_clause_is_within_it(clause: str, wider: str, within: bool) -> None:
    assert is_within(clause, wider) is within


@pytest.mark.parametrize(
    ("clause", "is_one"),
    [("9.2.1", True), ("9.2.1.1", True), ("9.2.9", False), ("11", False), ("A.5.1", True), ("F1", True), ("??", False)],
)
def test_what_is_finer_than_the_catalogue_is_a_clause(clause: str, is_one: bool) -> None:
    assert is_clause_of(clause, KNOWN[ISMS]) is is_one


@given(st.lists(st.integers(1, 99), min_size=1, max_size=4), st.lists(st.integers(1, 99), max_size=3))
def test_every_part_is_within_the_whole_and_never_the_other_way(whole: list[int], more: list[int]) -> None:
    wide, narrow = ".".join(map(str, whole)), ".".join(map(str, whole + more))
    assert is_within(narrow, wide)
    assert is_within(wide, narrow) is (not more)


def test_clauses_are_sorted_by_number() -> None:
    assert sorted(["A.5", "10", "9.10", "9.2"], key=clause_key) == ["9.2", "9.10", "10", "A.5"]
    assert plain_clause("9.2.2 b)") == "9.2.2"


def test_a_title_is_the_beginning_of_the_statement() -> None:
    assert title_from("Logs are not read. Nobody\nknows why.") == "Logs are not read."
    assert title_from("word " * 50).endswith("…")
    assert len(title_from("word " * 50)) <= 100
