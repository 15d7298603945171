"""Record a use by hand, correct it, and take it away."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.domain.explained import RefusedError
from app.domain.itam.usage import UsageMetric, plain
from app.domain.permission import Permission
from app.models.asset import Asset
from app.models.capacity import UsageRecord
from app.operations import usage as operation
from app.operations.conflict import ConflictError, stamp_of
from app.operations.usage import STAMPED, UsageDetails
from app.queries.software import products_named
from app.queries.usage import usage_sources
from app.web.certificates.forms import ReasonForm
from app.web.fields import DayField, JudgedField, row_id, seen_version
from app.web.forms import PageForm, show_refusal
from app.web.usage.area import area, record_or_404
from app.work import Work

_DAY = "Give the day, as 2027-03-14."


class UsageForm(PageForm):
    """What was measured of a product in a period."""

    product = JudgedField("Product", validators=[InputRequired("Choose a product from the list.")])
    asset = StringField("Asset", validators=[Length(max=40)], description="Its tag; empty for the whole organisation.")
    metric = SelectField(
        "Metric", choices=[(each.value, each.label) for each in UsageMetric], validators=[InputRequired()]
    )
    value = StringField(
        "Value", validators=[Length(max=40)], description="Sessions in whole numbers; empty for when it was last used."
    )
    unit = StringField(
        "Unit", validators=[Length(max=40)], description="What is counted, such as sessions or messages."
    )
    starts_on = DayField("From", validators=[InputRequired(_DAY)])
    ends_on = DayField("Until", validators=[InputRequired(_DAY)], description="The last day is included.")
    source = StringField(
        "Source",
        validators=[Length(max=120)],
        description="Where the number was read.",
        render_kw={"list": "sources", "autocomplete": "off"},
    )
    stamp = HiddenField()

    @property
    def details(self) -> UsageDetails:
        """What was typed; raises `RefusedError` at `value` for what is no number."""
        return UsageDetails(
            product_id=seen_version(self.product.data),
            asset=self.asset.data or "",
            metric=UsageMetric(self.metric.data),
            unit=self.unit.data or "",
            value=_number(self.value.data or ""),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            source=self.source.data or "",
        )


def _number(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        raise RefusedError("That is no number. Write it as 1250 or 12.5.", "value") from None


def _told(work: Work, row: UsageRecord) -> dict[str, Any]:
    tag = work.one_or_none(select(Asset.tag).where(Asset.id == row.asset_id)) if row.asset_id is not None else ""
    return {
        "product": str(row.product_id),
        "asset": tag,
        "metric": row.metric.value,
        "value": plain(row.value).replace(",", "") if row.metric.has_value else "",
        "unit": row.unit,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "source": row.source,
        "stamp": stamp_of(row, *STAMPED),
    }


@area.form("/new", needs=Permission.MANAGE_ASSETS)
def create(work: Work) -> ResponseReturnValue:
    """Record a use."""
    product = request.args.get("product", type=row_id)
    form = UsageForm(data={"product": str(product) if product else ""})
    return _save(work, form, None)


@area.form("/<int:usage_record_id>/edit", needs=Permission.MANAGE_ASSETS)
def edit(work: Work, usage_record_id: int) -> ResponseReturnValue:
    """Correct a record."""
    row = record_or_404(work, usage_record_id, for_update=request.method == "POST")
    return _save(work, UsageForm(data=_told(work, row)), row)


def _save(work: Work, form: UsageForm, row: UsageRecord | None) -> ResponseReturnValue:
    form.product.choices = [("", "Choose"), *((str(id_), name) for id_, name in products_named(work))]
    page: dict[str, Any] = {"form": form, "row": row, "sources": usage_sources(work)}
    if request.method == "GET":
        return render_template("usage/form.html", **page)
    if not form.validate():
        return render_template("usage/form.html", **page), 422
    try:
        if row is None:
            operation.record(work, form.details)
        else:
            operation.correct(work, row, form.details, form.stamp.data or None)
    except ConflictError as conflict:
        kept = UsageForm(formdata=None, data=_told(work, conflict.now))
        kept.product.choices = form.product.choices
        form.stamp.data = stamp_of(conflict.now, *STAMPED)
        return render_template("usage/form.html", **page, refused=conflict.why, kept=kept), 422
    except RefusedError as refusal:
        return render_template("usage/form.html", **page, refused=show_refusal(form, refusal)), 422
    flash("The use is recorded." if row is None else "The record of use is corrected.", "success")
    return redirect(url_for("usage.index", product=form.product.data), 303)


@area.form("/<int:usage_record_id>/remove", needs=Permission.MANAGE_ASSETS)
def remove(work: Work, usage_record_id: int) -> ResponseReturnValue:
    """Take a record away, with a reason."""
    row = record_or_404(work, usage_record_id, for_update=request.method == "POST")
    form = ReasonForm()
    page: dict[str, Any] = {"form": form, "row": row, "plain": plain}
    page["product"] = dict(products_named(work)).get(row.product_id, "")
    if request.method == "GET":
        return render_template("usage/remove.html", **page)
    if not form.validate():
        return render_template("usage/remove.html", **page), 422
    try:
        operation.remove(work, row, form.reason.data)
    except RefusedError as refusal:
        return render_template("usage/remove.html", **page, refused=show_refusal(form, refusal)), 422
    flash("The record of use is removed.", "success")
    return redirect(url_for("usage.index"), 303)
