from datetime import date

from app.catalogue import edition_deadlines, editions, standards


def test_the_edition_of_2013_is_dead_since_october_2025() -> None:
    ends = {each.edition: each for each in edition_deadlines()}["ISO/IEC 27001:2013"]
    assert (ends.deadline, ends.no_new_or_recert_after) == (date(2025, 10, 31), date(2024, 4, 30))
    assert ends.source


def test_a_provisional_deadline_caps_nothing() -> None:
    provisional = {each.name for each in editions() if each.deadline and not each.binds}
    assert {"ISO 14001:2015", "ISO/IEC 27701:2019"} <= provisional
    assert not provisional & {each.edition for each in edition_deadlines()}


def test_each_deadline_names_its_source_and_how_sure_it_is() -> None:
    for edition in editions():
        assert edition.deadline is None or edition.confidence
        assert not edition.binds or edition.source


def test_the_standards_hold_their_clauses_in_order_under_their_parents() -> None:
    counts = {standard.full_name: len(standard.clauses) for standard in standards()}
    assert counts == {
        "ISO 9001:2015": 73,
        "ISO/IEC 17021-1:2015": 39,
        "ISO/IEC 19770-1:2017": 48,
        "ISO/IEC 20000-1:2018": 66,
        "ISO/IEC 27001:2022": 41,
    }
    for standard in standards():
        numbers = [clause.number for clause in standard.clauses]
        assert numbers == sorted(numbers, key=lambda number: [int(part) for part in number.split(".")])
        assert all(isinstance(number, str) for number in numbers)
        known = set(numbers)
        assert all(clause.parent in known for clause in standard.clauses if clause.parent)
