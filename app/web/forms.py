"""What the forms of every area share: one line stays one line, and a refusal by the rules stands at its field."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.domain.explained import Reason, RefusedError
from app.domain.writing import UNSEEN, one_line, without_unseen

_AS_TYPED = (TextAreaField, PasswordField, HiddenField)


def on_one_line(value: Any) -> Any:
    """A browser sends no line end from a field of one line; what a program sends is put on one line too."""
    return one_line(value) if isinstance(value, str) else value


def nothing_unseen(_form: Form, field: Field) -> None:
    """Refuse signs that nobody sees, and hand back what was typed without them."""
    if isinstance(field.data, str) and (seen := without_unseen(field.data)) != field.data:
        field.data = seen
        raise ValidationError(UNSEEN)


class _OneLine:
    """Of a form: what is asked for on one line is kept on one line, as it is seen."""

    def bind_field(self, form: Form, unbound_field: Any, options: Mapping[str, Any]) -> Field:
        field = super().bind_field(form, unbound_field, options)  # type: ignore[misc]
        if isinstance(field, StringField) and not isinstance(field, _AS_TYPED):
            field.filters = [on_one_line, *field.filters]
            field.validators = [nothing_unseen, *field.validators]
        return field


class PageForm(FlaskForm):  # type: ignore[misc]
    """The form of a page: a name or a number that is asked for on one line is kept on one line, as it is seen."""

    class Meta(_OneLine, FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: Form, formdata: Any) -> Any:
            """A page sends a form, never JSON: that would pass by what refuses characters that no text holds."""
            return None if request.is_json else super().wrap_formdata(form, formdata)


class EntryForm(Form):  # type: ignore[misc]
    """A row of fields within the form of a page."""

    class Meta(_OneLine, Form.Meta):  # type: ignore[misc]
        pass


def show_refusal(form: Form, refusal: RefusedError) -> tuple[Reason, ...]:
    """Put the reasons at the fields they concern; gives those that concern no field of this form."""
    homeless: list[Reason] = []
    for each in (refusal, *refusal.besides):
        if each.field is None or each.field not in form:
            homeless += each.why
        else:
            form[each.field].errors = [*form[each.field].errors, *(str(reason) for reason in each.why)]
    return tuple(homeless)


def show_meaning(form: Form, refuse: Callable[[], None]) -> None:
    """Tell what the rules refuse beside what is misshapen already, so that no second look is needed.

    What the rules say of a field that could not be read is left out: they have not seen what was typed there.
    """
    misshapen = set(form.errors)
    try:
        refuse()
    except RefusedError as refusal:
        read = [each for each in (refusal, *refusal.besides) if each.field in form and each.field not in misshapen]
        for each in read:
            show_refusal(form, RefusedError(each.why, each.field))
