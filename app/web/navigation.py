"""The words of the side bar, and which of them a visitor sees."""

from typing import NamedTuple

from flask import current_app, request, url_for

from app.domain.permission import Permission
from app.web.gate import may
from app.web.identity import Place


class Entry(NamedTuple):
    """One word of the side bar."""

    label: str
    url: str
    icon: str
    current: bool


WORDS: tuple[tuple[str, str, str, Permission], ...] = (
    ("Dashboard", "dashboard.show", "layout-dashboard", Permission.SEE_PROGRAMME),
    ("My work", "my_work.show", "checklist", Permission.SEE_OWN_WORK),
    ("Programme", "programme.timeline", "timeline", Permission.SEE_PROGRAMME),
    ("Certificates", "certificates.index", "certificate", Permission.SEE_PROGRAMME),
    ("Audits", "audits.index", "clipboard-check", Permission.SEE_PROGRAMME),
    ("Nonconformities", "nonconformities.index", "alert-triangle", Permission.SEE_PROGRAMME),
    ("Assets", "assets.index", "device-desktop", Permission.SEE_ASSETS),
    ("Licences", "licences.position", "key", Permission.SEE_ASSETS),
    ("Reports", "reports.index", "file-text", Permission.SEE_ASSETS),
    ("Calendar feeds", "feeds.index", "calendar", Permission.SUBSCRIBE),
    ("Journal", "journal.index", "book", Permission.READ_JOURNAL),
    ("Settings", "settings.show", "settings", Permission.MANAGE_SETTINGS),
)


WITHIN = {
    "members": "settings",
    "software": "assets",
    "changes": "assets",
    "employees": "assets",
    "inventory_checks": "assets",
    "imports": "assets",
    "capacity": "assets",
    "reconciliations": "licences",
    "entitlements": "licences",
    "pools": "licences",
    "usage": "licences",
    "tiers": "assets",
}
"""Areas that stand under the word of another."""


def navigation(organisation: Place) -> tuple[Entry, ...]:
    """The words that would work for this visitor, in their order."""
    area = (request.endpoint or "").partition(".")[0]
    area = WITHIN.get(area, area)
    return tuple(
        Entry(label, url_for(endpoint, slug=organisation.slug), icon, endpoint.partition(".")[0] == area)
        for label, endpoint, icon, permission in WORDS
        if endpoint in current_app.view_functions and may(permission)
    )
