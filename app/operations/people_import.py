"""People from a file: members change, others are invited; all of it in one transaction, or nothing.

Whoever has an account chose their name: a file never changes it, in whichever organisation they are.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.itam.rows import Fault, Reading, Told, refuse_unless_whole
from app.domain.people_fields import PEOPLE, roles_of, seats_of
from app.domain.permission import Role
from app.domain.subscription.seats import SeatKind
from app.models.organisation import Invitation, Membership
from app.operations import invitations, members, subscription_seats
from app.operations.invitations import Wanted
from app.operations.persons import normal_email
from app.queries.subscription_seats import seats_of as seats_now
from app.work import Work

MOST = 500
"""So many are invited at once, and given a seat of a kind."""
LABELS = {each.name: each.label for each in PEOPLE}


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a member."""

    line: int
    membership: Membership
    roles: frozenset[Role]
    access_until: date | None
    seats: frozenset[SeatKind]
    """Those that they have not yet."""

    @property
    def is_of_roles(self) -> bool:
        return (self.roles, self.access_until) != (self.membership.roles, self.membership.access_until)

    @property
    def says(self) -> str:
        """What changes, in words."""
        old, said = self.membership, []
        if self.roles != old.roles:
            said.append(f"{roles_in_words(self.roles)} instead of {roles_in_words(old.roles)}")
        if self.access_until != old.access_until:
            said.append(f"access until {say(self.access_until)}" if self.access_until else "access without end")
        said += [f"gets {kind.a_seat} today" for kind in SeatKind if kind in self.seats]
        return "; ".join(said)


