"""How a mail is shown on a page whose policy allows neither inline styles nor remote pictures."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app, url_for
from markupsafe import Markup, escape

from app.models.outbox import OutboxMail

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_STYLE = re.compile(r'(<[a-z0-9]+\b[^<>]*?) style="([^"]*)"([^<>]*>)', re.IGNORECASE)
_SHEET = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def standing(mail: OutboxMail, now: datetime) -> tuple[str, str]:
    """Where a mail stands: the shape beside the words, and the words."""
    if mail.given_up_at is not None:
        return "cancelled", f"Given up: {mail.last_error}" if mail.last_error else "Given up"
    if mail.sent_at is not None:
        # A row that the viewer took has never been to a mail server.
        return ("done", "Sent") if mail.attempts else ("done", "Shown here only: no mail server is set")
    if mail.last_error:
        return "late", f"Not taken yet: {mail.last_error}"
    if mail.claimed_until is not None and mail.claimed_until > now:
        return "progress", "Being sent"
    return "todo", "Waiting for the job runner"


def linked(text: str) -> Markup:
    """Plain text with its addresses clickable; those of this installation lead where the reader is."""
    own = urlsplit(current_app.extensions["settings"].public_url).netloc
    parts: list[Markup] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(".,;:)")
        pieces = urlsplit(address)
        target = pieces._replace(scheme="", netloc="").geturl() or "/" if pieces.netloc == own else address
        parts.append(escape(text[end : found.start()]))
        parts.append(Markup('<a href="{}" rel="noreferrer">{}</a>').format(target, address))
        end = found.start() + len(address)
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def restyled(html: str, mail_id: int) -> tuple[str, str]:
    """The page of a mail without inline styles, and the style sheet that does the same.

    The mails are made by our own templates, where every value is escaped: no quote or bracket stands in a value.
    """
    rules: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        name = rules.setdefault(match[2], f"s{len(rules)}")
        before, after = match[1], match[3]
        either = before + after
        if 'class="' in either:
            return either.replace('class="', f'class="{name} ', 1)
        return f'{before} class="{name}"{after}'

    own = "".join(_SHEET.findall(html))
    page = _STYLE.sub(named, _SHEET.sub("", html))
    page = page.replace("cid:mark", url_for("static", filename="img/mark.png"))
    sheet = url_for("dev_mail.page_style", mail_id=mail_id)
    icon = url_for("static", filename="favicon.svg")
    links = f'<link rel="icon" href="{icon}">\n<link rel="stylesheet" href="{sheet}">\n'
    page = page.replace("</head>", f"{links}</head>", 1)
    css = "\n".join(f".{name} {{ {style} }}" for style, name in rules.items())
    return page, f"{css}\n{own}"
