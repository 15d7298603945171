"""Rows are looked up within their organisation: indexes begin with it."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_audit_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_decision_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_nonconformity_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_sha256"))
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_audit_id"), ["organisation_id", "audit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_certificate_id"),
            ["organisation_id", "certificate_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_decision_id"), ["organisation_id", "decision_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_nonconformity_id"),
            ["organisation_id", "nonconformity_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_sha256"), ["organisation_id", "sha256"], unique=False
        )

    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_organisation_id"))

    with op.batch_alter_table("audit_certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_certificate_audit_id"))
        batch_op.drop_index(batch_op.f("ix_audit_certificate_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_audit_certificate_organisation_id"))
        batch_op.create_index(
            batch_op.f("ix_audit_certificate_organisation_id_audit_id"), ["organisation_id", "audit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_certificate_organisation_id_certificate_id"),
            ["organisation_id", "certificate_id"],
            unique=False,
        )

    with op.batch_alter_table("audit_site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_site_audit_id"))
        batch_op.drop_index(batch_op.f("ix_audit_site_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_audit_site_site_id"))
        batch_op.create_index(
            batch_op.f("ix_audit_site_organisation_id_audit_id"), ["organisation_id", "audit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_site_organisation_id_site_id"), ["organisation_id", "site_id"], unique=False
        )

    with op.batch_alter_table("blackout_period", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blackout_period_organisation_id"))

    with op.batch_alter_table("body_nonconformity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_nonconformity_audit_id"))
        batch_op.drop_index(batch_op.f("ix_body_nonconformity_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_body_nonconformity_organisation_id"))
        batch_op.create_index(
            batch_op.f("ix_body_nonconformity_organisation_id_audit_id"), ["organisation_id", "audit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_body_nonconformity_organisation_id_certificate_id"),
            ["organisation_id", "certificate_id"],
            unique=False,
        )

    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feed_organisation_id"))

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_certification_body_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_organisation_id"))
        batch_op.create_index(
            batch_op.f("ix_certificate_organisation_id_certification_body_id"),
            ["organisation_id", "certification_body_id"],
            unique=False,
        )

    with op.batch_alter_table("certificate_deadline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_deadline_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_deadline_organisation_id"))
        batch_op.create_index(
            batch_op.f("ix_certificate_deadline_organisation_id_certificate_id"),
            ["organisation_id", "certificate_id"],
            unique=False,
        )

    with op.batch_alter_table("certificate_site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_site_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_site_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_site_site_id"))
        batch_op.create_index(
            batch_op.f("ix_certificate_site_organisation_id_certificate_id"),
            ["organisation_id", "certificate_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_site_organisation_id_site_id"), ["organisation_id", "site_id"], unique=False
        )

    with op.batch_alter_table("certificate_verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_verdict_next_closes_on"))
        batch_op.drop_index(batch_op.f("ix_certificate_verdict_organisation_id"))
        batch_op.create_index(
            batch_op.f("ix_certificate_verdict_organisation_id_next_closes_on"),
            ["organisation_id", "next_closes_on"],
            unique=False,
        )

    with op.batch_alter_table("certification_body", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certification_body_organisation_id"))

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_decision_organisation_id"))
        batch_op.create_index(
            batch_op.f("ix_decision_organisation_id_certificate_id"),
            ["organisation_id", "certificate_id"],
            unique=False,
        )

    with op.batch_alter_table("deviation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deviation_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_deviation_organisation_id"))
        batch_op.create_index(
            batch_op.f("ix_deviation_organisation_id_certificate_id"),
            ["organisation_id", "certificate_id"],
            unique=False,
        )

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_organisation_id"))

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_organisation_id"))

    with op.batch_alter_table("own_edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_own_edition_organisation_id"))

    with op.batch_alter_table("significant_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_significant_change_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_significant_change_organisation_id"))
        batch_op.create_index(
            batch_op.f("ix_significant_change_organisation_id_certificate_id"),
            ["organisation_id", "certificate_id"],
            unique=False,
        )

    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_organisation_id"))

    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_member_audit_id"))
        batch_op.drop_index(batch_op.f("ix_team_member_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_team_member_person_id"))
        batch_op.create_index(
            batch_op.f("ix_team_member_organisation_id_audit_id"), ["organisation_id", "audit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_team_member_organisation_id_person_id"), ["organisation_id", "person_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_member_organisation_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_team_member_organisation_id_audit_id"))
        batch_op.create_index(batch_op.f("ix_team_member_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_member_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_member_audit_id"), ["audit_id"], unique=False)

    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("significant_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_significant_change_organisation_id_certificate_id"))
        batch_op.create_index(batch_op.f("ix_significant_change_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_significant_change_certificate_id"), ["certificate_id"], unique=False)

    with op.batch_alter_table("own_edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_own_edition_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("deviation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deviation_organisation_id_certificate_id"))
        batch_op.create_index(batch_op.f("ix_deviation_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deviation_certificate_id"), ["certificate_id"], unique=False)

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_organisation_id_certificate_id"))
        batch_op.create_index(batch_op.f("ix_decision_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_certificate_id"), ["certificate_id"], unique=False)

    with op.batch_alter_table("certification_body", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certification_body_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("certificate_verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_verdict_organisation_id_next_closes_on"))
        batch_op.create_index(batch_op.f("ix_certificate_verdict_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_verdict_next_closes_on"), ["next_closes_on"], unique=False)

    with op.batch_alter_table("certificate_site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_site_organisation_id_site_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_site_organisation_id_certificate_id"))
        batch_op.create_index(batch_op.f("ix_certificate_site_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_site_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_site_certificate_id"), ["certificate_id"], unique=False)

    with op.batch_alter_table("certificate_deadline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_deadline_organisation_id_certificate_id"))
        batch_op.create_index(batch_op.f("ix_certificate_deadline_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_deadline_certificate_id"), ["certificate_id"], unique=False)

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_organisation_id_certification_body_id"))
        batch_op.create_index(batch_op.f("ix_certificate_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_certificate_certification_body_id"), ["certification_body_id"], unique=False
        )

    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("body_nonconformity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_nonconformity_organisation_id_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_body_nonconformity_organisation_id_audit_id"))
        batch_op.create_index(batch_op.f("ix_body_nonconformity_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_body_nonconformity_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_body_nonconformity_audit_id"), ["audit_id"], unique=False)

    with op.batch_alter_table("blackout_period", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blackout_period_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("audit_site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_site_organisation_id_site_id"))
        batch_op.drop_index(batch_op.f("ix_audit_site_organisation_id_audit_id"))
        batch_op.create_index(batch_op.f("ix_audit_site_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_site_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_site_audit_id"), ["audit_id"], unique=False)

    with op.batch_alter_table("audit_certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_certificate_organisation_id_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_audit_certificate_organisation_id_audit_id"))
        batch_op.create_index(batch_op.f("ix_audit_certificate_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_certificate_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_certificate_audit_id"), ["audit_id"], unique=False)

    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_sha256"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_nonconformity_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_decision_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_audit_id"))
        batch_op.create_index(batch_op.f("ix_attachment_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_nonconformity_id"), ["nonconformity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_audit_id"), ["audit_id"], unique=False)
