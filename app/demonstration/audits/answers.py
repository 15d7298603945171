"""What became of Northwind's nonconformities: one at each stage, from just raised to closed because it worked."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.demonstration.audits.checklists import LEADERSHIP, OPERATION
from app.demonstration.telling import ago
from app.domain.findings.case import CauseSaid
from app.domain.findings.corrective_action import ActionKind, CauseBranch, CauseMethod, DueKind, Effectiveness
from app.models.certificate import BodyNonconformity
from app.operations import actions, case_deadlines
from app.operations import corrective_actions as cases
from app.operations.actions import Planned
from app.operations.corrective_actions import Looked
from app.queries.nonconformities import nonconformity_by

if TYPE_CHECKING:
    from app.demonstration.audits.diary import Diary

CORRECTION, CORRECTIVE = ActionKind.CORRECTION, ActionKind.CORRECTIVE
B, WHYS, BONES = CauseBranch, CauseMethod.FIVE_WHYS, CauseMethod.CAUSE_AND_EFFECT


def answers(diary: "Diary") -> None:
    """Each case on its own days, counted from when it was raised or back from today."""
    for tell in (_training, _times, _cores, _firmware, _sharing, _laptop, _programme):
        tell(diary)


class _Case:
    """One case in the words of the story: who does which step, on which day."""

    def __init__(self, diary: "Diary", key: str) -> None:
        self.diary, self.key = diary, key

    def _step(self, day: date, by: str, step: Callable[..., object], *args: object, **said: object) -> None:
        def do() -> None:
            step(self.diary.work, self.diary.references[self.key], None, *args, **said)

        self.diary.on(day, by, do)

    def assign(self, on: date, owner: str) -> None:
        self._step(on, "ingrid", cases.assign, self.diary.cast[owner].id)

    def contain(self, on: date, by: str, says: str) -> None:
        self._step(on, by, cases.contain, says=says, on=None)

    def explain(self, on: date, by: str, cause: CauseSaid) -> None:
        self._step(on, by, cases.explain, cause)

    def look(self, on: date, by: str, looked: Sequence[Looked], note: str = "") -> None:
        self._step(on, by, cases.look, looked, note)

    def plan(self, on: date, by: str, key: str, kind: ActionKind, says: str, owner: str, due_on: date) -> None:
        diary = self.diary
        planned = Planned(kind=kind, says=says, owner_id=diary.cast[owner].id, due_on=due_on)

        def do() -> None:
            diary.references[key] = actions.plan(diary.work, diary.references[self.key], None, planned).reference

        diary.on(on, by, do)

    def answer(self, on: date, by: str) -> None:
        self._step(on, by, cases.answer)

    def accept(self, on: date, note: str = "") -> None:
        self._step(on, "ingrid", cases.accept, note)

    def refuse(self, on: date, note: str) -> None:
        self._step(on, "ingrid", cases.refuse, note)

    def verify(self, on: date, by: str, verdict: Effectiveness, note: str) -> None:
        self._step(on, by, cases.verify, verdict, note)


def _done(diary: "Diary", key: str, on: date, by: str, note: str) -> None:
    def do() -> None:
        actions.do(diary.work, diary.references[key], None, on=diary.work.today, note=note)

    diary.on(on, by, do)


def _days(start: date) -> Callable[[int], date]:
    return lambda days: start + timedelta(days=days)


def _training(diary: "Diary") -> None:
    """Closed: another person saw that it worked."""
    case, day = _Case(diary, "training"), _days(diary.audits[LEADERSHIP].ends_on)
    case.assign(day(1), "jonas")
    case.contain(day(2), "jonas", "The two work under supervision until they have had the training.")
    whys = (
        "They began after the yearly training, and nobody gave it to them.",
        "The training plan is made once a year, in January.",
        "It is made from the list of people of that day, and not of the roles.",
        "Whoever starts or changes a role is on no list that the plan is made from.",
    )
    case.explain(day(8), "jonas", CauseSaid(WHYS, "Starting in a role does not lead to its training.", whys))
    looked = (
        Looked("site", "Hamburg, head office", "The same plan", is_affected=False, note="Both newcomers were trained."),
        Looked(
            "site", "Rotterdam, data centre", "The same plan", is_affected=True, note="One technician; trained since."
        ),
    )
    case.look(day(9), "jonas", looked)
    case.plan(day(9), "jonas", "train", CORRECTION, "Train the two, and the technician in Rotterdam.", "tom", day(25))
    case.plan(day(9), "jonas", "onboard", CORRECTIVE,
              "Add the training of the role to the list that is gone through when somebody starts in it.",
              "jonas", day(50))  # fmt: skip
    case.answer(day(10), "jonas")
    case.accept(day(13), "The cause is plain, and the plan reaches it.")
    _done(diary, "train", day(24), "tom", "All three were trained; the records are in their files.")
    _done(diary, "onboard", day(45), "jonas", "The list has it; used for the first two newcomers.")
    note = "Five people started in a role since. All five had the training before they took their first incident."
    case.verify(day(90), "mateo", Effectiveness.EFFECTIVE, note)


def _times(diary: "Diary") -> None:
    """Opened again: what was done did not work."""
    case, day, back = _Case(diary, "times"), _days(diary.audits[LEADERSHIP].ends_on), partial(ago, diary.today)
    case.assign(day(1), "tom")
    case.contain(day(3), "tom", "The two requests were given a time, and the customers were told.")
    whys = ("Nobody filled in the field.", "The form can be sent without it.")
    case.explain(day(9), "tom", CauseSaid(WHYS, "The form of a request can be sent without a time.", whys))
    case.look(day(9), "tom", (), "All requests use the same form; there is no other.")
    case.plan(day(10), "tom", "form", CORRECTIVE, "Remind everybody at the desk of the field.", "tom", day(40))
    case.answer(day(10), "tom")
    case.accept(day(15))
    _done(diary, "form", day(38), "tom", "Told at the meeting of the desk, and put on the wall.")
    note = "Of twenty requests of the last month three have no time. A reminder did not change the form."
    case.verify(back(days=13), "mateo", Effectiveness.INEFFECTIVE, note)


def _cores(diary: "Diary") -> None:
    """All is done, and it waits for somebody who had no part in it to see whether it worked."""
    case, day = _Case(diary, "cores"), _days(diary.audits[OPERATION].ends_on)
    case.assign(day(0), "priya")
    case.contain(day(2), "priya", "No further database is put on the cluster; two test databases were switched off.")
    bones = (
        (B.PEOPLE, "Nobody who runs hosts knows the licences."),
        (B.METHOD, "Changes are authorised without a look at licences."),
        (B.METHOD, "Positions are looked at once a year."),
        (B.EQUIPMENT, "Hosts report their cores to nobody."),
        (B.MATERIAL, "The contract counts all hosts of a cluster."),
        (B.MEASUREMENT, "The last count took machines, not hosts."),
    )
    root = "A change of hosts is authorised without asking what it does to the licences that count their cores."
    case.explain(day(12), "priya", CauseSaid(BONES, root, bones=bones))
    looked = (
        Looked(
            "product",
            "Windlass Middleware",
            "Counted by processors",
            is_affected=False,
            note="16 of 16, no host changed.",
        ),
        Looked(
            "product",
            "Kestrel Server Standard",
            "On the same hosts",
            is_affected=False,
            note="Covered by the contract.",
        ),
        Looked("asset", "SRV-009", "A host of the same kind", is_affected=True, note="Counted with the others now."),
    )
    case.look(day(14), "priya", looked)
    case.plan(day(15), "priya", "order", CORRECTION, "Order the cores that are missing.",
              "tom", day(40))  # fmt: skip
    case.plan(day(15), "priya", "question", CORRECTIVE,
              "A change of a host shows the licences that count its cores, and the asset manager agrees to it.",
              "priya", day(58))  # fmt: skip
    case.answer(day(16), "priya")
    case.accept(day(20), "Accepted. The order of the missing cores is a matter of its own.")
    _done(diary, "order", day(37), "tom", "Ordered; the publisher confirms them with its next invoice.")
    _done(diary, "question", day(56), "priya", "In the form of a request; used for three changes.")


def _firmware(diary: "Diary") -> None:
    """Put off once, and overdue all the same."""
    case, day = _Case(diary, "firmware"), _days(diary.audits[OPERATION].ends_on)
    case.assign(day(1), "tom")
    case.contain(day(3), "tom", "The three are managed from one network only, and are watched.")
    whys = (
        "Nobody answers for patching the three, so nobody saw that the mending had stopped.",
        "They came with a customer's network, and were registered without duties.",
        "An asset can be registered without anybody who answers for it.",
    )
    case.explain(day(20), "tom", CauseSaid(WHYS, "An asset comes into operation without a duty for patching.", whys))
    looked = (
        Looked(
            "asset",
            "NET-022",
            "Nobody answers for patching",
            is_affected=True,
            note="Same firmware; added to the plan.",
        ),
        Looked("asset", "STO-004", "Nobody answers for patching", is_affected=False, note="Patched by its maker."),
    )
    case.look(day(21), "tom", looked)
    case.plan(day(22), "tom", "duty", CORRECTIVE, "Name who patches before an asset is deployed.", "tom", day(60))
    case.plan(
        day(22), "tom", "switches", CORRECTION, "Replace NET-004, NET-009, NET-017 and NET-022.", "jonas", day(85)
    )
    case.answer(day(23), "tom")
    case.accept(day(27))
    _done(diary, "duty", day(55), "tom", "The register lists what has no duty; the list is gone through each Monday.")
    to_on = day(120)

    def ask() -> None:
        why = "Two of the switches are delivered in six weeks."
        row = case_deadlines.ask(diary.work, diary.references["firmware"], None, DueKind.ACTION, to_on, why)
        diary.references["firmware/time"] = str(row.id)

    def approve() -> None:
        id_ = int(diary.references["firmware/time"])
        note = "Approved once; the containment holds until then."
        case_deadlines.decide(diary.work, diary.references["firmware"], id_, note, approve=True)

    diary.on(day(80), "tom", ask)
    diary.on(day(82), "ingrid", approve)


def _sharing(diary: "Diary") -> None:
    """Answered, refused once, answered again: it waits to be accepted."""
    case, back = _Case(diary, "sharing"), partial(ago, diary.today)
    later = diary.today + timedelta(days=35)
    case.assign(back(days=23), "jonas")
    case.contain(back(days=22), "jonas", "Both laptops were taken off the network, and the program was stopped.")
    first = CauseSaid(WHYS, "Two people did what is not allowed.", ("They wanted to share files.", "They did not ask."))
    case.explain(back(days=19), "jonas", first)
    case.look(back(days=19), "jonas", (Looked("product", "DeskPeek", "Put on without a request", is_affected=True),))
    case.plan(back(days=19), "jonas", "tell", CORRECTIVE, "Tell the two people of the rules.", "tom", later)
    case.answer(back(days=18), "jonas")
    case.refuse(back(days=15), "A person is no root cause: ask why it was possible, and why nobody saw it.")
    whys = (
        "They could put it on by themselves.",
        "People of engineering have the rights of an administrator on their laptops.",
        "The rights were given for one project, and nobody took them back.",
    )
    again = CauseSaid(WHYS, "Rights of administrators on laptops are given without an end.", whys)
    case.explain(back(days=8), "jonas", again)
    case.plan(back(days=7), "jonas", "rights-end", CORRECTIVE,
              "Rights of administrators on laptops end after 30 days, and are asked for again.",
              "jonas", later)  # fmt: skip
    case.answer(back(days=6), "jonas")


def _laptop(diary: "Diary") -> None:
    """Somebody answers for it, and has not said yet how it is contained."""
    _Case(diary, "laptop").assign(ago(diary.today, days=5), "priya")


def _programme(diary: "Diary") -> None:
    """Behind the minor of the certification body: done, and in its waiting time."""
    work = diary.work
    open_ones = select(BodyNonconformity).where(BodyNonconformity.verified_on.is_(None))
    row = work.all(open_ones.order_by(BodyNonconformity.raised_on.desc()))[0]
    diary.references["programme"] = row.reference
    case, day, back = _Case(diary, "programme"), _days(row.raised_on), partial(ago, diary.today)

    def begin() -> None:
        held = nonconformity_by(work, row.reference, for_update=True)
        if held is None:
            raise LookupError(f"there is no nonconformity {row.reference}")
        cases.open_behind(work, held)

    diary.on(day(2), "ingrid", begin)
    case.assign(day(2), "priya")
    case.contain(
        day(5), "priya", "The controls that no audit had covered were listed, and the next audit takes them up."
    )
    root = "The programme was made by clauses, and the controls of the annex stood in no column of it."
    case.explain(day(14), "priya", CauseSaid(CauseMethod.OTHER, root))
    case.look(day(14), "priya", (Looked("standard", "ISO/IEC 19770-1", "The same programme", is_affected=True),))
    case.plan(day(15), "priya", "matrix", CORRECTIVE, "Show controls and process areas in the coverage.",
              "priya", day(70))  # fmt: skip
    case.answer(day(16), "priya")
    case.accept(day(19), "It goes to the certification body in these words.")
    _done(
        diary, "matrix", back(days=11), "priya", "Every control has a year in which it is audited; three cycles ahead."
    )
