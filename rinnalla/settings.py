"""One settings file. Everything a host may change comes from the environment."""

import json
import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env_text(name, default):
    """Read a text setting; an empty value counts as unset."""
    return os.environ.get(name) or default


def env_bool(name, default=False):
    """Read a yes/no setting; anything but 1/0, yes/no, true/false stops the start."""
    value = env_text(name, "1" if default else "0").lower()
    if value not in {"1", "0", "yes", "no", "true", "false"}:
        raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}")
    return value in {"1", "yes", "true"}


def env_int(name, default, least=0, most=10**6):
    """Read a whole number between two others; anything else stops the start."""
    value = env_text(name, str(default))
    if not (value.isdecimal() and least <= int(value) <= most):
        wanted = f"a whole number from {least} to {most}"
        raise ImproperlyConfigured(f"{name} must be {wanted}, not {value!r}")
    return int(value)


def env_json(name, default):
    """Read a setting written as a JSON object; anything else stops the start."""
    try:
        value = json.loads(os.environ.get(name) or "null")
    except ValueError:
        value = ""
    if value is not None and not isinstance(value, dict):
        raise ImproperlyConfigured(f"{name} must be a JSON object")
    return default if value is None else value


def kept_secret(directory):
    """The installation's secret, made once and kept outside the data's backups."""
    path = directory / "secret"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()


VERSION = "0.1.0"
DATA_DIR = Path(env_text("DATA_DIR", BASE_DIR / "var"))
KEY_DIR = Path(env_text("KEY_DIR", BASE_DIR / "keys"))
DATA_DIR.mkdir(parents=True, exist_ok=True)
SECRET_KEY = os.environ.get("SECRET_KEY") or kept_secret(KEY_DIR)

# anonymous: neither inbox (B) nor codes a person holds (P) exist; with-inbox: they do.
PROFILE = env_text("PROFILE", "anonymous")
if PROFILE not in {"anonymous", "with-inbox"}:
    raise ImproperlyConfigured("PROFILE must be anonymous or with-inbox")
# The demo county: invented figures, demo people on the sign-in page, a banner.
DEMO = env_bool("DEMO")
DEBUG = env_bool("DEBUG")
# Served over https in use; the demo and tests listen on this machine only.
HTTPS = env_bool("HTTPS", default=not (DEMO or DEBUG))
ALLOWED_HOSTS = env_text("ALLOWED_HOSTS", "localhost,127.0.0.1").split(",")
CSRF_TRUSTED_ORIGINS = [
    origin for origin in env_text("TRUSTED_ORIGINS", "").split(",") if origin
]
# The county's name on pages and prints.
COUNTY_NAME = env_text("COUNTY_NAME", "Järvi-Savon hyvinvointialue" if DEMO else "")
COUNTY_CODE = env_text("COUNTY_CODE", "13" if DEMO else "")
# Shared by the demo people; of no use where DEMO is off.
DEMO_PASSWORD = env_text("DEMO_PASSWORD", "rinnalla-esittely")

# A month closes on this day of the next month; only then attributes are published.
MONTH_CLOSES_ON_DAY = env_int("MONTH_CLOSES_ON_DAY", 5, least=1, most=28)
# Cells of people smaller than this are protected (3-10).
DISCLOSURE_K = env_int("DISCLOSURE_K", 5, least=3, most=10)
# Raw encounters and free text of domain A are kept this long.
RAW_MONTHS = env_int("RAW_MONTHS", 13, least=1)
# The audit log is kept this long; the database refuses to delete younger than 12.
AUDIT_MONTHS = env_int("AUDIT_MONTHS", 24, least=13)
# So long after the last contact a phone shows its reference data; it counts on after.
OFFLINE_HOURS = env_int("OFFLINE_HOURS", 72, least=12, most=168)
# The field app keeps itself on the phone; no takes it off again (docs/running.md).
OFFLINE_APP = env_bool("OFFLINE_APP", default=True)
# Own words may be written on the phone, sealed at once; off until assessed.
PHONE_NOTES = env_bool("PHONE_NOTES")

