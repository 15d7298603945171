"""What a person says of an audit, and what of it cannot be so whatever else is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time

from app.domain.certification.facts import AuditKind
from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.plausible import FIRST_YEAR, LAST_YEAR
from app.domain.programme.mode import AuditMode, check_mode
from app.domain.programme.team import Seat, TeamRole


@dataclass(frozen=True, slots=True)
class When:
    """The days of an audit, and its times in its own time zone; without times it takes whole days."""

    starts_on: date
    ends_on: date
    starts_at: time | None = None
    ends_at: time | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """All that a person says of an audit. `certificates` names what the audit is to each one, by the id."""

    kind: AuditKind
    when: When
    certificates: Mapping[int, AuditKind] = field(default_factory=dict)
    counts_as_surveillance: frozenset[int] = frozenset()
    title: str = ""
    time_zone: str = ""
    mode: AuditMode = AuditMode.ON_SITE
    remote_agreement: str = ""
    remote_percent: int | None = None
    sites: frozenset[int] = frozenset()
    team: tuple[Seat, ...] = ()
    notes: str = ""

    @property
    def heard_of(self) -> object:
        """What those who are invited should hear of when it changes."""
        return (
            self.kind,
            self.title,
            self.when,
            self.time_zone,
            self.mode,
            self.sites,
            dict(self.certificates),
            self.team,
        )


def check(wish: Wish) -> Wish:
    """The wish, trimmed, or a refusal at the field that cannot be so."""
    check_when(wish.when)
    percent = check_mode(wish.mode, wish.remote_agreement, wish.remote_percent)
    _check_kinds(wish)
    _check_team(wish.team)
    special = {each for each, kind in wish.certificates.items() if kind is AuditKind.SPECIAL}
    return replace(
        wish,
        remote_percent=percent,
        remote_agreement="" if wish.mode is AuditMode.ON_SITE else wish.remote_agreement.strip(),
        counts_as_surveillance=wish.counts_as_surveillance & special,
        title=wish.title.strip(),
        notes=wish.notes.strip(),
        team=tuple(replace(seat, name=seat.name.strip(), email=seat.email.strip()) for seat in wish.team),
    )


def check_when(when: When) -> None:
    """Refuse days and times that cannot follow each other. An audit far in the future is not refused."""
    for name, day in (("starts_on", when.starts_on), ("ends_on", when.ends_on)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise RefusedError(f"Choose a day between {FIRST_YEAR} and {LAST_YEAR}.", field=name)
    if when.ends_on < when.starts_on:
        says = f"It ends on {say(when.ends_on)}, before it starts on {say(when.starts_on)}."
        raise RefusedError(says, field="ends_on")
    if (when.starts_at is None) != (when.ends_at is None):
        missing = "ends_at" if when.ends_at is None else "starts_at"
        raise RefusedError("Give both times, or none for whole days.", field=missing)
    if when.starts_at and when.ends_at and when.starts_on == when.ends_on and when.ends_at <= when.starts_at:
        says = f"It ends at {when.ends_at:%H:%M}, not after its start at {when.starts_at:%H:%M}."
        raise RefusedError(says, field="ends_at")


def _check_kinds(wish: Wish) -> None:
    kinds = set(wish.certificates.values())
    if wish.kind is AuditKind.INTERNAL:
        if kinds - {AuditKind.INTERNAL}:
            raise RefusedError("An internal audit is internal for every certificate.", field="certificates")
        return
    if not kinds:
        raise RefusedError("Say which certificate the audit is for.", field="certificates")
    if AuditKind.INTERNAL in kinds:
        raise RefusedError("An audit of the certification body is internal for no certificate.", field="certificates")
    if wish.kind not in kinds:
        words = wish.kind.value.replace("-", " ")
        says = f"It is a {words} for none of its certificates: choose the kind that it is for one of them."
        raise RefusedError(says, field="kind")


def _check_team(team: tuple[Seat, ...]) -> None:
    if any(seat.person_id is None and not seat.name.strip() for seat in team):
        raise RefusedError("Choose a member, or give the name of a person from outside.", field="team")
    if len({seat.key for seat in team}) < len(team):
        raise RefusedError("Somebody is on the team twice.", field="team")
    if sum(seat.role is TeamRole.LEAD for seat in team) > 1:
        raise RefusedError("A team has one lead auditor.", field="team")
