"""Every form that can be guessed at is counted before the gate opens a transaction, so that no failure undoes it."""

from collections.abc import Callable, Iterator

from flask import Response, request, session
from flask_login import current_user

from app.operations import sign_in, throttle
from app.operations.throttle import Limit
from app.web.account.area import area
from app.web.account.session import WAITING
from app.web.too_many import too_many
from app.work import Work, work

Counted = Iterator[tuple[Limit, str]]


def _address() -> Counted:
    yield throttle.ADDRESS, throttle.network_of(request.remote_addr)


def _account(limit: Limit) -> Callable[[], Counted]:
    def counted() -> Counted:
        yield from _address()
        yield limit, request.form.get("email", "").strip().lower()[:254]

    return counted


def _second_step() -> Counted:
    yield from _address()
    with work(None, writes=False) as opened:
        row = sign_in.waiting(opened, session.get(WAITING))
        person_id = row.person_id if row is not None else None
    if person_id is not None:
        yield throttle.SECOND_STEP, str(person_id)


def _password() -> Counted:
    if current_user.is_authenticated:
        yield throttle.PASSWORD, str(current_user.id)


COUNTED: dict[str, Callable[[], Counted]] = {
    "account.sign_in": _account(throttle.SIGN_IN),
    "account.second_step": _second_step,
    "account.forgotten": _account(throttle.RESET),
    "account.reset": _address,
    "account.accept_invitation": _address,
    "account.password": _password,
    "account.confirm_second_factor": _password,
    "account.renew_codes": _password,
    "account.turn_off_second_factor": _password,
    "account.erase": _password,
}
"""What is counted for each form, in the order in which it is."""


@area.before_request
def count() -> Response | None:
    """Count a try, and refuse it where it is one too many."""
    counted = COUNTED.get(request.endpoint or "") if request.method == "POST" else None
    if counted is None:
        return None
    for limit, subject in counted():
        until = throttle.spend(limit, subject)
        if until is not None:
            return too_many(until)
    return None


def forgive_password(opened: Work) -> None:
    """The password was right: the tries before it no longer count."""
    throttle.forgive(opened, throttle.PASSWORD, str(current_user.id))
