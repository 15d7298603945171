"""Agreements between a provider and a client: one side proposes, the other answers, the client says what is seen.

The row and its journal are the provider's; what happens is written to the client's journal too. A proposal to an
address that nobody has looks like one that waits: the client's own such letter stands in its own books.
"""

import re
from collections.abc import Collection

from sqlalchemy import and_, or_, select

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.subscription.agreement import Share, Standing, refuse_answer, refuse_end, shares_of
from app.models.agreement import Agreement
from app.models.organisation import Organisation
from app.models.person import Person
from app.operations.conflict import refuse_if_changed
from app.operations.consent import refuse_seller
from app.operations.outbox import post
from app.queries.members import those_who_may
from app.work import ACROSS, Work

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slug_typed(address: str) -> str:
    """The word that stands for an organisation, of what was typed: the word itself, or the address of a page of it."""
    typed = address.strip().lower()
    _, found, rest = f"/{typed}".rpartition("/o/")
    word = re.split(r"[/?#]", rest, maxsplit=1)[0] if found else typed
    if not _SLUG.fullmatch(word) or len(word) > 60:
        raise RefusedError(
            "Give the word that stands behind /o/ in the organisation’s address, such as alder.", "address"
        )
    return word


def propose_to_client(work: Work, address: str, shares: Collection[Share], message: str = "") -> Agreement:
    """A provider proposes an agreement, with what it would like to see; the client decides about both.

    Whether there is such an organisation is not told before it answers.
    """
    slug, client_id = _other(work, address)
    _hold(work)
    of_pair = work.all(select(Agreement).where(or_(Agreement.client_id == client_id, Agreement.addressed_to == slug)))
    _refuse_second([each for each in of_pair if each.client_id is not None or not each.proposed_by_client], slug, False)
    made = _made(work, slug, client_id, shares, message, by_client=False)
    if client_id is not None:
        with work.within(client_id) as theirs:
            _record(theirs, "proposed", made, work.organisation.name)
    _tell(work, made, "client", "proposes an agreement", message)
    return made


def propose_to_provider(work: Work, address: str, shares: Collection[Share], message: str = "") -> Agreement:
    """A client proposes an agreement and says what the provider will see; whether there is such a one is not told."""
    slug, provider_id = _other(work, address)
    client_id = work.home
    if provider_id is not None:
        refuse_seller(work, provider_id, Permission.MANAGE_SETTINGS)
    # A letter to an address that nobody has is kept by its writer, and names no client: see `queries/agreements.py`.
    with work.within(provider_id or client_id) as books:
        _hold(books)
        whose = Agreement.client_id == client_id if provider_id else Agreement.client_id.is_(None)
        _refuse_second(
            [each for each in books.all(select(Agreement).where(whose)) if provider_id or each.proposed_by_client],
            slug,
            True,
        )
        made = _made(books, slug, client_id if provider_id else None, shares, message, by_client=True)
    if provider_id is not None:
        _record(work, "proposed", made, slug)
    _tell(work, made, "provider", "proposes an agreement", message)
    return made


def accept_as_client(work: Work, agreement_id: int, shares: Collection[Share]) -> Agreement:
    """The client accepts, and chooses what the provider sees: nobody who belongs to the provider does that."""
    found = _found(work, agreement_id, as_client=True)
    refuse_seller(work, found.organisation_id, Permission.MANAGE_SETTINGS)
    return _answer(work, agreement_id, Standing.LIVE, as_client=True, shares=shares)


def accept_as_provider(work: Work, agreement_id: int) -> Agreement:
    """The provider accepts what a client proposed, as the client wrote it."""
    return _answer(work, agreement_id, Standing.LIVE, as_client=False)


def decline(work: Work, agreement_id: int, *, as_client: bool) -> Agreement:
    """The side that was asked declines."""
    return _answer(work, agreement_id, Standing.DECLINED, as_client=as_client)


def end(work: Work, agreement_id: int, *, as_client: bool) -> Agreement:
    """Either side ends a live agreement, or takes its own proposal back; the provider sees nothing from then on."""
    found = _found(work, agreement_id, as_client=as_client)
    with work.within(found.organisation_id) as books:
        row = _held(books, agreement_id)
        refuse_end(row.standing)
        was_live = row.standing is Standing.LIVE
        if not was_live and row.proposed_by_client != as_client:
            raise RefusedError("The other side proposed this: accept or decline it.")
        row.standing, row.ended_at, row.ended_by_id = Standing.ENDED, work.now, work.actor_id
    done = "ended" if was_live else "took back"
    _record_client(work, row, done)
    _tell(work, row, _side(not as_client), "ended the agreement" if was_live else "took its proposal back")
    return row


def change_shares(work: Work, agreement_id: int, seen: int | None, shares: Collection[Share]) -> Agreement:
    """The client alone says what its provider sees, from this moment on.

    Who belongs to the provider too may let it see less, and not more.
    """
    found = _found(work, agreement_id, as_client=True)
    if set(shares) - shares_of(found.shares.split()):
        refuse_seller(work, found.organisation_id, Permission.MANAGE_SETTINGS)
    with work.within(found.organisation_id) as books:
        row = _held(books, agreement_id)
        refuse_if_changed(row, seen, "The agreement")
        if row.standing is not Standing.LIVE:
            raise RefusedError("What a provider sees is changed while the agreement is live.")
        before = row.shares
        row.shares = _words(shares)
        books.flush()
        after = row.shares
    if before != after:
        work.record("changed", "agreement", row.id, {"shares": [before, after]}, reference=_name(work, row))
        _tell(work, row, "provider", "changed what you see of it")
    return row


