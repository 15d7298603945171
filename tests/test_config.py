"""Settings are read from the environment, and what cannot be right is refused by name."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from config import SettingError, from_environment


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"TRIENNIUM_INSTANCE": str(tmp_path / "instance")}


def test_an_empty_environment_serves_this_machine_from_sqlite(env, tmp_path):
    settings = from_environment(env)
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/triennium.sqlite3"
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert settings.session_life == timedelta(hours=12)
    assert settings.mail_viewer
    assert settings.demonstration
    assert not settings.secure_cookies
    assert not settings.testing


def test_the_secret_key_is_made_once_and_stays(env, tmp_path):
    first = from_environment(env).secret_key
    assert len(first) >= 32
    assert from_environment(env).secret_key == first
    kept = tmp_path / "instance" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_a_given_secret_key_leaves_no_file(env, tmp_path):
    assert from_environment({**env, "SECRET_KEY": "k" * 32}).secret_key == "k" * 32
    assert not (tmp_path / "instance").exists()


def test_an_emptied_secret_file_is_refused(env, tmp_path):
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "secret_key").touch()
    with pytest.raises(SettingError, match="does not hold a key"):
        from_environment(env)


def test_settings_do_not_show_their_secrets(env):
    shown = repr(from_environment({**env, "SECRET_KEY": "k" * 40, "SMTP_PASSWORD": "hush", "SMTP_USER": "u"}))
    assert "kkkk" not in shown
    assert "hush" not in shown


def test_the_mail_viewer_is_off_where_others_are_served_or_mail_is_sent(env):
    assert not from_environment({**env, "PUBLIC_URL": "https://audits.example.org/"}).mail_viewer
    assert not from_environment({**env, "SMTP_HOST": "mail.example.org"}).mail_viewer
    assert not from_environment({**env, "HOST": "0.0.0.0"}).mail_viewer
    assert from_environment({**env, "SMTP_HOST": "mail.example.org", "MAIL_VIEWER": "yes"}).mail_viewer


def test_an_installation_with_an_address_of_its_own_starts_without_the_demonstration(env):
    assert not from_environment({**env, "PUBLIC_URL": "https://audits.example.org"}).demonstration
    assert not from_environment({**env, "DEMONSTRATION": "no"}).demonstration


def test_https_makes_cookies_secure(env):
    settings = from_environment({**env, "PUBLIC_URL": "https://audits.example.org/"})
    assert settings.public_url == "https://audits.example.org"
    assert settings.secure_cookies


@pytest.mark.parametrize(
    ("host", "address"),
    [("0.0.0.0", "http://127.0.0.1:8123"), ("::1", "http://[::1]:8123"), ("box", "http://box:8123")],
)
def test_the_own_address_follows_host_and_port(env, host, address):
    assert from_environment({**env, "HOST": host, "PORT": "8123"}).public_url == address


def test_the_old_name_of_the_postgresql_scheme_is_read(env):
    url = from_environment({**env, "DATABASE_URL": "postgres://u:p@db/triennium"}).database_url
    assert url == "postgresql://u:p@db/triennium"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("PORT", "-1"),
        ("TRUSTED_PROXIES", "1.5"),
        ("WEB_CONCURRENCY", "0"),
        ("SESSION_HOURS", "0"),
        ("SMTP_STARTTLS", "perhaps"),
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://u@db/x"),
        ("PUBLIC_URL", "audits.example.org"),
        ("PUBLIC_URL", "https://audits.example.org/sub"),
        ("ARGON2_TIME_COST", "0"),
        ("UPLOAD_LIMIT_MB", "0"),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(env, name, value):
    with pytest.raises(SettingError, match=name):
        from_environment({**env, name: value})
