"""Who may do what: roles, permissions, and the one table that grants them."""

from enum import Enum, StrEnum
from functools import lru_cache


class Role(StrEnum):
    """What a person is in an organisation; one person may have several roles."""

    QUALITY_MANAGER = "quality-manager"
    AUDITOR = "auditor"
    ASSET_MANAGER = "asset-manager"
    STAFF = "staff"
    ASSESSOR = "assessor"
    ADMINISTRATOR = "administrator"
    PROVIDER_STAFF = "provider-staff"

    @property
    def label(self) -> str:
        named = {"assessor": "External assessor", "provider-staff": "Provider’s staff"}
        return named.get(self.value, self.value.replace("-", " ").capitalize())


class Permission(Enum):
    """What a route may ask for. The first two need no membership."""

    PUBLIC = "public"
    """Open to everybody, by name."""
    SIGNED_IN = "signed-in"
    """One's own account and one's own organisations."""
    SEE_PROGRAMME = "see-programme"
    """Dashboard, certificates, audits, timeline, calendar, nonconformities of the body."""
    SEE_OWN_WORK = "see-own-work"
    """What is one's own: assignments and what is due."""
    MANAGE_PROGRAMME = "manage-programme"
    """Record certificates and decisions, plan and move audits."""
    MANAGE_IMPLEMENTATION = "manage-implementation"
    """Lay out an implementation, change its tasks and end its steps."""
    WORK_ON_AUDIT = "work-on-audit"
    """Carry an audit one is assigned to from confirmed to its report."""
    RAISE_FINDING = "raise-finding"
    """Write down what was not as it should be, at an audit or outside one."""
    SUBSCRIBE = "subscribe"
    """Have a personal calendar feed."""
    SEE_ASSETS = "see-assets"
    """Assets, software, changes, licences and what reconciles them."""
    MANAGE_ASSETS = "manage-assets"
    """Record and import assets, software and licences; check seats out and in; reconcile."""
    REQUEST_CHANGE = "request-change"
    """Ask for a change of software or of an asset, and follow one's own requests."""
    AUTHORISE_CHANGE = "authorise-change"
    """Authorise or refuse what others ask for; accept what was found without an authorisation."""
    TAKE_TRAINING = "take-training"
    """Take courses, and see one's own results."""
    MANAGE_TRAINING = "manage-training"
    """Write and publish courses, assign them, and see who may do what."""
    READ_JOURNAL = "read-journal"
    """Read the journal of the organisation."""
    MANAGE_MEMBERS = "manage-members"
    """Invite members, change roles, end memberships."""
    HOLD_SEAT = "hold-seat"
    """See one's own seats of the subscription, and ask for one."""
    MANAGE_SEATS = "manage-seats"
    """Record pools of seats, assign and release them, choose who is suspended first."""
    SEE_PLAN = "see-plan"
    """What the organisation has subscribed to, what is used of it, and what is owed."""
    MANAGE_PLAN = "manage-plan"
    """Accept what a provider offers; keep the organisation's own subscription."""
    SELL_PLANS = "sell-plans"
    """Offer plans to clients, see what each agreed to show, issue invoices."""
    BOOK_SUPPORT = "book-support"
    """Book support sessions of one's provider, and read those that one takes part in."""
    GIVE_SUPPORT = "give-support"
    """Keep the hours of support people, and the diary of the sessions of all clients."""
    SEE_DOCUMENTS = "see-documents"
    """Read the documents that are valid, and acknowledge those for one's role."""
    MANAGE_DOCUMENTS = "manage-documents"
    """Write documents, and approve what another person wrote."""
    MANAGE_SETTINGS = "manage-settings"
    """Change the organisation, its sites, rules and catalogue."""


_READ = frozenset(
    {
        Permission.SEE_PROGRAMME,
        Permission.SEE_OWN_WORK,
        Permission.SUBSCRIBE,
        Permission.SEE_ASSETS,
        Permission.REQUEST_CHANGE,
        Permission.TAKE_TRAINING,
        Permission.HOLD_SEAT,
        Permission.BOOK_SUPPORT,
        Permission.SEE_DOCUMENTS,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.QUALITY_MANAGER: _READ
    | {
        Permission.MANAGE_PROGRAMME,
        Permission.MANAGE_IMPLEMENTATION,
        Permission.WORK_ON_AUDIT,
        Permission.RAISE_FINDING,
        Permission.READ_JOURNAL,
        Permission.AUTHORISE_CHANGE,
        Permission.MANAGE_TRAINING,
        Permission.MANAGE_DOCUMENTS,
        Permission.MANAGE_SEATS,
        Permission.SEE_PLAN,
        Permission.MANAGE_PLAN,
    },
    Role.AUDITOR: _READ | {Permission.WORK_ON_AUDIT, Permission.RAISE_FINDING},
    Role.ASSET_MANAGER: _READ
    | {Permission.MANAGE_ASSETS, Permission.RAISE_FINDING, Permission.AUTHORISE_CHANGE, Permission.READ_JOURNAL},
    Role.STAFF: frozenset(
        {
            Permission.SEE_OWN_WORK,
            Permission.SUBSCRIBE,
            Permission.REQUEST_CHANGE,
            Permission.SEE_DOCUMENTS,
            Permission.TAKE_TRAINING,
            Permission.HOLD_SEAT,
            Permission.BOOK_SUPPORT,
        }
    ),
    Role.ASSESSOR: frozenset({Permission.SEE_OWN_WORK}),
    Role.ADMINISTRATOR: _READ
    | {
        Permission.AUTHORISE_CHANGE,
        Permission.READ_JOURNAL,
        Permission.MANAGE_MEMBERS,
        Permission.MANAGE_DOCUMENTS,
        Permission.MANAGE_SEATS,
        Permission.SEE_PLAN,
        Permission.MANAGE_PLAN,
        Permission.MANAGE_SETTINGS,
    },
    Role.PROVIDER_STAFF: frozenset(
        {
            Permission.SEE_OWN_WORK,
            Permission.SUBSCRIBE,
            Permission.TAKE_TRAINING,
            Permission.HOLD_SEAT,
            Permission.SELL_PLANS,
            Permission.BOOK_SUPPORT,
            Permission.GIVE_SUPPORT,
        }
    ),
}


@lru_cache
def granted(roles: frozenset[Role]) -> frozenset[Permission]:
    """All that these roles together may do; being a member at all means being signed in."""
    permissions = {Permission.PUBLIC, Permission.SIGNED_IN}
    for role in roles:
        permissions |= GRANTS[role]
    return frozenset(permissions)
