"""What the clients owe, beside what they share: a provider's invoices are its own, whatever is ticked."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.domain.money import say_money
from app.queries.client_accounts import ClientAccount, client_accounts
from app.work import Work

CHOICES = (
    ("overdue", "Something overdue"),
    ("open", "Something open"),
    ("to-invoice", "Something to invoice"),
    ("in-favour", "In favour of the client"),
    ("settled", "Settled"),
)
NOTHING = ClientAccount()


def with_accounts(work: Work, sold: Iterable[Any], rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the list of clients, each with what its client owes."""
    accounts = client_accounts(work, sold)
    return [{**each, "account": accounts.get(each["passage"].client_id, NOTHING)} for each in rows]


def narrowed(rows: Sequence[dict[str, Any]], wanted: str) -> list[dict[str, Any]]:
    """The rows whose account is as asked; all of them where nothing that is known is asked."""
    if wanted == "overdue":
        return [each for each in rows if each["account"].overdue]
    if wanted == "open":
        return [each for each in rows if each["account"].overdue or each["account"].open]
    if wanted == "in-favour":
        return [each for each in rows if each["account"].in_favour]
    if wanted == "to-invoice":
        return [each for each in rows if each["account"].to_invoice]
    if wanted == "settled":
        return [each for each in rows if each["account"] == NOTHING]
    return list(rows)


def words(wanted: str) -> dict[str, Any]:
    """What the templates say accounts with."""
    return {"say_money": say_money, "account_choices": CHOICES, "account_wanted": wanted}
