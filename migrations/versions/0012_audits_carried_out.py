"""Audits carried out: plans, checklists, findings, corrective actions, reports, reviews; files may be on them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BEFORE = (
    "certificate_id",
    "decision_id",
    "audit_id",
    "nonconformity_id",
    "asset_id",
    "entitlement_id",
    "change_id",
    "reconciliation_id",
)
ADDED = ("finding_id", "item_id", "case_id", "action_id", "review_id")
PLACES = (*BEFORE, *ADDED)


def one_of(places: tuple[str, ...]) -> str:
    """The condition that a file is at exactly one place."""
    return " + ".join(f"CASE WHEN {place} IS NULL THEN 0 ELSE 1 END" for place in places) + " = 1"


def upgrade() -> None:
    op.create_table(
        "audit_programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("objectives", sa.Text(), nullable=False),
        sa.Column("risks", sa.Text(), nullable=False),
        sa.Column("opportunities", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("methods", sa.Text(), nullable=False),
        sa.Column("resources", sa.Text(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audit_programme_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["person.id"], name=op.f("fk_audit_programme_responsible_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_programme")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_audit_programme_organisation_id_reference")),
    )
    with op.batch_alter_table("audit_programme", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_programme_organisation_id_ends_on"), ["organisation_id", "ends_on"], unique=False
        )

    op.create_table(
        "checklist_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("standard", sa.String(length=120), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_checklist_template_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_template")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_checklist_template_organisation_id_name")),
    )
    op.create_table(
        "management_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("period_starts_on", sa.Date(), nullable=False),
        sa.Column(
            "progress",
            sa.Enum("planned", "held", "closed", "cancelled", name="reviewprogress", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("standards", sa.String(length=500), nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=True),
        sa.Column("attendees", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["chair_id"], ["person.id"], name=op.f("fk_management_review_chair_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_management_review_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_management_review")),
        sa.UniqueConstraint(
            "organisation_id", "reference", name=op.f("uq_management_review_organisation_id_reference")
        ),
    )
    with op.batch_alter_table("management_review", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_management_review_organisation_id_held_on"), ["organisation_id", "held_on"], unique=False
        )

    op.create_table(
        "process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_process_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_process_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_process_organisation_id_name")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_process_organisation_id_reference")),
    )
    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_process_organisation_id_owner_id"), ["organisation_id", "owner_id"], unique=False
        )

    op.create_table(
        "received_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=60), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=80), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_received_entry_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_received_entry_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_entry")),
        sa.UniqueConstraint(
            "organisation_id", "person_id", "key", name=op.f("uq_received_entry_organisation_id_person_id_key")
        ),
    )
    with op.batch_alter_table("received_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_received_entry_organisation_id_received_at"),
            ["organisation_id", "received_at"],
            unique=False,
        )

    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_agenda_item_audit_id_audit")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agenda_item_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_agenda_item_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agenda_item_organisation_id_audit_id_held_on_starts_at"),
            ["organisation_id", "audit_id", "held_on", "starts_at"],
            unique=False,
        )

    op.create_table(
        "audit_clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("standard", sa.String(length=120), nullable=False),
        sa.Column("clause", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_clause_audit_id_audit")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audit_clause_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_clause")),
        sa.UniqueConstraint("audit_id", "standard", "clause", name=op.f("uq_audit_clause_audit_id_standard_clause")),
    )
    with op.batch_alter_table("audit_clause", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_clause_organisation_id_standard_clause"),
            ["organisation_id", "standard", "clause"],
            unique=False,
        )

    op.create_table(
        "audit_criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("standard", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_criterion_audit_id_audit")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audit_criterion_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_criterion")),
        sa.UniqueConstraint("audit_id", "standard", name=op.f("uq_audit_criterion_audit_id_standard")),
    )
    with op.batch_alter_table("audit_criterion", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_criterion_organisation_id_audit_id"), ["organisation_id", "audit_id"], unique=False
        )

    op.create_table(
        "audit_guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_guest_audit_id_audit")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_audit_guest_invitation_id_invitation")
        ),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_audit_guest_invited_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audit_guest_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_guest_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_guest")),
        sa.UniqueConstraint("audit_id", "person_id", name=op.f("uq_audit_guest_audit_id_person_id")),
    )
    with op.batch_alter_table("audit_guest", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_guest_organisation_id_audit_id"), ["organisation_id", "audit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_guest_organisation_id_invitation_id"),
            ["organisation_id", "invitation_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_audit_guest_organisation_id_person_id"), ["organisation_id", "person_id"], unique=False
        )

    op.create_table(
        "audit_process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_process_audit_id_audit")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audit_process_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_audit_process_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_process")),
        sa.UniqueConstraint("audit_id", "process_id", name=op.f("uq_audit_process_audit_id_process_id")),
    )
    with op.batch_alter_table("audit_process", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_process_organisation_id_process_id"), ["organisation_id", "process_id"], unique=False
        )

    op.create_table(
        "audit_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "in-approval", "approved", "superseded", name="reportstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("confidential", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_report_audit_id_audit")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audit_report_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_report")),
        sa.UniqueConstraint("audit_id", "number", name=op.f("uq_audit_report_audit_id_number")),
    )
    with op.batch_alter_table("audit_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_report_organisation_id_audit_id"), ["organisation_id", "audit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_report_organisation_id_sha256"), ["organisation_id", "sha256"], unique=False
        )

    op.create_table(
        "process_clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("standard", sa.String(length=120), nullable=False),
        sa.Column("clause", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_process_clause_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_process_clause_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_clause")),
        sa.UniqueConstraint(
            "process_id", "standard", "clause", name=op.f("uq_process_clause_process_id_standard_clause")
        ),
    )
    with op.batch_alter_table("process_clause", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_process_clause_organisation_id_standard_clause"),
            ["organisation_id", "standard", "clause"],
            unique=False,
        )

    op.create_table(
        "process_performer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_process_performer_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_process_performer_person_id_person")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_process_performer_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_performer")),
        sa.UniqueConstraint("process_id", "person_id", name=op.f("uq_process_performer_process_id_person_id")),
    )
    with op.batch_alter_table("process_performer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_process_performer_organisation_id_person_id"), ["organisation_id", "person_id"], unique=False
        )

    op.create_table(
        "review_topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("clauses", sa.String(length=300), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("discussion", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_review_topic_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["management_review.id"], name=op.f("fk_review_topic_review_id_management_review")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_topic")),
    )
    with op.batch_alter_table("review_topic", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_topic_organisation_id_review_id_position"),
            ["organisation_id", "review_id", "position"],
            unique=False,
        )

    op.create_table(
        "template_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("clause", sa.String(length=40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_template_question_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["checklist_template.id"], name=op.f("fk_template_question_template_id_checklist_template")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_question")),
    )
    with op.batch_alter_table("template_question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_template_question_organisation_id_template_id_position"),
            ["organisation_id", "template_id", "position"],
            unique=False,
        )

    op.create_table(
        "agenda_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column(
            "side", sa.Enum("auditor", "auditee", name="agendaside", native_enum=False, length=40), nullable=False
        ),
        sa.Column("team_member_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("outside_name", sa.String(length=200), nullable=False),
        sa.Column("outside_email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_agenda_person_item_id_agenda_item")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agenda_person_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agenda_person_person_id_person")),
        sa.ForeignKeyConstraint(
            ["team_member_id"], ["team_member.id"], name=op.f("fk_agenda_person_team_member_id_team_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_person")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_agenda_person_token_hash")),
    )
    with op.batch_alter_table("agenda_person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agenda_person_organisation_id_item_id"), ["organisation_id", "item_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_agenda_person_organisation_id_person_id"), ["organisation_id", "person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_agenda_person_organisation_id_team_member_id"),
            ["organisation_id", "team_member_id"],
            unique=False,
        )

    op.create_table(
        "checklist_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "clause", "template", "open-point", "prompt", "own", name="itemsource", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("standard", sa.String(length=120), nullable=False),
        sa.Column("clause", sa.String(length=40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.Column(
            "result",
            sa.Enum(
                "not-assessed",
                "conforms",
                "minor",
                "major",
                "observation",
                "opportunity",
                "not-applicable",
                "not-sampled",
                name="clauseresult",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("people_met", sa.Text(), nullable=False),
        sa.Column("documents_seen", sa.Text(), nullable=False),
        sa.Column("samples", sa.Text(), nullable=False),
        sa.Column("assessed_by_id", sa.Integer(), nullable=True),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessed_by_id"], ["person.id"], name=op.f("fk_checklist_item_assessed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to_id"], ["team_member.id"], name=op.f("fk_checklist_item_assigned_to_id_team_member")
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_checklist_item_audit_id_audit")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_checklist_item_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
    )
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_checklist_item_organisation_id_audit_id_position"),
            ["organisation_id", "audit_id", "position"],
            unique=False,
        )

    op.create_table(
        "report_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("lead-auditor", "system-owner", name="signaturerole", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_report_signature_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_signature_person_id_person")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["audit_report.id"], name=op.f("fk_report_signature_report_id_audit_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_signature")),
        sa.UniqueConstraint("report_id", "role", name=op.f("uq_report_signature_report_id_role")),
    )
    with op.batch_alter_table("report_signature", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_signature_organisation_id_report_id"), ["organisation_id", "report_id"], unique=False
        )

    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column(
            "grade",
            sa.Enum(
                "major",
                "minor",
                "area-of-concern",
                "observation",
                "opportunity",
                "good-practice",
                name="findinggrade",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("standard", sa.String(length=120), nullable=False),
        sa.Column("clause", sa.String(length=40), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("body_reference", sa.String(length=80), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=True),
        sa.Column("repeats_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_finding_audit_id_audit")),
        sa.ForeignKeyConstraint(["item_id"], ["checklist_item.id"], name=op.f("fk_finding_item_id_checklist_item")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_finding_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["raised_by_id"], ["person.id"], name=op.f("fk_finding_raised_by_id_person")),
        sa.ForeignKeyConstraint(["repeats_id"], ["finding.id"], name=op.f("fk_finding_repeats_id_finding")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_finding_organisation_id_reference")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_organisation_id_audit_id"), ["organisation_id", "audit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_finding_organisation_id_grade_raised_on"),
            ["organisation_id", "grade", "raised_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_finding_organisation_id_item_id"), ["organisation_id", "item_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_finding_organisation_id_standard_clause"),
            ["organisation_id", "standard", "clause"],
            unique=False,
        )

    op.create_table(
        "corrective_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("nonconformity_id", sa.Integer(), nullable=True),
        sa.Column(
            "grade",
            sa.Enum(
                "major",
                "minor",
                "area-of-concern",
                "observation",
                "opportunity",
                "good-practice",
                name="findinggrade",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "raised",
                "containment",
                "root-cause",
                "action-plan",
                "implementation",
                "verification",
                "closed",
                name="stage",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("action_due_on", sa.Date(), nullable=False),
        sa.Column("containment", sa.Text(), nullable=False),
        sa.Column("contained_on", sa.Date(), nullable=True),
        sa.Column(
            "cause_method",
            sa.Enum("five-whys", "cause-and-effect", "other", name="causemethod", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("root_cause", sa.Text(), nullable=False),
        sa.Column("similar_note", sa.Text(), nullable=False),
        sa.Column("similar_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("implemented_on", sa.Date(), nullable=True),
        sa.Column("verify_from", sa.Date(), nullable=True),
        sa.Column(
            "effectiveness",
            sa.Enum("effective", "ineffective", name="effectiveness", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("verdict_note", sa.Text(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(finding_id IS NULL) <> (nonconformity_id IS NULL)", name=op.f("ck_corrective_action_one_nonconformity")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["person.id"], name=op.f("fk_corrective_action_accepted_by_id_person")
        ),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_corrective_action_finding_id_finding")),
        sa.ForeignKeyConstraint(
            ["nonconformity_id"],
            ["body_nonconformity.id"],
            name=op.f("fk_corrective_action_nonconformity_id_body_nonconformity"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_corrective_action_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_corrective_action_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["person.id"], name=op.f("fk_corrective_action_verified_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrective_action")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_corrective_action_finding_id")),
        sa.UniqueConstraint("nonconformity_id", name=op.f("uq_corrective_action_nonconformity_id")),
        sa.UniqueConstraint(
            "organisation_id", "reference", name=op.f("uq_corrective_action_organisation_id_reference")
        ),
    )
    with op.batch_alter_table("corrective_action", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_corrective_action_organisation_id_owner_id"), ["organisation_id", "owner_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_corrective_action_organisation_id_stage_action_due_on"),
            ["organisation_id", "stage", "action_due_on"],
            unique=False,
        )

    op.create_table(
        "finding_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("entitlement_id", sa.Integer(), nullable=True),
        sa.Column("pool_id", sa.Integer(), nullable=True),
        sa.Column("installation_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("process_id", sa.Integer(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN asset_id IS NULL THEN 0 ELSE 1 END + CASE WHEN entitlement_id IS NULL THEN 0 ELSE 1 END + CASE WHEN pool_id IS NULL THEN 0 ELSE 1 END + CASE WHEN installation_id IS NULL THEN 0 ELSE 1 END + CASE WHEN site_id IS NULL THEN 0 ELSE 1 END + CASE WHEN process_id IS NULL THEN 0 ELSE 1 END + CASE WHEN change_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_finding_link_one_concern"),
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_finding_link_asset_id_asset")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change_request.id"], name=op.f("fk_finding_link_change_id_change_request")
        ),
        sa.ForeignKeyConstraint(
            ["entitlement_id"], ["entitlement.id"], name=op.f("fk_finding_link_entitlement_id_entitlement")
        ),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_link_finding_id_finding")),
        sa.ForeignKeyConstraint(
            ["installation_id"], ["installation.id"], name=op.f("fk_finding_link_installation_id_installation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_finding_link_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["licence_pool.id"], name=op.f("fk_finding_link_pool_id_licence_pool")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_finding_link_process_id_process")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_finding_link_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_link")),
        sa.UniqueConstraint("finding_id", "asset_id", name=op.f("uq_finding_link_finding_id_asset_id")),
        sa.UniqueConstraint("finding_id", "change_id", name=op.f("uq_finding_link_finding_id_change_id")),
        sa.UniqueConstraint("finding_id", "entitlement_id", name=op.f("uq_finding_link_finding_id_entitlement_id")),
        sa.UniqueConstraint("finding_id", "installation_id", name=op.f("uq_finding_link_finding_id_installation_id")),
        sa.UniqueConstraint("finding_id", "pool_id", name=op.f("uq_finding_link_finding_id_pool_id")),
        sa.UniqueConstraint("finding_id", "process_id", name=op.f("uq_finding_link_finding_id_process_id")),
        sa.UniqueConstraint("finding_id", "site_id", name=op.f("uq_finding_link_finding_id_site_id")),
    )
    with op.batch_alter_table("finding_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_link_organisation_id_asset_id"), ["organisation_id", "asset_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_finding_link_organisation_id_change_id"), ["organisation_id", "change_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_finding_link_organisation_id_entitlement_id"),
            ["organisation_id", "entitlement_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_finding_link_organisation_id_finding_id"), ["organisation_id", "finding_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_finding_link_organisation_id_installation_id"),
            ["organisation_id", "installation_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_finding_link_organisation_id_pool_id"), ["organisation_id", "pool_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_finding_link_organisation_id_process_id"), ["organisation_id", "process_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_finding_link_organisation_id_site_id"), ["organisation_id", "site_id"], unique=False
        )

    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("correction", "corrective-action", "decision", name="actionkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(case_id IS NULL) <> (review_id IS NULL)", name=op.f("ck_action_one_origin")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["corrective_action.id"], name=op.f("fk_action_case_id_corrective_action")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_action_done_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_action_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_action_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["management_review.id"], name=op.f("fk_action_review_id_management_review")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_action_organisation_id_reference")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_organisation_id_case_id"), ["organisation_id", "case_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_action_organisation_id_owner_id_done_on_due_on"),
            ["organisation_id", "owner_id", "done_on", "due_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_action_organisation_id_review_id"), ["organisation_id", "review_id"], unique=False
        )

    op.create_table(
        "cause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "branch",
            sa.Enum(
                "why",
                "people",
                "method",
                "equipment",
                "material",
                "measurement",
                "environment",
                name="causebranch",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["corrective_action.id"], name=op.f("fk_cause_case_id_corrective_action")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_cause_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cause")),
    )
    with op.batch_alter_table("cause", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cause_organisation_id_case_id_position"),
            ["organisation_id", "case_id", "position"],
            unique=False,
        )

    op.create_table(
        "corrective_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "raised",
                "contained",
                "answered",
                "refused",
                "accepted",
                "implemented",
                "effective",
                "ineffective",
                "reopened",
                "extended",
                "extension-refused",
                name="stepkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_corrective_step_by_id_person")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["corrective_action.id"], name=op.f("fk_corrective_step_case_id_corrective_action")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_corrective_step_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrective_step")),
    )
    with op.batch_alter_table("corrective_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_corrective_step_organisation_id_case_id_at"),
            ["organisation_id", "case_id", "at"],
            unique=False,
        )

    op.create_table(
        "deadline_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.Enum("answer", "action", name="duekind", native_enum=False, length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("is_approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_deadline_extension_asked_by_id_person")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["corrective_action.id"], name=op.f("fk_deadline_extension_case_id_corrective_action")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_deadline_extension_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_deadline_extension_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_extension")),
    )
    with op.batch_alter_table("deadline_extension", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deadline_extension_organisation_id_case_id"), ["organisation_id", "case_id"], unique=False
        )

    op.create_table(
        "similar_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("because", sa.String(length=200), nullable=False),
        sa.Column("is_affected", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("looked_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["corrective_action.id"], name=op.f("fk_similar_case_case_id_corrective_action")
        ),
        sa.ForeignKeyConstraint(["looked_by_id"], ["person.id"], name=op.f("fk_similar_case_looked_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_similar_case_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similar_case")),
        sa.UniqueConstraint("case_id", "noun", "name", name=op.f("uq_similar_case_case_id_noun_name")),
    )
    with op.batch_alter_table("similar_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_similar_case_organisation_id_case_id"), ["organisation_id", "case_id"], unique=False
        )

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("finding_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("item_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("case_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("action_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("review_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_action_id"), ["organisation_id", "action_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_case_id"), ["organisation_id", "case_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_finding_id"), ["organisation_id", "finding_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_item_id"), ["organisation_id", "item_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_review_id"), ["organisation_id", "review_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_attachment_case_id_corrective_action"), "corrective_action", ["case_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_attachment_action_id_action"), "action", ["action_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_attachment_review_id_management_review"), "management_review", ["review_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_attachment_item_id_checklist_item"), "checklist_item", ["item_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_attachment_finding_id_finding"), "finding", ["finding_id"], ["id"])
        batch_op.drop_constraint(batch_op.f("ck_attachment_one_place"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_attachment_one_place"), one_of(PLACES))

    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("objectives", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("criteria", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("scope", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("methods", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("body_reference", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("impartiality_months", sa.Integer(), nullable=False, server_default="24"))
        batch_op.add_column(sa.Column("coverage_months", sa.Integer(), nullable=False, server_default="36"))
        batch_op.add_column(sa.Column("major_answer_days", sa.Integer(), nullable=False, server_default="30"))
        batch_op.add_column(sa.Column("major_action_days", sa.Integer(), nullable=False, server_default="60"))
        batch_op.add_column(sa.Column("minor_answer_days", sa.Integer(), nullable=False, server_default="30"))
        batch_op.add_column(sa.Column("minor_action_days", sa.Integer(), nullable=False, server_default="90"))
        batch_op.add_column(sa.Column("effectiveness_days", sa.Integer(), nullable=False, server_default="30"))
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owns_system", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    # Not in a batch: SQLite would make these tables anew, and their rows are pointed to.
    op.drop_column("membership", "owns_system")
    op.drop_column("organisation", "effectiveness_days")
    op.drop_column("organisation", "minor_action_days")
    op.drop_column("organisation", "minor_answer_days")
    op.drop_column("organisation", "major_action_days")
    op.drop_column("organisation", "major_answer_days")
    op.drop_column("organisation", "coverage_months")
    op.drop_column("organisation", "impartiality_months")
    op.drop_column("audit", "frozen_at")
    op.drop_column("audit", "body_reference")
    op.drop_column("audit", "methods")
    op.drop_column("audit", "scope")
    op.drop_column("audit", "criteria")
    op.drop_column("audit", "objectives")

    op.execute(f"DELETE FROM attachment WHERE {' OR '.join(f'{place} IS NOT NULL' for place in ADDED)}")  # noqa: S608
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_attachment_one_place"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_attachment_finding_id_finding"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_attachment_item_id_checklist_item"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_attachment_review_id_management_review"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_attachment_action_id_action"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_attachment_case_id_corrective_action"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_review_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_item_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_finding_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_case_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_action_id"))
        batch_op.drop_column("review_id")
        batch_op.drop_column("action_id")
        batch_op.drop_column("case_id")
        batch_op.drop_column("item_id")
        batch_op.drop_column("finding_id")
        batch_op.create_check_constraint(batch_op.f("ck_attachment_one_place"), one_of(BEFORE))

    with op.batch_alter_table("similar_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_similar_case_organisation_id_case_id"))

    op.drop_table("similar_case")
    with op.batch_alter_table("deadline_extension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deadline_extension_organisation_id_case_id"))

    op.drop_table("deadline_extension")
    with op.batch_alter_table("corrective_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_corrective_step_organisation_id_case_id_at"))

    op.drop_table("corrective_step")
    with op.batch_alter_table("cause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cause_organisation_id_case_id_position"))

    op.drop_table("cause")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_organisation_id_review_id"))
        batch_op.drop_index(batch_op.f("ix_action_organisation_id_owner_id_done_on_due_on"))
        batch_op.drop_index(batch_op.f("ix_action_organisation_id_case_id"))

    op.drop_table("action")
    with op.batch_alter_table("finding_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_link_organisation_id_site_id"))
        batch_op.drop_index(batch_op.f("ix_finding_link_organisation_id_process_id"))
        batch_op.drop_index(batch_op.f("ix_finding_link_organisation_id_pool_id"))
        batch_op.drop_index(batch_op.f("ix_finding_link_organisation_id_installation_id"))
        batch_op.drop_index(batch_op.f("ix_finding_link_organisation_id_finding_id"))
        batch_op.drop_index(batch_op.f("ix_finding_link_organisation_id_entitlement_id"))
        batch_op.drop_index(batch_op.f("ix_finding_link_organisation_id_change_id"))
        batch_op.drop_index(batch_op.f("ix_finding_link_organisation_id_asset_id"))

    op.drop_table("finding_link")
    with op.batch_alter_table("corrective_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_corrective_action_organisation_id_stage_action_due_on"))
        batch_op.drop_index(batch_op.f("ix_corrective_action_organisation_id_owner_id"))

    op.drop_table("corrective_action")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_organisation_id_standard_clause"))
        batch_op.drop_index(batch_op.f("ix_finding_organisation_id_item_id"))
        batch_op.drop_index(batch_op.f("ix_finding_organisation_id_grade_raised_on"))
        batch_op.drop_index(batch_op.f("ix_finding_organisation_id_audit_id"))

    op.drop_table("finding")
    with op.batch_alter_table("report_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_signature_organisation_id_report_id"))

    op.drop_table("report_signature")
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checklist_item_organisation_id_audit_id_position"))

    op.drop_table("checklist_item")
    with op.batch_alter_table("agenda_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_person_organisation_id_team_member_id"))
        batch_op.drop_index(batch_op.f("ix_agenda_person_organisation_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_agenda_person_organisation_id_item_id"))

    op.drop_table("agenda_person")
    with op.batch_alter_table("template_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_template_question_organisation_id_template_id_position"))

    op.drop_table("template_question")
    with op.batch_alter_table("review_topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_topic_organisation_id_review_id_position"))

    op.drop_table("review_topic")
    with op.batch_alter_table("process_performer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_process_performer_organisation_id_person_id"))

    op.drop_table("process_performer")
    with op.batch_alter_table("process_clause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_process_clause_organisation_id_standard_clause"))

    op.drop_table("process_clause")
    with op.batch_alter_table("audit_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_report_organisation_id_sha256"))
        batch_op.drop_index(batch_op.f("ix_audit_report_organisation_id_audit_id"))

    op.drop_table("audit_report")
    with op.batch_alter_table("audit_process", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_process_organisation_id_process_id"))

    op.drop_table("audit_process")
    with op.batch_alter_table("audit_guest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_guest_organisation_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_audit_guest_organisation_id_invitation_id"))
        batch_op.drop_index(batch_op.f("ix_audit_guest_organisation_id_audit_id"))

    op.drop_table("audit_guest")
    with op.batch_alter_table("audit_criterion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_criterion_organisation_id_audit_id"))

    op.drop_table("audit_criterion")
    with op.batch_alter_table("audit_clause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_clause_organisation_id_standard_clause"))

    op.drop_table("audit_clause")
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_item_organisation_id_audit_id_held_on_starts_at"))

    op.drop_table("agenda_item")
    with op.batch_alter_table("received_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_received_entry_organisation_id_received_at"))

    op.drop_table("received_entry")
    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_process_organisation_id_owner_id"))

    op.drop_table("process")
    with op.batch_alter_table("management_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_management_review_organisation_id_held_on"))

    op.drop_table("management_review")
    op.drop_table("checklist_template")
    with op.batch_alter_table("audit_programme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_programme_organisation_id_ends_on"))

    op.drop_table("audit_programme")
