"""What goes wrong on the command line is said in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from app.domain.explained import RefusedError
from app.domain.writing import one_line, without_unseen


class Name(click.ParamType[str]):
    """A name as the forms take it: on one line, without surplus spaces, and refused with signs that nobody sees."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        kept = " ".join(one_line(str(value)).split())
        if without_unseen(kept) != kept:
            self.fail("it holds signs that nobody sees, such as one that turns the direction of writing", param, ctx)
        return kept


@contextmanager
def plainly() -> Iterator[None]:
    """Say in one line what is wrong."""
    try:
        yield
    except RefusedError as refusal:
        raise click.ClickException(" ".join(str(reason) for reason in refusal.every_reason)) from refusal
    except SQLAlchemyError as fault:
        words = str(getattr(fault, "orig", None) or fault).strip().splitlines()[0]
        raise click.ClickException(
            f"The database cannot be used: {words}. flask db upgrade makes its tables."
        ) from fault
