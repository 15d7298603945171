"""What the columns of a file may mean, by what its rows are; the names that other programs give them among them."""

from app.domain.itam.batch import BatchKind
from app.domain.itam.mapping import Field

_DAY = "2026-03-14, 14.03.2026, or 14/03/2026."

ASSETS = (
    Field("tag", "Asset tag", required=True, heads=("tag", "inventory number", "asset id", "asset number")),
    Field("name", "Name", heads=("asset name", "item name", "hostname", "host name", "device name", "computer name")),
    Field("kind", "Kind", heads=("asset kind", "asset type", "type"), says="Hardware where nothing is said."),
    Field("status", "Status", heads=("asset status", "state"), says="Our words, or those of Snipe-IT."),
    Field("serial", "Serial number", heads=("serial", "serial no", "serial no.", "s/n")),
    Field("maker", "Maker", heads=("manufacturer", "vendor", "brand", "make")),
    Field("model", "Model", heads=("model name", "model number", "model no.")),
    Field("site", "Site", heads=("location", "site name", "office"), says="The name of one of your sites."),
    Field(
        "custodian",
        "Custodian",
        heads=("checked out to", "assigned to", "employee", "user", "employee number"),
        says="The number or the name of an employee.",
    ),
    Field("criticality", "Criticality"),
    Field("in_scope", "In scope", heads=("itam scope",), says="Yes or no."),
    Field("scope_reason", "Reason of the scope", heads=("scope reason",)),
    Field(
        "cost", "Cost", heads=("purchase cost", "price", "purchase price"), says="1250.50, EUR 1250.50, or €1,250.50."
    ),
    Field("currency", "Currency", says="Three letters, such as EUR."),
    Field("supplier", "Supplier", heads=("vendor name", "reseller")),
    Field("purchase_order", "Purchase order", heads=("order number", "po number", "po", "order")),
    Field("purchased_on", "Purchased on", heads=("purchase date", "date of purchase", "bought on"), says=_DAY),
    Field(
        "warranty_ends_on",
        "Warranty ends on",
        heads=("warranty expires", "warranty expiry", "warranty end", "warranty expiration", "warranty until"),
    ),
    Field("end_of_life_on", "End of life on", heads=("eol date", "eol", "end of life", "end of support")),
    Field("sockets", "Sockets", heads=("cpu sockets", "processors")),
    Field("cores", "Cores", heads=("cpu cores", "vcpus", "vcpu")),
    Field("threads", "Threads", heads=("cpu threads",)),
    Field("keywords", "Keywords", heads=("tags", "category"), says="Parted by commas or spaces."),
    Field("notes", "Notes", heads=("note", "comment", "comments", "description")),
    Field(
        "ownership",
        "Ownership",
        heads=("whose it is", "ownership type"),
        says="Owned, leased, provider, cloud, own device or customer. What is on record is not changed by a file.",
    ),
    Field("owned_from", "Ownership from", heads=("owned since",), says="Else the purchase, or today."),
    Field("owner_party", "Ownership party", heads=("lessor",), says="Lessor, provider or customer."),
    Field("owner_contract", "Ownership contract", heads=("lease", "lease number"), says="Its reference."),
    Field("cloud_tenant", "Cloud tenant", heads=("cloud account", "subscription id")),
    Field("cloud_region", "Cloud region"),
    Field("device_owner", "Own device of", says="The number or the name of an employee."),
    Field("agreement_signed_on", "Agreement signed on", says="Of an own device."),
    Field("may_wipe", "What may be wiped", says="Of an own device."),
)

EMPLOYEES = (
    Field(
        "number",
        "Number",
        required=True,
        heads=("employee number", "employee no.", "employee id", "personnel number", "employee num", "id"),
    ),
    Field("name", "Name", required=True, heads=("full name", "employee name", "display name")),
    Field("email", "E-mail", heads=("email", "mail", "email address", "email address")),
    Field("department", "Department", heads=("team", "unit", "cost centre", "cost center")),
    Field("site", "Site", heads=("location", "office"), says="The name of one of your sites."),
    Field("left_on", "Left on", heads=("leaving date", "end date", "last day", "termination date"), says=_DAY),
)

_PUBLISHER = Field(
    "publisher", "Publisher", heads=("vendor", "manufacturer", "maker", "software publisher", "developer")
)
_PRODUCT = ("software", "product name", "software name", "application", "display name", "title", "program")

