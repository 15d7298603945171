"""What a change that was done means for the installations of one asset."""

from datetime import date

import pytest

from app.domain.explained import RefusedError
from app.domain.itam.change import Authorisation
from app.domain.itam.change_effect import Effect, Present, installed, modified, removed

FOUND, SEEN, DONE = date(2026, 3, 1), date(2026, 3, 8), date(2026, 3, 9)
UNAUTHORISED, ACCEPTED = Authorisation.UNAUTHORISED, Authorisation.ACCEPTED


def there(key: int, version: str, authorisation: Authorisation = UNAUTHORISED, seen: date | None = None) -> Present:
    return Present(key, version, FOUND, seen, authorisation)


@pytest.mark.parametrize(
    ("present", "version", "effect"),
    [
        ([], "2.0", Effect(brings=True)),
        ([there(1, "2.0.0")], "2.0", Effect(backed=(1,))),
        ([there(1, "")], "2.0", Effect(backed=(1,))),
        ([there(1, "1.9")], "", Effect(backed=(1,))),
        # Another version than the one authorised stays unauthorised, beside it.
        ([there(1, "1.9")], "2.0", Effect(brings=True)),
        # Somebody stands behind it already.
        ([there(1, "2.0", ACCEPTED)], "2.0", Effect()),
    ],
)
def test_what_discovery_found_is_what_was_installed_unless_its_version_differs(present, version, effect) -> None:
    assert installed(present, version) == effect


@pytest.mark.parametrize(
    ("present", "effect"),
    [
        ([there(1, "1.9", seen=SEEN)], Effect(gone=(1,), brings=True)),
        ([there(1, "1.9"), there(2, "2.0")], Effect(backed=(2,), gone=(1,))),
        ([there(1, "1.8"), there(2, "1.9", ACCEPTED)], Effect(gone=(1, 2), brings=True)),
    ],
)
def test_a_new_version_takes_the_place_of_the_old_ones(present, effect) -> None:
    assert modified("Visio on LT-001", present, "2.0", DONE) == effect


def test_only_what_is_there_can_change_or_go() -> None:
    with pytest.raises(RefusedError, match="no version of it can have changed"):
        modified("Visio on LT-001", [], "2.0", DONE)
    with pytest.raises(RefusedError, match="nothing can have been removed"):
        removed("Visio on LT-001", [there(1, "1.9")], "2.0", DONE)
    assert removed("Visio on LT-001", [there(1, "1.9"), there(2, "2.0")], "2.0", DONE) == Effect(gone=(2,))
    assert removed("Visio on LT-001", [there(1, "1.9"), there(2, "2.0")], "", DONE) == Effect(gone=(1, 2))


@pytest.mark.parametrize("on", [date(2026, 2, 28), date(2026, 3, 7)])
def test_what_was_seen_later_was_not_gone(on: date) -> None:
    with pytest.raises(RefusedError) as error:
        removed("Visio on LT-001", [there(1, "1.9", seen=SEEN)], "", on)
    assert error.value.field == "done_on"
