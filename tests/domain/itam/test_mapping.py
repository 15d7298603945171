"""Which column means what: guessed, remembered, and refused where it cannot be meant."""

import pytest

from app.domain.explained import RefusedError
from app.domain.itam.import_fields import ENTITLEMENTS
from app.domain.itam.mapping import Field, guess, mapped, refuse_mapping

FIELDS = (
    Field("tag", "Asset tag", required=True, heads=("tag", "inventory number")),
    Field("name", "Name", heads=("asset name", "item name")),
    Field("serial", "Serial number", heads=("serial",)),
)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (("Asset Tag", "Asset Name", "Serial"), {"tag": "Asset Tag", "name": "Asset Name", "serial": "Serial"}),
        (("asset_tag", "SERIAL-NUMBER"), {"tag": "asset_tag", "serial": "SERIAL-NUMBER"}),
        (("Tag", "Inventory number"), {"tag": "Tag"}),
        (("Colour",), {}),
    ],
)
def test_columns_are_guessed_by_their_names(head: tuple[str, ...], found: dict[str, str]) -> None:
    assert guess(FIELDS, head) == found


def test_what_was_said_of_a_source_goes_before_a_guess() -> None:
    remembered = {"tag": "Nr", "name": "Gone"}
    assert guess(FIELDS, ("Nr", "Asset tag", "Name"), remembered) == {"tag": "Nr"}
    assert guess(FIELDS, ("Asset tag",), remembered) == {"tag": "Asset tag"}
    kept = {"tag": "Nr", "serial": "SN"}
    assert guess(FIELDS, ("SN", "Asset tag", "Name"), kept) == {"serial": "SN", "tag": "Asset tag"}


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({}, "Asset tag is needed"),
        ({"tag": "Elsewhere"}, "no column “Elsewhere”"),
        ({"tag": "Nr", "name": "Nr"}, "chosen for both Asset tag and Name"),
    ],
)
def test_columns_that_cannot_be_meant(columns: dict[str, str], says: str) -> None:
    with pytest.raises(RefusedError, match=says) as caught:
        refuse_mapping(FIELDS, ("Nr", "Title"), columns)
    assert caught.value.field == "columns"


def test_a_line_by_our_fields() -> None:
    assert mapped({"tag": "Nr", "name": "Title"}, ("Title", "Nr"), ("", "A-1")) == {"tag": "A-1"}


def test_the_entitlements_that_are_exported_come_back_in() -> None:
    head = ("Reference", "Pool", "Pool name", "Publisher", "Kind", "Quantity", "From", "Last day", "Given up from")
    found = guess(ENTITLEMENTS, head)
    names = {"pool": "Pool", "publisher": "Publisher", "kind": "Kind", "quantity": "Quantity"}
    assert found == {**names, "starts_on": "From", "ends_on": "Last day"}
    assert guess(ENTITLEMENTS, ("From", "Through")) == {"starts_on": "From", "ends_on": "Through"}
