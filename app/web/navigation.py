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
    ("Training", "my_training.show", "notebook", Permission.TAKE_TRAINING),
    ("Seats and plan", "subscription_seats.index", "id-badge", Permission.HOLD_SEAT),
    ("Support", "support.index", "calendar-event", Permission.BOOK_SUPPORT),
    ("Clients", "plans.index", "briefcase", Permission.SELL_PLANS),
    ("Support diary", "support_diary.index", "clipboard-list", Permission.GIVE_SUPPORT),
    ("Documents", "documents.index", "file-text", Permission.SEE_DOCUMENTS),
    ("Reports", "reports.index", "file-text", Permission.SEE_ASSETS),
    ("Calendar feeds", "feeds.index", "calendar", Permission.SUBSCRIBE),
    ("Journal", "journal.index", "book", Permission.READ_JOURNAL),
    ("Settings", "settings.show", "settings", Permission.MANAGE_SETTINGS),
)


OF_CLIENTS = frozenset({"support"})
"""Words for those alone who have a provider."""

Face = tuple[str, str, Permission]

FACES: dict[str, tuple[Face, ...]] = {
    "audits": (
        ("Audits", "audits.index", Permission.SEE_PROGRAMME),
        ("Processes", "processes.index", Permission.SEE_PROGRAMME),
        ("Templates", "checklist_templates.index", Permission.SEE_PROGRAMME),
        ("Programmes", "audit_programmes.index", Permission.SEE_PROGRAMME),
        ("Coverage", "coverage.index", Permission.SEE_PROGRAMME),
        ("Management reviews", "management_reviews.index", Permission.SEE_PROGRAMME),
        ("Implementation", "implementation.index", Permission.SEE_PROGRAMME),
    ),
    "assets": (
        ("Register", "assets.index", Permission.SEE_ASSETS),
        ("Software", "software.index", Permission.SEE_ASSETS),
        ("Unauthorised", "software.unauthorised", Permission.SEE_ASSETS),
        ("Changes", "changes.index", Permission.REQUEST_CHANGE),
        ("Ownership gaps", "assets.gaps", Permission.SEE_ASSETS),
        ("Inventory checks", "inventory_checks.index", Permission.SEE_ASSETS),
        ("Employees", "employees.index", Permission.SEE_ASSETS),
        ("Capacity", "capacity.index", Permission.SEE_ASSETS),
        ("Imports", "imports.index", Permission.SEE_ASSETS),
        ("Tiers", "tiers.index", Permission.SEE_ASSETS),
    ),
    "nonconformities": (
        ("Board", "corrective_actions.index", Permission.SEE_PROGRAMME),
        ("List", "corrective_actions.listed", Permission.SEE_PROGRAMME),
        ("Certification body's", "nonconformities.index", Permission.SEE_PROGRAMME),
        ("Findings", "findings.index", Permission.SEE_PROGRAMME),
        ("Actions", "actions.index", Permission.SEE_OWN_WORK),
    ),
    "licences": (
        ("Position", "licences.position", Permission.SEE_ASSETS),
        ("Pools", "pools.index", Permission.SEE_ASSETS),
        ("Entitlements", "entitlements.index", Permission.SEE_ASSETS),
        ("Seats", "licence_seats.index", Permission.SEE_ASSETS),
        ("Usage", "usage.index", Permission.SEE_ASSETS),
        ("Reconciliation", "reconciliations.index", Permission.SEE_ASSETS),
    ),
    "my_training": (
        ("My training", "my_training.show", Permission.TAKE_TRAINING),
        ("Courses", "courses.index", Permission.TAKE_TRAINING),
        ("Learning paths", "learning_paths.index", Permission.TAKE_TRAINING),
        ("People", "training.matrix", Permission.MANAGE_TRAINING),
        ("Rules", "training.rules", Permission.MANAGE_TRAINING),
        ("Competence", "competence.index", Permission.MANAGE_TRAINING),
        ("Gaps", "competence.listed", Permission.MANAGE_TRAINING),
    ),
    "documents": (
        ("Documents", "documents.index", Permission.SEE_DOCUMENTS),
        ("Coverage of standards", "documents.coverage", Permission.MANAGE_DOCUMENTS),
    ),
    "support_diary": (
        ("Diary", "support_diary.index", Permission.GIVE_SUPPORT),
        ("Support people", "support_people.index", Permission.GIVE_SUPPORT),
    ),
    "subscription_seats": (
        ("All seats", "subscription_seats.index", Permission.MANAGE_SEATS),
        ("My seats", "subscription_seats.mine", Permission.HOLD_SEAT),
        ("Plan", "plan.show", Permission.SEE_PLAN),
        ("Invoices", "plan_invoices.index", Permission.SEE_PLAN),
    ),
    "plans": (
        ("Clients", "clients.index", Permission.SELL_PLANS),
        ("Subscriptions", "subscriptions.index", Permission.SELL_PLANS),
        ("Plans", "plans.index", Permission.SELL_PLANS),
        ("Agreements", "client_agreements.index", Permission.SELL_PLANS),
        ("Invoices", "invoices.index", Permission.SELL_PLANS),
    ),
}
"""What stands under one word of the side bar, each with a page of its own; shown above the work of all of them."""

WITHIN = {
    "members": "settings",
    "agreements": "settings",
    "checklist": "audits",
    "audit_findings": "audits",
    "audit_guests": "audits",
    "audit_reports": "audits",
    "completions": "my_training",
    "course_statistics": "my_training",
} | {endpoint.partition(".")[0]: word for word, faces in FACES.items() for _, endpoint, _ in faces}
"""Areas that stand under the word of another."""


def faces(organisation: Place) -> tuple[Entry, ...]:
    """The pages beside this one under the same word; nothing where it stands alone."""
    here = request.endpoint or ""
    area = here.partition(".")[0]
    listed = FACES.get(WITHIN.get(area, area), ())
    shown = [face for face in listed if face[1] in current_app.view_functions and may(face[2])]
    # A page of an area that is no face itself, such as the form of an asset, belongs to the first face of its area.
    of_area = [endpoint for _, endpoint, _ in shown if endpoint.partition(".")[0] == area]
    current = here if here in of_area else next(iter(of_area), "")
    return tuple(
        Entry(label, url_for(endpoint, slug=organisation.slug), "", endpoint == current) for label, endpoint, _ in shown
    )


def navigation(organisation: Place, granted: frozenset[Permission]) -> tuple[Entry, ...]:
    """The words that would work for a visitor with these permissions, in their order."""
    area = (request.endpoint or "").partition(".")[0]
    here = WITHIN.get(area, area)
    shown = []
    for label, endpoint, icon, permission in WORDS:
        word = endpoint.partition(".")[0]
        if word in OF_CLIENTS and not organisation.has_provider:
            continue
        # A word with several pages under it opens the first of them that the visitor may see.
        pages = [(page, needed) for _, page, needed in FACES.get(word, ())] or [(endpoint, permission)]
        first = next((page for page, needed in pages if page in current_app.view_functions and needed in granted), None)
        if first is not None and permission in granted:
            shown.append(Entry(label, url_for(first, slug=organisation.slug), icon, word == here))
    return tuple(shown)
