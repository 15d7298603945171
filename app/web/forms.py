"""What the forms of every area share: one line stays one line, and a refusal by the rules stands at its field."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField, PasswordField, StringField, TextAreaField

from app.domain.explained import Reason, RefusedError

_AS_TYPED = (TextAreaField, PasswordField, HiddenField)


def one_line(value: Any) -> Any:
    """A browser sends no line end from a field of one line; what a program sends is put on one line too."""
    return " ".join(value.splitlines()) if isinstance(value, str) else value


class PageForm(FlaskForm):  # type: ignore[misc]
    """The form of a page: a name or a number that is asked for on one line is kept on one line."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: Form, unbound_field: Any, options: Mapping[str, Any]) -> Field:
            field = super().bind_field(form, unbound_field, options)
            if isinstance(field, StringField) and not isinstance(field, _AS_TYPED):
                field.filters = [one_line, *field.filters]
            return field


def show_refusal(form: Form, refusal: RefusedError) -> tuple[Reason, ...]:
    """Put the reasons at the field they concern; gives those that concern no field of this form."""
    if refusal.field is None or refusal.field not in form:
        return refusal.why
    form[refusal.field].errors = [*form[refusal.field].errors, *(str(reason) for reason in refusal.why)]
    return ()
