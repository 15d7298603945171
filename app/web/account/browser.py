"""What a browser calls itself, in two words."""

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def name_of(says: str) -> str:
    """Firefox on Linux; what it says of itself where that is not known."""
    browser = next((name for sign, name in _BROWSERS if sign in says), None)
    system = next((name for sign, name in _SYSTEMS if sign in says), None)
    if browser and system:
        return f"{browser} on {system}"
    return browser or says[:60] or "A browser that gives no name"
