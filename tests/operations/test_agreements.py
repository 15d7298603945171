"""Agreements: both sides make them, either ends them, and whether an organisation exists is never told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.subscription.agreement import USUAL, Share, Standing
from app.models.agreement import Agreement
from app.models.journal import JournalEntry
from app.models.outbox import OutboxMail
from app.operations import agreements
from app.operations.conflict import ConflictError
from app.queries.agreements import agreements_made, agreements_offered, passage_to, providers_of
from app.work import Work
from app.work.journal import chain_of
from tests.cast import Cast
from tests.stage import on_stage


def proposed(app: Flask, cast: Cast, by_client: bool = False) -> int:
    """The provider is `organisation`, the client `elsewhere`."""
    if by_client:
        with on_stage(app, cast.elsewhere, cast.stranger) as w:
            return agreements.propose_to_provider(w, cast.organisation.slug, USUAL, "Look after us.").id
    with on_stage(app, cast.organisation, cast.provider_staff) as w:
        return agreements.propose_to_client(w, cast.elsewhere.slug, USUAL, "As we said on Monday.").id


def told(app: Flask, cast: Cast) -> list[tuple[str, str]]:
    """Who had which mail, and forget it."""
    found = []
    for house in (cast.organisation, cast.elsewhere):
        with on_stage(app, house) as w:
            for mail in w.all(select(OutboxMail).order_by(OutboxMail.id)):
                found.append((mail.to_name, mail.subject))
                w.session.delete(mail)
    return found


def written(w: Work) -> list[str]:
    whose = select(JournalEntry).where(JournalEntry.noun == "agreement", JournalEntry.chain == chain_of(w.home))
    return [each.action for each in w.all(whose.order_by(JournalEntry.number))]


def test_a_provider_proposes_the_client_chooses_narrows_and_ends(app: Flask, cast: Cast) -> None:
    id_ = proposed(app, cast)
    assert told(app, cast) == [("Strange Osgood", "Alder Works proposes an agreement · Birch Hosting")]
    with on_stage(app, cast.organisation) as w:
        # Until it answers, it is called by what was typed; and nothing of it is seen.
        assert [(name, row.standing) for row, name in agreements_made(w)] == [("birch-hosting", Standing.PROPOSED)]
        assert passage_to(w, "birch-hosting") is None
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        assert [name for _, name in agreements_offered(w)] == ["Alder Works"]
        agreements.accept_as_client(w, id_, {Share.PROGRAMME, Share.FINDINGS})
        assert [each.provider for each in providers_of(w)] == ["Alder Works"]
    assert told(app, cast) == [("Prudence Vale", "Birch Hosting accepted the agreement · Alder Works")]
    with on_stage(app, cast.organisation) as w:
        found = passage_to(w, "birch-hosting")
        assert found is not None
        assert found.shares == {Share.PROGRAMME, Share.FINDINGS}
        assert [name for _, name in agreements_made(w)] == ["Birch Hosting"]
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        version = agreements_offered(w)[0][0].version
        agreements.change_shares(w, id_, version, {Share.PROGRAMME})
    with pytest.raises(ConflictError), on_stage(app, cast.elsewhere, cast.stranger) as w:
        agreements.change_shares(w, id_, version, set(Share))
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agreements.end(w, id_, as_client=True)
        assert providers_of(w) == []
    with on_stage(app, cast.elsewhere) as w:
        assert written(w) == ["proposed", "accepted", "changed", "ended"]
    with on_stage(app, cast.organisation) as w:
        assert passage_to(w, "birch-hosting") is None
        assert written(w) == ["created", "changed", "changed", "changed"]
    # It can be agreed anew.
    assert proposed(app, cast) != id_


def test_a_client_proposes_and_the_provider_takes_it_as_it_is(app: Flask, cast: Cast) -> None:
    id_ = proposed(app, cast, by_client=True)
    assert told(app, cast) == [("Prudence Vale", "Birch Hosting proposes an agreement · Alder Works")]
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        assert [name for _, name in agreements_offered(w)] == ["alder-works"]
        assert agreements_made(w) == []
        # Who proposed does not answer.
        with pytest.raises(RefusedError):
            agreements.accept_as_client(w, id_, set(Share))
    with on_stage(app, cast.organisation, cast.provider_staff) as w:
        assert [name for _, name in agreements_made(w)] == ["Birch Hosting"]
        with pytest.raises(RefusedError, match="proposed an agreement to you"):
            agreements.propose_to_client(w, "birch-hosting", set(Share))
        agreements.accept_as_provider(w, id_)
        found = passage_to(w, "birch-hosting")
        assert found is not None
        assert found.shares == USUAL
        # A provider has no way to see more: what is seen is changed by the client's own agreement alone.
        with pytest.raises(LookupError):
            agreements.change_shares(w, id_, None, set(Share))
        with pytest.raises(RefusedError, match="live already"):
            agreements.propose_to_client(w, "birch-hosting", set(Share))
        agreements.end(w, id_, as_client=False)
        with pytest.raises(RefusedError, match="ended already"):
            agreements.end(w, id_, as_client=False)
    with on_stage(app, cast.elsewhere) as w:
        assert written(w) == ["proposed", "accepted", "ended"]


def test_an_address_that_nobody_has_looks_like_one_that_waits(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.administrator) as w:
        for address in ("nobody-here", "birch-hosting"):
            agreements.propose_to_client(w, address, USUAL)
            with pytest.raises(RefusedError, match="already; it is not answered"):
                agreements.propose_to_client(w, f"https://triennium.example/o/{address}/settings", USUAL)
        shown = {name: (row.standing, row.answered_at, row.shares) for row, name in agreements_made(w)}
        assert shown["nobody-here"] == shown["birch-hosting"]
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agreements.decline(w, agreements_offered(w)[0][0].id, as_client=True)
        for address in ("nobody-here", "alder-works"):
            agreements.propose_to_provider(w, address, USUAL)
            with pytest.raises(RefusedError, match="already; it is not answered"):
                agreements.propose_to_provider(w, address, USUAL)
        own = [(row, name) for row, name in agreements_offered(w) if row.standing is Standing.PROPOSED]
        assert sorted(name for _, name in own) == ["alder-works", "nobody-here"]
        for row, _ in own:
            agreements.end(w, row.id, as_client=True)
        assert agreements_made(w) == []
        with pytest.raises(RefusedError, match="its own provider"):
            agreements.propose_to_provider(w, cast.elsewhere.slug, USUAL)
        with pytest.raises(RefusedError, match="behind /o/"):
            agreements.propose_to_provider(w, "Alder Works", USUAL)


def test_of_two_clicks_at_once_one_counts(app: Flask, cast: Cast) -> None:
    def both(deed: Callable[[Work], object], house: str, who: str) -> list[object]:
        ready = Barrier(2)

        def one(_: int) -> object:
            ready.wait(timeout=20)
            try:
                with on_stage(app, getattr(cast, house), getattr(cast, who)) as w:
                    return deed(w)
            except RefusedError as refusal:
                return refusal

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(one, range(2)))

    came = both(lambda w: agreements.propose_to_client(w, "birch-hosting", USUAL).id, "organisation", "provider_staff")
    assert sum(isinstance(each, RefusedError) for each in came) == 1
    (id_,) = (each for each in came if isinstance(each, int))
    came = both(lambda w: agreements.accept_as_client(w, id_, USUAL).id, "elsewhere", "stranger")
    assert sum(isinstance(each, RefusedError) for each in came) == 1
    with on_stage(app, cast.organisation) as w:
        assert [each.standing for each in w.all(select(Agreement))] == [Standing.LIVE]
