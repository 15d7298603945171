"""What the certificate of a completion is worth, found by its number alone."""

from sqlalchemy import select

from app.domain.training.completion import Worth, read_number, worth
from app.models.completion import Completion
from app.models.organisation import Organisation
from app.work import ACROSS, Work, today_in


def worth_of(work: Work, said: str) -> Worth | None:
    """Whether the number is of a certificate that is valid, expired or revoked today; None where there is none.

    Nothing of the person, the course or the organisation is said: who shows a certificate shows those themselves.
    """
    number = read_number(said)
    if number is None:
        return None
    row = work.session.execute(
        select(Completion.valid_until, Completion.revoked_at, Organisation.time_zone)
        .join(Organisation, Organisation.id == Completion.organisation_id)
        .where(Completion.number == number),
        execution_options={ACROSS: "a certificate is verified by its number"},
    ).one_or_none()
    if row is None:
        return None
    valid_until, revoked_at, zone = row
    return worth(valid_until, today_in(zone, work.now), is_revoked=revoked_at is not None)
