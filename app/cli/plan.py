"""The 36-month plan on the command line."""

import sys
from typing import NoReturn

import click


@click.group()
def plan() -> None:
    """The plan: what of its price is due when, without a database and without signing in."""


@plan.command()
@click.option("--price", required=True, metavar="AMOUNT", help="The whole price without tax, such as 9999.99.")
@click.option("--currency", required=True, metavar="CODE", help="Three letters, such as EUR.")
@click.option("--months", required=True, type=int, help="How many instalments.")
@click.option("--start", required=True, metavar="YYYY-MM-DD", help="The day of the first; the others follow from it.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def instalments(price: str, currency: str, months: int, start: str, format_: str) -> None:
    """Print the instalments of a price: they always add up to it, and each is due on the same day of its month.

    Exits 2, with one line, for what cannot be paid like that.
    """
    from app.domain.certification.reading import FactsError, read_day
    from app.domain.explained import RefusedError
    from app.domain.money import amount_of, currency_of, digits_of, in_minor
    from app.domain.subscription.instalments import Payment
    from app.domain.subscription.instalments import instalments as laid_out

    try:
        code = currency_of(currency)
        if not code:
            _refuse("--currency: three letters, such as EUR")
        laid = laid_out(Payment(in_minor(price, code, "price"), months, read_day("--start", start)))
    except FactsError as fault:
        _refuse(str(fault))
    except RefusedError as refusal:
        _refuse(f"--{refusal.field}: {refusal}" if refusal.field else str(refusal))
    said = [
        (each.number, each.due_on.isoformat(), f"{amount_of(each.amount, code):.{digits_of(code)}f}") for each in laid
    ]
    if format_ == "json":
        import json

        names = ("number", "due_on", "amount")
        answer = json.dumps([dict(zip(names, each, strict=True)) for each in said], indent=2)
    else:
        wide = max(len(amount) for _, _, amount in said)
        answer = "\n".join(f"{number:>5}  {day}  {code} {amount:>{wide}}" for number, day, amount in said)
    sys.stdout.write(f"{answer}\n")


def _refuse(line: str) -> NoReturn:
    click.echo(line, err=True)
    sys.exit(2)
