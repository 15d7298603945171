"""Entitlements and seats that cannot be, refused at their field; terms that the facts break."""

from datetime import date

import pytest

from app.domain.explained import RefusedError
from app.domain.licensing.entitlement import (
    EntitlementFact,
    EntitlementKind,
    Term,
    TermAnswer,
    refuse_impossible,
    refuse_same_proof,
)
from app.domain.licensing.seat import Bought, Held, refuse_bare, refuse_beyond
from app.domain.licensing.terms import Facts, TermFact, check, refuse_wordless

KIND = EntitlementKind


def fact(id_=1, kind=KIND.PURCHASE, quantity=10, starts=date(2026, 1, 1), **more):
    return EntitlementFact(id_, f"E-{id_:03}", kind, quantity, starts, **more)


def upgrade(id_, base_id, quantity=4, starts=date(2026, 3, 1), **more):
    return fact(id_, KIND.UPGRADE, quantity, starts, base_id=base_id, **more)


@pytest.mark.parametrize(
    ("wrong", "bases", "others", "takers", "field", "says"),
    [
        (fact(quantity=0), {}, [], [], "quantity", "at least one whole unit"),
        (fact(quantity=-3), {}, [], [], "quantity", "at least one whole unit"),
        (fact(ends_on=date(2025, 12, 31)), {}, [], [], "ends_on", "before it starts on 1 Jan 2026"),
        (fact(kind=KIND.SUBSCRIPTION), {}, [], [], "ends_on", "A subscription has a last day"),
        (fact(kind=KIND.UPGRADE), {}, [], [], "base", "say which"),
        (fact(base_id=2), {2: fact(2)}, [], [], "base", "rests on no other entitlement"),
        (upgrade(1, 1), {1: upgrade(1, 1)}, [], [], "base", "E-001 rests on E-001"),
        (
            upgrade(1, 2),
            {2: upgrade(2, 3), 3: upgrade(3, 1), 1: upgrade(1, 2)},
            [],
            [],
            "base",
            "E-001 rests on E-002 rests on E-003 rests on E-001",
        ),
        (upgrade(2, 1, 11), {1: fact()}, [], [], "quantity", "E-001 has 10 of its 10 units left"),
        (upgrade(3, 1, 7), {1: fact()}, [upgrade(2, 1)], [], "quantity", "E-001 has 6 of its 10 units left"),
        (
            upgrade(2, 1, starts=date(2025, 6, 1)),
            {1: fact()},
            [],
            [],
            "starts_on",
            "E-001 does not count on 1 Jun 2025",
        ),
        (fact(quantity=3), {}, [], [upgrade(2, 1)], "quantity", "4 units were taken from it by E-002"),
        (fact(starts=date(2026, 4, 1)), {}, [], [upgrade(2, 1)], "starts_on", "took units from it on 1 Mar 2026"),
    ],
)
def test_what_no_entitlement_can_be(wrong, bases, others, takers, field, says):
    with pytest.raises(RefusedError, match=says) as refused:
        refuse_impossible(wrong, bases, others, takers)
    assert refused.value.field == field
    assert "ISO/IEC 19770-1:2017, 8.4" in str(refused.value)


@pytest.mark.parametrize("kind", [KIND.TRANSFER, KIND.UPGRADE])
def test_what_is_taken_counts_no_longer_than_what_it_came_from(kind):
    end = date(2027, 3, 25)
    base = fact(kind=KIND.SUBSCRIPTION, ends_on=end)
    for until in (None, date(2027, 3, 26)):
        taken = fact(2, kind, 4, date(2026, 3, 1), base_id=1, ends_on=until)
        with pytest.raises(RefusedError, match="E-001 counts through 25 Mar 2027") as error:
            refuse_impossible(taken, {1: base}, [], [])
        assert error.value.field == "ends_on"
    taken = fact(2, kind, 4, date(2026, 3, 1), base_id=1, ends_on=end)
    refuse_impossible(taken, {1: base}, [], [])
    refuse_impossible(base, {}, [], [taken])
    sooner = fact(kind=KIND.SUBSCRIPTION, ends_on=date(2027, 3, 24))
    with pytest.raises(RefusedError, match="E-002 took units from it and counts through 25 Mar 2027") as error:
        refuse_impossible(sooner, {}, [], [taken])
    assert error.value.field == "ends_on"


