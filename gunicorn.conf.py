"""The web server, as script/run and a production service start it: `gunicorn -c gunicorn.conf.py`."""

from pathlib import Path

from config import from_environment

_settings = from_environment()

wsgi_app = "app:create_app()"
bind = f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
worker_class = "gthread"
workers = _settings.workers
# Loaded once and shared by the workers; each makes its own connections to the database on its first request.
preload_app = True
threads = 4
timeout = 60
graceful_timeout = 10
loglevel = "warning"
# One socket in the home folder would be shared by every installation of this account.
control_socket_disable = True
# A heartbeat file on a slow disk would hold up the worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes its own file there