INSTALLATIONS = (
    Field(
        "asset",
        "Asset",
        required=True,
        heads=(
            "asset tag",
            "tag",
            "hostname",
            "host name",
            "computer name",
            "device",
            "computer",
            "serial number",
            "serial",
        ),
        says="The tag or the serial number of one of your assets.",
    ),
    _PUBLISHER,
    Field("product", "Product", required=True, heads=_PRODUCT),
    Field("edition", "Edition"),
    Field("version", "Version", heads=("software version", "product version", "display version", "release")),
    Field("found_on", "Found on", heads=("installed on", "install date", "first seen", "installation date"), says=_DAY),
    Field("last_seen_on", "Last seen on", heads=("last seen", "scan date", "last scan", "inventory date")),
    Field("last_used_on", "Last used on", heads=("last used", "last use")),
    Field("removed_on", "Removed on", heads=("uninstalled on", "removal date")),
    Field("sha256", "SHA-256", heads=("hash", "file hash")),
)

ENTITLEMENTS = (
    Field("pool", "Pool", heads=("licence pool", "license pool", "pool reference"), says="LP-001, or its name."),
    _PUBLISHER,
    Field("product", "Product", heads=_PRODUCT, says="Where no pool is named: what was bought."),
    Field("edition", "Edition"),
    Field("metric", "Metric", heads=("licence metric", "license metric", "licence type", "license type")),
    Field("kind", "Kind", heads=("entitlement kind",), says="Purchase or subscription."),
    Field(
        "quantity",
        "Quantity",
        required=True,
        heads=("qty", "units", "seats", "licences", "licenses", "count", "number"),
    ),
    Field(
        "starts_on",
        "Starts on",
        required=True,
        heads=("start", "start date", "purchase date", "valid from", "purchased on", "from"),
    ),
    Field(
        "ends_on",
        "Ends on",
        heads=("end", "end date", "expiration date", "expires", "valid until", "expiry", "last day", "through"),
        says="The last day.",
    ),
    Field("site", "Site", heads=("location",), says="The only site that may use it."),
    Field("version_through", "Version", heads=("version through", "product version"), says="The newest covered."),
    Field("maintained_until", "Maintained until", heads=("maintenance until", "maintenance end", "support until")),
    Field("cost", "Cost", heads=("purchase cost", "price", "amount", "total")),
    Field("currency", "Currency"),
    Field("supplier", "Supplier", heads=("reseller",)),
    Field("purchase_order", "Purchase order", heads=("order number", "po number", "po", "order")),
    Field("invoice", "Invoice", heads=("invoice number", "invoice no.")),
    Field("proof", "Proof", heads=("proof of entitlement", "certificate number", "licence key", "license key")),
    Field("contract", "Contract", heads=("contract number", "agreement", "agreement number")),
)

USAGE = (
    Field("asset", "Asset", heads=("asset tag", "tag", "hostname", "device"), says="Tag or serial; empty for all."),
    _PUBLISHER,
    Field("product", "Product", required=True, heads=_PRODUCT),
    Field("edition", "Edition"),
    Field("metric", "Metric", required=True, heads=("measure",), says="Peak sessions, units consumed, or last used."),
    Field("unit", "Unit", heads=("unit of measure",)),
    Field("value", "Value", heads=("amount", "quantity", "count"), says="Needed unless the metric is last used."),
    Field("starts_on", "Starts on", required=True, heads=("start", "start date", "period start", "from")),
    Field("ends_on", "Ends on", required=True, heads=("end", "end date", "period end", "to", "until")),
    Field("source", "Source", heads=("measured by", "tool")),
)

FIELDS: dict[BatchKind, tuple[Field, ...]] = {
    BatchKind.ASSETS: ASSETS,
    BatchKind.EMPLOYEES: EMPLOYEES,
    BatchKind.INSTALLATIONS: INSTALLATIONS,
    BatchKind.ENTITLEMENTS: ENTITLEMENTS,
    BatchKind.USAGE: USAGE,
}
"""By what the rows of a file are."""


def label_of(kind: BatchKind, name: str) -> str:
    """What the screens call a field of these rows."""
    return next((field.label for field in FIELDS[kind] if field.name == name), name.replace("_", " ").capitalize())
