"""The settings of one installation, read from the environment; what cannot be right is refused by name.

Every setting has a default that suits one machine, so that an empty environment runs. `python config.py` prints what
is in force, without the secrets, or says in one line what is wrong.
"""

import os
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
DATABASES = ("sqlite", "postgresql")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingError(ValueError):
    """A setting of the environment cannot be right; the message names it and says what is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one installation is told from outside; everything else is data in its database."""

    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    instance: Path
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    session_life: timedelta = timedelta(hours=12)
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: str | None = field(default=None, repr=False)
    smtp_starttls: bool = True
    mail_from: str = "Triennium <triennium@localhost>"
    mail_viewer: bool = False
    argon2_time_cost: int = 3
    argon2_memory_cost: int = 64 * 1024
    argon2_parallelism: int = 4
    upload_limit: int = 20 * 1024 * 1024
    demonstration: bool = False
    testing: bool = False

    @property
    def secure_cookies(self) -> bool:
        """Cookies travel over TLS alone wherever people reach the installation by https."""
        return self.public_url.startswith("https://")

    @property
    def uploads(self) -> Path:
        """The folder of the attachments."""
        return self.instance / "uploads"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raise `SettingError` for the first that cannot be right."""
    env = os.environ if environ is None else environ
    instance = Path(_text(env, "TRIENNIUM_INSTANCE", str(ROOT / "instance"))).expanduser().absolute()
    host = _text(env, "HOST", "127.0.0.1")
    port = _whole(env, "PORT", 8000, least=1, most=65535)
    public_url = _address(env, "PUBLIC_URL", _own_address(host, port))
    smtp_host = _optional(env, "SMTP_HOST")
    for_this_machine = host in LOOPBACK and urlsplit(public_url).hostname in LOOPBACK
    return Settings(
        secret_key=_secret_key(env, instance),
        database_url=_database_url(env, instance),
        instance=instance,
        host=host,
        port=port,
        # Two: one that is busy or killed leaves the other to answer.
        workers=_whole(env, "WEB_CONCURRENCY", 2, least=1, most=64),
        public_url=public_url,
        trusted_proxies=_whole(env, "TRUSTED_PROXIES", 0, least=0, most=10),
        session_life=timedelta(hours=_whole(env, "SESSION_HOURS", 12, least=1, most=24 * 90)),
        smtp_host=smtp_host,
        smtp_port=_whole(env, "SMTP_PORT", 587, least=1, most=65535),
        smtp_user=_optional(env, "SMTP_USER"),
        smtp_password=_optional(env, "SMTP_PASSWORD"),
        smtp_starttls=_yes(env, "SMTP_STARTTLS", default=True),
        mail_from=_text(env, "MAIL_FROM", "Triennium <triennium@localhost>"),
        # Whoever can open the viewer can read every mail: by default it is there only where no mail is sent and
        # nobody but this machine is served.
        mail_viewer=_yes(env, "MAIL_VIEWER", default=smtp_host is None and for_this_machine),
        argon2_time_cost=_whole(env, "ARGON2_TIME_COST", 3, least=1, most=100),
        argon2_memory_cost=_whole(env, "ARGON2_MEMORY_KIB", 64 * 1024, least=8, most=4 * 1024 * 1024),
        argon2_parallelism=_whole(env, "ARGON2_PARALLELISM", 4, least=1, most=64),
        upload_limit=_whole(env, "UPLOAD_LIMIT_MB", 20, least=1, most=1024) * 1024 * 1024,
        # Its sign-ins are printed for everybody to see: an installation with an address of its own starts empty.
        demonstration=_yes(env, "DEMONSTRATION", default=_optional(env, "PUBLIC_URL") is None),
    )


def _optional(env: Mapping[str, str], name: str) -> str | None:
    return env.get(name, "").strip() or None


def _text(env: Mapping[str, str], name: str, default: str) -> str:
    return _optional(env, name) or default


def _whole(env: Mapping[str, str], name: str, default: int, *, least: int, most: int) -> int:
    text = _optional(env, name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise SettingError(f"{name}: expected a whole number from {least} to {most}, not {text!r}")
    return int(text)


def _yes(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = (_optional(env, name) or "").lower()
    if not text:
        return default
    if text not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
        raise SettingError(f"{name}: expected yes or no, not {text!r}")
    return text in {"1", "true", "yes", "on"}


def _own_address(host: str, port: int) -> str:
    """The address people on this machine use; a server that listens everywhere is reached at 127.0.0.1 too."""
    name = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _address(env: Mapping[str, str], name: str, default: str) -> str:
    text = _text(env, name, default).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.fragment:
        raise SettingError(f"{name}: expected an address such as https://triennium.example.org, not {text!r}")
    return text


def _database_url(env: Mapping[str, str], instance: Path) -> str:
    text = _text(env, "DATABASE_URL", f"sqlite:///{instance / 'triennium.sqlite3'}")
    # Many hosts still hand out the old name of the scheme.
    text = re.sub(r"^postgres://", "postgresql://", text)
    if re.split(r"[:+]", text, maxsplit=1)[0] not in DATABASES:
        raise SettingError("DATABASE_URL: expected postgresql://user:password@host/name or sqlite:////path/to/file")
    return text


def _secret_key(env: Mapping[str, str], instance: Path) -> str:
    """SECRET_KEY, else the key kept in the instance folder, which is made on first use and then stays."""
    given = _optional(env, "SECRET_KEY")
    if given is not None:
        if len(given) < 32:
            raise SettingError("SECRET_KEY: expected at least 32 characters; leave it out to have one made and kept")
        return given
    kept = instance / "secret_key"
    try:
        if not kept.exists():
            _keep_new_secret(kept)
        key = kept.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingError(f"{kept}: cannot be read or made ({error.strerror}); set SECRET_KEY") from error
    if len(key) < 32:
        raise SettingError(f"{kept}: does not hold a key; remove the file to have a new one made (all sign-ins end)")
    return key


def _keep_new_secret(kept: Path) -> None:
    """Written whole to a side file and linked into place: of two that start at once, both read the same key."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    side = kept.with_name(f"{kept.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(side, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(side, kept)
    except FileExistsError:
        pass
    finally:
        side.unlink()


def _print_settings() -> None:
    try:
        settings = from_environment()
    except SettingError as error:
        sys.exit(str(error))
    for each in fields(settings):
        if each.repr:
            print(f"{each.name}={getattr(settings, each.name)}")


if __name__ == "__main__":
    _print_settings()
