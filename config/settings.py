"""Every setting of the portal, in one file.

With no environment at all this is the embedded default: one machine, loopback only, everything kept in
`.data/`. Each production part is one variable (docs/operations.md lists them), and what would be unsafe
in production stops the start with a paragraph that says what to do.
"""

import shlex
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.embedded import kept_secret_key
from config.logs import FORMS
from config.openid import openid_apps_of
from config.refusals import LOOPBACK_HOSTS, is_embedded, refusals
from config.stores import cache, database, files

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where this portal stands -----------------------------------------------------------------------

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
PORT = env.int("PORT", default=8000)
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
EMAIL_URL = env.str("EMAIL_URL", default="")
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
PRIVACY_NOTICE_URL = env.str("PRIVACY_NOTICE_URL", default="")
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
EMBEDDED = is_embedded(database_url=DATABASE_URL, site_url=SITE_URL)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not EMBEDDED)

if EMBEDDED:
    SECRET_KEY = SECRET_KEY or kept_secret_key(DATA_DIR)
elif unsafe := refusals(
    secret_key=SECRET_KEY,
    site_url=SITE_URL,
    database_url=DATABASE_URL,
    redis_url=REDIS_URL,
    email_url=EMAIL_URL,
    second_factor=SECOND_FACTOR_REQUIRED,
    metrics_token=METRICS_TOKEN,
    fallback_keys=SECRET_KEY_FALLBACKS,
):
    raise ImproperlyConfigured("The portal does not start like this.\n\n" + "\n\n".join(unsafe))
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
DEBUG = EMBEDDED and env.bool("DEBUG", default=False)  # for developers: errors with their whole story on the page
ALLOWED_HOSTS = list(LOOPBACK_HOSTS) if EMBEDDED else [SITE_HOST]

# --- What it is made of -----------------------------------------------------------------------------

INSTALLED_APPS = [
    # Ours stand first, so that our templates win over those of the libraries.
    "portal",
    "reviews",
    "agencies",
    "config",  # its commands
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "agencies.apps.OversightConfig",  # Django admin, behind the portal's wall
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "guardian",
    "import_export",
]
MIDDLEWARE = [
    "portal.probes.probes_first",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.about.log_requests",
    "portal.metrics.count_requests",
    "agencies.holdings.remember_for_one_request",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.kept_by_nobody",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.keeping.KeepingMiddleware",
    "portal.second_factor.SecondFactorMiddleware",
    "portal.seeing.SeeingAsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.kind_not_allowed",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "portal.nav.navigation",
            ],
        },
    },
]
FORM_RENDERER = "portal.forms.rendering.PortalRenderer"  # GOV.UK Frontend's markup for every form

# --- What it keeps ----------------------------------------------------------------------------------

# No ATOMIC_REQUESTS: on SQLite every page would take the write lock. Each verb opens its own transaction.
_place = env.db_url_config(DATABASE_URL or f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")
DATABASES = {"default": database(_place, pooled=env.bool("DATABASE_POOLED", default=False))}
CACHES = {"default": cache(REDIS_URL)}

# Evidence, imports and papers: outside every served folder, readable by the portal only.
STORAGES = {
    "default": files(env.str("FILES_URL", default=""), DATA_DIR / "files"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
UPLOAD_SCANNER = shlex.split(env.str("UPLOAD_SCANNER", default=""))  # reviews.scanning
UPLOAD_SCANNER_SECONDS = env.int("UPLOAD_SCANNER_SECONDS", default=30)
BACKUP_FOLDER = env.str("BACKUP_FOLDER", default="")  # reviews.inspection.backups
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"

# --- Mail -------------------------------------------------------------------------------------------

if EMAIL_URL:
    _mail = env.email_url_config(EMAIL_URL)
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"] or "localhost", _mail["EMAIL_PORT"] or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 20  # seconds for each answer of the mail server; a message takes up to six
NOTICE_LEASE_SECONDS = 300  # for which a message belongs to the worker that sends it: over twice six time-outs
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"Review actions <no-reply@{SITE_HOST}>")

# --- Signing in -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["agencies.backends.SignInBackend", "agencies.backends.ContainerBackend"]
ANONYMOUS_USER_NAME = None  # guardian would otherwise make an active person called AnonymousUser
GUARDIAN_MONKEY_PATCH_USER = False
LOGIN_URL = LOGOUT_REDIRECT_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_ADAPTER = "portal.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "portal.forms.account.LoginForm",
    "reset_password": "portal.forms.account.ResetPasswordForm",
    "reset_password_from_key": "portal.forms.account.ResetPasswordKeyForm",
    "change_password": "portal.forms.account.ChangePasswordForm",
    "add_email": "portal.forms.account.AddEmailForm",
    "reauthenticate": "portal.forms.account.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_CHANGE_EMAIL = True  # one address a person; the new one counts once it is confirmed
ACCOUNT_EMAIL_VERIFICATION = "optional"  # an invitation has proved the address
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the old address hears of every change
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # the page says the same; a stranger's address gets no mail from us
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_REAUTHENTICATION_REQUIRED = ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False  # shared office machines: closing the browser signs out
# A whole office often has one address, so the limit per address is wide and the limit per account is tight.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip,5/300s/key", "reset_password": "60/m/ip,5/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0 if EMBEDDED else 1)
MFA_ADAPTER = "portal.account_adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "portal.forms.account.AuthenticateForm",
    "reauthenticate": "portal.forms.account.SecondStepAgainForm",
    "activate_totp": "portal.forms.account.ActivateTOTPForm",
    "add_webauthn": "portal.forms.account.AddWebAuthnForm",
    "edit_webauthn": "portal.forms.account.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Nobody signs up here with an address of others, so who has a factor may change theirs.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Review actions"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True

# Sign-in by an organisation's own accounts (OpenID Connect, such as Microsoft Entra), for people invited here.
SOCIALACCOUNT_ADAPTER = "portal.openid_connect.SocialAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: the policy on forms would stop their way to another site
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": openid_apps_of(env),
    }
}
#: Whose addresses count as proved although the provider does not say so: the organisation's own domains.
OIDC_DOMAINS = env.list("OIDC_DOMAINS", default=[])

SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # guardian is the store; our ContainerBackend answers in its place

# --- Sessions, cookies, headers ---------------------------------------------------------------------

SECURE = not EMBEDDED  # loopback speaks plain http, and nothing else may
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie would carry names
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY, X_FRAME_OPTIONS = "same-origin", "DENY"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "upgrade-insecure-requests": SECURE,
    },
}

# --- Work after the page has answered ---------------------------------------------------------------

# Without a broker (a command run by hand) messages stay in this process; the rows are found by the sweep.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1) if REDIS_URL else "memory://"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,  # seconds; anything shorter than a task makes it run twice at once
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
    "max_retries": 1,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.1}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- Words, days and logs ---------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = CELERY_TIMEZONE = "Europe/London"
USE_TZ = True
LOG_FORMAT = env.str("LOG_FORMAT", default="plain")  # read again by config.logs, which gunicorn uses before us
if LOG_FORMAT not in FORMS:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}. It may be {' or '.join(FORMS)}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"codes": {"()": "config.logs.lines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "codes"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Django's own handlers would print request paths and mail whole requests to administrators.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}, "django.server": {"handlers": []}},
}
