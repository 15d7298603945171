"""Whose an asset is, and what nobody answers for."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetKind
from app.domain.itam.ownership import (
    FIELDS,
    Duty,
    Gap,
    GapFacts,
    OwnershipFacts,
    OwnershipKind,
    gaps_of,
    last_day_before,
    needed,
    refuse_incomplete,
    refuse_overlap,
)

K = OwnershipKind
TODAY = date(2026, 6, 1)
WHOLE: dict[str, Any] = {
    "party": "Nordlease",
    "contract": "L-1",
    "tenant": "t-1",
    "region": "eu-north",
    "has_employee": True,
    "agreement_signed_on": date(2026, 1, 2),
    "may_wipe": "The work profile",
}
ABSENT = {"employee": ("has_employee", False), "agreement_signed_on": ("agreement_signed_on", None)}


@pytest.mark.parametrize("kind", K)
def test_each_kind_is_refused_without_any_one_of_what_it_needs(kind: OwnershipKind) -> None:
    whole = OwnershipFacts(kind=kind, starts_on=TODAY, **WHOLE)
    refuse_incomplete(whole, TODAY)
    for field in needed(kind):
        name, nothing = ABSENT.get(field, (field, " "))
        with pytest.raises(RefusedError) as refused:
            refuse_incomplete(replace(whole, **{name: nothing}), TODAY)
        assert refused.value.field == field


def test_what_each_kind_needs() -> None:
    assert {kind: needed(kind) for kind in K} == {
        K.OWNED: (),
        K.LEASED: ("party", "contract"),
        K.PROVIDER: ("party", "contract"),
        K.CLOUD: ("party", "tenant", "region"),
        K.OWN_DEVICE: ("employee", "agreement_signed_on", "may_wipe"),
        K.CUSTOMER: ("party",),
    }
    assert all(set(needed(kind)) <= set(FIELDS[kind]) for kind in K)


def test_nobody_signs_tomorrow() -> None:
    facts = OwnershipFacts(kind=K.OWN_DEVICE, starts_on=TODAY, **{**WHOLE, "agreement_signed_on": date(2026, 6, 2)})
    with pytest.raises(RefusedError, match="2 Jun 2026 has not come yet"):
        refuse_incomplete(facts, TODAY)


OVERLAPS = [
    ([], True),
    ([(date(2026, 5, 31), None)], True),
    ([(date(2026, 6, 1), None)], False),
    ([(date(2026, 7, 1), None)], False),
    ([(date(2026, 1, 1), date(2026, 5, 31))], True),
    ([(date(2026, 1, 1), date(2026, 6, 1))], False),
    ([(date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 2), None)], True),
]


@pytest.mark.parametrize(("earlier", "taken"), OVERLAPS)
def test_an_asset_is_one_s_at_a_time_day_by_day(earlier: list[tuple[date, date | None]], taken: bool) -> None:
    if taken:
        refuse_overlap(TODAY, earlier)
        return
    with pytest.raises(RefusedError) as refused:
        refuse_overlap(TODAY, earlier)
    assert refused.value.field == "starts_on"


def test_what_held_until_then_ends_on_the_day_before() -> None:
    assert last_day_before(date(2026, 3, 1)) == date(2026, 2, 28)


NO_GAP = GapFacts(in_scope=True, is_gone=False, kind=K.OWNED, has_agreement=False, held=tuple(Duty))
GAPS: list[tuple[dict[str, Any], set[Gap]]] = [
    ({}, set()),
    ({"kind": None}, {Gap.OWNERSHIP}),
    ({"kind": K.OWN_DEVICE}, {Gap.AGREEMENT}),
    ({"kind": K.OWN_DEVICE, "has_agreement": True}, set()),
    ({"held": (Duty.SECURITY, Duty.DISPOSAL)}, {Gap.PATCHING, Gap.LICENSING}),
    ({"left": (Duty.PATCHING,)}, {Gap.HOLDER_LEFT}),
    ({"custodian_left": True}, {Gap.CUSTODIAN_LEFT}),
    ({"held": (Duty.SECURITY,), "asset_kind": AssetKind.DOCUMENT}, {Gap.LICENSING, Gap.DISPOSAL}),
    ({"held": (Duty.SECURITY,), "asset_kind": AssetKind.HARDWARE}, {Gap.PATCHING, Gap.LICENSING, Gap.DISPOSAL}),
    ({"kind": None, "held": (), "in_scope": False}, set()),
    ({"kind": None, "held": (), "is_gone": True}, set()),
    (
        {"kind": None, "held": ()},
        {Gap.OWNERSHIP, Gap.SECURITY, Gap.PATCHING, Gap.LICENSING, Gap.DISPOSAL},
    ),
]


@pytest.mark.parametrize(("facts", "gaps"), GAPS)
def test_a_responsibility_that_nobody_holds_is_a_gap(facts: dict[str, Any], gaps: set[Gap]) -> None:
    found = gaps_of(replace(NO_GAP, **facts))
    assert {each.value for each in found} == gaps
    assert all(each.why[0].clause for each in found)
