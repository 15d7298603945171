"""What to put into the addresses of the routes, so that each can be tried: a route whose arguments no line here knows
fails tests/house/test_access.py.

`one_id` and the like are known by themselves: the id of the row of table `one`, made by tests/rows.py. Everything
else is named here, by endpoint, by area and argument, or by argument alone.
"""

from typing import Any

Rows = dict[str, Any]

BY_ENDPOINT: dict[str, dict[str, Any]] = {
    "attachments.add": {"place": "certificate"},
    "changes.export": {"kind": "csv"},
    "coverage.export": {"kind": "csv"},
    "documents.export": {"kind": "csv"},
    "corrective_actions.export": {"kind": "csv"},
    "actions.export": {"kind": "csv"},
    "tiers.show": {"process_area": "F1"},
    "tiers.judge": {"process_area": "F1"},
    "licence_seats.export": {"sheet": "csv"},
    "subscription_seats.export": {"sheet": "csv"},
    "invoices.export": {"kind": "csv"},
    "subscriptions.report": {"form": "pdf"},
    "reports.show": {"name": "licence-position"},
    "reports.download": {"name": "asset-register", "form": "xlsx"},
    "reports.print_report": {"name": "asset-register"},
    "implementation.end_step": {"step": "manuals"},
}
"""For one route: `"audits.move": {"reference": "SA-2027-01"}`."""

BY_AREA: dict[tuple[str, str], tuple[str, str]] = {
    ("certificates", "reference"): ("certificate", "reference"),
    ("audits", "reference"): ("audit", "reference"),
    ("nonconformities", "reference"): ("body_nonconformity", "reference"),
    ("findings", "reference"): ("finding", "reference"),
    ("audit_findings", "reference"): ("audit", "reference"),
    ("audit_reports", "reference"): ("audit", "reference"),
    ("audit_guests", "reference"): ("audit", "reference"),
    ("corrective_actions.open_behind", "reference"): ("body_nonconformity", "reference"),
    ("corrective_actions", "reference"): ("corrective_action", "reference"),
    ("corrective_actions", "extension_id"): ("deadline_extension", "id"),
    ("actions", "reference"): ("action", "reference"),
    ("reconciliations", "reference"): ("reconciliation", "reference"),
    ("feeds.audit", "reference"): ("audit", "reference"),
    ("feeds.certificate", "reference"): ("certificate", "reference"),
    ("software", "alias_id"): ("product_alias", "id"),
    ("software", "release_id"): ("product_release", "id"),
    ("certificates", "change_id"): ("significant_change", "id"),
    ("certificates", "body_id"): ("certification_body", "id"),
    ("feeds", "feed_id"): ("calendar_feed", "id"),
    ("attachments.add", "key"): ("certificate", "reference"),
    ("capacity.guest", "asset_id"): ("asset", "id"),
    ("capacity", "cluster_host_id"): ("cluster_host", "id"),
    ("changes", "reference"): ("change_request", "reference"),
    ("licence_seats", "reference"): ("licence_pool", "reference"),
    ("inventory_checks", "reference"): ("inventory_check", "reference"),
    ("licences", "reference"): ("licence_pool", "reference"),
    ("inventory_checks", "line_id"): ("inventory_line", "id"),
    ("pools", "reference"): ("licence_pool", "reference"),
    ("entitlements", "reference"): ("entitlement", "reference"),
    ("processes", "reference"): ("process", "reference"),
    ("audits", "agenda_item_id"): ("agenda_item", "id"),
    ("implementation", "reference"): ("implementation", "reference"),
    ("audit_programmes", "reference"): ("audit_programme", "reference"),
    ("management_reviews", "reference"): ("management_review", "reference"),
    ("management_reviews", "topic_id"): ("review_topic", "id"),
    ("audits", "audit_asset_id"): ("audit_asset", "id"),
    ("imports", "batch_id"): ("import_batch", "id"),
    ("reports", "run_id"): ("report_run", "id"),
    ("checklist", "reference"): ("audit", "reference"),
    ("checklist", "item_id"): ("checklist_item", "id"),
    ("checklist_templates", "template_id"): ("checklist_template", "id"),
    ("training", "reference"): ("training_rule", "reference"),
    ("competence", "reference"): ("competence_requirement", "reference"),
    ("courses", "reference"): ("course", "reference"),
    ("courses", "section_id"): ("course_section", "id"),
    ("courses", "lesson_id"): ("lesson", "id"),
    ("courses", "question_id"): ("question", "id"),
    ("courses", "file_id"): ("attachment", "id"),
    ("learning_paths", "path_id"): ("learning_path", "id"),
    ("my_training", "reference"): ("course", "reference"),
    ("my_training", "attempt_id"): ("quiz_attempt", "id"),
    ("course_statistics", "reference"): ("course", "reference"),
    ("agreements", "agreement_id"): ("agreement", "id"),
    ("client_agreements", "agreement_id"): ("agreement", "id"),
    ("subscription_seats", "pool_id"): ("seat_pool", "id"),
    ("documents", "reference"): ("document", "reference"),
    ("documents", "file_id"): ("attachment", "id"),
    ("plan_invoices", "invoice_id"): ("invoice", "id"),
    ("support", "booking_id"): ("support_booking", "id"),
    ("support", "action_id"): ("support_action", "id"),
    ("support_diary", "reference"): ("support_booking", "reference"),
    ("support_diary", "action_id"): ("support_action", "id"),
}
"""For an argument of an area, or of one endpoint: the table and the column that hold it."""

BY_NAME: dict[str, Any] = {
    "filename": "favicon.svg",
    "token": "no-such-token",
    "mail_id": 1,
    "sign_in_id": 1,
    "person_id": 1,
    "number": 1,
    "word": "lms",
    "sheet": "csv",
    "client_slug": "birch-hosting",
}


def arguments(endpoint: str, names: set[str], rows: Rows) -> dict[str, Any]:
    """The arguments of an address; raises KeyError for one that nothing here knows."""
    known = BY_ENDPOINT.get(endpoint, {})
    area = endpoint.partition(".")[0]
    found: dict[str, Any] = {}
    for name in names:
        if name in known:
            found[name] = known[name]
        elif (place := next((each for each in ((endpoint, name), (area, name)) if each in BY_AREA), None)) is not None:
            table, column = BY_AREA[place]
            found[name] = getattr(rows[table], column)
        elif name in BY_NAME:
            found[name] = BY_NAME[name]
        elif name.endswith("_id") and name.removesuffix("_id") in rows:
            found[name] = rows[name.removesuffix("_id")].id
        else:
            raise KeyError(f"{endpoint}: no example for <{name}>; add one to tests/examples.py")
    return found
