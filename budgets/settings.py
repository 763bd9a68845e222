"""All settings, with values from the environment; without any the embedded defaults run on SQLite."""

import re
import secrets
from datetime import timedelta
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from budgets.domain.law import PER_VEHICLE
from budgets.publishing import object_store
from budgets.secret_settings import secret

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var")))
PUBLISHED_ROOT = DATA_DIR / "published"
UPLOAD_ROOT = DATA_DIR / "uploads"
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The key that is set, else one made at first start and kept in the data folder."""
    if given := secret("SECRET_KEY"):
        return given
    kept = DATA_DIR / "secret-key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(64))
    return kept.read_text()


SECRET_KEY = _secret_key()
DEBUG = env.bool("DEBUG", default=False)
SITE_ADDRESS = env("SITE_ADDRESS", default="http://127.0.0.1:8000").rstrip("/")
# What the public pages and the PDF say about who runs the portal; a blank value is left out.
SITE = {
    "name": env("SITE_NAME", default="明账"),
    "title": env("SITE_TITLE", default="部门预算公开平台"),
    "host": env("SITE_HOST", default=""),  # 主办单位
    "contact": env("SITE_CONTACT", default=""),
    "code": env("SITE_CODE", default=""),  # 网站标识码
    "icp": env("SITE_ICP", default=""),  # ICP 备案号
    "police": env("SITE_POLICE", default=""),  # 公安备案号
    "licence": env("SITE_LICENCE", default=""),  # 数据的使用许可: its address or name
}
# Yearly running cost of one vehicle, in yuan, above which a budget is asked for a word.
PER_VEHICLE_LIMIT = Decimal(env("PER_VEHICLE_LIMIT", default=str(PER_VEHICLE)))
# The key that signs checkpoints (`manage.py checkpoint_key`); without one there is no log of chain entries.
CHECKPOINT_KEY_FILE = env("CHECKPOINT_KEY_FILE", default="")
# Where time stamps (RFC 3161) of checkpoints are asked for; an address, none when blank.
TIMESTAMP_AUTHORITY = env("TIMESTAMP_AUTHORITY", default="")
# The object store (S3) that several machines share, https://host/bucket; one machine stands alone without any.
OBJECT_STORE = env("OBJECT_STORE", default="").rstrip("/")
if OBJECT_STORE and not re.fullmatch(r"https?://[^/]+/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", OBJECT_STORE):
    raise ImproperlyConfigured(
        f"OBJECT_STORE 是 {OBJECT_STORE}，应为对象存储的地址加桶名，例如 https://s3.example.cn/mingzhang。"
    )
if OBJECT_STORE and not (find_spec("boto3") and find_spec("storages")):
    raise ImproperlyConfigured(
        "设置了 OBJECT_STORE，但没有安装它要用的程序库：请运行 uv sync --extra objects。"
    )
OBJECT_STORE_KEYS = (env("OBJECT_STORE_KEY", default=""), secret("OBJECT_STORE_SECRET"))
# An https address means production: behind a proxy that ends TLS, with static files collected and hashed.
PRODUCTION = SITE_ADDRESS.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "budgets.apps.BudgetsConfig",
    "budgets.apps.BudgetsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tables2",
    "django_tasks_db",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_otp_webauthn",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "budgets.permissions_policy.permissions_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "budgets.public.large_type.LargeType",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "budgets.admin.trail_requests.TrailRequests",
    "budgets.admin.sessions.IdleSessions",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "budgets.urls"
WSGI_APPLICATION = "budgets.wsgi.application"
AUTH_USER_MODEL = "budgets.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "django_otp_webauthn.backends.WebAuthnBackend",
]
# The second factor. A passkey belongs to the domain of the site; while developing, browsers take "localhost" for one.
_SITE = urlsplit(SITE_ADDRESS)
OTP_TOTP_ISSUER = OTP_WEBAUTHN_RP_NAME = SITE["name"]
OTP_WEBAUTHN_RP_ID = str(_SITE.hostname) if PRODUCTION else "localhost"
OTP_WEBAUTHN_ALLOWED_ORIGINS = [SITE_ADDRESS if PRODUCTION else f"http://localhost:{_SITE.port or 80}"]
OTP_WEBAUTHN_HELPER_CLASS = "budgets.admin.passkeys.Ceremony"
# Five wrong passwords for one name from one address, and nothing is hashed for a quarter of an hour; the owner of the
# name still gets in from elsewhere, and a guess during that time does not make it longer.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "password", "otp_token", "csrfmiddlewaretoken", "next"]
AXES_CLIENT_IP_CALLABLE = "budgets.access.client_address"
AXES_LOCKOUT_CALLABLE = "budgets.public.errors.locked_out"
CSRF_FAILURE_VIEW = "budgets.error_views.expired_form"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"scripts": "budgets.admin.scripts"},
        },
    },
]

DATABASES = {"default": env.db_url_config(secret("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
# Apart from the address, so that one file holds nothing else: it needs no escaping, and PostgreSQL's container reads it.
if password := secret("DATABASE_PASSWORD"):
    if DATABASES["default"].get("PASSWORD"):
        raise ImproperlyConfigured("DATABASE_URL 里已经有密码，又设置了 DATABASE_PASSWORD，请只留一个。")
    DATABASES["default"]["PASSWORD"] = password
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # Each thread keeps its connection. With the database away a request knows it after two seconds at most, and with it
    # back the next one is answered: a pool of connections waits thirty seconds for one, and as long again afterwards.
    seconds = env.int("STATEMENT_SECONDS", default=60)
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 2,
        "options": f"-c statement_timeout={seconds}s -c idle_in_transaction_session_timeout=300s",
        # A machine that is gone without a word is noticed, too.
        "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 10_000,
    }  # fmt: skip
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    # After a restart of the database no request is given a dead connection.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Names of the roles beside the owner, and what `manage.py grant` sets as their passwords; only the owner needs these.
DATABASE_ROLES = {
    "application": (env("APPLICATION_ROLE", default="mingzhang_application"), secret("APPLICATION_PASSWORD")),
    "public": (env("PUBLIC_ROLE", default="mingzhang_public"), secret("PUBLIC_PASSWORD")),
}

TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "punctual", "reading"]}
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    # What was handed in; every machine reads it in the store where there is one.
    "default": object_store.uploads(OBJECT_STORE, *OBJECT_STORE_KEYS)
    if OBJECT_STORE
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": UPLOAD_ROOT,
            "base_url": None,
            "file_permissions_mode": 0o640,
            "directory_permissions_mode": 0o750,
        },
    },
    "staticfiles": {
        "BACKEND": "budgets.admin.scripts.JoinedScripts"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
FILE_UPLOAD_PERMISSIONS = 0o644  # of the static files: the web server is another user
# Whose: files that may be handed in a day, and megabytes of them that are kept. Of a county of sixty departments the bureau
# hands in all files eight times a day; a department keeps twenty years of them.
UPLOAD_QUOTAS = {
    "person": (env.int("UPLOAD_FILES_PERSON", default=500), env.int("UPLOAD_MB_PERSON", default=2048)),
    "department": (
        env.int("UPLOAD_FILES_DEPARTMENT", default=200),
        env.int("UPLOAD_MB_DEPARTMENT", default=1024),
    ),
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
# Whether the domain's other hosts are ready for HTTPS is for its owner to say, not for this site.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
# Browsers let no neighbouring host set a cookie with this prefix.
SESSION_COOKIE_NAME = "__Host-sessionid" if PRODUCTION else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if PRODUCTION else "csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
# Without a request for so long a session ends; a page on which somebody types asks now and then.
SESSION_IDLE = timedelta(minutes=env.int("SESSION_IDLE_MINUTES", default=30))
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600  # a one-time link travels on paper
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Everything goes to standard error; whoever runs the process keeps it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "budgets": {"level": "INFO"},
        "django": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
