"""Every setting of the portal, in one file. With no environment at all it is the embedded default."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "to be replaced"
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "guardian",
    "agencies",
    "reviews",
    "portal",
]
AUTH_USER_MODEL = "agencies.User"
ANONYMOUS_USER_NAME = None
AUTHENTICATION_BACKENDS = ["agencies.backends.ContainerBackend"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / ".data" / "portal.sqlite3"}}
ROOT_URLCONF = "config.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