def _other(work: Work, address: str) -> tuple[str, int | None]:
    """The word that was typed, and the id of the organisation it stands for, if there is one."""
    slug = slug_typed(address)
    other = work.one_or_none(select(Organisation.id).where(Organisation.slug == slug))
    if other == work.home:
        raise RefusedError("An organisation is not its own provider: its plan is kept without an agreement.", "address")
    return slug, other


def _hold(books: Work) -> None:
    """Hold the provider until the end of the work: two clicks at once make one agreement."""
    books.execute(select(Organisation.id).where(Organisation.id == books.home).with_for_update(key_share=True))


def _held(books: Work, agreement_id: int) -> Agreement:
    _hold(books)
    statement = select(Agreement).where(Agreement.id == agreement_id).with_for_update()
    return books.session.scalars(statement, execution_options={"populate_existing": True}).one()


def _found(work: Work, agreement_id: int, *, as_client: bool) -> Agreement:
    """The agreement, where this side has it."""
    of_nobody = and_(Agreement.client_id.is_(None), Agreement.proposed_by_client.is_(True))
    own = Agreement.organisation_id == work.home
    mine = or_(Agreement.client_id == work.home, and_(own, of_nobody)) if as_client else and_(own, ~of_nobody)
    found = work.session.scalars(
        select(Agreement).where(Agreement.id == agreement_id, mine),
        execution_options={ACROSS: "an agreement has two sides"},
    ).one_or_none()
    if found is None:
        raise LookupError(f"there is no agreement {agreement_id} of this side")
    return found


def _refuse_second(of_pair: Collection[Agreement], slug: str, by_client: bool) -> None:
    """One agreement at a time for each pair, live or proposed."""
    for each in of_pair:
        if each.standing is Standing.LIVE:
            raise RefusedError("An agreement with this organisation is live already.", "address")
        if each.standing is Standing.PROPOSED and each.proposed_by_client != by_client:
            raise RefusedError("This organisation has proposed an agreement to you: answer that one.", "address")
        if each.standing is Standing.PROPOSED and each.addressed_to == slug:
            raise RefusedError("You have proposed an agreement to this address already; it is not answered.", "address")


def _made(
    books: Work, slug: str, client_id: int | None, shares: Collection[Share], message: str, *, by_client: bool
) -> Agreement:
    if books.actor_id is None:
        raise LookupError("somebody proposes")
    return books.add(
        Agreement(
            addressed_to=slug,
            client_id=client_id,
            standing=Standing.PROPOSED,
            shares=_words(shares),
            message=message.strip(),
            proposed_by_client=by_client,
            proposed_by_id=books.actor_id,
            proposed_at=books.now,
        )
    )


def _answer(
    work: Work, agreement_id: int, answer: Standing, *, as_client: bool, shares: Collection[Share] | None = None
) -> Agreement:
    found = _found(work, agreement_id, as_client=as_client)
    with work.within(found.organisation_id) as books:
        row = _held(books, agreement_id)
        refuse_answer(row.standing, row.proposed_by_client, as_client)
        live = select(Agreement.id).where(Agreement.client_id == row.client_id, Agreement.standing == Standing.LIVE)
        if answer is Standing.LIVE and books.all(live):
            raise RefusedError("An agreement with this organisation is live already: decline this one.")
        row.standing, row.answered_at, row.answered_by_id = answer, work.now, work.actor_id
        if shares is not None:
            row.shares = _words(shares)
    done = "accepted" if answer is Standing.LIVE else "declined"
    _record_client(work, row, done)
    _tell(work, row, _side(not as_client), f"{done} the agreement")
    return row


def _words(shares: Collection[Share]) -> str:
    return " ".join(each.value for each in Share if each in shares)


def _side(is_client: bool) -> str:
    return "client" if is_client else "provider"


def _name(work: Work, row: Agreement) -> str:
    name = select(Organisation.name).where(Organisation.id == row.organisation_id)
    return str(work.one_or_none(name))


def _record(theirs: Work, done: str, row: Agreement, provider: str) -> None:
    theirs.record(done, "agreement", row.id, {"shares": [None, row.shares]}, reference=provider)


def _record_client(work: Work, row: Agreement, done: str) -> None:
    """What happened, in the client's own journal; the row itself is in the provider's."""
    if row.client_id is None:
        return
    # A provider that has not answered keeps the name that the client typed.
    provider = row.addressed_to if row.proposed_by_client and row.answered_at is None else _name(work, row)
    with work.within(row.client_id) as theirs:
        _record(theirs, done, row, provider)


def _tell(work: Work, row: Agreement, side: str, done: str, message: str = "") -> None:
    """Post a mail to those of the other side who decide about it; to nobody where nobody has the address."""
    other, permission, page = (
        (row.client_id, Permission.MANAGE_SETTINGS, "agreements.index")
        if side == "client"
        else (row.organisation_id if row.client_id else None, Permission.SELL_PLANS, "client_agreements.index")
    )
    if other is None:
        return
    name = work.organisation.name
    with work.within(other) as theirs:
        for person in those_who_may(theirs, permission):
            _post(theirs, person, name, done, message, page)


def _post(theirs: Work, person: Person, name: str, done: str, message: str, page: str) -> None:
    if person.email is None:
        return
    organisation = theirs.organisation
    post(
        theirs,
        to_email=person.email,
        to_name=person.name,
        subject=f"{name} {done} · {organisation.name}",
        template="agreement",
        context={
            "title": f"{name} {done}",
            "organisation": organisation.name,
            "slug": organisation.slug,
            "message": message,
            "page": page,
        },
        person_id=person.id,
    )
