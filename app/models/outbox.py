"""Effects that leave the house: written with the change that caused them, sent after it was committed."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, JsonValue, UtcDateTime

INVOICE = "invoice:"


class OutboxMail(Base):
    """A mail to send. Mails about accounts belong to no organisation; the others name theirs."""

    __tablename__ = "outbox_mail"
    journalled = False

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    to_email: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    calendar: Mapped[str] = mapped_column(Text, default="")
    plan_of: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """The paper that goes along, printed when the mail is sent: the audit whose plan it is, or `INVOICE` and its id."""
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """A runner has it until then; a killed runner's claim runs out."""
    claimed_by: Mapped[str] = mapped_column(String(80), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    given_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index(None, "sent_at", "due_at"),)


class JobRun(Base):
    """That a job of the register ran for a day or an hour; the row is the claim, so no job runs twice for the same."""

    __tablename__ = "job_run"
    journalled = False

    job: Mapped[str] = mapped_column(String(60), primary_key=True)
    period: Mapped[str] = mapped_column(String(40), primary_key=True)
    claimed_until: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str] = mapped_column(String(80))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    says: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """What it did, in plain words."""
    seen: Mapped[JsonValue | None] = mapped_column(JSON(none_as_null=True))
    """What it found, for the next run to compare with."""
