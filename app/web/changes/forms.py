"""The forms of a change: their shape. What a change may be is the domain's."""

import re
from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.itam.change import BRINGS, ChangeAction, ChangeNow, CheckKind, ways_to_check
from app.domain.itam.change_wish import COUNTED
from app.operations.changes import Asked
from app.queries.changes import doers
from app.web.fields import DayField, JudgedField, WholeField, seen_version
from app.web.forms import PageForm
from app.work import Work

TEXT = 20_000
MOST_OFFERED = 500
_PARTED = re.compile(r"[\n,;]+")
_A = ChangeAction
WHAT_FOR = {
    _A.INSTALL: "Software that is not there yet, on one or more assets.",
    _A.MODIFY: "Another version of software, or something else about an asset.",
    _A.COPY: "Copies of software, media or documents, such as a back-up.",
    _A.DISTRIBUTE: "Hand software, media or documents on to others.",
    _A.MOVE: "Assets to another site.",
    _A.REMOVE: "Software from assets, or assets from use.",
}
"""What each action is for, as the page that begins a request says it."""
UNASKED = {
    "software": (_A.MOVE,),
    "version": (_A.MOVE,),
    "sha256": tuple(each for each in ChangeAction if each not in BRINGS),
    "to_site": tuple(each for each in ChangeAction if each is not _A.MOVE),
    "copies": tuple(each for each in ChangeAction if each not in COUNTED),
    "target": tuple(each for each in ChangeAction if each not in COUNTED),
}
"""Fields that say nothing about these actions, and are not on their form."""


class AskForm(PageForm):
    """What is asked for; only the fields that the action needs are on it."""

    action = HiddenField()
    title = StringField(
        "What",
        validators=[InputRequired("Say in a few words what is asked for."), Length(max=200)],
        description="In a few words, such as “Visio for the finance team”.",
    )
    software = StringField(
        "Software",
        validators=[Length(max=500)],
        description="As the catalogue has it. Type a few letters to choose from its list.",
        render_kw={"list": "software-known", "autocomplete": "off"},
    )
    version = StringField("Version", validators=[Length(max=80)], description="Checked afterwards, where you know it.")
    sha256 = StringField(
        "SHA-256 expected", validators=[Length(max=80)], description="Of the installer or file, to compare afterwards."
    )
    assets = TextAreaField(
        "Assets",
        validators=[Length(max=60_000)],
        description="Their tags, as on the label, parted by spaces, commas or lines.",
        render_kw={"rows": 3},
    )
    to_site = JudgedField("To site", validators=[Optional()])
    copies = WholeField("Copies", validators=[Optional()], render_kw={"min": "1", "inputmode": "numeric"})
    target = StringField("Where they go", validators=[Length(max=200)], description="To whom, or onto what.")
    reason = TextAreaField(
        "Why",
        validators=[InputRequired("Say why: whoever authorises it decides by that."), Length(max=TEXT)],
        render_kw={"rows": 4},
    )
    wanted_by = DayField("Wanted by", validators=[Optional()])
    is_emergency = BooleanField(
        "It cannot wait: it is done first and authorised afterwards",
        description="An emergency stands out until somebody authorises it; where that is refused, it must be undone.",
    )

    def fit(self, action: ChangeAction) -> None:
        """Take off what this action does not ask."""
        for name, actions in UNASKED.items():
            if action in actions:
                delattr(self, name)
        self.action.data = action.value

    def asked(self, action: ChangeAction) -> Asked:
        """What was typed."""
        return Asked(
            action=action,
            title=self.title.data or "",
            reason=self.reason.data or "",
            software=self._said("software") or "",
            version=self._said("version") or "",
            sha256=self._said("sha256") or "",
            copies=self._said("copies"),
            target=self._said("target") or "",
            tags=tuple(tag for tag in _PARTED.split(self.assets.data or "") if tag.strip()),
            to_site_id=seen_version(self._said("to_site")),
            wanted_by=self.wanted_by.data,
            is_emergency=bool(self.is_emergency.data),
        )

    def _said(self, name: str) -> Any:
        return self[name].data if name in self else None


class StepForm(PageForm):
    """What every step carries: the version that the visitor saw."""

    seen = HiddenField()

    @property
    def seen_version(self) -> int | None:
        return seen_version(self.seen.data)


class DecideForm(StepForm):
    """Yes or no, by the button that is pressed."""

    note = TextAreaField(
        "Note",
        validators=[Length(max=TEXT)],
        description="Whoever asked reads it. A refusal needs one.",
        render_kw={"rows": 3},
    )


class DoForm(StepForm):
    """Who did it, and when."""

    done_by = JudgedField("Done by", description="Not whoever authorised it.")
    done_on = DayField("Done on", validators=[InputRequired("Give the day, as 2027-03-14.")])
    note = TextAreaField("Note", validators=[Length(max=TEXT)], render_kw={"rows": 3})

    def offer(self, work: Work, now: ChangeNow) -> None:
        """Everybody who may have done it; whoever authorised it did not."""
        people = [(str(id_), name) for id_, name in doers(work) if id_ != now.decided_by]
        self.done_by.choices = people


class CheckForm(StepForm):
    """What was read afterwards."""

    check_kind = JudgedField("Checked by")
    check_value = StringField("What was read", validators=[Length(max=200)])
    checked_on = DayField("Checked on", validators=[InputRequired("Give the day, as 2027-03-14.")])
    note = TextAreaField("Note", validators=[Length(max=TEXT)], render_kw={"rows": 3})

    def offer(self, now: ChangeNow) -> None:
        """The ways that are open: by what is known beforehand, or by sight."""
        ways = ways_to_check(now)
        says = {
            CheckKind.VERSION: f"Version, expected {now.version}",
            CheckKind.HASH: f"SHA-256, expected {now.sha256[:12]}…",
            CheckKind.SIGHT: "Sight",
        }
        self.check_kind.choices = [(way.value, says[way]) for way in ways]
        if ways == (CheckKind.SIGHT,):
            del self.check_value

    @property
    def kind(self) -> CheckKind | None:
        return next((each for each in CheckKind if each.value == self.check_kind.data), None)


class UndoForm(StepForm):
    """When it was taken back."""

    undone_on = DayField("Undone on", validators=[InputRequired("Give the day, as 2027-03-14.")])
    note = TextAreaField("Note", validators=[Length(max=TEXT)], render_kw={"rows": 3})
