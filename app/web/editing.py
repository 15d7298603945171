"""A row changed by a form: shown as it stands, sent back as it was typed, or saved; the second of two sees both."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.operations.conflict import ConflictError
from app.web.forms import PageForm, show_meaning, show_refusal

F = TypeVar("F", bound=PageForm)


def unless_saved(
    template: str,
    page: dict[str, Any],
    row: Any,
    form_of: type[F],
    save: Callable[[F], object],
    *,
    offered: Sequence[Any] = (),
    meaning: Callable[[F], None] | None = None,
) -> ResponseReturnValue | None:
    """The page with the form of a row, or nothing where what was sent is saved.

    The form can `offer` what there is to choose, `tell` a row, and carries the version that was seen; `meaning`
    tells what the rules say beside what is misshapen. Who saves second is shown both versions, and nothing is lost.
    """
    form = _made(form_of(), offered)
    page = {**page, "form": form}
    if request.method == "GET":
        form.tell(row)
        return render_template(template, **page)
    if not form.validate():
        if meaning is not None:
            told = meaning
            show_meaning(form, lambda: told(form))
        return render_template(template, **page), 422
    try:
        save(form)
    except ConflictError as conflict:
        kept = _made(form_of(formdata=None), offered)
        kept.tell(conflict.now)
        form.version.data = str(conflict.now.version)
        return render_template(template, **page, refused=conflict.why, kept=kept), 422
    except RefusedError as refusal:
        return render_template(template, **page, refused=show_refusal(form, refusal)), 422
    return None


def _made(form: F, offered: Sequence[Any]) -> F:
    if offered:
        form.offer(*offered)
    return form
