"""The forms of an audit: their shape. What an audit may be is the domain's."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import Email, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.certification.facts import AuditKind, Outcome
from app.domain.programme.mode import AuditMode
from app.domain.programme.progress import AuditProgress
from app.domain.programme.team import Seat, TeamRole
from app.domain.programme.wish import When, Wish
from app.operations import places
from app.queries.audits import Choices
from app.web.fields import WholeField
from app.web.forms import EntryForm, PageForm

KINDS = [(kind.value, kind.label) for kind in AuditKind]
TEXT = 20_000
MOST_ROWS = 500
MOST_OFFERED = 40


class Day(DateField):  # type: ignore[misc]
    """A date, refused in words."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("There is no such day. Write it as 2027-03-14.") from None


class Clock(TimeField):  # type: ignore[misc]
    """A time of day, refused in words."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("There is no such time. Write it as 09:30.") from None


class Ticks(SelectMultipleField):  # type: ignore[misc]
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Rows(FieldList):  # type: ignore[misc]
    """Rows of a form, as many as an audit may need: drawing thousands would keep everybody waiting."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, max_entries=MOST_ROWS, **options)

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for name in formdata:
            found = re.match(rf"{re.escape(prefix)}-([0-9]{{1,6}})(-|$)", name)
            if found:
                yield int(found[1])


class ServedEntry(EntryForm):
    """A certificate that the audit serves, and as what."""

    certificate = SelectField("Certificate", default="")
    kind = SelectField("As", choices=[("", "As the audit"), *KINDS], default="")
    counts = BooleanField("Counts as a surveillance")


class SeatEntry(EntryForm):
    """A place in the team."""

    role = SelectField("Role", choices=[(role.value, role.label) for role in TeamRole], default=TeamRole.AUDITOR.value)
    person = SelectField("Member", default="")
    name = StringField("Or a name from outside", [Length(max=200)])
    email = StringField("Their email address", [Optional(), Email("This is not an email address."), Length(max=254)])


class WhenForm(PageForm):
    """The days and times of an audit, and the reason where one is needed."""

    starts_on = Day("First day", [InputRequired("Give the first day.")])
    ends_on = Day("Last day", [InputRequired("Give the last day.")])
    starts_at = Clock("Starts at", [Optional()], description="Local time; empty for whole days.")
    ends_at = Clock("Ends at", [Optional()])
    reason = TextAreaField(
        "Reason",
        [Optional(), Length(max=2000)],
        description="Needed where a hard rule is broken. The journal keeps it.",
    )
    version = HiddenField()
    weighed = HiddenField()

    def when(self) -> When:
        """What was typed."""
        return When(self.starts_on.data, self.ends_on.data, self.starts_at.data, self.ends_at.data)


