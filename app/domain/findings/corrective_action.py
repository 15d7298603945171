"""A nonconformity to its end: raised, contained, explained, planned for, acted on, and seen to have worked."""

from enum import StrEnum


class Stage(StrEnum):
    """How far the corrective action on a nonconformity is. [ISO 9001:2015, 10.2]"""

    RAISED = "raised"
    CONTAINMENT = "containment"
    ROOT_CAUSE = "root-cause"
    ACTION_PLAN = "action-plan"
    IMPLEMENTATION = "implementation"
    VERIFICATION = "verification"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


class CauseMethod(StrEnum):
    """How the cause was looked for."""

    FIVE_WHYS = "five-whys"
    CAUSE_AND_EFFECT = "cause-and-effect"
    OTHER = "other"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


class CauseBranch(StrEnum):
    """Where a cause lies: the next why, or a bone of the cause-and-effect diagram."""

    WHY = "why"
    PEOPLE = "people"
    METHOD = "method"
    EQUIPMENT = "equipment"
    MATERIAL = "material"
    MEASUREMENT = "measurement"
    ENVIRONMENT = "environment"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class ActionKind(StrEnum):
    """A correction mends what was found; a corrective action removes its cause; a decision comes from a review."""

    CORRECTION = "correction"
    CORRECTIVE = "corrective-action"
    DECISION = "decision"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


class Effectiveness(StrEnum):
    """Whether the action worked, as somebody other than its owner found."""

    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class StepKind(StrEnum):
    """What happened on the way of a nonconformity, and is shown there."""

    RAISED = "raised"
    CONTAINED = "contained"
    ANSWERED = "answered"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    IMPLEMENTED = "implemented"
    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"
    REOPENED = "reopened"
    EXTENDED = "extended"
    EXTENSION_REFUSED = "extension-refused"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


class DueKind(StrEnum):
    """The deadlines of a nonconformity of our own that may be extended."""

    ANSWER = "answer"
    ACTION = "action"

    @property
    def label(self) -> str:
        return {"answer": "Cause and plan", "action": "Implementation"}[self.value]
