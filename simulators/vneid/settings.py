"""Settings of the stand-in. They share nothing with the portal's."""

from pathlib import Path

from simulators.vneid.configuration import CODE_SECONDS, STATE
from simulators.vneid.state import private_key, secret_key

HERE = Path(__file__).resolve().parent

SECRET_KEY = secret_key(STATE)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "simulators.vneid.urls"
LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.idp.oidc",
]
MIDDLEWARE = [
    "simulators.vneid.faults.Faults",
    "simulators.vneid.views.OwnContentOnly",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": STATE / "vneid.sqlite3",
        "OPTIONS": {"timeout": 10, "transaction_mode": "IMMEDIATE"},
    }
}
# On disk, so that a restart neither unlocks a persona nor forgets a code.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": STATE / "cache",
    }
}
# The only password is the client's random secret of 256 bits, which no number of rounds makes safer.
PASSWORD_HASHERS = ["simulators.vneid.state.QuickHasher"]

# Browsers share cookies between the ports of one host.
SESSION_COOKIE_NAME = "vneid_sim_session"
CSRF_COOKIE_NAME = "vneid_sim_csrf"
SESSION_COOKIE_AGE = 15 * 60
LOGIN_URL = "account_login"

IDP_OIDC_ADAPTER = "simulators.vneid.oidc.Provider"
IDP_OIDC_PRIVATE_KEY = private_key(STATE)
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = CODE_SECONDS
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 300

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"out": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
}
