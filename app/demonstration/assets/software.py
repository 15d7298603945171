"""Sixty products of invented publishers, and of the commons that everybody knows."""

from typing import TYPE_CHECKING

from app.demonstration.telling import ago
from app.domain.itam.version import version_key
from app.models.software import Product, ProductAlias, Publisher, Release

if TYPE_CHECKING:
    from app.demonstration.assets import Estate

# publisher, product, edition, category, versions from old to new
BOUGHT = (
    ("Quillworks", "Quill Office", "Standard", "Office", ("2021", "2024")),
    ("Quillworks", "Quill Diagram", "Professional", "Office", ("2024",)),
    ("Quillworks", "Quill Project", "", "Office", ("2024",)),
    ("Paperfold", "Paperfold Reader", "", "Documents", ("11.2", "12.0")),
    ("Paperfold", "Paperfold Pro", "", "Documents", ("12.0",)),
    ("Orbital Data", "Orbital DB", "Enterprise", "Database", ("19.9", "19.10", "21.3")),
    ("Orbital Data", "Orbital DB", "Standard", "Database", ("19.10",)),
    ("Orbital Data", "Orbital Backup Agent", "", "Backup", ("7.4",)),
    ("Kestrel Systems", "Kestrel Server", "Standard", "Operating system", ("2019", "2022")),
    ("Kestrel Systems", "Kestrel Desktop", "Business", "Operating system", ("10", "11")),
    ("Kestrel Systems", "Kestrel Remote", "", "Remote access", ("6.1",)),
    ("Fennimore Security", "Sentry Endpoint", "", "Security", ("8.9", "8.10")),
    ("Fennimore Security", "Sentry Gateway", "", "Security", ("5.2",)),
    ("Hexagrove", "Hexagrove Draw", "", "Design", ("25.1",)),
    ("Hexagrove", "Hexagrove Photo", "", "Design", ("25.1",)),
    ("Hexagrove", "Hexagrove Motion", "", "Design", ("24.3",)),
    ("Cadmium", "CadForge", "Network", "Engineering", ("2025", "2026")),
    ("Windlass", "Windlass Middleware", "", "Middleware", ("12.2",)),
    ("Windlass", "Windlass Queue", "", "Middleware", ("9.1",)),
    ("Tallow", "LabelWorks", "", "Logistics", ("4.0",)),
    ("Deskwell", "Deskwell Service", "Agent", "Ticketing", ("2026.2",)),
    ("Relata", "Relata Sales", "", "Customer relations", ("2026.1",)),
    ("Beacon", "Beacon Messages", "", "Messaging", ("3",)),
    ("Brightdev", "Brightdev Studio", "Team", "Development", ("2025.3",)),
    ("Brightdev", "Brightdev Data", "", "Development", ("2025.2",)),
    ("Skylane", "Skylane Meet", "Business", "Video", ("5.17",)),
    ("Keykeep", "Keykeep Vault", "", "Security", ("7.1",)),
    ("Glimmer", "Glimmer Logs", "", "Monitoring", ("3.8",)),
    ("Lohnwerk", "Lohnwerk Personal", "", "Payroll", ("2026",)),
    ("Granite", "Granite Array Manager", "", "Storage", ("4.4",)),
)
FREE = (
    ("The Document Foundation", "LibreOffice", "Office", ("24.8", "25.2")),
    ("Mozilla", "Firefox", "Browser", ("140.2", "140.10")),
    ("Mozilla", "Thunderbird", "Mail", ("140.1",)),
    ("Python Software Foundation", "Python", "Development", ("3.9.19", "3.11.9", "3.12.4")),
    ("PostgreSQL Global Development Group", "PostgreSQL", "Database", ("15.8", "16.4")),
    ("Debian", "Debian GNU/Linux", "Operating system", ("11", "12")),
    ("Git project", "Git", "Development", ("2.39.5", "2.47.1")),
    ("VideoLAN", "VLC", "Media", ("3.0.21",)),
    ("nginx", "nginx", "Web server", ("1.22.1", "1.26.2")),
    ("OpenJS Foundation", "Node.js", "Development", ("20.18.0", "22.9.0")),
    ("Apache", "HTTP Server", "Web server", ("2.4.62",)),
    ("Apache", "Kafka", "Middleware", ("3.8.0",)),
    ("Eclipse Foundation", "Temurin", "Runtime", ("17.0.12", "21.0.4")),
    ("KeePassXC team", "KeePassXC", "Security", ("2.7.9",)),
    ("Wireshark Foundation", "Wireshark", "Network", ("4.4.0",)),
    ("GIMP team", "GIMP", "Design", ("2.10.38",)),
    ("Inkscape project", "Inkscape", "Design", ("1.3.2",)),
    ("OpenSSL project", "OpenSSL", "Library", ("3.0.15",)),
    ("Redis", "Redis", "Database", ("7.2.5",)),
    ("Grafana Labs", "Grafana", "Monitoring", ("11.2.0",)),
    ("Prometheus authors", "Prometheus", "Monitoring", ("2.54.1",)),
    ("HashiCorp", "Terraform", "Operations", ("1.5.7",)),
    ("Ansible community", "Ansible", "Operations", ("10.3.0",)),
    ("7-Zip", "7-Zip", "Tools", ("24.08",)),
    ("Notepad++ team", "Notepad++", "Tools", ("8.6.9",)),
    ("PuTTY team", "PuTTY", "Tools", ("0.81",)),
)
UNWELCOME = (
    ("Peekaboo Labs", "DeskPeek", "", "Remote access", ("9.3",)),
    ("Swarmline", "Swarmline Torrent", "", "File sharing", ("4.6.7",)),
    ("Northstar Games", "Harbour Tycoon", "", "Game", ("1.10",)),
    ("Cleverclip", "Cleverclip Recorder", "Trial", "Media", ("2.2",)),
)