@dataclass(slots=True)
class PeoplePlan:
    """What the import of a file will do."""

    invitations: list[tuple[int, Wanted]] = field(default_factory=list)
    """The line, and who is invited."""
    changes: list[Change] = field(default_factory=list)
    left: int = 0
    """Lines of people who are members or invited already, just so."""
    notes: list[tuple[int, str]] = field(default_factory=list)
    """The line, and what of it is not taken over."""
    faults: list[Fault] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Changes with anything that the import would do."""
        changes = [(each.line, each.membership.id, each.says) for each in self.changes]
        said = [
            (line, each.email, each.name, sorted(each.roles), sorted(each.seats)) for line, each in self.invitations
        ]
        return hashlib.sha256(repr((said, changes, self.left)).encode()).hexdigest()[:16]


def plan(work: Work, told: Told) -> PeoplePlan:
    """Whom a file invites, whom it changes and leaves, and every line that is faulty; writes nothing.

    People are found by their email address in any case. An empty cell changes nothing.
    """
    made = PeoplePlan(faults=list(told.faults))
    rows = work.all(select(Membership).where(Membership.ended_at.is_(None)).options(joinedload(Membership.person)))
    known = {row.person.email: row for row in rows if row.person.email}
    open_ = work.all(invitations.open_invitations().where(Invitation.expires_at > work.now))
    invited = {each.email: each for each in open_}
    has = {kind: {each.person_id for each in seats_now(work, kind, work.today).assignments} for kind in SeatKind}
    seen: dict[str, int] = {}
    for said in told.lines:
        reading = Reading(said, told.conventions, LABELS, made.faults)
        reading.required("email")
        email = reading.read("email", normal_email)
        reading.text("name", 200)
        reading.read("roles", roles_of)
        reading.read("seats", seats_of)
        reading.day("access_until")
        if email is None:
            continue
        if email in seen:
            reading.fault("email", f"{email} stands in line {seen[email]} too.")
            continue
        seen[email] = said[0]
        if email in known:
            _change(work, made, reading, said[0], known[email], has)
        else:
            _invite(work, made, reading, said[0], invited.get(email))
    _refuse_no_administrator(made, rows)
    _refuse_too_many(work, made)
    made.faults.sort(key=lambda fault: fault.line)
    return made


def carry_out(work: Work, told: Told, agreed: str | None = None) -> PeoplePlan:
    """Import a file: all of it, or nothing where a line is faulty. `agreed` is the digest of the plan somebody saw."""
    # One at a time: two who send the same file must not both invite, and nobody takes the seats meanwhile.
    members.held(work)
    made = plan(work, told)
    refuse_unless_whole(made.faults, made.digest, agreed)
    # New administrators come before others cease to be: there is one at any moment.
    for each in sorted(made.changes, key=lambda each: Role.ADMINISTRATOR not in each.roles):
        if each.is_of_roles:
            owns = each.membership.owns_system
            members.change_roles(work, each.membership.id, each.roles, each.access_until, owns_system=owns)
    for kind in SeatKind:
        people = [each.membership.person_id for each in made.changes if kind in each.seats]
        if people:
            subscription_seats.assign(work, kind, people, work.today)
    for _, wanted in made.invitations:
        invitations.send(work, wanted)
    return made


def roles_in_words(roles: frozenset[Role]) -> str:
    """The roles as a list."""
    return ", ".join(role.label for role in Role if role in roles)


def _change(
    work: Work,
    made: PeoplePlan,
    reading: Reading,
    line: int,
    row: Membership,
    has: Mapping[SeatKind, set[int]],
) -> None:
    roles = reading.values.get("roles") or row.roles
    until = reading.values.get("access_until") or (row.access_until if Role.ASSESSOR in roles else None)
    wanted = reading.values.get("seats", frozenset())
    seats = frozenset(kind for kind in wanted if row.person_id not in has[kind])
    found = Change(line, row, roles, until, seats)
    if found.is_of_roles:
        _refuse(work, reading, roles, until)
        if Role.ASSESSOR in roles and row.owns_system:
            reading.fault("roles", "They own the management system, which an external assessor does not.")
    _refuse_seats(reading, roles)
    if reading.is_faulty:
        return
    name = reading.values.get("name")
    if name and name.casefold() != row.person.name.casefold():
        made.notes.append((line, f"{row.person.name} is not renamed “{name}”: everybody chooses their own name."))
    if found.is_of_roles or seats:
        made.changes.append(found)
    else:
        made.left += 1


def _invite(work: Work, made: PeoplePlan, reading: Reading, line: int, there: Invitation | None) -> None:
    reading.required("name", "roles")
    values = reading.values
    roles, until, seats = values.get("roles"), values.get("access_until"), values.get("seats", frozenset())
    if roles:
        _refuse(work, reading, roles, until)
        _refuse_seats(reading, roles)
    if reading.is_faulty or not roles:
        return
    if there is None:
        made.invitations.append((line, Wanted(values["email"], values["name"], roles, until, seats)))
        return
    offered = {SeatKind.AUDIT_MANAGER: there.audit_manager_seat, SeatKind.LMS: there.lms_seat}
    if (there.roles, there.access_until) == (roles, until) and all(offered[kind] for kind in seats):
        made.left += 1
        return
    other = roles_in_words(there.roles)
    reading.fault(
        "email", f"{there.email} is invited already, as {other}, on other terms. Withdraw that invitation first."
    )


def _refuse(work: Work, reading: Reading, roles: frozenset[Role], until: date | None) -> None:
    try:
        members.refuse_roles(work, roles, until)
    except RefusedError as refusal:
        reading.refused(refusal)


def _refuse_seats(reading: Reading, roles: frozenset[Role]) -> None:
    if reading.values.get("seats") and Role.ASSESSOR in roles:
        reading.fault("seats", "An external assessor takes no seat.")


def _refuse_no_administrator(made: PeoplePlan, rows: list[Membership]) -> None:
    after = {row.id: row.roles for row in rows} | {each.membership.id: each.roles for each in made.changes}
    if any(Role.ADMINISTRATOR in roles for roles in after.values()):
        return
    made.faults += [
        Fault(each.line, LABELS["roles"], members.LAST)
        for each in made.changes
        if Role.ADMINISTRATOR in each.membership.roles
    ]


def _refuse_too_many(work: Work, made: PeoplePlan) -> None:
    if len(made.invitations) > MOST:
        says = f"It invites {len(made.invitations):,} people; at most {MOST} are invited at once. Split it."
        made.faults.append(Fault(0, "", says))
    for kind in SeatKind:
        gives = sum(kind in each.seats for each in made.changes)
        offers = sum(kind in each.seats for _, each in made.invitations)
        if gives > MOST:
            made.faults.append(Fault(0, LABELS["seats"], f"At most {MOST} seats are assigned at once. Split it."))
        elif gives or offers:
            try:
                subscription_seats.refuse_many(work, kind, offers, gives)
            except RefusedError as refusal:
                made.faults.append(Fault(0, LABELS["seats"], refusal.why[0].says))
