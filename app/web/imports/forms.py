"""The forms of an import."""

from datetime import date
from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.itam.rows import Conventions
from app.domain.itam.values import DayOrder, DecimalSign
from app.inputs.lines import FileKind
from app.web.fields import DayField, DayOrderField
from app.web.forms import PageForm


class FileForm(PageForm):
    """What is sent, and from where."""

    kind = SelectField(
        "What it holds", choices=[(each.value, each.label) for each in FileKind], validators=[InputRequired()]
    )
    file = FileField(
        "File",
        render_kw={"accept": ".csv,.txt,.tsv,.xlsx,.swidtag,.xml,.zip,.json"},
        description="A table as CSV or XLSX; SWID tags one by one or in a zip; CycloneDX as JSON or XML.",
    )
    source = StringField(
        "Source",
        validators=[Length(max=120)],
        description="The program or the register that it comes from. Its columns are remembered under this name.",
        render_kw={"list": "sources", "autocomplete": "off"},
    )
    asset = StringField(
        "Asset",
        validators=[Length(max=120)],
        description="Only for software: the tag of the asset that a CycloneDX file describes, or that SWID tags are of "
        "which name no device.",
    )


class ConventionsForm(PageForm):
    """How cells are meant where they can be read in two ways."""

    day_order = DayOrderField()
    decimal_sign = SelectField(
        "In 1,250 or 1.250",
        default="",
        choices=[
            ("", "Refuse it: it can be two numbers"),
            ("point", "A point stands before the decimals"),
            ("comma", "A comma stands before the decimals"),
        ],
    )
    currency = StringField("Currency of amounts without one", validators=[Length(max=3)], render_kw={"size": 3})
    seen_on = DayField(
        "Day of lines without one", validators=[Optional()], description="The day on which the discovery was made."
    )

    @property
    def address(self) -> dict[str, str]:
        """The same in an address; what is as it was is left out."""
        said = {
            name: str(self[name].data or "").strip() for name in ("day_order", "decimal_sign", "currency", "seen_on")
        }
        return {name: value for name, value in said.items() if value}


def asked_conventions() -> Conventions:
    """What the address says of how cells are meant; what it says wrongly is as if it said nothing."""
    said: dict[str, Any] = {name: request.args.get(name, "") for name in ("day_order", "decimal_sign", "currency")}
    currency = said["currency"].strip().upper()
    return Conventions(
        day_order=next((each for each in DayOrder if each.value == said["day_order"]), None),
        decimal_sign=next((each for each in DecimalSign if each.value == said["decimal_sign"]), None),
        currency=currency if len(currency) == 3 and currency.isascii() and currency.isalpha() else "",
        seen_on=request.args.get("seen_on", type=_day),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)
