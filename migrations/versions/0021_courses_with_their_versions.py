"""Courses with versions, sections, lessons and questions; learning paths; files may be on a course."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
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
)
ADDED = ("course_id",)


def one_of(places: tuple[str, ...]) -> str:
    """The condition that a file is at exactly one place."""
    return " + ".join(f"CASE WHEN {place} IS NULL THEN 0 ELSE 1 END" for place in places) + " = 1"


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum("draft", "published", "retired", name="standing", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("self_enrolment", sa.Boolean(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_course_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_course_organisation_id_reference")),
    )
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_course_organisation_id_standing"), ["organisation_id", "standing"], unique=False
        )

    op.create_table(
        "learning_path",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_learning_path_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_path")),
        sa.UniqueConstraint("organisation_id", "title", name=op.f("uq_learning_path_organisation_id_title")),
    )
    op.create_table(
        "course_clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("standard", sa.String(length=120), nullable=False),
        sa.Column("clause", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_clause_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_course_clause_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_clause")),
        sa.UniqueConstraint("course_id", "standard", "clause", name=op.f("uq_course_clause_course_id_standard_clause")),
    )
    with op.batch_alter_table("course_clause", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_course_clause_organisation_id_course_id"), ["organisation_id", "course_id"], unique=False
        )

    op.create_table(
        "course_prerequisite",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("required_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_prerequisite_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_course_prerequisite_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["required_id"], ["course.id"], name=op.f("fk_course_prerequisite_required_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_prerequisite")),
        sa.UniqueConstraint("course_id", "required_id", name=op.f("uq_course_prerequisite_course_id_required_id")),
    )
    with op.batch_alter_table("course_prerequisite", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_course_prerequisite_organisation_id_required_id"),
            ["organisation_id", "required_id"],
            unique=False,
        )

    op.create_table(
        "course_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_version_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_course_version_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_course_version_published_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_version")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_course_version_course_id_number")),
    )
    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_course_version_organisation_id_course_id_number"),
            ["organisation_id", "course_id", "number"],
            unique=False,
        )

    op.create_table(
        "path_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_path_course_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_path_course_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["path_id"], ["learning_path.id"], name=op.f("fk_path_course_path_id_learning_path")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_path_course")),
        sa.UniqueConstraint("path_id", "course_id", name=op.f("uq_path_course_path_id_course_id")),
    )
    with op.batch_alter_table("path_course", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_path_course_organisation_id_course_id"), ["organisation_id", "course_id"], unique=False
        )

    op.create_table(
        "course_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_course_section_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_course_section_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_section")),
    )
    with op.batch_alter_table("course_section", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_course_section_organisation_id_version_id_place"),
            ["organisation_id", "version_id", "place"],
            unique=False,
        )

    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("lasting_key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=True),
        sa.Column("drawn", sa.Integer(), nullable=True),
        sa.Column("shuffled", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=True),
        sa.Column("quiz_minutes", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_lesson_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["course_section.id"], name=op.f("fk_lesson_section_id_course_section")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
    )
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lesson_organisation_id_section_id_place"),
            ["organisation_id", "section_id", "place"],
            unique=False,
        )

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("lasting_key", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "single",
                "multiple",
                "true-false",
                "matching",
                "ordering",
                "number",
                "short-text",
                name="questionkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("number", sa.Numeric(precision=15, scale=6), nullable=True),
        sa.Column("tolerance", sa.Numeric(precision=15, scale=6), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_question_lesson_id_lesson")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_question_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_organisation_id_lesson_id_place"),
            ["organisation_id", "lesson_id", "place"],
            unique=False,
        )

    op.create_table(
        "question_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("match", sa.String(length=500), nullable=False),
        sa.Column("feedback", sa.String(length=500), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_question_option_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_option_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_option")),
    )
    with op.batch_alter_table("question_option", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_option_organisation_id_question_id_place"),
            ["organisation_id", "question_id", "place"],
            unique=False,
        )

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("course_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_course_id"), ["organisation_id", "course_id"], unique=False
        )
        batch_op.create_foreign_key(batch_op.f("fk_attachment_course_id_course"), "course", ["course_id"], ["id"])
        batch_op.drop_constraint(batch_op.f("ck_attachment_one_place"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_attachment_one_place"), one_of((*BEFORE, *ADDED)))


def downgrade() -> None:
    op.execute("DELETE FROM attachment WHERE course_id IS NOT NULL")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_attachment_one_place"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_attachment_course_id_course"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_course_id"))
        batch_op.drop_column("course_id")
        batch_op.create_check_constraint(batch_op.f("ck_attachment_one_place"), one_of(BEFORE))

    with op.batch_alter_table("question_option", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_option_organisation_id_question_id_place"))

    op.drop_table("question_option")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_organisation_id_lesson_id_place"))

    op.drop_table("question")
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_organisation_id_section_id_place"))

    op.drop_table("lesson")
    with op.batch_alter_table("course_section", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_section_organisation_id_version_id_place"))

    op.drop_table("course_section")
    with op.batch_alter_table("path_course", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_path_course_organisation_id_course_id"))

    op.drop_table("path_course")
    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_version_organisation_id_course_id_number"))

    op.drop_table("course_version")
    with op.batch_alter_table("course_prerequisite", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_prerequisite_organisation_id_required_id"))

    op.drop_table("course_prerequisite")
    with op.batch_alter_table("course_clause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_clause_organisation_id_course_id"))

    op.drop_table("course_clause")
    op.drop_table("learning_path")
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_organisation_id_standing"))

    op.drop_table("course")
