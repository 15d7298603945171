"""What a file may bring into the register."""

from app.domain.words import Word


class BatchKind(Word):
    """What the rows of an imported file are."""

    ASSETS = "assets"
    EMPLOYEES = "employees"
    INSTALLATIONS = "installations"
    ENTITLEMENTS = "entitlements"
    USAGE = "usage"


class InstallationSource(Word):
    """How an installation became known."""

    MANUAL = "manual"
    SPREADSHEET = "spreadsheet"
    SWID = "swid"
    CYCLONEDX = "cyclonedx"
    CHANGE = "change"

    @property
    def label(self) -> str:
        return {"swid": "SWID tag", "cyclonedx": "CycloneDX", "change": "Change request"}.get(
            self.value, self.value.capitalize()
        )
