"""The forms of a case: their shape. What a step may be is the domain's."""

from wtforms import BooleanField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.findings.case import CauseSaid
from app.domain.findings.corrective_action import ActionKind, CauseBranch, CauseMethod, DueKind, Effectiveness
from app.models.corrective_action import CorrectiveAction
from app.operations.actions import Planned
from app.queries.corrective_actions import owners
from app.web.corrective_actions.taking import StepForm
from app.web.fields import DayField, JudgedField, seen_version
from app.work import Work

TEXT = 20_000
WHYS = 7
BONES = tuple(each for each in CauseBranch if each is not CauseBranch.WHY)
ON_BONES = {
    CauseBranch.PEOPLE: "Knowledge, training, staffing.",
    CauseBranch.METHOD: "How it is done, and what says so.",
    CauseBranch.EQUIPMENT: "Tools, systems, software.",
    CauseBranch.MATERIAL: "What comes in: data, goods, services.",
    CauseBranch.MEASUREMENT: "What is checked, and how.",
    CauseBranch.ENVIRONMENT: "Place, time, organisation.",
}


def people(work: Work) -> list[tuple[str, str]]:
    """Everybody who can answer for something, for a list."""
    return [("", "Choose"), *((str(id_), name) for id_, name in owners(work))]


class AssignForm(StepForm):
    """Who answers for it."""

    owner = JudgedField(
        "Responsible person",
        [InputRequired("Choose the responsible person.")],
        description="They find the cause, plan the actions and send the answer. Somebody else accepts and verifies.",
    )

    @property
    def owner_id(self) -> int | None:
        return seen_version(self.owner.data)


class ContainForm(StepForm):
    """What was done at once."""

    containment = TextAreaField(
        "Containment",
        [InputRequired("Say what was done to contain it, or why no containment is needed."), Length(max=TEXT)],
        description="What keeps it from doing harm while the cause is looked for.",
        render_kw={"rows": 4},
    )
    not_needed = BooleanField("No containment is needed", description="Then the words above say why.")
    contained_on = DayField("Contained on", [InputRequired("Give the day, as 2027-03-14.")])


class CauseForm(StepForm):
    """How the cause was found, and what it is. Only what belongs to the chosen method is kept."""

    method = RadioField(
        "How the cause was looked for",
        choices=[
            SelectChoice(CauseMethod.FIVE_WHYS.value, "Five whys: ask why of each answer, until there is no more why"),
            SelectChoice(
                CauseMethod.CAUSE_AND_EFFECT.value, "Cause and effect: weigh possible causes of several kinds"
            ),
            SelectChoice(CauseMethod.OTHER.value, "Another way; the root cause says which"),
        ],
        validators=[InputRequired("Choose how the cause was looked for.")],
    )
    root_cause = TextAreaField(
        "Root cause",
        [InputRequired("Say in a sentence what the root cause is."), Length(max=TEXT)],
        description="In a sentence: what has to change so that this does not come again.",
        render_kw={"rows": 3},
    )

    def tell(self, case: CorrectiveAction) -> None:
        """Show what is kept."""
        self.method.data = case.cause_method.value if case.cause_method is not None else CauseMethod.FIVE_WHYS.value
        self.root_cause.data = case.root_cause
        whys = [each.says for each in case.causes if each.branch is CauseBranch.WHY]
        for at, says in enumerate(whys[:WHYS], 1):
            self[f"why_{at}"].data = says
        for branch in BONES:
            self[f"bone_{branch.value}"].data = "\n".join(each.says for each in case.causes if each.branch is branch)

    @property
    def whys(self) -> list[StringField]:
        return [self[f"why_{at}"] for at in range(1, WHYS + 1)]

    @property
    def bones(self) -> list[TextAreaField]:
        return [self[f"bone_{branch.value}"] for branch in BONES]

    @property
    def said(self) -> CauseSaid:
        """What was typed, as far as the method asks for it."""
        method = CauseMethod(self.method.data)
        whys = tuple((each.data or "").strip() for each in self.whys)
        bones = tuple(
            (branch, line.strip())
            for branch in BONES
            for line in (self[f"bone_{branch.value}"].data or "").splitlines()
            if line.strip()
        )
        return CauseSaid(
            method,
            self.root_cause.data or "",
            tuple(each for each in whys if each) if method is CauseMethod.FIVE_WHYS else (),
            bones if method is CauseMethod.CAUSE_AND_EFFECT else (),
        )


