"""Mail as it leaves the house: a row of the outbox becomes a message, and a mail server takes it or says why not."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Self, cast

from app.models.outbox import OutboxMail
from config import ROOT, Settings

TIMEOUT = 30.0
"""Seconds that the server has for one answer."""
DEADLINE = 240.0
"""Seconds that handing over one mail may take, however lively the server seems; far less than the lease of a claim."""
IMPLICIT_TLS = 465

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CALENDAR = re.compile(r"(?s)BEGIN:VCALENDAR.*?END:VCALENDAR\r?\n?")
_MARK = Path(ROOT, "static", "img", "mark.png")


class UnfitMailError(ValueError):
    """A mail that no header can hold, or that nobody can be sent: trying again would not help."""


class RefusedMailError(Exception):
    """The server will not take this mail, now or later."""

    def __init__(self, code: int, says: str) -> None:
        super().__init__(says)
        self.code = code


class DelayedMailError(Exception):
    """This mail could not be handed over, or nobody said so; later it may."""


class ServerUnavailableError(Exception):
    """No mail can be handed over: the server does not answer, or does not accept us."""


def compose(mail: OutboxMail, sender: str, papers: Iterable[tuple[str, bytes]] = ()) -> EmailMessage:
    """The message of a row: the same Message-ID and Date however often it is made. `papers` are PDFs by file name."""
    for text in (mail.to_email, mail.to_name, mail.subject, mail.message_id, sender):
        if _CONTROL.search(text):
            raise UnfitMailError("a header would hold a control character")
    message = EmailMessage(policy=policy.SMTP)
    try:
        name, address = parseaddr(sender)
        message["From"] = Address(name, addr_spec=address)
        message["To"] = Address(mail.to_name, addr_spec=envelope_address(mail.to_email))
        message["Subject"] = mail.subject
        message["Message-ID"] = mail.message_id
    except (ValueError, IndexError, MessageError) as fault:
        raise UnfitMailError(f"no header can hold this: {fault}") from fault
    message["Date"] = format_datetime(mail.created_at)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
        if "cid:mark" in mail.html:
            page = cast(EmailMessage, message.get_payload(1))
            page.add_related(_mark(), "image", "png", cid="<mark>", filename="mark.png", disposition="inline")
    _add_calendars(message, mail.calendar)
    for name, content in papers:
        message.add_attachment(content, "application", "pdf", filename=name)
    return message


def _add_calendars(message: EmailMessage, kept: str) -> None:
    """A row may hold several calendars, one behind the other: each is a part with its own method. [RFC 6047, 2.4]

    The first stands beside the text too, where mail clients look for something to answer.
    """
    calendars = _CALENDAR.findall(kept)
    for number, calendar in enumerate(calendars, 1):
        method = re.search(r"(?mi)^METHOD:([A-Z]+)\s*$", calendar)
        parameters = {"method": method[1].upper()} if method else {}
        if number == 1:
            message.add_alternative(calendar, subtype="calendar", params=parameters)
        if len(calendars) > 1:
            message.add_attachment(calendar, "calendar", params=parameters, filename=f"audit-{number}.ics")
    if len(calendars) == 1:
        message.add_attachment(calendars[0].encode(), "application", "ics", filename="audit.ics")


def envelope_address(address: str) -> str:
    """The address as servers know it: a domain of any script in its ASCII form."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}" if not domain.isascii() else address
    except UnicodeError as fault:
        raise UnfitMailError(f"{domain} is not a domain") from fault


@cache
def _mark() -> bytes:
    return _MARK.read_bytes()


class Postman:
    """One connection to the mail server, made when it is first needed and again where it was lost."""

    def __init__(self, settings: Settings, *, timeout: float = TIMEOUT, deadline: float = DEADLINE) -> None:
        self._settings = settings
        self._timeout = timeout
        self._deadline = deadline
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    def connect(self) -> smtplib.SMTP:
        """Be ready to send; raise `ServerUnavailableError` where no mail could be handed over."""
        if self._smtp is not None and self._smtp.sock is not None:
            return self._smtp
        host, port = self._settings.smtp_host or "", self._settings.smtp_port
        smtp: smtplib.SMTP | None = None
        try:
            if port == IMPLICIT_TLS:
                smtp = smtplib.SMTP_SSL(host, port, timeout=self._timeout, context=ssl.create_default_context())
            else:
                smtp = smtplib.SMTP(host, port, timeout=self._timeout)
                if self._settings.smtp_starttls:
                    smtp.starttls(context=ssl.create_default_context())
            if self._settings.smtp_user:
                smtp.login(self._settings.smtp_user, self._settings.smtp_password or "")
        except (smtplib.SMTPException, OSError) as fault:
            if smtp is not None:
                smtp.close()
            raise ServerUnavailableError(_words(fault)) from fault
        self._smtp = smtp
        return smtp

    def send(self, message: EmailMessage, to_email: str) -> None:
        """Hand one mail over; coming back without an error means that the server took it."""
        smtp = self.connect()
        sender = parseaddr(self._settings.mail_from)[1]
        guard = Timer(self._deadline, _cut, [smtp.sock])
        guard.daemon = True
        guard.start()
        try:
            smtp.send_message(message, sender, [envelope_address(to_email)])
        except smtplib.SMTPRecipientsRefused as fault:
            code, words = next(iter(fault.recipients.values()))
            raise _answered(code, _text(words)) from fault
        except smtplib.SMTPDataError as fault:
            raise _answered(fault.smtp_code, _text(fault.smtp_error)) from fault
        except smtplib.SMTPNotSupportedError as fault:
            raise RefusedMailError(0, "the mail server takes no address outside ASCII") from fault
        except (smtplib.SMTPException, OSError) as fault:
            # A refused sender is a fault of the settings, not of the mail: it stays and is tried again.
            smtp.close()
            raise DelayedMailError(_words(fault)) from fault
        finally:
            guard.cancel()


def _answered(code: int, words: str) -> RefusedMailError | DelayedMailError:
    says = f"{code} {words}".strip()
    return RefusedMailError(code, says) if 500 <= code < 600 else DelayedMailError(says)


def _cut(connection: socket.socket | None) -> None:
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _words(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"{fault.smtp_code} {_text(fault.smtp_error)}"
    # smtplib says of a time-out that the connection was closed, and keeps the truth behind it.
    if isinstance(fault, TimeoutError) or isinstance(fault.__context__, TimeoutError):
        return "it did not answer in time"
    if isinstance(fault, smtplib.SMTPServerDisconnected):
        return "the connection ended before it had answered"
    return str(fault) or type(fault).__name__
