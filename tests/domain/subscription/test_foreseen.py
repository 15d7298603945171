"""What an act brings is said before it is done: which instalments move or fall away, what more costs, and why."""

from dataclasses import replace
from datetime import date

from app.domain.subscription.dues import Bought, dues_of
from app.domain.subscription.foreseen import Line, Sold, of_begun, of_bought, of_ended, of_paused
from app.domain.subscription.instalments import Payment
from app.domain.subscription.plan import Allowance, Allowances
from app.domain.subscription.term import Pause, Term

FIRST = date(2026, 8, 31)
PROMISED = Allowances(2, 2, 1, 2, 6, 90, None)


def sold(term: Term | None = None, *bought: Bought, deposit: int = 0, **changes: object) -> Sold:
    term = term or Term(FIRST, 36)
    dues = tuple(dues_of(Payment(999_999, 36, FIRST, deposit), term, bought, "EUR"))
    return replace(Sold("SUB-001", term, dues, "EUR", 1900, PROMISED), **changes)


def said(lines: list[Line]) -> dict[str, str]:
    return {line.label: line.says for line in lines}


def why(lines: list[Line], label: str) -> str:
    return " ".join(str(reason) for line in lines if line.label == label for reason in line.why)


def test_what_begins_says_its_days_instalments_seats_and_audits() -> None:
    found = said(of_begun(sold(deposit=99_999), [sold(Term(date(2023, 8, 31), 36), reference="SUB-000")]))
    assert found == {
        "From and through": "31 Aug 2026 to 30 Aug 2029.",
        "Deposit": "EUR 999.99 on 31 Aug 2026.",
        "Instalments": "36 instalments: the first EUR 250.00 on 31 Aug 2026, the last EUR 250.00 on 31 Jul 2029.",
        "Price": "EUR 9,999.99 without tax, EUR 11,899.99 with it.",
        "Seats": "2 audit-manager seats and 2 LMS seats from 31 Aug 2026.",
        "Audits": "1 registration audit, 2 surveillance audits and 6 internal audits within the term.",
        "Implementation": "One, within 90 days.",
        "Support": "As many sessions as are wanted.",
        "SUB-000": "It ends on 30 Aug 2026.",
    }


def test_seats_say_their_price_a_month_with_and_without_tax_and_the_first_and_last_charge() -> None:
    from_on = date(2026, 9, 15)
    more = Bought(1, Allowance.LMS_SEATS, 3, from_on, monthly=1000)
    lines = of_bought(sold(), sold(None, more), Allowance.LMS_SEATS, 3, from_on, 1000)
    assert said(lines) == {
        "More": "3 more LMS seats, from 15 Sep 2026 through 30 Aug 2029.",
        "A month": "EUR 30.00 without tax, EUR 35.70 with it.",
        "First charge": "EUR 15.00 on 15 Sep 2026.",
        "Last charge": "EUR 30.00 on 31 Jul 2029.",
        "All charges": "36, together EUR 1,065.00 without tax, EUR 1,267.35 with it.",
    }
    assert "15 of the 30 days" in why(lines, "First charge")


def test_what_costs_once_or_nothing_says_so() -> None:
    from_on = date(2026, 9, 15)
    more = Bought(1, Allowance.INTERNAL, 1, from_on, once=80_000)
    found = said(of_bought(sold(), sold(None, more), Allowance.INTERNAL, 1, from_on, 0))
    assert found["Price"] == "EUR 800.00 without tax, EUR 952.00 with it, due on 15 Sep 2026."
    assert said(of_bought(sold(), sold(), Allowance.INTERNAL, 1, from_on, 0))["Price"] == "Nothing."


def test_a_pause_says_which_instalments_move_to_which_days() -> None:
    pause = Pause(date(2026, 11, 30), 2)
    lines = of_paused(sold(), sold(Term(FIRST, 36, (pause,))), pause)
    found = said(lines)
    assert found["It rests"] == (
        "From 30 Nov 2026 through 30 Jan 2027; its last day moves from 30 Aug 2029 to 30 Oct 2029."
    )
    assert found["Instalments"] == ("33 of 36 move: what would be due from 30 Nov 2026 on comes 2 months later.")
    (each,) = (line.each for line in lines if line.label == "Instalments")
    assert each[0] == "Instalment 4 of 36: from 30 Nov 2026 to 31 Jan 2027"
    assert each[-1] == "Instalment 36 of 36: from 31 Jul 2029 to 30 Sep 2029"
    assert "they count again from 31 Jan 2027." in found["Seats"]


def test_an_end_says_why_the_last_instalment_is_whole_and_seats_are_by_the_day() -> None:
    more = Bought(1, Allowance.LMS_SEATS, 3, date(2026, 9, 15), monthly=1000)
    day = date(2026, 12, 15)
    lines = of_ended(sold(None, more), sold(Term(FIRST, 36, (), day), more), day)
    found = said(lines)
    assert found["It ends"] == "On 15 Dec 2026, instead of 30 Aug 2029."
    assert found["Instalments"].startswith("32 of 36 fall away: EUR 8,888.8")
    assert found["Last instalment"] == "Instalment 4 of 36: EUR 277.78 on 30 Nov 2026, in full."
    assert why(lines, "Last instalment") == (
        "An instalment is charged in full for a month that has begun; seats bought besides are charged by the day. "
        "Its month, 30 Nov 2026 to 30 Dec 2026, has begun by the last day, 15 Dec 2026."
    )
    assert "of the 31 days" in why(lines, "Seats bought besides")


def test_an_end_with_the_last_day_of_a_month_leaves_no_part_out() -> None:
    day = date(2026, 12, 30)
    lines = of_ended(sold(), sold(Term(FIRST, 36, (), day)), day)
    assert "is over by the last day" in why(lines, "Last instalment")
