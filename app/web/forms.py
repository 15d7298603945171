"""What the forms of every area share: a refusal by the rules is shown where a wrong answer would be."""

from wtforms import Form

from app.domain.explained import Reason, RefusedError


def show_refusal(form: Form, refusal: RefusedError) -> tuple[Reason, ...]:
    """Put the reasons at the field they concern; gives those that concern no field of this form."""
    if refusal.field is None or refusal.field not in form:
        return refusal.why
    form[refusal.field].errors = [*form[refusal.field].errors, *(str(reason) for reason in refusal.why)]
    return ()
