"""Which kept verdicts are no longer good."""

from sqlalchemy import exists, select

from app.models.certificate import CertificateVerdict
from app.work import Work


def stale_ids(work: Work) -> list[int]:
    """The certificates whose verdict changes today by the mere passing of days."""
    return work.all(select(CertificateVerdict.certificate_id).where(CertificateVerdict.next_change_on <= work.today))


def has_stale(work: Work) -> bool:
    """Whether there is any."""
    # Narrowed by hand: the organisation inside an EXISTS is not seen by the loader.
    statement = select(
        exists().where(CertificateVerdict.organisation_id == work.home, CertificateVerdict.next_change_on <= work.today)
    )
    return bool(work.session.scalar(statement))
