"""What every form of the settings does alike: save, or answer with what is wrong, or with both versions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import Form

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.operations.conflict import ConflictError
from app.web.forms import show_refusal


@dataclass(frozen=True, slots=True)
class Difference:
    """A field on which two versions differ, each in words."""

    label: str
    mine: str
    theirs: str


def save(
    form: Form, act: Callable[[], Any], template: str, done: str, back: str, *, stamp: Callable[[Any], str], **page: Any
) -> ResponseReturnValue:
    """Save what a valid form says; a conflict shows both versions and lets the second of the two decide."""
    try:
        act()
    except ConflictError as conflict:
        other = type(form)(formdata=None)
        if hasattr(other, "offer"):
            other.offer(page.get("sites", []))
        other.tell(conflict.now)
        form.seen.data = stamp(conflict.now)
        page |= {"conflict": conflict, "differences": differences(form, other)}
        return render_template(template, form=form, back=back, **page), 422
    except RefusedError as refusal:
        return render_template(template, form=form, back=back, refused=show_refusal(form, refusal), **page), 422
    flash(done, "success")
    return redirect(back, 303)


def differences(mine: Form, theirs: Form) -> list[Difference]:
    """Every field on which the two differ, in the words of the form."""
    return [
        Difference(field.label.text, _words(field), _words(theirs[field.name]))
        for field in mine
        if field.type not in ("HiddenField", "CSRFTokenField") and _words(field) != _words(theirs[field.name])
    ]


def _words(field: Any) -> str:
    if field.data is None or field.data == "":
        return "nothing"
    if isinstance(field.data, bool):
        return "yes" if field.data else "no"
    if hasattr(field.data, "isoformat"):
        return say(field.data)
    if getattr(field, "choices", None):
        named = {str(value): label for value, label, *_ in field.iter_choices() if value is not None}
        return str(named.get(str(field.data), field.data))
    return str(field.data).strip()
