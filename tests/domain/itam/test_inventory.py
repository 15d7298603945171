"""What an inventory check may find, and how a difference is resolved."""

import pytest

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetStatus
from app.domain.itam.inventory import Difference, Known, Resolution, difference_of, refuse_resolution, resolutions_of

S, D, R = AssetStatus, Difference, Resolution
HERE, THERE = 1, 2

DIFFERENCES = [
    # expected, found, status, its site, site of the check, difference
    (True, True, S.DEPLOYED, HERE, HERE, None),
    (True, False, S.DEPLOYED, HERE, HERE, D.MISSING),
    (True, False, S.IN_STOCK, None, None, D.MISSING),
    # What moved or went on record while it was counted is no longer expected.
    (True, False, S.DEPLOYED, THERE, HERE, None),
    (True, False, S.DISPOSED, HERE, HERE, None),
    (False, True, S.DEPLOYED, HERE, HERE, None),
    (False, True, S.DEPLOYED, THERE, HERE, D.ELSEWHERE),
    (False, True, S.DEPLOYED, None, HERE, D.ELSEWHERE),
    (False, True, S.DEPLOYED, THERE, None, None),
    (False, True, S.LOST, HERE, HERE, D.NOT_EXPECTED),
    (False, True, S.DISPOSED, THERE, HERE, D.NOT_EXPECTED),
    (False, True, S.ORDERED, None, None, D.NOT_EXPECTED),
    (True, True, S.LOST, HERE, HERE, D.NOT_EXPECTED),
    (False, True, None, None, HERE, D.UNKNOWN),
    (True, False, None, None, HERE, None),
]


@pytest.mark.parametrize(("expected", "found", "status", "its_site", "site", "difference"), DIFFERENCES)
def test_how_what_was_found_differs_from_the_register(
    expected: bool,
    found: bool,
    status: AssetStatus | None,
    its_site: int | None,
    site: int | None,
    difference: Difference | None,
) -> None:
    known = Known(status, its_site) if status else None
    got = difference_of(is_expected=expected, is_found=found, known=known, site_id=site)
    assert (got.value if got else None) == difference


def test_what_may_be_done_about_each() -> None:
    assert resolutions_of(D.UNKNOWN, None) == (R.RECORDED, R.ACCEPTED)
    assert R.DECLARED_LOST in resolutions_of(D.MISSING, S.DEPLOYED)
    assert R.REGISTER_CORRECTED in resolutions_of(D.NOT_EXPECTED, S.LOST)
    # What was disposed of does not come back.
    assert resolutions_of(D.NOT_EXPECTED, S.DISPOSED) == (R.ACCEPTED,)
    assert R.DECLARED_LOST not in resolutions_of(D.MISSING, S.LOST)


@pytest.mark.parametrize("resolution", [R.ACCEPTED, R.DECLARED_LOST, R.FOUND_LATER])
def test_what_needs_words_is_refused_without_them(resolution: Resolution) -> None:
    with pytest.raises(RefusedError) as refused:
        refuse_resolution(D.MISSING, resolution, "  ", S.DEPLOYED)
    assert refused.value.field == "note"
    refuse_resolution(D.MISSING, resolution, "Because.", S.DEPLOYED)


def test_a_resolution_that_does_not_fit_is_refused_with_those_that_do() -> None:
    with pytest.raises(RefusedError, match="recorded, accepted") as refused:
        refuse_resolution(D.UNKNOWN, R.DECLARED_LOST, "Because.", None)
    assert refused.value.field == "resolution"
