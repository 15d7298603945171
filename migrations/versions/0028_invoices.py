"""Invoices, numbered by seller and year; the database itself refuses to change or delete what was issued."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ISSUED = (
    ("invoice", "UPDATE", "an invoice that was issued is never changed"),
    ("invoice", "DELETE", "an invoice that was issued is never deleted"),
    ("invoice_line", "UPDATE", "a line of an invoice that was issued is never changed"),
    ("invoice_line", "DELETE", "a line of an invoice that was issued is never deleted"),
    ("payment", "DELETE", "a payment is taken back, never deleted"),
)
KEPT = ("id", "organisation_id", "invoice_id", "received_on", "amount_minor", "note", "recorded_by_id", "recorded_at")
"""Of a payment, all but whether it was taken back."""
TOO_MANY = (
    "SELECT COUNT(*) FROM invoice_line WHERE invoice_id = NEW.invoice_id",
    "SELECT line_count FROM invoice WHERE id = NEW.invoice_id",
)


def upgrade() -> None:
    op.create_table(
        "invoice_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invoice_series_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_series")),
        sa.UniqueConstraint("organisation_id", "year", name=op.f("uq_invoice_series_organisation_id_year")),
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("invoice", "credit-note", name="invoicekind", native_enum=False, length=40), nullable=False
        ),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tax_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("taxes", sa.JSON(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("seller_name", sa.String(length=200), nullable=False),
        sa.Column("client_name", sa.String(length=200), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["organisation.id"], name=op.f("fk_invoice_client_id_organisation")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name=op.f("fk_invoice_issued_by_id_person")),
        sa.ForeignKeyConstraint(["of_id"], ["invoice.id"], name=op.f("fk_invoice_of_id_invoice")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invoice_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_invoice_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_invoice_organisation_id_reference")),
        sa.UniqueConstraint("organisation_id", "year", "serial", name=op.f("uq_invoice_organisation_id_year_serial")),
    )
    op.create_index(op.f("ix_invoice_client_id"), "invoice", ["client_id"], unique=False)
    op.create_index(
        op.f("ix_invoice_organisation_id_client_id"), "invoice", ["organisation_id", "client_id"], unique=False
    )
    op.create_index(op.f("ix_invoice_organisation_id_of_id"), "invoice", ["organisation_id", "of_id"], unique=False)

    op.create_table(
        "invoice_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("amount_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tax_rate", sa.Integer(), nullable=False),
        sa.Column("due_key", sa.String(length=80), nullable=False),
        sa.Column("of_line_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id_invoice")),
        sa.ForeignKeyConstraint(
            ["of_line_id"], ["invoice_line.id"], name=op.f("fk_invoice_line_of_line_id_invoice_line")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invoice_line_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
        sa.UniqueConstraint(
            "organisation_id", "invoice_id", "place", name=op.f("uq_invoice_line_organisation_id_invoice_id_place")
        ),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_on", sa.Date(), nullable=True),
        sa.Column("take_back_reason", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_payment_invoice_id_invoice")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_payment_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_payment_recorded_by_id_person")),
        sa.ForeignKeyConstraint(["taken_back_by_id"], ["person.id"], name=op.f("fk_payment_taken_back_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index(
        op.f("ix_payment_organisation_id_invoice_id"), "payment", ["organisation_id", "invoice_id"], unique=False
    )
    _guard()


def downgrade() -> None:
    op.drop_table("payment")
    op.drop_table("invoice_line")
    op.drop_table("invoice")
    op.drop_table("invoice_series")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION invoice_refuses()")
        op.execute("DROP FUNCTION invoice_line_is_one_too_many()")


def _guard() -> None:
    counted, meant = TOO_MANY
    if op.get_bind().dialect.name == "sqlite":
        for table, verb, says in ISSUED:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
            )
        op.execute(
            "CREATE TRIGGER payment_stays BEFORE UPDATE ON payment "
            f"WHEN {' OR '.join(f'NEW.{name} IS NOT OLD.{name}' for name in KEPT)} "
            "BEGIN SELECT RAISE(ABORT, 'a payment is taken back, never changed'); END"
        )
        op.execute(
            f"CREATE TRIGGER invoice_line_no_more BEFORE INSERT ON invoice_line WHEN ({counted}) >= ({meant}) "
            "BEGIN SELECT RAISE(ABORT, 'an invoice that was issued takes no further line'); END"
        )
        # INSERT OR REPLACE deletes a row without asking the triggers of DELETE.
        for table, also in (
            (
                "invoice",
                "organisation_id = NEW.organisation_id AND (reference = NEW.reference "
                "OR (year = NEW.year AND serial = NEW.serial))",
            ),
            ("invoice_line", "invoice_id = NEW.invoice_id AND place = NEW.place"),
            ("payment", "id = NEW.id"),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - constants only
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR ({also})) "
                "BEGIN SELECT RAISE(ABORT, 'what was issued is never replaced'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION invoice_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'what was issued stays: % on % is refused', TG_OP, TG_TABLE_NAME; END $$"
    )
    emptied = [(table, "TRUNCATE", "") for table in ("invoice", "invoice_line", "payment")]
    for table, verb, _says in (*ISSUED, *emptied):
        each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION invoice_refuses()"
        )
    op.execute(
        "CREATE TRIGGER payment_stays BEFORE UPDATE ON payment FOR EACH ROW "
        f"WHEN ({' OR '.join(f'NEW.{name} IS DISTINCT FROM OLD.{name}' for name in KEPT)}) "
        "EXECUTE FUNCTION invoice_refuses()"
    )
    op.execute(
        "CREATE FUNCTION invoice_line_is_one_too_many() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF ({counted}) >= ({meant}) THEN "
        "RAISE EXCEPTION 'an invoice that was issued takes no further line'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER invoice_line_no_more BEFORE INSERT ON invoice_line "
        "FOR EACH ROW EXECUTE FUNCTION invoice_line_is_one_too_many()"
    )
