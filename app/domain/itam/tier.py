"""How far each process area of IT asset management has come, by one's own judgement and by the register."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import days_between, say, say_days
from app.domain.explained import Clause, Explained, Reason, RefusedError
from app.domain.words import Word

EVALUATION = Clause("ISO/IEC 19770-1:2017", "9.1")
TRACEABILITY = Clause("ISO/IEC 19770-1:2017", "7.6.2")
CHANGE = Clause("ISO/IEC 19770-1:2017", "8.2")
CORE_DATA = Clause("ISO/IEC 19770-1:2017", "8.3")
LICENCES = Clause("ISO/IEC 19770-1:2017", "8.4")
TIERS = {1: "Trustworthy data", 2: "Life-cycle integration", 3: "Optimisation"}
NOT_CERTIFIED = (
    Reason(
        "This is your own assessment. The tiers are informative in the 2017 edition: a certificate is to the standard, "
        "never to a tier.",
        Clause("ISO/IEC 19770-1:2017", "Annex B"),
    ),
    Reason(
        "In the 2012 edition there were four, and they were levels of conformance. Do not read one for the other.",
        Clause("ISO/IEC 19770-1:2012", ""),
    ),
    Reason("Which process area belongs to which tier should be compared with a copy of the standard."),
)
RECONCILED_WITHIN = 92
"""Days after which a comparison with another register is old: a quarter, a choice of the product."""


class Attainment(Word):
    """How far a process area is in place."""

    NOT = "not"
    PARTLY = "partly"
    LARGELY = "largely"
    FULLY = "fully"

    @property
    def label(self) -> str:
        return {"not": "Not in place", "partly": "Partly", "largely": "Largely", "fully": "Fully"}[self.value]

    @property
    def means(self) -> str:
        """What somebody says who chooses it."""
        return {
            "not": "Not in place: nobody does it, or nothing shows that it is done",
            "partly": "Partly: it is done here and there",
            "largely": "Largely: it is done, with gaps that are known",
            "fully": "Fully: it is done everywhere, and can be shown",
        }[self.value]

    @property
    def steps(self) -> int:
        """How many of the three steps are taken."""
        return list(Attainment).index(self)


class Measure(Word):
    """What the register itself can say."""

    OWNED = "owned"
    AUTHORISED = "authorised"
    PROVEN = "proven"
    RECONCILED = "reconciled"

    @property
    def label(self) -> str:
        return {
            "owned": "Assets with an owner and every duty held",
            "authorised": "Installations with an authorisation",
            "proven": "Entitlements with proof",
            "reconciled": "Last comparison with another register",
        }[self.value]


SPEAKS_OF = {
    Measure.OWNED: ("F2", "F4"),
    Measure.AUTHORISED: ("F1",),
    Measure.PROVEN: ("F3",),
    Measure.RECONCILED: ("F2", "F6"),
}
"""Which process areas a measure says something about."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted: so many of so many, or how many days ago."""

    measure: Measure
    part: int = 0
    whole: int = 0
    last_on: date | None = None
    reference: str = ""

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all; None of nothing, and of what is no share."""
        return self.part * 100 // self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a measure says, and whether nothing is wanting."""

    words: str
    percent: int | None
    is_whole: bool


def judge(measured: Measured, today: date) -> Explained[Verdict]:
    """What the register says by one measure, and how that was counted. [ISO/IEC 19770-1:2017, 9.1]"""
    if measured.measure is Measure.RECONCILED:
        return _judge_age(measured, today)
    noun, missing, clause = {
        Measure.OWNED: (
            "assets in scope",
            "Counted is each asset in scope that is not disposed of or lost; it has an owner where a record of "
            "ownership is in force today and somebody answers for each of the four duties.",
            TRACEABILITY,
        ),
        Measure.AUTHORISED: (
            "installations",
            "Counted is each installation that is not gone; behind it stands a change that somebody else authorised, "
            "or somebody who accepted it with a reason.",
            CHANGE,
        ),
        Measure.PROVEN: (
            "entitlements in force",
            "Counted is each entitlement in force today; proven is one with the number of its proof or a file on it.",
            LICENCES,
        ),
    }[measured.measure]
    if not measured.whole:
        says = f"There are no {noun}, so there is no share."
        return Explained(Verdict("Nothing to count", None, False), (Reason(says, clause), Reason(missing)))
    says = f"{measured.part} of {measured.whole} {noun}."
    verdict = Verdict(f"{measured.percent} %", measured.percent, measured.part == measured.whole)
    return Explained(verdict, (Reason(says, clause), Reason(missing), Reason("The share is rounded down.")))


def _judge_age(measured: Measured, today: date) -> Explained[Verdict]:
    if measured.last_on is None:
        says = "The register was never compared with another, such as the ledger of fixed assets."
        return Explained(Verdict("Never", None, False), (Reason(says, CORE_DATA),))
    days = days_between(measured.last_on, today)
    says = f"{measured.reference} compared the register with another on {say(measured.last_on)}."
    limit = Reason(f"A comparison counts as fresh for {say_days(RECONCILED_WITHIN)}: a quarter.")
    words = "Today" if days == 0 else f"{say_days(days)} ago"
    return Explained(Verdict(words, None, days <= RECONCILED_WITHIN), (Reason(says, CORE_DATA), limit))


def doubt(attainment: Attainment, verdicts: Sequence[tuple[Measure, Verdict]]) -> tuple[Reason, ...]:
    """Where the register says less than the judgement does: “fully”, and something is wanting.

    [ISO/IEC 19770-1:2017, 9.1]
    """
    if attainment is not Attainment.FULLY:
        return ()
    wanting = [f"{measure.label}: {verdict.words.lower()}" for measure, verdict in verdicts if not verdict.is_whole]
    if not wanting:
        return ()
    return (Reason(f"Judged fully in place, while the register says otherwise. {'; '.join(wanting)}.", EVALUATION),)


def summary(attainments: Sequence[Attainment | None]) -> str:
    """How far the areas of a tier have come, counted one by one: no area makes up for another."""
    counted = Counter(attainments)
    said = [f"{counted[each]} {each.label.lower()}" for each in reversed(Attainment) if counted[each]]
    if counted[None]:
        said.append(f"{counted[None]} not assessed")
    areas = "1 process area" if len(attainments) == 1 else f"{len(attainments)} process areas"
    return f"{areas}: {', '.join(said)}."


def refuse_assessment(attainment: Attainment, evidence: str, on: date, latest: date | None, today: date) -> None:
    """Refuse a judgement without evidence, of a day to come, or of a day before the latest one.

    Raises `RefusedError` at the field. [ISO/IEC 19770-1:2017, 9.1]
    """
    if attainment is not Attainment.NOT and not evidence.strip():
        says = "Say by what it can be seen: a judgement without evidence is an opinion."
        raise RefusedError(Reason(says, EVALUATION), "evidence")
    if on > today:
        raise RefusedError("It is assessed on a day that has come.", "assessed_on")
    if latest is not None and on < latest:
        says = f"It was assessed on {say(latest)} already; an earlier day would rewrite the way it came."
        raise RefusedError(Reason(says, EVALUATION), "assessed_on")
