"""Assets, software, changes, licences and comparisons with other registers; files may be on them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BEFORE = ("certificate_id", "decision_id", "audit_id", "nonconformity_id")
PLACES = (*BEFORE, "asset_id", "entitlement_id", "change_id", "reconciliation_id")


def one_of(places: tuple[str, ...]) -> str:
    """The condition that a file is at exactly one place."""
    return " + ".join(f"CASE WHEN {place} IS NULL THEN 0 ELSE 1 END" for place in places) + " = 1"


def upgrade() -> None:
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_organisation_id_standard"))
        batch_op.create_index(
            batch_op.f("ix_certificate_organisation_id_standard_id"), ["organisation_id", "standard", "id"]
        )
    op.create_table(
        "cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_cluster_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_cluster_organisation_id_name")),
    )
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_column_mapping_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mapping")),
        sa.UniqueConstraint(
            "organisation_id", "purpose", "source", name=op.f("uq_column_mapping_organisation_id_purpose_source")
        ),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "assets",
                "employees",
                "installations",
                "entitlements",
                "usage",
                name="batchkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["imported_by_id"], ["person.id"], name=op.f("fk_import_batch_imported_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_import_batch_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "process_assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_area", sa.String(length=10), nullable=False),
        sa.Column(
            "attainment",
            sa.Enum("not", "partly", "largely", "fully", name="attainment", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessed_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessed_by_id"], ["person.id"], name=op.f("fk_process_assessment_assessed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_process_assessment_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_assessment")),
    )
    with op.batch_alter_table("process_assessment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_process_assessment_organisation_id_process_area_assessed_on"),
            ["organisation_id", "process_area", "assessed_on"],
            unique=False,
        )

    op.create_table(
        "publisher",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_publisher_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publisher")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_publisher_organisation_id_name")),
    )
    op.create_table(
        "reconciliation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("ledger", "invoices", "configuration", "leavers", name="sourcekind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_by_id", sa.Integer(), nullable=True),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reconciliation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["reconciliation.id"], name=op.f("fk_reconciliation_previous_id_reconciliation")
        ),
        sa.ForeignKeyConstraint(["run_by_id"], ["person.id"], name=op.f("fk_reconciliation_run_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_reconciliation_organisation_id_reference")),
    )
    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reconciliation_organisation_id_kind_source_run_at"),
            ["organisation_id", "kind", "source", "run_at"],
            unique=False,
        )

    op.create_table(
        "employee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_employee_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_employee_person_id_person")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_employee_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employee")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_employee_organisation_id_number")),
    )
    with op.batch_alter_table("employee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employee_organisation_id_name"), ["organisation_id", "name"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_employee_organisation_id_person_id"), ["organisation_id", "person_id"], unique=False
        )

    op.create_table(
        "inventory_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "hardware",
                "software",
                "cloud-service",
                "virtual-machine",
                "container-image",
                "data-media",
                "document",
                name="assetkind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_inventory_check_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_inventory_check_site_id_site")),
        sa.ForeignKeyConstraint(["started_by_id"], ["person.id"], name=op.f("fk_inventory_check_started_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_check")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_inventory_check_organisation_id_reference")),
    )
    op.create_table(
        "licence_pool",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("publisher_id", sa.Integer(), nullable=False),
        sa.Column(
            "metric",
            sa.Enum(
                "named-user",
                "concurrent-user",
                "device",
                "processor",
                "core",
                "site",
                "subscription",
                "consumption",
                name="metric",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("minimum_per_socket", sa.Integer(), nullable=False),
        sa.Column("minimum_per_host", sa.Integer(), nullable=False),
        sa.Column("factor_thousandths", sa.Integer(), nullable=False),
        sa.Column("pack_size", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_licence_pool_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["publisher.id"], name=op.f("fk_licence_pool_publisher_id_publisher")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_licence_pool_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_pool")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_licence_pool_organisation_id_reference")),
    )
    with op.batch_alter_table("licence_pool", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_licence_pool_organisation_id_name"), ["organisation_id", "name"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_licence_pool_organisation_id_publisher_id"),
            ["organisation_id", "publisher_id"],
            unique=False,
        )

    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publisher_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("edition", sa.String(length=80), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("needs_licence", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_product_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["publisher_id"], ["publisher.id"], name=op.f("fk_product_publisher_id_publisher")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint(
            "organisation_id",
            "publisher_id",
            "name",
            "edition",
            name=op.f("uq_product_organisation_id_publisher_id_name_edition"),
        ),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_organisation_id_name"), ["organisation_id", "name"], unique=False)

    op.create_table(
        "asset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "hardware",
                "software",
                "cloud-service",
                "virtual-machine",
                "container-image",
                "data-media",
                "document",
                name="assetkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "ordered",
                "in-stock",
                "deployed",
                "in-maintenance",
                "retired",
                "disposed",
                "lost",
                name="assetstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("serial", sa.String(length=120), nullable=False),
        sa.Column("maker", sa.String(length=120), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("custodian_id", sa.Integer(), nullable=True),
        sa.Column(
            "criticality",
            sa.Enum("low", "medium", "high", "critical", name="criticality", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("in_scope", sa.Boolean(), nullable=False),
        sa.Column("scope_reason", sa.Text(), nullable=False),
        sa.Column("cost_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("purchase_order", sa.String(length=80), nullable=False),
        sa.Column("purchased_on", sa.Date(), nullable=True),
        sa.Column("warranty_ends_on", sa.Date(), nullable=True),
        sa.Column("end_of_life_on", sa.Date(), nullable=True),
        sa.Column("sockets", sa.Integer(), nullable=True),
        sa.Column("cores", sa.Integer(), nullable=True),
        sa.Column("threads", sa.Integer(), nullable=True),
        sa.Column("keywords", sa.String(length=300), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("found_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["custodian_id"], ["employee.id"], name=op.f("fk_asset_custodian_id_employee")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_asset_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_asset_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("organisation_id", "tag", name=op.f("uq_asset_organisation_id_tag")),
    )
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_asset_organisation_id_criticality_tag"),
            ["organisation_id", "criticality", "tag"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_asset_organisation_id_custodian_id_tag"),
            ["organisation_id", "custodian_id", "tag"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_asset_organisation_id_kind_tag"), ["organisation_id", "kind", "tag"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_asset_organisation_id_name_tag"), ["organisation_id", "name", "tag"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_asset_organisation_id_tag_found_by"), ["organisation_id", "tag", "found_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_asset_organisation_id_warranty_ends_on_tag"),
            ["organisation_id", "warranty_ends_on", "tag"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_asset_organisation_id_end_of_life_on_tag"),
            ["organisation_id", "end_of_life_on", "tag"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_asset_organisation_id_purchase_order"), ["organisation_id", "purchase_order"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_asset_organisation_id_serial"), ["organisation_id", "serial"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_asset_organisation_id_site_id_tag"), ["organisation_id", "site_id", "tag"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_asset_organisation_id_status_tag"), ["organisation_id", "status", "tag"], unique=False
        )

    op.create_table(
        "change_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "install",
                "modify",
                "copy",
                "distribute",
                "move",
                "remove",
                name="changeaction",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "authorised",
                "refused",
                "done",
                "checked",
                "withdrawn",
                name="changestatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("expected_sha256", sa.String(length=64), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("to_site_id", sa.Integer(), nullable=True),
        sa.Column("wanted_by", sa.Date(), nullable=True),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_note", sa.Text(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column(
            "check_kind",
            sa.Enum("version", "hash", "sight", name="checkkind", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("check_value", sa.String(length=200), nullable=False),
        sa.Column("check_note", sa.Text(), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_on", sa.Date(), nullable=True),
        sa.Column("undone_note", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name=op.f("fk_change_request_checked_by_id_person")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_change_request_decided_by_id_person")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_change_request_done_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_change_request_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_change_request_product_id_product")),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["person.id"], name=op.f("fk_change_request_requested_by_id_person")
        ),
        sa.ForeignKeyConstraint(["to_site_id"], ["site.id"], name=op.f("fk_change_request_to_site_id_site")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_change_request_undone_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_change_request_organisation_id_reference")),
    )
    with op.batch_alter_table("change_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_change_request_organisation_id_product_id"), ["organisation_id", "product_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_change_request_organisation_id_status_requested_at"),
            ["organisation_id", "status", "requested_at"],
            unique=False,
        )

    op.create_table(
        "entitlement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "purchase", "subscription", "upgrade", "transfer", name="entitlementkind", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("version_through", sa.String(length=80), nullable=False),
        sa.Column("version_through_key", sa.String(length=200), nullable=False),
        sa.Column("may_downgrade", sa.Boolean(), nullable=False),
        sa.Column("second_use", sa.Boolean(), nullable=False),
        sa.Column("maintained_until", sa.Date(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("retired_reason", sa.Text(), nullable=False),
        sa.Column("cost_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("purchase_order", sa.String(length=80), nullable=False),
        sa.Column("invoice", sa.String(length=80), nullable=False),
        sa.Column("contract", sa.String(length=120), nullable=False),
        sa.Column("proof", sa.String(length=120), nullable=False),
        sa.Column("renewal_notice_by", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_entitlement_positive")),
        sa.ForeignKeyConstraint(["base_id"], ["entitlement.id"], name=op.f("fk_entitlement_base_id_entitlement")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_entitlement_batch_id_import_batch")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_entitlement_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["licence_pool.id"], name=op.f("fk_entitlement_pool_id_licence_pool")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_entitlement_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlement")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_entitlement_organisation_id_reference")),
    )
    with op.batch_alter_table("entitlement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_entitlement_organisation_id_base_id"), ["organisation_id", "base_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_entitlement_organisation_id_batch_id"), ["organisation_id", "batch_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_entitlement_organisation_id_ends_on"), ["organisation_id", "ends_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_entitlement_organisation_id_pool_id_starts_on"),
            ["organisation_id", "pool_id", "starts_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_entitlement_organisation_id_proof"), ["organisation_id", "proof"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_entitlement_organisation_id_purchase_order"),
            ["organisation_id", "purchase_order"],
            unique=False,
        )

    op.create_table(
        "pool_product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pool_product_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["licence_pool.id"], name=op.f("fk_pool_product_pool_id_licence_pool")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_pool_product_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_product")),
        sa.UniqueConstraint("pool_id", "product_id", name=op.f("uq_pool_product_pool_id_product_id")),
    )
    with op.batch_alter_table("pool_product", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pool_product_organisation_id_pool_id"), ["organisation_id", "pool_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_pool_product_organisation_id_product_id"), ["organisation_id", "product_id"], unique=False
        )

    op.create_table(
        "product_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("publisher", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_product_alias_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_alias_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_alias")),
        sa.UniqueConstraint(
            "organisation_id", "publisher", "name", name=op.f("uq_product_alias_organisation_id_publisher_name")
        ),
    )
    with op.batch_alter_table("product_alias", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_product_alias_organisation_id_product_id"), ["organisation_id", "product_id"], unique=False
        )

    op.create_table(
        "product_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("version_key", sa.String(length=200), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("support_ends_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_product_release_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_release_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_release")),
        sa.UniqueConstraint(
            "organisation_id",
            "product_id",
            "version_key",
            name=op.f("uq_product_release_organisation_id_product_id_version_key"),
        ),
    )
    op.create_table(
        "asset_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum("security", "patching", "licensing", "disposal", name="duty", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_duty_asset_id_asset")),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_asset_duty_employee_id_employee")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_asset_duty_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_duty")),
        sa.UniqueConstraint("asset_id", "duty", name=op.f("uq_asset_duty_asset_id_duty")),
    )
    with op.batch_alter_table("asset_duty", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_asset_duty_organisation_id_asset_id_duty"),
            ["organisation_id", "asset_id", "duty"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_asset_duty_organisation_id_employee_id"), ["organisation_id", "employee_id"], unique=False
        )

    op.create_table(
        "asset_ownership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "owned",
                "leased",
                "provider",
                "cloud",
                "own-device",
                "customer",
                name="ownershipkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("contract", sa.String(length=120), nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("agreement_signed_on", sa.Date(), nullable=True),
        sa.Column("may_wipe", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_ownership_asset_id_asset")),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_asset_ownership_employee_id_employee")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_asset_ownership_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_ownership")),
    )
    with op.batch_alter_table("asset_ownership", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_asset_ownership_organisation_id_asset_id"), ["organisation_id", "asset_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_asset_ownership_organisation_id_employee_id"),
            ["organisation_id", "employee_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_asset_ownership_organisation_id_kind_ends_on"),
            ["organisation_id", "kind", "ends_on"],
            unique=False,
        )

    op.create_table(
        "change_asset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("from_site_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_change_asset_asset_id_asset")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change_request.id"], name=op.f("fk_change_asset_change_id_change_request")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_change_asset_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["from_site_id"], ["site.id"], name=op.f("fk_change_asset_from_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_asset")),
        sa.UniqueConstraint("change_id", "asset_id", name=op.f("uq_change_asset_change_id_asset_id")),
    )
    with op.batch_alter_table("change_asset", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_change_asset_organisation_id_asset_id"), ["organisation_id", "asset_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_change_asset_organisation_id_change_id"), ["organisation_id", "change_id"], unique=False
        )

    op.create_table(
        "cluster_host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_cluster_host_asset_id_asset")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_cluster_host_cluster_id_cluster")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_cluster_host_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster_host")),
    )
    with op.batch_alter_table("cluster_host", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cluster_host_organisation_id_asset_id"), ["organisation_id", "asset_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_cluster_host_organisation_id_cluster_id"), ["organisation_id", "cluster_id"], unique=False
        )

    op.create_table(
        "entitlement_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entitlement_id", sa.Integer(), nullable=False),
        sa.Column(
            "term",
            sa.Enum(
                "allowed-sites",
                "virtualisation",
                "sub-licensing",
                "downgrade",
                "second-use",
                "transfer",
                "remote-access",
                "disaster-recovery",
                name="term",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "answer", sa.Enum("yes", "no", "limit", name="termanswer", native_enum=False, length=40), nullable=False
        ),
        sa.Column("limit", sa.Integer(), nullable=True),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entitlement_id"], ["entitlement.id"], name=op.f("fk_entitlement_term_entitlement_id_entitlement")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_entitlement_term_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlement_term")),
        sa.UniqueConstraint("entitlement_id", "term", name=op.f("uq_entitlement_term_entitlement_id_term")),
    )
    with op.batch_alter_table("entitlement_term", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_entitlement_term_organisation_id_entitlement_id"),
            ["organisation_id", "entitlement_id"],
            unique=False,
        )

    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("version_key", sa.String(length=200), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "manual",
                "spreadsheet",
                "swid",
                "cyclonedx",
                "change",
                name="installationsource",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=True),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("counted_from", sa.Date(), nullable=True),
        sa.Column("counted_until", sa.Date(), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column(
            "authorisation",
            sa.Enum("authorised", "accepted", "unauthorised", name="authorisation", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("accepted_reason", sa.Text(), nullable=False),
        sa.Column("swid_tag", sa.String(length=300), nullable=False),
        sa.Column("swid_tag_version", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_installation_accepted_by_id_person")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_installation_asset_id_asset")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_installation_batch_id_import_batch")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change_request.id"], name=op.f("fk_installation_change_id_change_request")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_installation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_installation_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_installation_organisation_id_asset_id_product_id"),
            ["organisation_id", "asset_id", "product_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_installation_organisation_id_authorisation_removed_on"),
            ["organisation_id", "authorisation", "removed_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_installation_organisation_id_batch_id"), ["organisation_id", "batch_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_installation_organisation_id_change_id"), ["organisation_id", "change_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_installation_counted"),
            ["organisation_id", "product_id", "counted_from", "counted_until", "asset_id"],
            unique=False,
        )

    op.create_table(
        "inventory_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("is_expected", sa.Boolean(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "difference",
            sa.Enum("missing", "unknown", "elsewhere", "not-expected", name="difference", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "resolution",
            sa.Enum(
                "register-corrected",
                "found-later",
                "declared-lost",
                "recorded",
                "accepted",
                name="resolution",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("resolution_note", sa.Text(), nullable=False),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_inventory_line_asset_id_asset")),
        sa.ForeignKeyConstraint(
            ["check_id"], ["inventory_check.id"], name=op.f("fk_inventory_line_check_id_inventory_check")
        ),
        sa.ForeignKeyConstraint(["found_by_id"], ["person.id"], name=op.f("fk_inventory_line_found_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_inventory_line_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["person.id"], name=op.f("fk_inventory_line_resolved_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_line")),
        sa.UniqueConstraint("check_id", "tag", name=op.f("uq_inventory_line_check_id_tag")),
    )
    with op.batch_alter_table("inventory_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inventory_line_organisation_id_asset_id"), ["organisation_id", "asset_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_inventory_line_organisation_id_check_id_difference"),
            ["organisation_id", "check_id", "difference"],
            unique=False,
        )

    op.create_table(
        "licence_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("checked_out_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(employee_id IS NULL) <> (asset_id IS NULL)", name=op.f("ck_licence_seat_one_holder")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_licence_seat_asset_id_asset")),
        sa.ForeignKeyConstraint(
            ["checked_out_by_id"], ["person.id"], name=op.f("fk_licence_seat_checked_out_by_id_person")
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_licence_seat_employee_id_employee")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_licence_seat_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["licence_pool.id"], name=op.f("fk_licence_seat_pool_id_licence_pool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_seat")),
    )
    with op.batch_alter_table("licence_seat", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_licence_seat_organisation_id_asset_id"), ["organisation_id", "asset_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_licence_seat_organisation_id_employee_id"), ["organisation_id", "employee_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_licence_seat_organisation_id_pool_id_ends_on"),
            ["organisation_id", "pool_id", "ends_on"],
            unique=False,
        )

    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("cluster_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(host_id IS NULL) <> (cluster_id IS NULL)", name=op.f("ck_placement_one_home")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_placement_cluster_id_cluster")),
        sa.ForeignKeyConstraint(["guest_id"], ["asset.id"], name=op.f("fk_placement_guest_id_asset")),
        sa.ForeignKeyConstraint(["host_id"], ["asset.id"], name=op.f("fk_placement_host_id_asset")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_placement_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_placement_organisation_id_cluster_id"), ["organisation_id", "cluster_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_placement_organisation_id_guest_id"), ["organisation_id", "guest_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_placement_organisation_id_host_id"), ["organisation_id", "host_id"], unique=False
        )

    op.create_table(
        "reconciliation_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column(
            "finding",
            sa.Enum(
                "matched",
                "only-here",
                "only-there",
                "different",
                "unclear",
                name="finding",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "matched_by",
            sa.Enum(
                "tag",
                "number",
                "serial",
                "email",
                "invoice",
                "purchase-order",
                "similarity",
                name="matchedby",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("similarity", sa.Integer(), nullable=True),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("entitlement_id", sa.Integer(), nullable=True),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("theirs", sa.JSON(), nullable=False),
        sa.Column("ours", sa.JSON(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column(
            "since",
            sa.Enum(
                "new",
                "still-open",
                "settled",
                "reopened",
                "resolved",
                "same",
                name="sincelast",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "settlement",
            sa.Enum(
                "ours-is-right",
                "theirs-is-right",
                "both-are-right",
                "to-follow-up",
                name="settlement",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("settled_reason", sa.Text(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_in_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_reconciliation_line_asset_id_asset")),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_reconciliation_line_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["entitlement_id"], ["entitlement.id"], name=op.f("fk_reconciliation_line_entitlement_id_entitlement")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reconciliation_line_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["reconciliation.id"], name=op.f("fk_reconciliation_line_run_id_reconciliation")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_reconciliation_line_settled_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["settled_in_id"], ["reconciliation.id"], name=op.f("fk_reconciliation_line_settled_in_id_reconciliation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_line")),
        sa.UniqueConstraint("run_id", "key", name=op.f("uq_reconciliation_line_run_id_key")),
    )
    with op.batch_alter_table("reconciliation_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reconciliation_line_organisation_id_asset_id"), ["organisation_id", "asset_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_reconciliation_line_organisation_id_employee_id"),
            ["organisation_id", "employee_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_reconciliation_line_organisation_id_entitlement_id"),
            ["organisation_id", "entitlement_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_reconciliation_line_organisation_id_run_id_finding"),
            ["organisation_id", "run_id", "finding"],
            unique=False,
        )

    op.create_table(
        "usage_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column(
            "metric",
            sa.Enum("peak-sessions", "units-consumed", "last-used", name="usagemetric", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=4), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_usage_record_asset_id_asset")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_usage_record_batch_id_import_batch")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_usage_record_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_usage_record_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_record")),
    )
    with op.batch_alter_table("usage_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_usage_record_organisation_id_asset_id"), ["organisation_id", "asset_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_usage_record_organisation_id_batch_id"), ["organisation_id", "batch_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_usage_record_organisation_id_product_id_metric_starts_on"),
            ["organisation_id", "product_id", "metric", "starts_on"],
            unique=False,
        )

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asset_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("entitlement_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("change_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reconciliation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("is_photograph", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_asset_id"), ["organisation_id", "asset_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_change_id"), ["organisation_id", "change_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_entitlement_id"),
            ["organisation_id", "entitlement_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_organisation_id_reconciliation_id"),
            ["organisation_id", "reconciliation_id"],
            unique=False,
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_attachment_change_id_change_request"), "change_request", ["change_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_attachment_asset_id_asset"), "asset", ["asset_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_attachment_reconciliation_id_reconciliation"),
            "reconciliation",
            ["reconciliation_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_attachment_entitlement_id_entitlement"), "entitlement", ["entitlement_id"], ["id"]
        )
        batch_op.drop_constraint(batch_op.f("ck_attachment_one_place"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_attachment_one_place"), one_of(PLACES))


def downgrade() -> None:
    op.execute(
        "DELETE FROM attachment WHERE asset_id IS NOT NULL OR entitlement_id IS NOT NULL OR change_id IS NOT NULL "
        "OR reconciliation_id IS NOT NULL"
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_attachment_one_place"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_attachment_entitlement_id_entitlement"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_attachment_reconciliation_id_reconciliation"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_attachment_asset_id_asset"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_attachment_change_id_change_request"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_reconciliation_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_entitlement_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_change_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_organisation_id_asset_id"))
        batch_op.drop_column("is_photograph")
        batch_op.drop_column("reconciliation_id")
        batch_op.drop_column("change_id")
        batch_op.drop_column("entitlement_id")
        batch_op.drop_column("asset_id")
        batch_op.create_check_constraint(batch_op.f("ck_attachment_one_place"), one_of(BEFORE))

    with op.batch_alter_table("usage_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_usage_record_organisation_id_product_id_metric_starts_on"))
        batch_op.drop_index(batch_op.f("ix_usage_record_organisation_id_batch_id"))
        batch_op.drop_index(batch_op.f("ix_usage_record_organisation_id_asset_id"))

    op.drop_table("usage_record")
    with op.batch_alter_table("reconciliation_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reconciliation_line_organisation_id_run_id_finding"))
        batch_op.drop_index(batch_op.f("ix_reconciliation_line_organisation_id_entitlement_id"))
        batch_op.drop_index(batch_op.f("ix_reconciliation_line_organisation_id_employee_id"))
        batch_op.drop_index(batch_op.f("ix_reconciliation_line_organisation_id_asset_id"))

    op.drop_table("reconciliation_line")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_organisation_id_host_id"))
        batch_op.drop_index(batch_op.f("ix_placement_organisation_id_guest_id"))
        batch_op.drop_index(batch_op.f("ix_placement_organisation_id_cluster_id"))

    op.drop_table("placement")
    with op.batch_alter_table("licence_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licence_seat_organisation_id_pool_id_ends_on"))
        batch_op.drop_index(batch_op.f("ix_licence_seat_organisation_id_employee_id"))
        batch_op.drop_index(batch_op.f("ix_licence_seat_organisation_id_asset_id"))

    op.drop_table("licence_seat")
    with op.batch_alter_table("inventory_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inventory_line_organisation_id_check_id_difference"))
        batch_op.drop_index(batch_op.f("ix_inventory_line_organisation_id_asset_id"))

    op.drop_table("inventory_line")
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_installation_counted"))
        batch_op.drop_index(batch_op.f("ix_installation_organisation_id_change_id"))
        batch_op.drop_index(batch_op.f("ix_installation_organisation_id_batch_id"))
        batch_op.drop_index(batch_op.f("ix_installation_organisation_id_authorisation_removed_on"))
        batch_op.drop_index(batch_op.f("ix_installation_organisation_id_asset_id_product_id"))

    op.drop_table("installation")
    with op.batch_alter_table("entitlement_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entitlement_term_organisation_id_entitlement_id"))

    op.drop_table("entitlement_term")
    with op.batch_alter_table("cluster_host", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cluster_host_organisation_id_cluster_id"))
        batch_op.drop_index(batch_op.f("ix_cluster_host_organisation_id_asset_id"))

    op.drop_table("cluster_host")
    with op.batch_alter_table("change_asset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_asset_organisation_id_change_id"))
        batch_op.drop_index(batch_op.f("ix_change_asset_organisation_id_asset_id"))

    op.drop_table("change_asset")
    with op.batch_alter_table("asset_ownership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_ownership_organisation_id_kind_ends_on"))
        batch_op.drop_index(batch_op.f("ix_asset_ownership_organisation_id_employee_id"))
        batch_op.drop_index(batch_op.f("ix_asset_ownership_organisation_id_asset_id"))

    op.drop_table("asset_ownership")
    with op.batch_alter_table("asset_duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_duty_organisation_id_employee_id"))
        batch_op.drop_index(batch_op.f("ix_asset_duty_organisation_id_asset_id_duty"))

    op.drop_table("asset_duty")
    op.drop_table("product_release")
    with op.batch_alter_table("product_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_alias_organisation_id_product_id"))

    op.drop_table("product_alias")
    with op.batch_alter_table("pool_product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pool_product_organisation_id_product_id"))
        batch_op.drop_index(batch_op.f("ix_pool_product_organisation_id_pool_id"))

    op.drop_table("pool_product")
    with op.batch_alter_table("entitlement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entitlement_organisation_id_purchase_order"))
        batch_op.drop_index(batch_op.f("ix_entitlement_organisation_id_proof"))
        batch_op.drop_index(batch_op.f("ix_entitlement_organisation_id_pool_id_starts_on"))
        batch_op.drop_index(batch_op.f("ix_entitlement_organisation_id_ends_on"))
        batch_op.drop_index(batch_op.f("ix_entitlement_organisation_id_batch_id"))
        batch_op.drop_index(batch_op.f("ix_entitlement_organisation_id_base_id"))

    op.drop_table("entitlement")
    with op.batch_alter_table("change_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_request_organisation_id_status_requested_at"))
        batch_op.drop_index(batch_op.f("ix_change_request_organisation_id_product_id"))

    op.drop_table("change_request")
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_organisation_id_tag_found_by"))
        batch_op.drop_index(batch_op.f("ix_asset_organisation_id_warranty_ends_on_tag"))
        batch_op.drop_index(batch_op.f("ix_asset_organisation_id_end_of_life_on_tag"))
        batch_op.drop_index(batch_op.f("ix_asset_organisation_id_status_tag"))
        batch_op.drop_index(batch_op.f("ix_asset_organisation_id_site_id_tag"))
        batch_op.drop_index(batch_op.f("ix_asset_organisation_id_serial"))
        batch_op.drop_index(batch_op.f("ix_asset_organisation_id_purchase_order"))
        batch_op.drop_index(batch_op.f("ix_asset_organisation_id_name_tag"))
        batch_op.drop_index(batch_op.f("ix_asset_organisation_id_kind_tag"))
        batch_op.drop_index(batch_op.f("ix_asset_organisation_id_custodian_id_tag"))
        batch_op.drop_index(batch_op.f("ix_asset_organisation_id_criticality_tag"))

    op.drop_table("asset")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_organisation_id_name"))

    op.drop_table("product")
    with op.batch_alter_table("licence_pool", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licence_pool_organisation_id_publisher_id"))
        batch_op.drop_index(batch_op.f("ix_licence_pool_organisation_id_name"))

    op.drop_table("licence_pool")
    op.drop_table("inventory_check")
    with op.batch_alter_table("employee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employee_organisation_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_employee_organisation_id_name"))

    op.drop_table("employee")
    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reconciliation_organisation_id_kind_source_run_at"))

    op.drop_table("reconciliation")
    op.drop_table("publisher")
    with op.batch_alter_table("process_assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_process_assessment_organisation_id_process_area_assessed_on"))

    op.drop_table("process_assessment")
    op.drop_table("import_batch")
    op.drop_table("column_mapping")
    op.drop_table("cluster")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_organisation_id_standard_id"))
        batch_op.create_index(batch_op.f("ix_certificate_organisation_id_standard"), ["organisation_id", "standard"])
