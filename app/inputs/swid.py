"""Tags of software: one file, or a zip of many. [ISO/IEC 19770-2:2015]"""

import io
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.domain.explained import RefusedError
from app.domain.itam.batch import BatchKind, InstallationSource
from app.domain.itam.rows import Fault, Lines
from app.inputs.limits import MOST_BYTES, UNREADABLE, open_zip, read_whole

NAMESPACES = (
    "http://standards.iso.org/iso/19770/-2/2015/schema.xsd",
    "http://standards.iso.org/iso/19770/-2/2015-current/schema.xsd",
)
_CREATORS = ("softwareCreator", "licensor", "softwareLicensor", "maintainer", "distributor", "aggregator")
"""Who publishes the software, the best first; who only wrote the tag does not."""
_MOST_TAG = 5 * 1024 * 1024
_YES = ("true", "1")


def read_swid(content: BinaryIO, name: str, asset: str = "", most_bytes: int = MOST_BYTES) -> Lines:
    """The software of a tag, or of each tag of a zip, on the device that its evidence names, else on `asset`.

    Raises `RefusedError` at `file` for what is no tag at all; what is wrong with one of many is its fault.
    """
    data = read_whole(content, name, most_bytes)
    lines = Lines(BatchKind.INSTALLATIONS, [], source=InstallationSource.SWID)
    is_zip = data.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    tags = _members(data, name) if is_zip else [(name, data)]
    for number, (place, tag) in enumerate(tags, start=1):
        lines.places[number] = place
        try:
            said = _read(place, tag, asset, lines.notes)
        except RefusedError as refusal:
            if not is_zip:
                raise
            lines.faults.append(Fault(number, "", refusal.why[0].says))
            continue
        if said is not None:
            lines.said.append((number, said))
    if not lines.places:
        raise RefusedError(f"“{name}” holds no file that ends in .swidtag or .xml.", "file")
    return lines


def _members(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    with open_zip(io.BytesIO(data), name) as packed:
        for member in packed.infolist():
            if member.is_dir() or not member.filename.casefold().endswith((".swidtag", ".xml")):
                continue
            try:
                with packed.open(member) as file:
                    yield member.filename, file.read(_MOST_TAG + 1)
            except UNREADABLE as fault:
                raise RefusedError(f"“{member.filename}” in “{name}” is damaged.", "file") from fault


def parse_xml(data: bytes, name: str) -> Element:
    """An XML document without a DTD; entities are never looked at. Raises `RefusedError` at `file` with the line."""
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        line = data.count(b"\n", 0, max(data.find(b"<!DOCTYPE"), 0)) + 1
        says = f"Line {line} of “{name}” declares a document type or entities. Such a file is not read."
        raise RefusedError(says, "file") from None
    except ParseError as fault:
        raise RefusedError(f"Line {fault.position[0]} of “{name}” is no well-formed XML.", "file") from fault
    except (ValueError, LookupError) as fault:
        raise RefusedError(f"“{name}” is in letters that its first line does not name rightly.", "file") from fault
    return root


def _read(name: str, data: bytes, asset: str, notes: list[str]) -> dict[str, str] | None:
    if len(data) > _MOST_TAG:
        raise RefusedError(f"“{name}” is too large: a tag has {_MOST_TAG // (1024 * 1024)} MB at most.", "file")
    root = parse_xml(data, name)
    space, _, local = root.tag.rpartition("}")
    space = space.lstrip("{")
    if local != "SoftwareIdentity" or space not in NAMESPACES:
        if local == "software_identification_tag" or "2008" in space or "2009" in space:
            says = f"“{name}” is a tag of the edition of 2009. Tags of ISO/IEC 19770-2:2015 are read."
        else:
            says = f"“{name}” is no SWID tag of ISO/IEC 19770-2:2015."
        raise RefusedError(says, "file")
    roles = _roles(root, space, name, notes)
    for needed, label in (("name", "name"), ("tagId", "tagId")):
        if not root.get(needed, "").strip():
            raise RefusedError(f"“{name}” has no {label}.", "file")
    if "tagCreator" not in roles:
        raise RefusedError(f"“{name}” does not say who created the tag: no Entity has the role tagCreator.", "file")
    for kind in ("corpus", "patch", "supplemental"):
        if root.get(kind, "false").strip() in _YES:
            notes.append(f"{name}: a {kind} tag says of nothing that it is installed, and is left out.")
            return None
    meta, evidence = root.find(f"{{{space}}}Meta"), root.find(f"{{{space}}}Evidence")
    version = root.get("version", "").strip()
    said = {
        "asset": (evidence.get("deviceId", "").strip() if evidence is not None else "") or asset,
        "publisher": next((roles[role] for role in _CREATORS if role in roles), ""),
        "product": root.get("name", "").strip(),
        "edition": meta.get("edition", "").strip() if meta is not None else "",
        "version": "" if version == "0.0" else version,
        "swid_tag": root.get("tagId", "").strip(),
        "swid_tag_version": root.get("tagVersion", "0").strip() or "0",
        "last_seen_on": evidence.get("date", "").strip()[:10] if evidence is not None else "",
    }
    return {field: value for field, value in said.items() if value}


def _roles(root: Element, space: str, name: str, notes: list[str]) -> dict[str, str]:
    """The first entity of each role."""
    roles: dict[str, str] = {}
    for entity in root.findall(f"{{{space}}}Entity"):
        for role in entity.get("role", "").split():
            roles.setdefault(role, entity.get("name", "").strip())
            if role == "softwareLicensor":
                notes.append(f"{name}: the role softwareLicensor is of the edition of 2009, and was read as licensor.")
    return roles
