"""Pages: blueprints by the area that a person uses, all behind the gate."""

from importlib import import_module

from app.web.gate import Area

AREAS = (
    "status",
    "help",
    "account",
    "portfolio",
    "audits",
    "agenda",
    "processes",
    "checklist",
    "checklist_templates",
    "management_reviews",
    "dashboard",
    "my_work",
    "search",
    "assets",
    "employees",
    "inventory_checks",
    "members",
    "journal",
    "settings",
    "programme",
    "certificates",
    "nonconformities",
    "findings",
    "audit_findings",
    "audit_reports",
    "audit_guests",
    "coverage",
    "audit_programmes",
    "corrective_actions",
    "actions",
    "reconciliations",
    "reports",
    "imports",
    "software",
    "attachments",
    "feeds",
    "feed",
    "changes",
    "capacity",
    "licences",
    "tiers",
    "licence_seats",
    "pools",
    "entitlements",
    "usage",
    "training",
    "competence",
    "courses",
    "learning_paths",
    "my_training",
    "completions",
    "course_statistics",
    "verification",
    "subscription_seats",
    "dev_mail",
)


def areas() -> tuple[Area, ...]:
    """Every area, in the order of the register."""
    return tuple(import_module(f"app.web.{name}").area for name in AREAS)