def test_units_that_an_ended_upgrade_gave_back_can_be_upgraded_again():
    ended = upgrade(2, 1, 10, ends_on=date(2026, 5, 31))
    refuse_impossible(upgrade(3, 1, 10, date(2026, 6, 1)), {1: fact()}, [ended], [])
    with pytest.raises(RefusedError, match="0 of its 10 units left on 31 May 2026"):
        refuse_impossible(upgrade(3, 1, 10, date(2026, 5, 31)), {1: fact()}, [ended], [])


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        (fact(2), True),
        (fact(2, starts=date(2027, 1, 1)), False),
        (fact(2, starts=date(2026, 12, 31)), True),
        (upgrade(2, 1), False),
    ],
)
def test_one_proof_counts_once_on_any_day(other, refused):
    asked = fact(ends_on=date(2026, 12, 31))
    if refused:
        with pytest.raises(RefusedError, match="one proof counts once") as error:
            refuse_same_proof(asked, "MLS-7", [other], {})
        assert error.value.field == "proof"
    else:
        refuse_same_proof(asked, "MLS-7", [other], {})


JUNE = date(2026, 6, 1)


def seats(*names, starts=date(2026, 2, 1), **more):
    return [Held(name, starts, **more) for name in names]


def test_seats_are_refused_beyond_what_is_entitled_and_say_who_holds_them():
    bought = [Bought(fact(quantity=2))]
    refuse_beyond(bought, seats("Ann"), seats("Bob", starts=JUNE), [])
    with pytest.raises(RefusedError, match=r"2 are entitled and 2 are held.*Held by Ann, Zoe"):
        refuse_beyond(bought, seats("Zoe", "Ann"), seats("Bob", starts=JUNE), [])


def test_a_seat_without_a_last_day_is_refused_where_the_entitlement_ends():
    bought = [Bought(fact(kind=KIND.SUBSCRIPTION, ends_on=date(2026, 12, 31)))]
    with pytest.raises(RefusedError, match=r"On 1 Jan 2027, 0 are entitled.*Give 31 Dec 2026 as the last day"):
        refuse_beyond(bought, [], seats("Bob", starts=JUNE), [])
    refuse_beyond(bought, [], seats("Bob", starts=JUNE, ends_on=date(2026, 12, 31)), [])


def test_seats_that_others_have_from_a_later_day_on_count_already():
    bought = [Bought(fact(quantity=1))]
    later = seats("Ann", starts=date(2026, 9, 1))
    with pytest.raises(RefusedError, match=r"On 1 Sep 2026, 1 are entitled and 1 are held"):
        refuse_beyond(bought, later, seats("Bob", starts=JUNE), [])
    refuse_beyond(bought, later, seats("Bob", starts=JUNE, ends_on=date(2026, 8, 31)), [])


def test_a_seat_of_one_site_takes_no_unit_of_another():
    bought = [Bought(fact(quantity=2), site_id=7)]
    with pytest.raises(RefusedError, match="for another site"):
        refuse_beyond(bought, [], seats("Bob", starts=JUNE, site_id=8), [])


def test_units_that_are_checked_out_cannot_be_given_up():
    held = seats("Ann", "Bob")
    before = [Bought(fact(quantity=2))]
    with pytest.raises(RefusedError, match=r"2 seats are checked out, and only 1 would be covered.*Ann, Bob"):
        refuse_bare((before, []), ([Bought(fact(quantity=1))], []), held, JUNE)
    refuse_bare((before, []), ([Bought(fact(quantity=5))], []), held, JUNE)
    # What nothing covers now already is no reason to refuse.
    refuse_bare(([Bought(fact(quantity=1))], []), ([Bought(fact(quantity=1))], []), held, JUNE)


SITES, LIMIT = Term.ALLOWED_SITES, TermAnswer.LIMIT
NAMED = {1: "Hamburg", 2: "Munich", 3: "Oslo"}


