"""Of each kind of other register: which fields its rows have, what matches them, and what is compared."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.itam.mapping import Field
from app.domain.itam.reconciliation import MatchedBy, SourceKind
from app.domain.words import Word


class Meaning(Word):
    """How the text of a field is read."""

    TEXT = "text"
    MONEY = "money"
    CURRENCY = "currency"
    DAY = "day"
    QUANTITY = "quantity"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class RegisterField:
    """One field of the rows of a register."""

    name: str
    label: str
    meaning: Meaning = Meaning.TEXT
    compared: bool = False
    matches: MatchedBy | None = None
    alike: bool = False
    """Whether its words count for the similarity."""
    usual_heads: tuple[str, ...] = ()
    """What such a column is often called, in small letters."""


@dataclass(frozen=True, slots=True)
class Register:
    """A kind of other register."""

    kind: SourceKind
    fields: tuple[RegisterField, ...]
    its_rows: str
    """What its rows are called."""
    our_rows: str

    @property
    def steps(self) -> tuple[RegisterField, ...]:
        """The fields that match, the surest first."""
        return tuple(field for field in self.fields if field.matches is not None)

    @property
    def surest(self) -> frozenset[MatchedBy]:
        """Identifiers of one thing alone: where both sides fill one in and they differ, nothing weaker matches them."""
        return frozenset({MatchedBy.TAG, MatchedBy.SERIAL, MatchedBy.NUMBER})

    @property
    def alike(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.alike)

    @property
    def compared(self) -> tuple[RegisterField, ...]:
        return tuple(field for field in self.fields if field.compared)

    @property
    def columns(self) -> tuple[Field, ...]:
        """The fields as a person maps them to the columns of a file; one that matches has to be among them."""
        return tuple(Field(field.name, field.label, heads=field.usual_heads) for field in self.fields)

    def field(self, name: str) -> RegisterField | None:
        """The field of a name; None for what only we say of a thing."""
        return next((field for field in self.fields if field.name == name), None)


_F, _M = RegisterField, Meaning
_TAG = _F(
    "tag",
    "Tag",
    matches=MatchedBy.TAG,
    compared=True,
    usual_heads=("tag", "asset tag", "asset no", "asset number", "inventory number", "inventory no", "asset id"),
)
_SERIAL = _F(
    "serial",
    "Serial number",
    matches=MatchedBy.SERIAL,
    compared=True,
    usual_heads=("serial", "serial no", "serial number", "s/n"),
)
_ORDER = _F(
    "purchase_order",
    "Purchase order",
    matches=MatchedBy.PURCHASE_ORDER,
    usual_heads=("purchase order", "po", "po number", "order", "order number"),
)
_NAME = _F("name", "Name", alike=True, usual_heads=("name", "description", "asset", "designation", "ci name"))
_STATUS = _F("status", "Status", _M.STATUS, compared=True, usual_heads=("status", "state", "lifecycle", "condition"))
_SITE = _F("site", "Site", compared=True, usual_heads=("site", "location", "cost centre location", "plant"))
_QUANTITY = _F(
    "quantity", "Quantity", _M.QUANTITY, compared=True, usual_heads=("quantity", "qty", "count", "number", "units")
)
_COST = _F(
    "cost",
    "Cost",
    _M.MONEY,
    compared=True,
    usual_heads=("cost", "acquisition cost", "acquisition value", "value", "amount", "purchase price", "total"),
)
_CURRENCY = _F("currency", "Currency", _M.CURRENCY, usual_heads=("currency", "curr", "cur"))

REGISTERS: Mapping[SourceKind, Register] = {
    SourceKind.LEDGER: Register(
        SourceKind.LEDGER,
        (
            _TAG,
            _SERIAL,
            _ORDER,
            _NAME,
            _STATUS,
            _COST,
            _CURRENCY,
            _QUANTITY,
            _SITE,
            _F(
                "purchased_on",
                "Purchased on",
                _M.DAY,
                compared=True,
                usual_heads=("purchased on", "purchase date", "acquisition date", "capitalised on", "date"),
            ),
        ),
        "lines of the ledger",
        "assets",
    ),
    SourceKind.CONFIGURATION: Register(
        SourceKind.CONFIGURATION,
        (
            _TAG,
            _SERIAL,
            _NAME,
            _F("model", "Model", alike=True, compared=True, usual_heads=("model", "model name")),
            _STATUS,
            _SITE,
        ),
        "configuration items",
        "assets",
    ),
    SourceKind.INVOICES: Register(
        SourceKind.INVOICES,
        (
            _F(
                "invoice",
                "Invoice",
                matches=MatchedBy.INVOICE,
                compared=True,
                usual_heads=("invoice", "invoice no", "invoice number"),
            ),
            _ORDER,
            _F("name", "Product", alike=True, usual_heads=("product", "description", "item", "article", "name")),
            _F("publisher", "Publisher", usual_heads=("publisher", "manufacturer", "vendor", "maker")),
            _QUANTITY,
            _COST,
            _CURRENCY,
        ),
        "lines of invoices",
        "entitlements",
    ),
    SourceKind.LEAVERS: Register(
        SourceKind.LEAVERS,
        (
            _F(
                "number",
                "Personnel number",
                matches=MatchedBy.NUMBER,
                usual_heads=("number", "personnel number", "employee number", "employee id", "staff number", "id"),
            ),
            _F(
                "email", "Email address", matches=MatchedBy.EMAIL, usual_heads=("email", "e-mail", "mail", "work email")
            ),
            _F("name", "Name", alike=True, usual_heads=("name", "full name", "employee")),
            _F(
                "left_on",
                "Left on",
                _M.DAY,
                compared=True,
                usual_heads=("left on", "leaving date", "last day", "exit date", "termination date", "end date"),
            ),
        ),
        "leavers",
        "employees",
    ),
}
"""Every kind, with its fields in the order in which a person maps them; those that match, the surest first."""