def software(estate: "Estate") -> None:
    """Write publishers, products and releases; a few names under which discovery knows them are remembered."""
    work = estate.work
    told = [(*each, True) for each in BOUGHT] + [(a, b, "", c, d, False) for a, b, c, d in FREE]
    told += [(*each, True) for each in UNWELCOME]
    names = sorted({publisher for publisher, *_ in told})
    estate.publishers = dict(zip(names, work.insert_many(Publisher, [{"name": name} for name in names]), strict=True))
    ids = work.insert_many(
        Product,
        [
            {
                "publisher_id": estate.publishers[publisher],
                "name": name,
                "edition": edition,
                "category": category,
                "needs_licence": needs,
                "notes": "",
                "created_at": work.now,
                "version": 1,
            }
            for publisher, name, edition, category, _, needs in told
        ],
    )
    releases = []
    for (_, name, edition, _, versions, _), product_id in zip(told, ids, strict=True):
        estate.products[f"{name} {edition}".strip()] = product_id
        for age, version in enumerate(reversed(versions)):
            released = ago(estate.today, months=8 + 14 * age)
            ends = ago(released, months=-36)
            releases.append(
                {
                    "product_id": product_id,
                    "version": version,
                    "version_key": version_key(version),
                    "released_on": released,
                    "support_ends_on": ends,
                }
            )
    work.insert_many(Release, releases)
    aliases = (
        ("Quill Office Standard", "quillworks gmbh", "quill office std 2024"),
        ("Orbital DB Enterprise", "orbital data inc.", "orbital database enterprise edition"),
        ("Firefox", "mozilla corporation", "mozilla firefox (x64 en-gb)"),
        ("7-Zip", "igor pavlov", "7-zip 24.08 (x64)"),
    )
    work.insert_many(
        ProductAlias,
        [
            {"product_id": estate.products[product], "publisher": publisher, "name": name}
            for product, publisher, name in aliases
        ],
    )
