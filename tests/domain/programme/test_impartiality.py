"""Nobody audits their own work: which ties refuse an auditor, and what the refusal says."""

from datetime import date

import pytest

from app.domain.explained import RefusedError
from app.domain.programme.impartiality import (
    AssetFact,
    AuditedScope,
    Auditor,
    ChangeFact,
    Deed,
    ProcessFact,
    clause_of,
    partialities,
    refuse_new,
)

ISMS, QMS = "ISO/IEC 27001:2022", "ISO 9001:2015"
AUD, OTHER = 1, 2
DAY = date(2027, 3, 15)


def scope(**more):
    return AuditedScope(**{"starts_on": DAY, "ends_on": DAY, "standards": (ISMS,), **more})


def process(**more):
    return ProcessFact("P-01 Access", **more)


def says(found):
    return [reason.says for reason in found]


@pytest.mark.parametrize(
    ("audited", "word"),
    [
        (scope(processes=(process(owner_id=AUD, in_scope=True),)), "owns P-01 Access"),
        (scope(processes=(process(performers=frozenset({AUD}), in_scope=True),)), "works in P-01 Access"),
        (
            scope(
                points=frozenset({(ISMS, "9.2.1")}), processes=(process(owner_id=AUD, serves=frozenset({(ISMS, "9")})),)
            ),
            "serves 9 of ISO/IEC 27001:2022",
        ),
        (
            scope(
                points=frozenset({(ISMS, "9")}), processes=(process(owner_id=AUD, serves=frozenset({(ISMS, "9.2.1")})),)
            ),
            "serves 9.2.1 of ISO/IEC 27001:2022",
        ),
        (scope(assets=(AssetFact("NW-1", custodian_id=AUD),)), "custodian of NW-1"),
        (scope(assets=(AssetFact("NW-1", duties=(("security", AUD), ("licences", OTHER))),)), "security of NW-1"),
        (
            scope(changes=(ChangeFact("CR-1", "NW-1", (Deed(AUD, "authorised", date(2025, 3, 15)),)),)),
            "authorised CR-1",
        ),
        (scope(changes=(ChangeFact("CR-1", "NW-1", (Deed(AUD, "checked", DAY),)),)), "checked CR-1, a change of NW-1"),
    ],
)
def test_what_is_ones_own_work_is_said(audited, word):
    found = partialities([Auditor(AUD, "Aud"), Auditor(9, "Nobody's")], audited)
    assert len(found) == 1
    assert word in found[0].says
    assert str(found[0].clause) == "ISO/IEC 27001:2022, 9.2.2"


@pytest.mark.parametrize(
    "audited",
    [
        scope(),
        scope(processes=(process(owner_id=AUD),)),
        scope(processes=(process(performers=frozenset({AUD})),)),
        scope(processes=(process(owner_id=OTHER, in_scope=True),)),
        scope(points=frozenset({(ISMS, "9")}), processes=(process(owner_id=AUD, serves=frozenset({(QMS, "9")})),)),
        scope(points=frozenset({(ISMS, "9.1")}), processes=(process(owner_id=AUD, serves=frozenset({(ISMS, "9.2")})),)),
        scope(
            points=frozenset({(ISMS, "9")}),
            processes=(process(performers=frozenset({AUD}), serves=frozenset({(ISMS, "9")})),),
        ),
        scope(assets=(AssetFact("NW-1", custodian_id=OTHER, duties=(("security", OTHER),)),)),
        scope(changes=(ChangeFact("CR-1", "NW-1", (Deed(AUD, "did", date(2025, 3, 14)),)),)),
        scope(changes=(ChangeFact("CR-1", "NW-1", (Deed(OTHER, "did", DAY),)),)),
        scope(months=0, changes=(ChangeFact("CR-1", "NW-1", (Deed(AUD, "did", DAY),)),)),
    ],
)
def test_what_is_not_ones_own_work_refuses_nobody(audited):
    assert partialities([Auditor(AUD, "Aud")], audited) == ()


def test_a_window_of_none_leaves_all_but_changes():
    change = ChangeFact("CR-1", "NW-1", (Deed(AUD, "did", DAY),))
    found = partialities(
        [Auditor(AUD, "Aud")], scope(months=0, changes=(change,), assets=(AssetFact("NW-1", custodian_id=AUD),))
    )
    assert says(found) == ["Aud is the custodian of NW-1, which the audit looks at."]


def test_what_stood_before_is_not_refused_and_what_is_new_is():
    stood = partialities([Auditor(AUD, "Aud")], scope(assets=(AssetFact("NW-1", AUD),)))
    both = partialities([Auditor(AUD, "Aud")], scope(assets=(AssetFact("NW-1", AUD), AssetFact("NW-2", AUD))))
    refuse_new(stood, stood, "tags")
    with pytest.raises(RefusedError) as refused:
        refuse_new(stood, both, "tags")
    assert says(refused.value.why) == ["Aud is the custodian of NW-2, which the audit looks at."]


def test_the_clause_is_that_of_the_first_standard_that_says_so_else_of_the_guidance():
    assert str(clause_of(["ISO/IEC 19770-1:2017"])) == "ISO/IEC 19770-1:2017, 9.2"
    assert str(clause_of(["ISO/IEC 42001:2023"])) == "ISO 19011, 4"