INSTALLED_APPS = [
    "rinnalla.shell",
    "rinnalla.phone",
    "rinnalla.statistics",
    "rinnalla.encounters",
    "rinnalla.planning",
    "rinnalla.access",
    "rinnalla.lib",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rinnalla.shell.middleware.WorkerLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rinnalla.access.middleware.SessionRules",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "rinnalla.urls"
WSGI_APPLICATION = "rinnalla.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rinnalla.shell.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "rinnalla.lib.templatetags.ui"],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        env_text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'rinnalla.sqlite3'}")
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # FULL: a phone lets go of its copy after our answer, so a commit must be on disk.
    # IMMEDIATE: read-then-write transactions would otherwise meet "database is locked".
    DATABASES["default"] |= {
        "ENGINE": "rinnalla.lib.sqlite3",
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                "PRAGMA cache_size=-65536;PRAGMA wal_autocheckpoint=4000;"
            ),
        },
    }
elif env_bool("DATABASE_POOL", default=True):
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 0,
        # The second time the same question is asked of a connection, it is prepared.
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 4},
            "prepare_threshold": 1,
        },
    }

AUTH_USER_MODEL = "access.Worker"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
    {
        "NAME": "rinnalla.access.passwords.NotLikeOwnName",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "shell:home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "rinnalla.access.adapter.WorkerAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = (
    "django.contrib.auth.tokens.PasswordResetTokenGenerator"
)
# Guessing is slowed by access.slowing and axes; what is left here counts one person.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "8/15m/key",
    "reset_password": "5/h/key",
    "reset_password_from_key": None,
}
MFA_RATE_LIMITS = {"webauthn_login": None}
MFA_ADAPTER = "rinnalla.access.adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "rinnalla.access.digit_forms.AuthenticateForm",
    "reauthenticate": "rinnalla.access.digit_forms.ReauthenticateForm",
    "add_webauthn": "rinnalla.access.passkey_forms.AddPasskeyForm",
    "login_webauthn": "rinnalla.access.passkey_forms.LoginForm",
    "authenticate_webauthn": "rinnalla.access.passkey_forms.SecondStepForm",
    "reauthenticate_webauthn": "rinnalla.access.passkey_forms.AgainForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
# A worker without a second step is led to set one up before anything else.
REQUIRE_SECOND_FACTOR = env_bool("REQUIRE_SECOND_FACTOR", default=not DEMO)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Rinnalla"

# Slowed for one name from one place; never by address alone: a day centre,
# a library and a whole office share one address.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/slow_down.html"
AXES_USERNAME_CALLABLE = "rinnalla.access.slowing.name_of"
AXES_CLIENT_IP_CALLABLE = "rinnalla.access.slowing.place_of"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["login", "email", "next", "csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_ENGINE = "rinnalla.access.session_store"
# The longest a session can live; access.sessions closes it earlier.
SESSION_COOKIE_AGE = ACCOUNT_SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "rinnalla.shell.views.stale_form"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY") else None
)
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # The style kit draws its chevrons and ticks as data: masks.
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True
FORMAT_MODULE_PATH = "rinnalla.lib.formats"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "rinnalla.lib.static_files.ModuleManifestStorage"
        if env_bool("HASHED_STATIC")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Mail goes through a server when one is named; otherwise it is printed.
EMAIL_HOST = env_text("EMAIL_HOST", "")
EMAIL_BACKEND = env_text(
    "EMAIL_BACKEND",
    f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend",
)
EMAIL_PORT = env_int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env_text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env_text("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_STARTTLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_text("EMAIL_FROM", "rinnalla@example.fi")
# Where the pages are, for links in letters that no page asked for.
PUBLIC_ADDRESS = env_text("PUBLIC_ADDRESS", "http://localhost:8000").rstrip("/")
# The partners' line, as it stands on the public form; empty where there is none.
DUTY_LINE_PHONE = env_text("DUTY_LINE_PHONE", "040 000 0000" if DEMO else "")
# Text messages of alarms: one POST to this address each; empty sends none.
SMS_URL = env_text("SMS_URL", "")
SMS_AUTHORIZATION = env_text("SMS_AUTHORIZATION", "")
SMS_FORMAT = env_text("SMS_FORMAT", "json")
if SMS_FORMAT not in {"json", "form"}:
    raise ImproperlyConfigured("SMS_FORMAT must be json or form")
SMS_BODY = env_json("SMS_BODY", {"to": "{number}", "text": "{text}"})

# Faults are logged without content: no request bodies, no query strings, no locals.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "filters": {"no_content": {"()": "rinnalla.lib.logs.NoContent"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_content"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.request": {"handlers": ["console"], "propagate": False}},
}
