"""Tags of software and bills of materials, as public tools write them, and as nobody should."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType, Swid
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion

from app.domain.explained import RefusedError
from app.domain.itam.rows import Lines
from app.inputs.cyclonedx import read_cyclonedx
from app.inputs.swid import NAMESPACES, read_swid

FILES = Path(__file__).parent / "files"
BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<SoftwareIdentity xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd" name="&b;" tagId="x"/>"""
OUTSIDE = """<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><bom xmlns="http://cyclonedx.org/schema/bom/1.6">&a;</bom>"""


def tag(
    namespace: str = NAMESPACES[0], role: str = "tagCreator softwareCreator", inside: str = "", **more: str
) -> bytes:
    said = {"name": "Writer", "tagId": "acme.example-writer", "version": "2.1", **more}
    attributes = " ".join(f'{name}="{value}"' for name, value in said.items())
    entity = f'<Entity name="Acme" regid="acme.example" role="{role}"/>'
    return f'<SoftwareIdentity xmlns="{namespace}" {attributes}>{entity}{inside}</SoftwareIdentity>'.encode()


def swid(data: bytes, asset: str = "A-1", name: str = "one.swidtag") -> Lines:
    return read_swid(io.BytesIO(data), name, asset)


def bill(data: bytes, name: str = "bom.json") -> Lines:
    return read_cyclonedx(io.BytesIO(data), name, "A-1")


def packed(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name, data in members.items():
            file.writestr(f"{name}.swidtag", data)
    return held.getvalue()


def test_a_tag_that_a_public_tool_wrote() -> None:
    lines = swid((FILES / "hostname.swidtag").read_bytes())
    assert [said for _, said in lines.said] == [
        {
            "asset": "A-1",
            "product": "hostname",
            "version": "3.23+nmu1",
            "swid_tag": "Debian_12-x86_64-hostname-3.23~nmu1",
            "swid_tag_version": "0",
        }
    ]


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_what_a_tag_says(namespace: str) -> None:
    inside = '<Meta edition="Pro"/><Evidence date="2026-02-01T10:00:00Z" deviceId="A-7"/>'
    (line,) = swid(tag(namespace, tagVersion="3", inside=inside)).said
    assert line[1] == {
        "asset": "A-7",
        "publisher": "Acme",
        "product": "Writer",
        "edition": "Pro",
        "version": "2.1",
        "swid_tag": "acme.example-writer",
        "swid_tag_version": "3",
        "last_seen_on": "2026-02-01",
    }


def test_the_role_of_2009_is_read_with_a_warning() -> None:
    lines = swid(tag(role="tagCreator softwareLicensor"))
    assert lines.said[0][1]["publisher"] == "Acme"
    assert "was read as licensor" in lines.notes[0]


@pytest.mark.parametrize("kind", ["corpus", "patch", "supplemental"])
def test_only_a_primary_tag_is_of_something_installed(kind: str) -> None:
    lines = swid(tag(**{kind: "true"}))
    assert not lines.said
    assert kind in lines.notes[0]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (BOMB.encode(), "Line 2"),
        (b"<SoftwareIdentity", "Line 1"),
        (tag("http://standards.iso.org/iso/19770/-2/2008/schema.xsd"), "edition of 2009"),
        (tag("http://example.org/"), "no SWID tag"),
        (tag(name=" "), "has no name"),
        (tag(tagId=""), "has no tagId"),
        (tag(role="softwareCreator"), "who created the tag"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_tag(data: bytes, says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        swid(data)


def test_many_tags_in_a_zip_and_the_faulty_one_is_named() -> None:
    lines = swid(packed(one=tag(), two=BOMB.encode(), three=tag(tagId="other")), name="tags.zip")
    assert [number for number, _ in lines.said] == [1, 3]
    assert [(fault.line, lines.places[fault.line]) for fault in lines.faults] == [(2, "two.swidtag")]


@pytest.mark.parametrize(
    ("members", "says"), [({}, "holds no file"), ({f"m{n}": b"x" for n in range(2001)}, "at most 2000")]
)
def test_a_zip_of_nothing_or_of_too_much(members: dict[str, bytes], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        swid(packed(**members), name="tags.zip")


def test_a_bill_of_materials_from_inside_a_public_package() -> None:
    lines = bill((FILES / "pillow-13.0.0.cdx.json").read_bytes())
    said = {each["product"]: each for _, each in lines.said}
    assert said["Pillow"]["version"] == "13.0.0"
    assert said["Pillow"]["needs_licence"] == "no"
    assert len(said) > 5


WRITER = Component(
    name="Writer",
    version="2.1",
    type=ComponentType.APPLICATION,
    publisher="Acme",
    swid=Swid(tag_id="acme.example-writer", name="Writer", version="2.1", tag_version=3),
    components=[Component(name="inner", version="1", type=ComponentType.LIBRARY)],
)


@pytest.mark.parametrize("version", [SchemaVersion.V1_4, SchemaVersion.V1_5, SchemaVersion.V1_6, SchemaVersion.V1_7])
@pytest.mark.parametrize("form", [OutputFormat.JSON, OutputFormat.XML])
def test_every_version_in_either_form(version: SchemaVersion, form: OutputFormat) -> None:
    files = Component(name="readme", type=ComponentType.FILE)
    data = make_outputter(Bom(components=[WRITER, files]), form, version).output_as_string().encode()
    assert sorted((each for _, each in bill(data).said), key=str) == sorted(
        [
            {
                "asset": "A-1",
                "publisher": "Acme",
                "product": "Writer",
                "version": "2.1",
                "swid_tag": "acme.example-writer",
                "swid_tag_version": "3",
            },
            {"asset": "A-1", "product": "inner", "version": "1"},
        ],
        key=str,
    )


def said(**more: object) -> bytes:
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", **more}).encode()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (OUTSIDE.encode(), "Line 1"),
        (b'{"bomFormat": "CycloneDX",\n "specVersion": }', "Line 2"),
        (b"[" * 200_000, "nested too deeply"),
        (b"[]", "no CycloneDX file"),
        (b"{}", "no CycloneDX file"),
        (said(specVersion="1.2"), "1.4 to 1.7 are read"),
        (b'<bom xmlns="http://cyclonedx.org/schema/bom/1.1"/>', "1.4 to 1.7 are read"),
        (said(components="x"), "no valid CycloneDX"),
        (said(components=[{"type": "teapot", "name": "x"}]), "no valid CycloneDX"),
        (said(components=[]), "lists no software"),
        (b"tag,name\nA-1,x\n", "no JSON and no XML"),
    ],
)
def test_what_is_no_bill_of_materials(data: bytes, says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        bill(data)
