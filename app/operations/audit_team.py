"""Who may be on the team of an audit as somebody from outside."""

from sqlalchemy import select

from app.domain.explained import Reason, RefusedError
from app.domain.programme.wish import Wish
from app.models.organisation import Membership
from app.models.person import Person
from app.work import Work


def refuse_members_as_outsiders(work: Work, wish: Wish, before: Wish | None = None) -> None:
    """A member is on a team as a member, so that seat, competence and impartiality are checked; their address typed as
    somebody's from outside is refused, in whatever case. Whoever is there already stays. [ISO 19011, 7]
    """
    there = set(before.team) if before is not None else set()
    typed = {seat.email.strip().lower() for seat in wish.team if seat.person_id is None and seat not in there}
    typed.discard("")
    if not typed:
        return
    members = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == work.home, Membership.ended_at.is_(None), Person.email.in_(typed))
        .order_by(Person.name)
    )
    why = [Reason(f"{each.email} is a member: choose them from the list.") for each in work.all(members)]
    if why:
        raise RefusedError(why, "team")
