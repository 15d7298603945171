"""What goes wrong on the command line is said in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import SQLAlchemyError

from app.domain.explained import RefusedError


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
