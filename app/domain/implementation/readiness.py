"""How ready an organisation is for stage 1: a score of parts, each of which says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain import clauses
from app.domain.explained import Explained, Reason, RefusedError
from app.domain.implementation.plan import Step
from app.domain.share import per_cent

MANUALS, COURSES = "Manuals acknowledged", "Courses passed"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things that readiness is made of: how much of how much, and why."""

    name: str
    done: int
    of: int
    why: tuple[Reason, ...]

    @property
    def percent(self) -> int:
        """Whole percent; a hundred means that nothing is missing."""
        return _percent(Fraction(self.done, self.of)) if self.of else 0

    @property
    def is_whole(self) -> bool:
        return 0 < self.of <= self.done


def of_tasks(step: Step, done: int, of: int) -> Part:
    """The tasks of a step that are done."""
    says = f"{done} of {of} tasks of “{step.label}” are done." if of else f"“{step.label}” has no task."
    return Part(step.label, done, of, (Reason(says),))


def of_courses(passed: int, asked: int, lacking: Sequence[str]) -> Part:
    """The courses that people were told to take and have passed. [ISO 9001:2015, 7.2]"""
    if not asked:
        return Part(COURSES, 0, 0, (Reason("Nobody was told to take a course yet."),))
    reasons = [Reason(f"{passed} of {asked} courses that people were told to take are passed.")]
    reasons += [Reason(f"Not passed by {each}.") for each in lacking]
    return Part(COURSES, passed, asked, tuple(reasons))


def of_manuals(documents: Sequence[tuple[str, int, Sequence[str]]]) -> Part:
    """The approved documents of the standard, each with who acknowledged it and who has not. [ISO 9001:2015, 7.3]

    Each is its name, how many acknowledged its valid version, and the names of those who still have to.
    """
    name = MANUALS
    if not documents:
        return Part(name, 0, 0, (Reason("No approved document speaks of this standard yet."),))
    done = sum(count for _, count, _ in documents)
    of = done + sum(len(waiting) for _, _, waiting in documents)
    if not of:
        return Part(name, 0, 0, (Reason("No approved document of this standard was handed out to anybody."),))
    reasons = [Reason(f"{done} of {of} acknowledgements of the approved documents of this standard are there.")]
    reasons += [Reason(f"{title}: not by {', '.join(waiting)}.") for title, _, waiting in documents if waiting]
    return Part(name, done, of, tuple(reasons))


def of_record(name: str, held: bool, says: str) -> Part:
    """An internal audit or a management review, held or not. [ISO/IEC 17021-1:2015, 9.3.1.2.2]"""
    return Part(name, int(held), 1, (Reason(says, clauses.STAGE_1_CONCLUSIONS),))


def score(parts: Sequence[Part]) -> Explained[int]:
    """The readiness in whole percent: every part weighs the same, and only whole parts make a hundred."""
    if not parts:
        return Explained(0, (Reason("Nothing is known."),))
    how = f"Each of the {len(parts)} parts counts the same. A half is rounded up; 100 % means that nothing is missing."
    reasons = (Reason(how), *(Reason(f"{each.name}: {each.percent} %.") for each in parts))
    shares = [Fraction(min(each.done, each.of), each.of) if each.of else Fraction(0) for each in parts]
    return Explained(_percent(sum(shares, Fraction(0)) / len(parts)), reasons)


def _percent(part: Fraction) -> int:
    """The nearest whole percent, a half upwards; a hundred only where nothing is missing."""
    return 100 if part >= 1 else min(99, per_cent(part.numerator, part.denominator))


def lacking(step: Step, parts: Sequence[Part]) -> list[Reason]:
    """What the end of a step still needs of these parts: its tasks, and for the last step manuals and courses too."""
    names = {step.label, *((MANUALS, COURSES) if step is Step.TRAINING else ())}
    return [reason for each in parts if each.name in names and not each.is_whole for reason in each.why]


def refuse_end(step: Step, ended: Sequence[Step], parts: Sequence[Part]) -> None:
    """Refuse the end of a step while the one before has not ended, or while something that it needs is missing."""
    before = [each for each in Step if list(Step).index(each) < list(Step).index(step) and each not in ended]
    if before:
        raise RefusedError(f"“{before[0].label}” has not ended yet.")
    missing = [reason for each in parts if not each.is_whole for reason in each.why]
    if missing:
        raise RefusedError(missing)
