"""Post a mail: a row of the outbox in the transaction that causes it, sent by the job runner after the commit."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from email.utils import parseaddr
from typing import Any

from flask import current_app
from markupsafe import escape
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.models.outbox import OutboxMail
from app.work import Work

POKE = "poke_jobs"
"""The extension of the application that tells a waiting job runner that there is something to do."""

LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")


def post(
    work: Work,
    *,
    to_email: str,
    to_name: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    person_id: int | None = None,
    calendar: str = "",
    plan_of: str = "",
    once: str = "",
) -> OutboxMail | None:
    """Post a mail from `templates/mail/<template>.txt` and `.html`, in the organisation of the work or in none.

    Its Message-ID is made here, once, however often the mail has to be tried. With `once`, a word that says what the
    mail is for (such as "digest of person 7 of 14 Mar 2027"), a second post of the same gives None and adds nothing.
    `plan_of` is the reference of an audit whose plan goes along on paper; or `INVOICE` and the id of an invoice to the
    organisation of the work, which goes along itself.

    Templates know `link(endpoint, **arguments)`, `subject`, `to_name` and what `context` gives them.
    """
    if _CONTROL.search(to_email) or not _ADDRESS.fullmatch(to_email) or len(to_email) > LONGEST_ADDRESS:
        raise RefusedError("This is not an email address.", field="email")
    message_id = f"<{_unique(once)}@{_domain()}>"
    if once and work.one_or_none(select(OutboxMail.id).where(OutboxMail.message_id == message_id)) is not None:
        return None
    subject, to_name = _one_line(subject)[:300], _one_line(to_name)[:200]
    known = {**context, "subject": subject, "to_name": to_name, "link": link}
    mail = OutboxMail(
        organisation_id=work.organisation_id,
        person_id=person_id,
        to_email=to_email,
        to_name=to_name,
        subject=subject,
        body=_render(f"mail/{template}.txt", known).strip() + "\n",
        html=_render(f"mail/{template}.html", known),
        calendar=calendar,
        plan_of=plan_of,
        message_id=message_id,
        created_at=work.now,
        due_at=work.now,
    )
    work.add(mail)
    if poke not in work.after_commit:
        work.after_commit.append(poke)
    return mail


def post_alike(
    work: Work,
    people: Iterable[tuple[int, str, str]],
    *,
    subject: str,
    template: str,
    context: Mapping[str, Any],
) -> int:
    """Post the same mail to many people, each by id, name and address; written once, whoever has no address left out.

    Gives how many were posted. As `post` does it, and as fast as a bulk act needs it.
    """
    there = [each for each in people if _ADDRESS.fullmatch(each[2]) and len(each[2]) <= LONGEST_ADDRESS]
    if not there:
        return 0
    subject, name = _one_line(subject)[:300], secrets.token_hex(16)
    known = {**context, "subject": subject, "to_name": name, "link": link}
    body, html = _render(f"mail/{template}.txt", known).strip() + "\n", _render(f"mail/{template}.html", known)
    alike = {
        "organisation_id": work.organisation_id,
        "subject": subject,
        "calendar": "",
        "plan_of": "",
        "created_at": work.now,
        "due_at": work.now,
        "attempts": 0,
        "claimed_by": "",
        "last_error": "",
    }
    work.insert_many(
        OutboxMail,
        [
            {
                **alike,
                "person_id": person_id,
                "to_email": to_email,
                "to_name": (called := _one_line(to_name)[:200]),
                "body": body.replace(name, called),
                "html": html.replace(name, str(escape(called))),
                "message_id": f"<{_unique('')}@{_domain()}>",
            }
            for person_id, to_name, to_email in there
        ],
    )
    if poke not in work.after_commit:
        work.after_commit.append(poke)
    return len(there)


def link(endpoint: str, **arguments: Any) -> str:
    """The address of a page as a person outside reaches it; pages of an organisation want its `slug`."""
    path = current_app.url_map.bind("localhost").build(endpoint, arguments, force_external=False)
    return str(current_app.extensions["settings"].public_url) + path


def poke() -> None:
    """Wake the job runner; where there is none, the next round of the jobs sends what was posted."""
    wake = current_app.extensions.get(POKE)
    if wake is not None:
        wake()


def _render(name: str, context: Mapping[str, Any]) -> str:
    # The environment itself, not `render_template`: a mail must not depend on the visitor whose request posts it.
    return str(current_app.jinja_env.get_template(name).render(context))


def _unique(once: str) -> str:
    return hashlib.sha256(once.encode()).hexdigest()[:40] if once else secrets.token_hex(20)


def _domain() -> str:
    sender = parseaddr(current_app.extensions["settings"].mail_from)[1]
    return sender.rpartition("@")[2] or "localhost"


def _one_line(text: str) -> str:
    """A person's text as a header can hold it: line ends and control characters become spaces."""
    return " ".join(_CONTROL.sub(" ", text).split())