class AuditForm(WhenForm):
    """All that is said of an audit."""

    kind = SelectField("Kind of audit", choices=KINDS)
    title = StringField(
        "Title", [Length(max=200)], description="Only where the kind and the certificates say too little."
    )
    certificates = Rows(FormField(ServedEntry), label="Certificates")
    time_zone = SelectField("Time zone", default="")
    mode = SelectField("Mode", choices=[(mode.value, mode.label) for mode in AuditMode])
    remote_percent = WholeField("Remote share in per cent", [Optional()], description="Of a hybrid audit.")
    remote_agreement = TextAreaField(
        "Remote agreement",
        [Length(max=TEXT)],
        description="What both sides agreed: means, confidentiality and security, the risks weighed. "
        "Needed for remote and hybrid audits.",
    )
    sites = Ticks("Sites")
    team = Rows(FormField(SeatEntry), label="Team")
    notes = TextAreaField("Notes", [Length(max=TEXT)])

    def offer(self, choices: Choices, rows: int = 2, *, more: bool = False) -> None:
        """Fill in what may be chosen, and keep some empty rows for more; asked for more, there are more in any case."""
        for each in (self.certificates, self.team) if more else ():
            for _ in range(min(rows, MOST_OFFERED - len(each))):
                each.append_entry()
        while len(self.certificates) < 1 + rows or self._full(self.certificates, "certificate"):
            self.certificates.append_entry()
        while len(self.team) < 1 + rows or self._full(self.team, "person", "name"):
            self.team.append_entry()
        for entry in self.certificates:
            entry.form.certificate.choices = [("", "None"), *choices.certificates]
        for entry in self.team:
            entry.form.person.choices = [("", "Nobody"), *choices.people_with(entry.form.person.data)]
        self.sites.choices = choices.sites_with(self.sites.data or ())
        zones = places.zones_with(self.time_zone.data)
        self.time_zone.choices = [("", "That of the first site"), *((zone, zone) for zone in zones)]

    @staticmethod
    def _full(rows: Any, *names: str) -> bool:
        last = rows.entries[-1].form
        return any(last[name].data for name in names) and len(rows) < MOST_OFFERED

    def wish(self) -> Wish:
        """What was typed, as the domain reads it."""
        kind = AuditKind(self.kind.data)
        served = {
            int(entry.certificate.data): AuditKind(entry.kind.data) if entry.kind.data else kind
            for entry in (each.form for each in self.certificates)
            if entry.certificate.data
        }
        counting = {
            int(entry.certificate.data)
            for entry in (each.form for each in self.certificates)
            if entry.certificate.data and entry.counts.data
        }
        return Wish(
            kind=kind,
            when=self.when(),
            certificates=served,
            counts_as_surveillance=frozenset(counting),
            title=self.title.data or "",
            time_zone=self.time_zone.data or "",
            mode=AuditMode(self.mode.data),
            remote_agreement=self.remote_agreement.data or "",
            remote_percent=self.remote_percent.data,
            sites=frozenset(int(each) for each in self.sites.data or ()),
            team=tuple(_seat(each.form) for each in self.team if _taken(each.form)),
            notes=self.notes.data or "",
        )


class NewAuditForm(AuditForm):
    """A new audit: it may have been held already."""

    held = BooleanField("It was held already", description="Then it is recorded as closed, with its conclusion.")
    outcome = SelectField(
        "Conclusion",
        default="",
        choices=[("", "None"), *((each.value, each.value.replace("-", " ").capitalize()) for each in Outcome)],
        description="Of an audit held already: for each certificate it served.",
    )


class StepForm(PageForm):
    """A step of an audit."""

    to = HiddenField()
    version = HiddenField()
    reason = TextAreaField("Reason", [Optional(), Length(max=2000)])

    def step(self) -> AuditProgress | None:
        """The step that was asked for; None where there is no such."""
        try:
            return AuditProgress(self.to.data)
        except ValueError:
            return None


def _taken(entry: Any) -> bool:
    return bool(entry.person.data or (entry.name.data or "").strip() or (entry.email.data or "").strip())


def _seat(entry: Any) -> Seat:
    if entry.person.data:
        return Seat(TeamRole(entry.role.data), person_id=int(entry.person.data))
    return Seat(TeamRole(entry.role.data), name=entry.name.data or "", email=entry.email.data or "")


def typed_from(wish: Wish) -> dict[str, Any]:
    """A wish as the form shows it."""
    return {
        "kind": wish.kind.value,
        "title": wish.title,
        "starts_on": wish.when.starts_on,
        "ends_on": wish.when.ends_on,
        "starts_at": wish.when.starts_at,
        "ends_at": wish.when.ends_at,
        "time_zone": wish.time_zone,
        "mode": wish.mode.value,
        "remote_percent": wish.remote_percent,
        "remote_agreement": wish.remote_agreement,
        "sites": [str(each) for each in sorted(wish.sites)],
        "notes": wish.notes,
        "certificates": [
            {
                "certificate": str(each),
                "kind": "" if kind is wish.kind else kind.value,
                "counts": each in wish.counts_as_surveillance,
            }
            for each, kind in wish.certificates.items()
        ],
        "team": [
            {
                "role": seat.role.value,
                "person": str(seat.person_id) if seat.person_id is not None else "",
                "name": seat.name,
                "email": seat.email,
            }
            for seat in wish.team
        ],
    }