@pytest.mark.parametrize(
    ("term", "known", "violated"),
    [
        (TermFact(SITES, LIMIT, site_ids=(1, 2)), Facts({"hamburg": 3}, NAMED), False),
        (TermFact(SITES, LIMIT, site_ids=(1,)), Facts({"Hamburg": 3, "Oslo": 1}, NAMED), True),
        # Who says yes and names sites means those sites, not every site.
        (TermFact(SITES, TermAnswer.YES, site_ids=(1,)), Facts({"Hamburg": 3, "Oslo": 1}, NAMED), True),
        (TermFact(SITES, TermAnswer.YES, site_ids=(1, 3)), Facts({"Hamburg": 3, "Oslo": 1}, NAMED), False),
        # What the contract says besides names no site, whatever stands in it.
        (TermFact(SITES, TermAnswer.YES, None, "Not in Oslo.", (1, 3)), Facts({"Oslo": 1}, NAMED), False),
        # How many and which: both hold.
        (TermFact(SITES, LIMIT, 1, site_ids=(1, 3)), Facts({"Hamburg": 3, "Oslo": 1}, NAMED), True),
        (TermFact(SITES, LIMIT, 1, site_ids=(1, 3)), Facts({"Oslo": 1}, NAMED), False),
        (TermFact(SITES, LIMIT, 1, site_ids=(1, 3)), Facts({"Munich": 1}, NAMED), True),
        (TermFact(Term.ALLOWED_SITES, TermAnswer.LIMIT, 1), Facts(sites={"Hamburg": 3, "Oslo": 1}), True),
        (TermFact(Term.ALLOWED_SITES, TermAnswer.LIMIT, 2), Facts(sites={"Hamburg": 3, "Oslo": 1}), False),
        (TermFact(Term.ALLOWED_SITES, TermAnswer.NO), Facts(sites={"Oslo": 1}, own_site="Oslo"), False),
        (TermFact(Term.ALLOWED_SITES, TermAnswer.NO), Facts(sites={"Bergen": 1}, own_site="Oslo"), True),
        (TermFact(Term.ALLOWED_SITES, TermAnswer.YES), Facts(sites={"Bergen": 1}), False),
        (TermFact(Term.VIRTUALISATION, TermAnswer.NO), Facts(virtual=["VM-1"]), True),
        (TermFact(Term.VIRTUALISATION, TermAnswer.NO), Facts(), False),
        (TermFact(Term.VIRTUALISATION, TermAnswer.LIMIT, 1), Facts(virtual=["VM-1"]), False),
        (TermFact(Term.VIRTUALISATION, TermAnswer.LIMIT, 1), Facts(virtual=["VM-1", "VM-2"]), True),
        (TermFact(Term.VIRTUALISATION, TermAnswer.YES), Facts(virtual=["VM-1"]), False),
        (TermFact(Term.SUB_LICENSING, TermAnswer.NO), Facts(of_customers=["A-7"]), True),
        (TermFact(Term.DOWNGRADE, TermAnswer.NO), Facts(older=["A-7"]), True),
        (TermFact(Term.SECOND_USE, TermAnswer.NO), Facts(second=["A-8"]), True),
        (TermFact(Term.TRANSFER, TermAnswer.NO), Facts(transferred=4), True),
        (TermFact(Term.TRANSFER, TermAnswer.LIMIT, 4), Facts(transferred=4), False),
    ],
)
def test_terms_against_the_facts(term, known, violated):
    finding = check(term, known)
    assert (finding.is_violated, finding.is_checked) == (violated, True)
    assert finding.why


def test_what_no_record_tells_is_left_to_be_checked_by_hand():
    finding = check(TermFact(Term.REMOTE_ACCESS, TermAnswer.NO), Facts(virtual=["VM-1"]))
    assert (finding.is_violated, finding.is_checked) == (False, False)


@pytest.mark.parametrize("answer", [TermAnswer.YES, TermAnswer.LIMIT])
def test_sites_that_were_written_as_prose_are_left_to_be_checked_by_hand(answer):
    finding = check(TermFact(SITES, answer, None, "Hamburg and Munich."), Facts({"Oslo": 1}, NAMED))
    assert (finding.is_violated, finding.is_checked) == (False, False)
    assert "choose the sites" in finding.why[0].says


def test_a_limit_says_how_many():
    for term in (TermFact(Term.VIRTUALISATION, TermAnswer.LIMIT), TermFact(Term.VIRTUALISATION, TermAnswer.LIMIT, -1)):
        with pytest.raises(RefusedError) as refused:
            refuse_wordless(term)
        assert refused.value.field == "limit_virtualisation"
    refuse_wordless(TermFact(SITES, LIMIT, site_ids=(1,)))
    # Prose names no site, and “no” allows none but the entitlement's own.
    for term, place in (
        (TermFact(SITES, LIMIT, None, "Hamburg"), "limit_allowed_sites"),
        (TermFact(SITES, TermAnswer.NO, site_ids=(1,)), "sites_allowed_sites"),
    ):
        with pytest.raises(RefusedError) as refused:
            refuse_wordless(term)
        assert refused.value.field == place
