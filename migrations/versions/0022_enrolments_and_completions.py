"""Enrolments with progress, attempts and answers; completions with their certificates; files may be on a completion."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
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
)
ADDED = ("completion_id",)


def one_of(places: tuple[str, ...]) -> str:
    """The condition that a file is at exactly one place."""
    return " + ".join(f"CASE WHEN {place} IS NULL THEN 0 ELSE 1 END" for place in places) + " = 1"


def upgrade() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("more_attempts", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_enrolment_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_enrolment_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_enrolment_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enrolment_organisation_id_course_id_completed_at"),
            ["organisation_id", "course_id", "completed_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_enrolment_organisation_id_person_id_course_id"),
            ["organisation_id", "person_id", "course_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_enrolment_in_progress",
            ["organisation_id", "person_id", "course_id"],
            unique=True,
            sqlite_where=sa.text("completed_at IS NULL"),
            postgresql_where=sa.text("completed_at IS NULL"),
        )

    op.create_table(
        "completion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("provider", sa.String(length=200), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_completion_course_id_course")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_completion_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_completion_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_completion_person_id_person")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_completion_recorded_by_id_person")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["person.id"], name=op.f("fk_completion_revoked_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_completion_enrolment_id")),
        sa.UniqueConstraint("number", name=op.f("uq_completion_number")),
    )
    with op.batch_alter_table("completion", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_completion_organisation_id_course_id_completed_on"),
            ["organisation_id", "course_id", "completed_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_completion_organisation_id_enrolment_id"), ["organisation_id", "enrolment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_completion_organisation_id_person_id_course_id"),
            ["organisation_id", "person_id", "course_id"],
            unique=False,
        )

    op.create_table(
        "lesson_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_lesson_progress_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_lesson_progress_lesson_id_lesson")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_lesson_progress_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_progress")),
        sa.UniqueConstraint("enrolment_id", "lesson_id", name=op.f("uq_lesson_progress_enrolment_id_lesson_id")),
    )
    with op.batch_alter_table("lesson_progress", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lesson_progress_organisation_id_enrolment_id"),
            ["organisation_id", "enrolment_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_lesson_progress_organisation_id_lesson_id"), ["organisation_id", "lesson_id"], unique=False
        )

    op.create_table(
        "quiz_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("out_of", sa.Integer(), nullable=True),
        sa.Column("has_passed", sa.Boolean(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_quiz_attempt_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_quiz_attempt_lesson_id_lesson")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_quiz_attempt_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempt")),
        sa.UniqueConstraint(
            "enrolment_id", "lesson_id", "number", name=op.f("uq_quiz_attempt_enrolment_id_lesson_id_number")
        ),
    )
    with op.batch_alter_table("quiz_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiz_attempt_organisation_id_enrolment_id"),
            ["organisation_id", "enrolment_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_attempt_organisation_id_lesson_id"), ["organisation_id", "lesson_id"], unique=False
        )

    op.create_table(
        "attempt_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["quiz_attempt.id"], name=op.f("fk_attempt_answer_attempt_id_quiz_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_attempt_answer_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_attempt_answer_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_answer")),
        sa.UniqueConstraint("attempt_id", "question_id", name=op.f("uq_attempt_answer_attempt_id_question_id")),
    )
    with op.batch_alter_table("attempt_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attempt_answer_organisation_id_attempt_id"), ["organisation_id", "attempt_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attempt_answer_organisation_id_question_id"),
            ["organisation_id", "question_id"],
            unique=False,
        )

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("completion_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_completion_id"),
            ["organisation_id", "completion_id"],
            unique=False,
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_attachment_completion_id_completion"), "completion", ["completion_id"], ["id"]
        )
        batch_op.drop_constraint(batch_op.f("ck_attachment_one_place"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_attachment_one_place"), one_of((*BEFORE, *ADDED)))


def downgrade() -> None:
    op.execute("DELETE FROM attachment WHERE completion_id IS NOT NULL")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_attachment_one_place"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_attachment_completion_id_completion"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_completion_id"))
        batch_op.drop_column("completion_id")
        batch_op.create_check_constraint(batch_op.f("ck_attachment_one_place"), one_of(BEFORE))

    with op.batch_alter_table("attempt_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_answer_organisation_id_question_id"))
        batch_op.drop_index(batch_op.f("ix_attempt_answer_organisation_id_attempt_id"))

    op.drop_table("attempt_answer")
    with op.batch_alter_table("quiz_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_attempt_organisation_id_lesson_id"))
        batch_op.drop_index(batch_op.f("ix_quiz_attempt_organisation_id_enrolment_id"))

    op.drop_table("quiz_attempt")
    with op.batch_alter_table("lesson_progress", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_progress_organisation_id_lesson_id"))
        batch_op.drop_index(batch_op.f("ix_lesson_progress_organisation_id_enrolment_id"))

    op.drop_table("lesson_progress")
    with op.batch_alter_table("completion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_completion_organisation_id_person_id_course_id"))
        batch_op.drop_index(batch_op.f("ix_completion_organisation_id_enrolment_id"))
        batch_op.drop_index(batch_op.f("ix_completion_organisation_id_course_id_completed_on"))

    op.drop_table("completion")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_enrolment_in_progress",
            sqlite_where=sa.text("completed_at IS NULL"),
            postgresql_where=sa.text("completed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_enrolment_organisation_id_person_id_course_id"))
        batch_op.drop_index(batch_op.f("ix_enrolment_organisation_id_course_id_completed_at"))

    op.drop_table("enrolment")
