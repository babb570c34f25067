"""Settings of Bakehouse, driven by the environment and safe by default.

`docs/operating.md` describes the variables. What a household chooses in the browser (its name,
currency, time zone and units) is a row of the database: `bakery.core.models.Household`.
"""

from datetime import timedelta
from pathlib import Path

from bakery.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
environment = Environment()

# Where this installation keeps its own files: database, secret key, backups.
DATA_DIR = environment.folder("BAKERY_DATA_DIR", default=BASE_DIR / "var")

DEBUG = environment.switch("BAKERY_DEBUG", default=False)
SECRET_KEY = environment.secret_key("BAKERY_SECRET_KEY", file=DATA_DIR / "secret_key")
ALLOWED_HOSTS = environment.hosts("BAKERY_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
DATABASES = {"default": environment.database("DATABASE_URL", default=DATA_DIR / "bakery.sqlite3")}

INSTALLED_APPS = [
    "bakery.home.apps.SetupConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "django_htmx",
    "template_partials",
    "bakery.core",
    "inventory",
    "production",
    "assembly",
    "events",
    "bakery.home",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bakery.core.middleware.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bakery.core.middleware.VaryOnHtmxMiddleware",
    "bakery.core.middleware.LoginRequiredMiddleware",
    "bakery.core.middleware.HouseholdMiddleware",
    "bakery.core.middleware.LostRaceMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "bakery.urls"
WSGI_APPLICATION = "bakery.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bakery.home.navigation.navigation",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Language and time. Instants are stored in UTC and shown in the zone of the household; the
# grouping of thousands stays off, because numbers also stand in form fields.
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# What a form may send: 2.5 MB, as many fields as a page of five hundred rows has, and no file.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_HANDLERS = ["bakery.core.uploads.NoFiles"]

# Accounts: five wrong passwords lock that name on that device, not the rest of the household.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "login"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_CLIENT_IP_CALLABLE = "bakery.core.visitors.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# How many reverse proxies of ours stand before the application, each adding to X-Forwarded-For.
PROXIES = environment.count("BAKERY_PROXIES", default=0)

# What a browser may load and do here. No inline script or style, nothing from elsewhere; data:
# images are the icons of Pico. Named as in Django 6.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "font-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "manifest-src": ["'self'"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# Off on the plain http of a home network, where browsers would refuse such cookies.
HTTPS = environment.switch("BAKERY_HTTPS", default=False)
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    # A promise about the rest of the domain and about every browser's list is not ours to make.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers say nothing to the console unless DEBUG is on.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"level": "INFO"},
        # Who came in, who was kept out, whose rights changed.
        "bakery.security": {"level": "INFO"},
        "axes": {"level": "WARNING"},
    },
}
