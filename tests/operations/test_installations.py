"""Software on assets: recorded, accepted with a reason, gone from a day on, and counted once a device."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.change import Authorisation
from app.models.asset import Asset
from app.models.journal import JournalEntry
from app.models.software import Installation, Product, Publisher
from app.operations import installations
from tests.stage import on_stage

DAY = timedelta(days=1)


def asset(w, tag="A-1", status=AssetStatus.DEPLOYED):
    return w.add(Asset(tag=tag, name=tag, kind=AssetKind.HARDWARE, status=status, created_at=w.now))


def product(w, name="Writer"):
    publisher = w.one_or_none(select(Publisher)) or w.add(Publisher(name="Acme"))
    return w.add(Product(publisher_id=publisher.id, name=name, created_at=w.now))


def counted_of(w):
    rows = select(Installation.version, Installation.counted_from, Installation.counted_until)
    return {version: (since, until) for version, since, until in w.execute(rows)}


def test_of_two_versions_one_counts_and_the_other_takes_over_when_it_goes(app, cast):
    with on_stage(app, cast.organisation) as w:
        one, other = asset(w), product(w)
        first = w.today - 20 * DAY
        old = installations.record(w, one, other, version="v1.9", found_on=first)
        new = installations.record(w, one, other, version="1.10", found_on=first + 5 * DAY)
        assert counted_of(w) == {"1.9": (first, None), "1.10": (None, None)}
        assert old.counted_from == first
        installations.remove(w, old, first + 10 * DAY)
        assert counted_of(w) == {"1.9": (first, first + 10 * DAY), "1.10": (first + 10 * DAY, None)}
        assert new.counted_from == first + 10 * DAY
        assert installations.recount(w, [(one.id, other.id)]) == 0


def test_the_same_version_is_there_once(app, cast):
    with on_stage(app, cast.organisation) as w:
        one, other = asset(w), product(w)
        installations.record(w, one, other, version="1.0", found_on=w.today)
        with pytest.raises(RefusedError, match="recorded on A-1 already"):
            installations.record(w, one, other, version="1.0.0", found_on=w.today)


def test_nothing_is_found_tomorrow_or_on_what_is_gone(app, cast):
    with on_stage(app, cast.organisation) as w:
        other = product(w)
        with pytest.raises(RefusedError, match="still to come"):
            installations.record(w, asset(w), other, version="1", found_on=w.today + DAY)
        with pytest.raises(RefusedError, match="disposed"):
            gone = asset(w, "A-2", AssetStatus.DISPOSED)
            installations.record(w, gone, other, version="1", found_on=w.today)


def test_it_is_accepted_with_a_reason_and_the_journal_has_it(app, cast):
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        row = installations.record(w, asset(w), product(w), version="1", found_on=w.today)
        row_id = row.id
        with pytest.raises(RefusedError, match="Say why"):
            installations.accept(w, row, "  ")
        installations.accept(w, row, "Needed by the printers")
        with pytest.raises(RefusedError, match="accepted already"):
            installations.accept(w, row, "Again")
    with on_stage(app, cast.organisation) as w:
        row = w.one_or_none(select(Installation))
        assert (row.authorisation, row.accepted_by_id, row.accepted_reason) == (
            Authorisation.ACCEPTED,
            cast.asset_manager.id,
            "Needed by the printers",
        )
        entries = select(JournalEntry.action).where(
            JournalEntry.noun == "installation", JournalEntry.noun_id == str(row_id)
        )
        assert [action for (action,) in w.execute(entries.order_by(JournalEntry.number))] == ["created", "changed"]


@pytest.mark.parametrize(("day", "says"), [(1, "still to come"), (-11, "cannot be gone before"), (-1, None)])
def test_it_is_gone_from_a_day_on(app, cast, day, says):
    with on_stage(app, cast.organisation) as w:
        row = installations.record(w, asset(w), product(w), version="1", found_on=w.today - 10 * DAY)
        if says:
            with pytest.raises(RefusedError, match=says):
                installations.remove(w, row, w.today + day * DAY)
            return
        installations.remove(w, row, w.today + day * DAY, "Replaced")
        with pytest.raises(RefusedError, match="already"):
            installations.remove(w, row, w.today)


def test_several_are_accepted_or_removed_all_or_none(app, cast):
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        other = product(w)
        rows = [installations.record(w, asset(w, f"A-{n}"), other, version="1", found_on=w.today) for n in range(3)]
        ids = [row.id for row in rows]
        installations.accept(w, rows[2], "Known")
        with pytest.raises(RefusedError, match=r"Writer 1 on A-2: It is accepted already\. Nothing was changed"):
            installations.accept_all(w, ids, "All of them")
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        assert installations.accept_all(w, ids[:2], "Known too") == 2
        assert installations.remove_all(w, ids, w.today, "Withdrawn") == 3
        assert counted_of(w) == {"1": (None, None)}
        with pytest.raises(RefusedError, match="no longer there"):
            installations.remove_all(w, [*ids, 10**6], w.today, "")
        with pytest.raises(RefusedError, match="Tick at least one"):
            installations.accept_all(w, [], "")
