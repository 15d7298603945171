"""The agenda of a management review is numbered and called as the catalogue does, and as nothing else."""

import pytest

from app.catalogue import points_of
from app.domain.programme.review import agenda_for, clauses_of


@pytest.mark.parametrize(
    ("standard", "asking", "results"),
    [
        ("ISO 9001:2015", "ISO 9001:2015, 9.3.2 Review inputs", "9.3.3"),
        ("ISO/IEC 27001:2022", "ISO/IEC 27001:2022, 9.3.2 Review inputs", "9.3.3"),
        ("ISO/IEC 20000-1:2018", "ISO/IEC 20000-1:2018, 9.3 Management review", "9.3"),
        ("ISO/IEC 19770-1:2017", "ISO/IEC 19770-1:2017, 9.3 Management review", "9.3"),
        # The catalogue holds no clauses of it: none are made up.
        ("ISO 14001:2015", "ISO 14001:2015", ""),
        # Its 9.3 is something else.
        ("ISO/IEC 17021-1:2015", "ISO/IEC 17021-1:2015", ""),
    ],
)
def test_a_point_names_the_clause_that_the_catalogue_holds(standard: str, asking: str, results: str) -> None:
    found = clauses_of(standard, {point.number: point.title for point in points_of(standard)})
    assert {each.asking for _, asked in agenda_for([found]) for each in asked} == {asking}
    assert found.results == results
