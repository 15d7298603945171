"""An asset's way through its life, and what it may be."""

from datetime import date
from typing import Any

import pytest

from app.domain.explained import RefusedError
from app.domain.itam.asset import (
    NEXT,
    AssetFacts,
    AssetStatus,
    Ending,
    found_by,
    normal_keywords,
    refuse_end,
    refuse_impossible,
    refuse_step,
    refuse_tag,
)

S = AssetStatus
TODAY = date(2026, 6, 1)


def test_nothing_follows_on_a_disposal_and_what_is_lost_may_be_found() -> None:
    for wanted in set(S) - {S.DISPOSED}:
        with pytest.raises(RefusedError, match="record a new asset"):
            refuse_step(S.DISPOSED, wanted)
    refuse_step(S.LOST, S.DEPLOYED)


def test_what_is_deployed_is_retired_before_it_is_disposed_of() -> None:
    with pytest.raises(RefusedError, match="cannot become disposed"):
        refuse_step(S.DEPLOYED, S.DISPOSED)
    refuse_step(S.DEPLOYED, S.RETIRED)
    refuse_step(S.RETIRED, S.DISPOSED)


def test_every_status_can_be_reached_from_planned() -> None:
    reached, ahead = {S.PLANNED}, [S.PLANNED]
    while ahead:
        for following in NEXT[ahead.pop()]:
            if following not in reached:
                reached.add(following)
                ahead.append(following)
    assert reached == set(S)


ENDINGS = [
    (S.DISPOSED, Ending("Shredded, certificate 17.", True), None, ""),
    (S.DISPOSED, Ending("", True), "reason", "what became of it"),
    (S.DISPOSED, Ending("Shredded.", False), None, "Nobody answers for its disposal"),
    (S.DISPOSED, Ending("Shredded.", True, installations=1), None, "1 installation is still on it"),
    (S.DISPOSED, Ending("Shredded.", True, seats=2), None, "2 seats of licences are still on it"),
    (S.DISPOSED, Ending("Shredded.", True, guests=3), None, "3 virtual machines run still on it"),
    (S.LOST, Ending("Left on the train.", False, installations=5), None, ""),
    (S.LOST, Ending("  ", True), "reason", "how it was lost"),
    (S.RETIRED, Ending("", False, installations=9, seats=9, guests=9), None, ""),
]


@pytest.mark.parametrize(("wanted", "ending", "field", "says"), ENDINGS)
def test_the_end_of_an_asset_says_what_became_of_it_and_leaves_nothing_behind(
    wanted: AssetStatus, ending: Ending, field: str | None, says: str
) -> None:
    if not says:
        refuse_end(wanted, ending)
        return
    with pytest.raises(RefusedError, match=says) as refused:
        refuse_end(wanted, ending)
    assert refused.value.field == field
    assert all(reason.clause for reason in refused.value.why)


def test_a_disposal_is_refused_with_all_that_stands_in_its_way_at_once() -> None:
    with pytest.raises(RefusedError) as refused:
        refuse_end(S.DISPOSED, Ending("", False, installations=1, seats=1, guests=1))
    assert len(refused.value.why) == 4


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"in_scope": False}, "scope_reason"),
    ({"in_scope": False, "scope_reason": " "}, "scope_reason"),
    ({"cost_minor": -1}, "cost"),
    ({"purchased_on": date(2026, 6, 2)}, "purchased_on"),
    ({"purchased_on": date(2026, 5, 1), "warranty_ends_on": date(2026, 4, 30)}, "warranty_ends_on"),
    ({"sockets": 0}, "sockets"),
    ({"cores": -4}, "cores"),
    ({"sockets": 4, "cores": 2}, "cores"),
    ({"cores": 8, "threads": 4}, "threads"),
]


@pytest.mark.parametrize(("facts", "field"), IMPOSSIBLE)
def test_what_cannot_be_is_refused_at_its_field(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        refuse_impossible(AssetFacts(**facts), TODAY)
    assert refused.value.field == field


def test_what_can_be_is_taken() -> None:
    refuse_impossible(AssetFacts(), TODAY)
    refuse_impossible(AssetFacts(in_scope=False, scope_reason="Lent", cost_minor=0, purchased_on=TODAY), TODAY)
    refuse_impossible(AssetFacts(warranty_ends_on=TODAY, purchased_on=TODAY, sockets=2, cores=2, threads=2), TODAY)


@pytest.mark.parametrize("tag", ["", "x" * 41, "NW\t1", "NW\u202e1", "NW\x001"])
def test_a_tag_that_no_label_could_show_is_refused(tag: str) -> None:
    with pytest.raises(RefusedError) as refused:
        refuse_tag(tag)
    assert refused.value.field == "tag"


def test_keywords_are_kept_once_each_in_order_and_found_whole() -> None:
    kept = normal_keywords("Laptop, finance  LAPTOP")
    assert kept == " finance laptop "
    assert " lap " not in kept
    assert normal_keywords(" , ") == ""


def test_the_free_search_looks_through_small_letters() -> None:
    assert found_by("NW-1", "Desk  lamp", "", "SN9") == "nw-1 desk lamp sn9"
    # Whatever is typed is folded alike: GRÖSSE finds Größe.
    assert found_by("Größe") == found_by("GRÖSSE")