for _at in range(1, WHYS + 1):
    setattr(
        CauseForm,
        f"why_{_at}",
        StringField(f"Why {_at}" if _at > 1 else "Why did it happen?", [Optional(), Length(max=2000)]),
    )
for _branch in BONES:
    setattr(
        CauseForm,
        f"bone_{_branch.value}",
        TextAreaField(
            _branch.label, [Optional(), Length(max=TEXT)], description=ON_BONES[_branch], render_kw={"rows": 2}
        ),
    )


class LookForm(StepForm):
    """What was looked at; the things themselves are lines of a table."""

    other = StringField(
        "Something else", [Length(max=200)], description="Its tag, name or reference, where the list does not have it."
    )
    other_affected = BooleanField("It is affected")
    other_note = StringField("What was seen there", [Length(max=2000)])
    note = TextAreaField(
        "In all",
        [Length(max=TEXT)],
        description="What was found where similar cases were looked for, or why there can be none.",
        render_kw={"rows": 3},
    )


class PlanForm(StepForm):
    """An action."""

    kind = RadioField(
        "Kind",
        choices=[
            SelectChoice(ActionKind.CORRECTIVE.value, "Corrective action: removes the cause"),
            SelectChoice(ActionKind.CORRECTION.value, "Correction: mends what was found"),
        ],
        validators=[InputRequired("Choose the kind.")],
    )
    says = TextAreaField(
        "What is to be done", [InputRequired("Say what is to be done."), Length(max=TEXT)], render_kw={"rows": 3}
    )
    owner = JudgedField("Who does it", [InputRequired("Choose who does it.")])
    due_on = DayField("Due on", [InputRequired("Give the day, as 2027-03-14.")])

    @property
    def planned(self) -> Planned:
        """What was typed."""
        return Planned(
            kind=ActionKind(self.kind.data),
            says=self.says.data or "",
            owner_id=seen_version(self.owner.data),
            due_on=self.due_on.data,
        )


class NoteForm(StepForm):
    """Yes or no, by the button that is pressed, and why."""

    note = TextAreaField("Note", [Length(max=TEXT)], description="A refusal needs one.", render_kw={"rows": 4})


class VerifyForm(StepForm):
    """The verdict on effectiveness."""

    verdict = RadioField(
        "Verdict",
        choices=[
            SelectChoice(Effectiveness.EFFECTIVE.value, "Effective: it has not come again, and closes"),
            SelectChoice(Effectiveness.INEFFECTIVE.value, "Ineffective: it opens again at the root cause"),
        ],
        validators=[InputRequired("Say whether the actions were effective.")],
    )
    note = TextAreaField(
        "What you looked at, and what you saw",
        [InputRequired("Say what you looked at, and what you saw: the verdict rests on it."), Length(max=TEXT)],
        render_kw={"rows": 4},
    )

    @property
    def judged(self) -> Effectiveness | None:
        return next((each for each in Effectiveness if each.value == self.verdict.data), None)


class ExtendForm(StepForm):
    """More time."""

    due = RadioField(
        "Which deadline",
        choices=[SelectChoice(each.value, each.label) for each in DueKind],
        validators=[InputRequired("Choose which of the deadlines.")],
    )
    to_on = DayField("New day", [InputRequired("Give the day, as 2027-03-14.")])
    reason = TextAreaField(
        "Why", [InputRequired("Say why more time is needed."), Length(max=TEXT)], render_kw={"rows": 3}
    )

    @property
    def kind(self) -> DueKind | None:
        return next((each for each in DueKind if each.value == self.due.data), None)


class DoneForm(StepForm):
    """What was done."""

    done_on = DayField("Done on", [InputRequired("Give the day, as 2027-03-14.")])
    note = TextAreaField(
        "What was done",
        [InputRequired("Say what was done; files that prove it go beside it."), Length(max=TEXT)],
        render_kw={"rows": 4},
    )
