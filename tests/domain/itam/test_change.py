"""Who may take which step of a change, and when: tables of days, and no way round the authorisation."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.explained import RefusedError
from app.domain.itam import change
from app.domain.itam.asset import AssetStatus
from app.domain.itam.change import (
    LATE_AFTER,
    ChangeAction,
    ChangeNow,
    ChangeStatus,
    CheckKind,
    Standing,
    Step,
    may_decide,
    may_follow,
    standing_of,
    ways_to_check,
    what_to_do,
)
from app.domain.itam.change_wish import Touched, Wish, refuse_wish

ASKER, DECIDER, DOER, CHECKER = 1, 2, 3, 4
ASKED = ChangeNow("CR-2026-001", ChangeStatus.REQUESTED, ASKER, date(2026, 3, 2), version="16.2")
EMERGENCY = replace(ASKED, is_emergency=True)
TODAY = date(2026, 3, 9)


def authorised(on: date = date(2026, 3, 4)) -> ChangeNow:
    return change.authorise(ASKED, DECIDER, on)


def done(on: date = date(2026, 3, 5)) -> ChangeNow:
    return change.do(authorised(), DOER, on, TODAY)


def refused_at(error: pytest.ExceptionInfo[RefusedError], field: str | None, clause: str | None) -> bool:
    reason = error.value.why[0]
    return error.value.field == field and (str(reason.clause) if reason.clause else None) == clause


CHANGES = "ISO/IEC 19770-1:2017, 8.2"
SECURITY = "ISO/IEC 19770-1:2017, 8.5"


def test_from_asked_to_checked() -> None:
    now = change.check(done(), CHECKER, date(2026, 3, 6), TODAY, CheckKind.VERSION, "v16.2.0")
    assert (now.status, now.decided_by, now.done_by, now.checked_by) == (ChangeStatus.CHECKED, 2, 3, 4)
    assert now.is_authorised
    assert may_follow(now) == ()


@pytest.mark.parametrize(
    ("now", "steps"),
    [
        (ASKED, {Step.AUTHORISE, Step.REFUSE, Step.WITHDRAW}),
        (EMERGENCY, {Step.AUTHORISE, Step.REFUSE, Step.WITHDRAW, Step.DO}),
        (authorised(), {Step.WITHDRAW, Step.DO}),
        (done(), {Step.CHECK}),
        (change.do(EMERGENCY, DOER, TODAY, TODAY), {Step.AUTHORISE, Step.REFUSE, Step.CHECK}),
        (change.refuse(ASKED, DECIDER, TODAY, "Not licensed."), set()),
        (change.refuse(change.do(EMERGENCY, DOER, TODAY, TODAY), DECIDER, TODAY, "No."), {Step.UNDO}),
        (change.withdraw(ASKED), set()),
    ],
)
def test_what_can_follow(now: ChangeNow, steps: set[Step]) -> None:
    assert set(may_follow(now)) == steps


@pytest.mark.parametrize("decide", [change.authorise, lambda now, by, on: change.refuse(now, by, on, "Because.")])
@pytest.mark.parametrize("person", [ASKER, DOER])
def test_neither_who_asks_nor_who_did_it_decides(decide, person: int) -> None:
    now = change.do(EMERGENCY, DOER, TODAY, TODAY)
    assert not may_decide(now, person).value
    with pytest.raises(RefusedError) as error:
        decide(now, person, TODAY)
    assert refused_at(error, None, SECURITY)


DAYS_OF_DOING = [
    # the day of doing, an emergency or not, whether it may be
    (date(2026, 3, 3), False, False),
    (date(2026, 3, 4), False, True),
    (date(2026, 3, 9), False, True),
    (date(2026, 3, 10), False, False),
    (date(2026, 3, 1), True, True),
    (date(2026, 3, 10), True, False),
]


@pytest.mark.parametrize(("on", "emergency", "allowed"), DAYS_OF_DOING)
def test_it_is_done_after_the_authorisation_unless_it_cannot_wait(on: date, emergency: bool, allowed: bool) -> None:
    now = replace(authorised(), is_emergency=emergency)
    if allowed:
        assert change.do(now, DOER, on, TODAY).done_on == on
    else:
        with pytest.raises(RefusedError) as error:
            change.do(now, DOER, on, TODAY)
        assert error.value.field == "done_on"


def test_without_an_authorisation_only_an_emergency_is_done() -> None:
    with pytest.raises(RefusedError, match="not authorised yet") as error:
        change.do(ASKED, DOER, TODAY, TODAY)
    assert refused_at(error, None, CHANGES)
    assert change.do(EMERGENCY, DOER, TODAY, TODAY).is_outstanding


def test_whoever_authorised_it_does_not_do_it() -> None:
    with pytest.raises(RefusedError) as error:
        change.do(authorised(), DECIDER, TODAY, TODAY)
    assert refused_at(error, "done_by", SECURITY)


def test_a_refusal_says_why() -> None:
    with pytest.raises(RefusedError) as error:
        change.refuse(ASKED, DECIDER, TODAY, "  ")
    assert refused_at(error, "note", "ISO/IEC 19770-1:2017, 7.6.3")


HASH = "ab" * 32
CHECKS = [
    # version expected, hash expected, checked by, read, the field that refuses it
    ("16.2", "", CheckKind.VERSION, "16.2.0", None),
    ("16.2", "", CheckKind.VERSION, "16.20", "check_value"),
    ("16.2", "", CheckKind.VERSION, "", "check_value"),
    ("16.2", "", CheckKind.HASH, HASH, "check_kind"),
    ("16.2", "", CheckKind.SIGHT, "", "check_kind"),
    ("", HASH, CheckKind.HASH, HASH.upper(), None),
    ("", HASH, CheckKind.HASH, "cd" * 32, "check_value"),
    ("", HASH, CheckKind.SIGHT, "", "check_kind"),
    ("16.2", HASH, CheckKind.HASH, HASH, None),
    ("", "", CheckKind.SIGHT, "", None),
    ("", "", CheckKind.VERSION, "16.2", "check_kind"),
]


@pytest.mark.parametrize(("version", "sha256", "kind", "read", "field"), CHECKS)
def test_what_is_read_is_compared_with_what_was_expected(
    version: str, sha256: str, kind: CheckKind, read: str, field: str | None
) -> None:
    now = replace(done(), version=version, sha256=sha256)
    assert (kind in ways_to_check(now)) == (field != "check_kind")
    if field is None:
        assert change.check(now, CHECKER, TODAY, TODAY, kind, read).status is ChangeStatus.CHECKED
    else:
        with pytest.raises(RefusedError) as error:
            change.check(now, CHECKER, TODAY, TODAY, kind, read)
        assert refused_at(error, field, SECURITY)


@pytest.mark.parametrize("on", [date(2026, 3, 4), date(2026, 3, 10)])
def test_it_is_checked_after_it_was_done_and_not_in_days_to_come(on: date) -> None:
    with pytest.raises(RefusedError) as error:
        change.check(done(), CHECKER, on, TODAY, CheckKind.VERSION, "16.2")
    assert error.value.field == "checked_on"


STANDINGS = [
    (0, Standing.OUTSTANDING),
    (LATE_AFTER, Standing.OUTSTANDING),
    (LATE_AFTER + 1, Standing.LATE),
]


@pytest.mark.parametrize(("days", "standing"), STANDINGS)
def test_an_emergency_that_nobody_authorised_is_late_after_a_week(days: int, standing: Standing) -> None:
    now = change.do(EMERGENCY, DOER, TODAY, TODAY)
    found = standing_of(now, TODAY + timedelta(days=days))
    assert found.value is standing
    assert (f"{days} days ago" if days else "today") in found.why[0].says
    after = change.authorise(now, DECIDER, TODAY + timedelta(days=days))
    assert standing_of(after, TODAY + timedelta(days=days)).value is Standing.TO_CHECK


def test_a_refused_emergency_stands_out_until_it_is_undone() -> None:
    now = change.refuse(change.do(EMERGENCY, DOER, date(2026, 3, 5), TODAY), DECIDER, TODAY, "Never.")
    assert standing_of(now, TODAY).value is Standing.WITHOUT
    assert not now.is_authorised
    with pytest.raises(RefusedError) as error:
        change.undo(now, DOER, date(2026, 3, 4), TODAY)
    assert error.value.field == "undone_on"
    assert standing_of(change.undo(now, DOER, TODAY, TODAY), TODAY).value is Standing.UNDONE


def test_what_waits_for_whom() -> None:
    assert what_to_do(ASKED, DECIDER, decides=True) == "Authorise or refuse it."
    assert what_to_do(ASKED, DECIDER, decides=False) == ""
    assert what_to_do(ASKED, ASKER, decides=True) == ""
    assert what_to_do(authorised(), ASKER, decides=False).startswith("Do it")
    assert what_to_do(done(), DOER, decides=False) == "Check what came of it."
    assert "afterwards" in what_to_do(change.do(EMERGENCY, DOER, TODAY, TODAY), DECIDER, decides=True)


people = st.integers(min_value=1, max_value=4)
days = st.integers(min_value=-3, max_value=3).map(lambda n: TODAY + timedelta(days=n))
acts = st.lists(st.tuples(st.sampled_from(Step), people, days, st.sampled_from(CheckKind)), max_size=12)


@given(acts, people, st.booleans(), st.sampled_from(["", "16.2"]))
def test_no_way_leads_to_an_authorisation_by_who_asked_or_did_it(acts, asker: int, emergency: bool, version: str):
    """Whatever is tried in whatever order, who decides is another; and each fact comes after the one it rests on."""
    now = ChangeNow("CR-1", ChangeStatus.REQUESTED, asker, TODAY - timedelta(days=4), emergency, version=version)
    for step, person, on, kind in acts:
        # Days go on: nothing is decided before what is there already.
        today = max([TODAY, *(day for day in (now.decided_on, now.done_on, now.checked_on) if day is not None)])
        before = now
        try:
            match step:
                case Step.AUTHORISE:
                    now = change.authorise(now, person, today)
                case Step.REFUSE:
                    now = change.refuse(now, person, today, "No.")
                case Step.WITHDRAW:
                    now = change.withdraw(now)
                case Step.DO:
                    now = change.do(now, person, on, today)
                case Step.CHECK:
                    now = change.check(now, person, on, today, kind, "16.2")
                case Step.UNDO:
                    now = change.undo(now, person, on, today)
            assert step in may_follow(before)
        except RefusedError:
            continue
        if now.decided_by is not None:
            assert now.decided_by not in (now.requested_by, now.done_by)
        if now.done_on is not None and not now.is_emergency:
            assert now.decided_on is not None
            assert now.decided_on <= now.done_on
        if now.checked_on is not None:
            assert now.done_on is not None
            assert now.done_on <= now.checked_on
        if now.status is ChangeStatus.WITHDRAWN:
            assert not now.was_done
        if now.undone_on is not None:
            assert not now.is_authorised
            assert now.is_emergency
        assert standing_of(now, today).why


def test_a_request_says_what_it_is_about() -> None:
    laptop = Touched("LT-001", AssetStatus.DEPLOYED)
    install = Wish(ChangeAction.INSTALL, "Visio for finance", "Charts", has_product=True, assets=(laptop,))
    move = Wish(ChangeAction.MOVE, "Into stock", "Unused", has_site=True, assets=(laptop,))
    copy = Wish(ChangeAction.COPY, "Back-up", "Policy", has_product=True, copies=2, target="The vault")
    for wish in (install, move, copy, replace(install, sha256=HASH.upper()), replace(install, wanted_by=TODAY)):
        refuse_wish(wish, TODAY)
    wrong = [
        (replace(install, title=" "), "title"),
        (replace(install, reason=""), "reason"),
        (replace(install, has_product=False), "software"),
        (replace(install, assets=()), "assets"),
        (replace(install, assets=(replace(laptop, status=AssetStatus.LOST),)), "assets"),
        (replace(install, assets=(laptop,) * 1001), "assets"),
        (replace(install, sha256="abc"), "sha256"),
        (replace(install, wanted_by=TODAY - timedelta(days=1)), "wanted_by"),
        (replace(install, has_site=True), "to_site"),
        (replace(install, copies=3), "copies"),
        (replace(install, action=ChangeAction.MODIFY), "version"),
        (replace(move, has_site=False), "to_site"),
        (replace(move, has_product=True), "software"),
        (replace(move, sha256=HASH), "sha256"),
        (replace(move, version="2"), "software"),
        (replace(copy, copies=0), "copies"),
        (replace(copy, target=""), "target"),
        (replace(copy, has_product=False), "software"),
    ]
    for wish, field in wrong:
        with pytest.raises(RefusedError) as error:
            refuse_wish(wish, TODAY)
        assert error.value.field == field, wish
