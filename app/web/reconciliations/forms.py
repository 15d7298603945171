"""The forms of a comparison: which file, how it is read, and what is decided."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.domain.itam.reconciliation import Settlement, SourceKind
from app.domain.itam.reconciling.matching import THRESHOLD
from app.domain.itam.reconciling.registers import REGISTERS
from app.domain.itam.values import DayOrder, DecimalSign
from app.operations.reconciliations import MOST_SOURCE, Asked
from app.web.fields import DayField, WholeField
from app.web.forms import PageForm


class StartForm(PageForm):
    """Which other register, and its file."""

    kind = RadioField(
        "What it is",
        choices=[SelectChoice(each.value, each.label) for each in SourceKind],
        default=SourceKind.LEDGER.value,
        validators=[InputRequired("Choose what the file is.")],
    )
    source = StringField(
        "Name of the register",
        validators=[DataRequired("Give the name of the other register."), Length(max=MOST_SOURCE)],
        description="Such as “SAP fixed assets”. Runs of one name follow on each other; its columns are remembered.",
        render_kw={"list": "sources", "autocomplete": "off"},
    )
    file = FileField(
        "File",
        description="CSV or XLSX, with the names of the columns in its first line. It is kept with the run.",
        render_kw={"accept": ".csv,.txt,.tsv,.xlsx"},
    )


class ReadingForm(PageForm):
    """How the file is read and compared; only what the kind of register needs."""

    currency = StringField(
        "Currency",
        validators=[Length(max=3)],
        description="Of amounts that name none. Three letters, such as EUR.",
        filters=[lambda text: text.strip().upper() if text else text],
    )
    tolerance = StringField(
        "Tolerance",
        default="0",
        validators=[Length(max=20)],
        description="Amounts that differ by no more than this agree.",
        render_kw={"inputmode": "decimal"},
    )
    least_cost = StringField(
        "Least cost",
        validators=[Length(max=20)],
        description="Assets that cost less are not capitalised, and are not missed in the ledger. Empty: all are.",
        render_kw={"inputmode": "decimal"},
    )
    since = DayField(
        "The file begins on",
        validators=[Optional()],
        description="What is older is not missed in the file. Empty: it holds everything.",
    )
    last_day_given = BooleanField(
        "Their day is the last day worked", description="Ours is the first day after it, so one day is added."
    )
    status_words = TextAreaField(
        "Their words for a status",
        validators=[Length(max=4000)],
        description="One a line, as “Aktiv = deployed”. The usual English words are known.",
        render_kw={"rows": 3},
    )
    decimal_sign = SelectField(
        "Before decimals",
        choices=[
            SelectChoice("", "Told by each number"),
            *(SelectChoice(each.value, f"A {each.label.lower()}") for each in DecimalSign),
        ],
    )
    day_order = SelectField(
        "Days such as 01/02/2026",
        choices=[SelectChoice("", "Refused"), *(SelectChoice(each.value, each.label) for each in DayOrder)],
    )
    threshold = WholeField(
        "Similarity from",
        default=THRESHOLD,
        validators=[InputRequired("Give the percent, as a whole number.")],
        description="Percent. What no identifier matches is matched by its words; a number in them never differs.",
    )

    def fit(self, kind: SourceKind) -> None:
        """Leave out what this kind of register does not have."""
        names = {field.name for field in REGISTERS[kind].fields}
        left_out = set()
        if "cost" not in names:
            left_out |= {"currency", "tolerance"}
        if not names & {"cost", "quantity"}:
            left_out.add("decimal_sign")
        if kind is not SourceKind.LEDGER:
            left_out.add("least_cost")
        if kind not in (SourceKind.INVOICES, SourceKind.LEAVERS):
            left_out.add("since")
        if kind is not SourceKind.LEAVERS:
            left_out.add("last_day_given")
        if "status" not in names:
            left_out.add("status_words")
        if not names & {"purchased_on", "left_on"}:
            left_out.add("day_order")
        for name in left_out:
            delattr(self, name)

    def begin(self, before: dict[str, Any]) -> None:
        """Begin with what the run before was asked."""
        for field in self:
            value = before.get(field.name)
            if field.name != "since" and value not in (None, ""):
                field.data = value

    @property
    def asked(self) -> Asked:
        """What was typed."""
        said = {
            name: self[name].data for name in ("currency", "tolerance", "least_cost", "status_words") if name in self
        }
        return Asked(
            threshold=self.threshold.data,
            since=self.since.data if "since" in self else None,
            last_day_given=bool(self.last_day_given.data) if "last_day_given" in self else False,
            decimal_sign=_word(self, "decimal_sign", DecimalSign),
            day_order=_word(self, "day_order", DayOrder),
            **{name: text or "" for name, text in said.items()},
        )


def _word(form: ReadingForm, name: str, kind: Any) -> Any:
    return kind(form[name].data) if name in form and form[name].data else None


class DecisionForm(PageForm):
    """What is decided, and why."""

    settlement = RadioField(
        "Decision",
        choices=[
            SelectChoice(Settlement.OURS_IS_RIGHT.value, "Ours is right: the other register has to change"),
            SelectChoice(
                Settlement.THEIRS_IS_RIGHT.value,
                "Theirs is right: our register has to change, and the next run asks until it has",
            ),
            SelectChoice(Settlement.BOTH_ARE_RIGHT.value, "Both are right: the difference is meant to be"),
            SelectChoice(Settlement.TO_FOLLOW_UP.value, "To follow up: the next run asks again"),
        ],
        validators=[InputRequired("Choose what is right.")],
    )
    reason = TextAreaField(
        "Reason",
        validators=[InputRequired("Say why."), Length(max=4000)],
        render_kw={"rows": 3},
        description="It stands with the decision in every run that it holds for.",
    )
    correct = BooleanField(
        "Correct our register in the same act",
        description="Only with “Theirs is right”. What would change is shown above.",
    )
