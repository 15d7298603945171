"""What others wrote lies in the repository as it was fetched: every file is listed, with its hash and its licence."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "static" / "vendor", ROOT / "tests" / "e2e" / "vendor"]


def files_in(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_every_vendored_file_is_listed_with_its_hash(folder: Path) -> None:
    assert files_in(folder) == json.loads((folder / "manifest.json").read_text())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_every_vendored_version_has_its_licence(folder: Path) -> None:
    versions = [path for path in folder.glob("*/*") if path.is_dir()]
    assert versions
    assert [path for path in versions if not (path / "LICENSE").is_file()] == []


def test_nothing_of_others_points_at_a_source_map_or_another_host() -> None:
    for path in FOLDERS[0].rglob("*"):
        if path.suffix in {".js", ".css"}:
            text = path.read_text()
            assert "sourceMappingURL" not in text, path
            assert "@import" not in text, path
