"""What a checklist can ask of each standard."""

from collections import Counter

import pytest

from app.catalogue import standards
from app.catalogue.requirements import clauses_of, controls_of, titles_of

SECURITY = "ISO/IEC 27001:2022"


def test_the_annex_has_its_93_controls_in_four_themes() -> None:
    numbers = [each.number for each in controls_of(SECURITY)]
    assert Counter(number.rpartition(".")[0] for number in numbers) == {"A.5": 37, "A.6": 8, "A.7": 14, "A.8": 34}
    assert len(set(numbers)) == 93
    assert len({each.title for each in controls_of(SECURITY)}) == 93


def test_only_clauses_with_none_below_them_are_asked() -> None:
    numbers = {each.number for each in clauses_of(SECURITY)}
    assert {"4.1", "6.1.2", "9.2.1", "10.2"} <= numbers
    assert not {"4", "6.1", "9.2"} & numbers


@pytest.mark.parametrize("standard", [each.full_name for each in standards()])
def test_each_has_a_title(standard: str) -> None:
    titles = titles_of(standard)
    assert all(titles[each.number] for each in (*clauses_of(standard), *controls_of(standard)))


def test_asset_management_has_its_process_areas_and_the_others_nothing_besides() -> None:
    assert len(controls_of("ISO/IEC 19770-1:2017")) == 15
    assert controls_of("ISO 9001:2015") == ()
    assert clauses_of("ISO 1:2020") == ()
