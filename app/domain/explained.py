"""An answer and its reasons are one value.

The rules never return a bare date or number that a person may ask "why?" about: they return an `Explained`,
and they refuse with a `RefusedError` that carries the reasons in the rule's own words.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)


@dataclass(frozen=True, slots=True)
class Clause:
    """A place in a standard or a mandatory document, such as ISO/IEC 17021-1:2015, 9.1.3.3."""

    standard: str
    number: str

    def __str__(self) -> str:
        return f"{self.standard}, {self.number}" if self.number else self.standard


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence that says why, and the clause it rests on (None for a choice of the product or the organisation)."""

    says: str
    clause: Clause | None = None

    def __str__(self) -> str:
        return f"{self.says} [{self.clause}]" if self.clause else self.says


@dataclass(frozen=True, slots=True)
class Explained(Generic[T]):
    """A value and the reasons for it; the reasons are never empty."""

    value: T
    why: tuple[Reason, ...]

    def __post_init__(self) -> None:
        if not self.why:
            raise ValueError("an explained value needs at least one reason")


class RefusedError(Exception):
    """A rule refuses what was asked; `why` holds the rule's own words, `field` the form field it concerns.

    `besides` holds what else is refused of the same question, each at its own field.
    """

    def __init__(
        self,
        why: Iterable[Reason] | Reason | str,
        field: str | None = None,
        besides: Iterable["RefusedError"] = (),
    ) -> None:
        if isinstance(why, str):
            why = Reason(why)
        self.why: tuple[Reason, ...] = (why,) if isinstance(why, Reason) else tuple(why)
        self.field = field
        self.besides: tuple[RefusedError, ...] = tuple(besides)
        super().__init__(" ".join(str(reason) for reason in self.every_reason))

    @property
    def every_reason(self) -> tuple[Reason, ...]:
        """All that is refused, where no form shows each at its field."""
        return (*self.why, *(reason for each in self.besides for reason in each.why))


class Refusals:
    """Gathers what several rules refuse of one question, so that all of it is told at once."""

    def __init__(self) -> None:
        self.found: list[RefusedError] = []

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Let the next rule be asked too, whatever this one says."""
        try:
            yield
        except RefusedError as refusal:
            self.found += [refusal, *refusal.besides]

    def tell(self) -> None:
        """Raise `RefusedError` with all that was refused; nothing where nothing was."""
        refuse_together(self.found)


def refuse_together(refusals: Sequence[RefusedError]) -> None:
    """Raise one `RefusedError` for all of these; nothing where there are none."""
    if refusals:
        first, *besides = refusals
        raise RefusedError(first.why, first.field, besides)
