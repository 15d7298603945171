"""Training is assigned, by rules too; requirements of competence with what shows them; files may be on evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
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
    "finding_id",
    "item_id",
    "case_id",
    "action_id",
    "review_id",
    "course_id",
    "completion_id",
)
ADDED = ("evidence_id",)


def one_of(places: tuple[str, ...]) -> str:
    """The condition that a file is at exactly one place."""
    return " + ".join(f"CASE WHEN {place} IS NULL THEN 0 ELSE 1 END" for place in places) + " = 1"


def upgrade() -> None:
    op.create_table(
        "competence_requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "quality-manager",
                "auditor",
                "asset-manager",
                "staff",
                "assessor",
                "administrator",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "team_role",
            sa.Enum(
                "lead-auditor", "auditor", "technical-expert", "observer", name="teamrole", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column("standard", sa.String(length=120), nullable=False),
        sa.Column("audits_witnessed", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(role IS NULL) <> (team_role IS NULL)", name=op.f("ck_competence_requirement_one_subject")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_competence_requirement_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_requirement")),
        sa.UniqueConstraint(
            "organisation_id", "reference", name=op.f("uq_competence_requirement_organisation_id_reference")
        ),
    )
    op.create_table(
        "competence_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("witnessed-audit", "document", name="evidencekind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("says", sa.String(length=200), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_competence_evidence_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_competence_evidence_person_id_person")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_competence_evidence_recorded_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["requirement_id"],
            ["competence_requirement.id"],
            name=op.f("fk_competence_evidence_requirement_id_competence_requirement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_evidence")),
    )
    with op.batch_alter_table("competence_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_competence_evidence_organisation_id_person_id"),
            ["organisation_id", "person_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_competence_evidence_organisation_id_requirement_id_person_id"),
            ["organisation_id", "requirement_id", "person_id"],
            unique=False,
        )

    op.create_table(
        "required_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_required_course_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_required_course_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["requirement_id"],
            ["competence_requirement.id"],
            name=op.f("fk_required_course_requirement_id_competence_requirement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_required_course")),
        sa.UniqueConstraint("requirement_id", "course_id", name=op.f("uq_required_course_requirement_id_course_id")),
    )
    with op.batch_alter_table("required_course", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_required_course_organisation_id_course_id"), ["organisation_id", "course_id"], unique=False
        )

    op.create_table(
        "training_exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_training_exemption_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_training_exemption_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_exemption_person_id_person")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_training_exemption_recorded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_exemption")),
    )
    with op.batch_alter_table("training_exemption", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_training_exemption_organisation_id_course_id"),
            ["organisation_id", "course_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_training_exemption_organisation_id_person_id_course_id"),
            ["organisation_id", "person_id", "course_id"],
            unique=False,
        )

    op.create_table(
        "training_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "quality-manager",
                "auditor",
                "asset-manager",
                "staff",
                "assessor",
                "administrator",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("path_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column(
            "refreshing",
            sa.Enum("never", "last-completion", "fixed-day", name="refreshing", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("anchor", sa.Date(), nullable=True),
        sa.Column("early_days", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(course_id IS NULL) <> (path_id IS NULL)", name=op.f("ck_training_rule_course_or_path")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_training_rule_course_id_course")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_training_rule_made_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_training_rule_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["path_id"], ["learning_path.id"], name=op.f("fk_training_rule_path_id_learning_path")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_training_rule_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_rule")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_training_rule_organisation_id_reference")),
    )
    op.create_table(
        "training_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column("assigned_on", sa.Date(), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "refreshing",
            sa.Enum("never", "last-completion", "fixed-day", name="refreshing", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("anchor", sa.Date(), nullable=True),
        sa.Column("early_days", sa.Integer(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_by_id"], ["person.id"], name=op.f("fk_training_assignment_assigned_by_id_person")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_training_assignment_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_training_assignment_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_assignment_person_id_person")),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["training_rule.id"], name=op.f("fk_training_assignment_rule_id_training_rule")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_assignment")),
        sa.UniqueConstraint(
            "organisation_id",
            "person_id",
            "course_id",
            name=op.f("uq_training_assignment_organisation_id_person_id_course_id"),
        ),
    )
    with op.batch_alter_table("training_assignment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_training_assignment_organisation_id_course_id"),
            ["organisation_id", "course_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_training_assignment_organisation_id_rule_id"), ["organisation_id", "rule_id"], unique=False
        )

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("evidence_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_evidence_id"), ["organisation_id", "evidence_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_attachment_evidence_id_competence_evidence"), "competence_evidence", ["evidence_id"], ["id"]
        )
        batch_op.drop_constraint(batch_op.f("ck_attachment_one_place"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_attachment_one_place"), one_of((*BEFORE, *ADDED)))

    # Not in a batch: SQLite would make this table anew, and its rows are pointed to.
    op.add_column("organisation", sa.Column("competence_gap", sa.String(20), nullable=False, server_default="refuse"))
    op.add_column("organisation", sa.Column("expiring_days", sa.Integer(), nullable=False, server_default="60"))


def downgrade() -> None:
    op.drop_column("organisation", "expiring_days")
    op.drop_column("organisation", "competence_gap")
    op.execute("DELETE FROM attachment WHERE evidence_id IS NOT NULL")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_attachment_one_place"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_attachment_evidence_id_competence_evidence"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_evidence_id"))
        batch_op.drop_column("evidence_id")
        batch_op.create_check_constraint(batch_op.f("ck_attachment_one_place"), one_of(BEFORE))

    with op.batch_alter_table("training_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_assignment_organisation_id_rule_id"))
        batch_op.drop_index(batch_op.f("ix_training_assignment_organisation_id_course_id"))

    op.drop_table("training_assignment")
    op.drop_table("training_rule")
    with op.batch_alter_table("training_exemption", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_exemption_organisation_id_person_id_course_id"))
        batch_op.drop_index(batch_op.f("ix_training_exemption_organisation_id_course_id"))

    op.drop_table("training_exemption")
    with op.batch_alter_table("required_course", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_required_course_organisation_id_course_id"))

    op.drop_table("required_course")
    with op.batch_alter_table("competence_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competence_evidence_organisation_id_requirement_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_competence_evidence_organisation_id_person_id"))

    op.drop_table("competence_evidence")
    op.drop_table("competence_requirement")
