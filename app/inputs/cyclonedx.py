"""Bills of materials in CycloneDX 1.4 to 1.7, as JSON or as XML. [ECMA-424:2025]"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType

from app.domain.explained import RefusedError
from app.domain.itam.batch import BatchKind, InstallationSource
from app.domain.itam.rows import Lines
from app.inputs.comma import decode
from app.inputs.limits import MOST_BYTES, read_whole
from app.inputs.swid import parse_xml

_VERSIONS = ("1.4", "1.5", "1.6", "1.7")
_MOST = 50_000
_NO_SOFTWARE = (ComponentType.FILE, ComponentType.DATA, ComponentType.DEVICE, ComponentType.CRYPTOGRAPHIC_ASSET)


def read_cyclonedx(content: BinaryIO, name: str, asset: str, most_bytes: int = MOST_BYTES) -> Lines:
    """The software that a bill of materials lists, all of it on `asset`; raises `RefusedError` at `file`.

    Files, data and devices are no software; what is excluded is not there. A component whose licence is named by its
    SPDX identifier needs no licence that is bought.
    """
    data = read_whole(content, name, most_bytes)
    lines = Lines(BatchKind.INSTALLATIONS, [], source=InstallationSource.CYCLONEDX)
    for number, component in enumerate(_all(_bom(data, name)), start=1):
        if number > _MOST:
            raise RefusedError(f"“{name}” lists more than {_MOST:,} components.", "file")
        lines.places[number] = f"Component {component.name}"
        if component.type in _NO_SOFTWARE or component.scope is ComponentScope.EXCLUDED:
            continue
        lines.said.append((number, _said(component, asset)))
    if not lines.said:
        raise RefusedError(f"“{name}” lists no software.", "file")
    return lines


def _bom(data: bytes, name: str) -> Bom:
    is_xml = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    try:
        if is_xml:
            root = parse_xml(data, name)
            _refuse_version(root.tag.rpartition("/bom/")[2].partition("}")[0], name)
            read = Bom.from_xml(root)  # type: ignore[attr-defined]
        else:
            said = _json(data, name)
            _refuse_version(str(said.get("specVersion", "")) if said.get("bomFormat") == "CycloneDX" else "", name)
            read = Bom.from_json(said)  # type: ignore[attr-defined]
    except RefusedError:
        raise
    except RecursionError:
        raise RefusedError(f"“{name}” is nested too deeply to be a bill of materials.", "file") from None
    except Exception as fault:
        # The reader raises whatever the place of the fault comes to: there is no one exception that it promises.
        says = f"“{name}” is no valid CycloneDX file: {_short(fault)}"
        raise RefusedError(says, "file") from fault
    if not isinstance(read, Bom):
        raise RefusedError(f"“{name}” is no CycloneDX file.", "file")
    return read


def _json(data: bytes, name: str) -> dict[str, Any]:
    try:
        said = json.loads(decode(data, name))
    except json.JSONDecodeError as fault:
        raise RefusedError(f"Line {fault.lineno} of “{name}” is no JSON and no XML.", "file") from fault
    if not isinstance(said, dict):
        raise RefusedError(f"“{name}” is no CycloneDX file.", "file")
    return said


def _refuse_version(version: str, name: str) -> None:
    if not version:
        raise RefusedError(f"“{name}” is no CycloneDX file.", "file")
    if version not in _VERSIONS:
        raise RefusedError(f"“{name}” is CycloneDX {version[:10]}; {_VERSIONS[0]} to {_VERSIONS[-1]} are read.", "file")


def _all(bom: Bom) -> Iterator[Component]:
    """Every component, each before those within it."""
    main = bom.metadata.component
    waiting = [*reversed(list(bom.components)), *([main] if main is not None else [])]
    while waiting:
        component = waiting.pop()
        yield component
        waiting.extend(reversed(list(component.components)))


def _said(component: Component, asset: str) -> dict[str, str]:
    swid = component.swid
    authors = [author.name for author in component.authors if author.name]
    houses = [each.name for each in (component.supplier, component.manufacturer) if each is not None and each.name]
    hashes = [each.content for each in component.hashes if each.alg.value == "SHA-256"]
    said = {
        "asset": asset,
        "publisher": next(iter([*filter(None, [component.publisher]), *houses, *authors]), ""),
        "product": component.name,
        "version": component.version or "",
        "swid_tag": swid.tag_id if swid is not None else "",
        "swid_tag_version": str(swid.tag_version or 0) if swid is not None else "",
        "sha256": hashes[0] if hashes else "",
        "needs_licence": "no" if any(_is_free(each) for each in component.licenses) else "",
    }
    return {field: value for field, value in said.items() if value}


def _is_free(licence: Any) -> bool:
    """Whether a licence is one that SPDX lists, which nobody has to buy."""
    return bool(getattr(licence, "id", None) or getattr(licence, "value", None))


def _short(fault: Exception) -> str:
    return " ".join(str(fault).split())[:200] or type(fault).__name__
