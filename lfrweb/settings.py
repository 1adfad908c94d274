"""Django's settings, read from top to bottom. Addresses and switches come from `env.py`; nothing is started here."""

from datetime import timedelta
from typing import Any

from kombu import Queue

from lfrweb import VERSION
from lfrweb.admin_look import LOOK
from lfrweb.content_policy import EVERYWHERE
from lfrweb.embedded.paths import CHECKOUT
from lfrweb.env import (
    EMBEDDED,
    STATE,
    celery_broker_url,
    database,
    database_url,
    debug_pages_are_wanted,
    deepface_backend,
    demo_is_wanted,
    env,
    is_behind_tls,
    owner_url,
    redis_url,
    trusted_proxies,
    worker_count,
)
from lfrweb.logs import LOGS
from lfrweb.secrets import kept_secret, master_key

# --- Folders -----------------------------------------------------------------------------------------------------

BASE_DIR = CHECKOUT
LFR_VAR = STATE.root
LFR_KEYS_DIR = LFR_VAR / "keys"
LFR_PACK_CACHE = CHECKOUT / "var" / "cache" / "packs"
LFR_SHM_DIR = STATE.shared_memory

# --- Secrets -----------------------------------------------------------------------------------------------------

SECRET_KEY = env.str("LFR_SECRET_KEY", default="") or kept_secret(LFR_VAR / "secret.key")
LFR_MASTER_KEY: bytes = master_key(env.str("LFR_MASTER_KEY", default="") or kept_secret(LFR_VAR / "master.key"))

# --- The product's switches --------------------------------------------------------------------------------------

LFR_VERSION = VERSION
LFR_EMBEDDED = EMBEDDED
LFR_DEMO = demo_is_wanted()
LFR_WORKERS = worker_count()
LFR_PROXIES = trusted_proxies()
LFR_DEEPFACE_BACKEND = deepface_backend()

# --- Applications ------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "lfrweb.apps.LfrwebConfig",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "axes",
    "csp",
    "django_prometheus",
    "watchlist.apps.WatchlistConfig",
    "recognition.apps.RecognitionConfig",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lfrweb.content_policy.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "watchlist.views.refusals.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "lfrweb.urls"
ASGI_APPLICATION = "lfrweb.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CHECKOUT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [CHECKOUT / "static"]
# Served from where they stand: no second copy to go stale. Read at the start: after editing a file, start again.
WHITENOISE_USE_FINDERS = True

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
FORMAT_MODULE_PATH = "lfrweb.formats"
USE_TZ = True

# --- Database ----------------------------------------------------------------------------------------------------

DATABASES = {"default": database(database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES["default"]["TEST"] = {"NAME": "test_lfrweb"}
LFR_APP_ROLE = str(DATABASES["default"]["USER"])
LFR_OWNER_URL = owner_url()

# --- Redis: channel layer, mailbox, broker -----------------------------------------------------------------------

LFR_REDIS_URL = redis_url()

# Publish and subscribe leaves no keys: a message that nobody waits for is gone.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [LFR_REDIS_URL], "prefix": "lfrweb"},
    }
}

# What must be counted across processes, such as requests of the API in the last minute.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": LFR_REDIS_URL,
        "KEY_PREFIX": "lfrweb",
    }
}

# --- Celery ------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = celery_broker_url(LFR_REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES = [Queue("frames"), Queue("verify"), Queue("default"), Queue("clock")]
CELERY_TASK_CREATE_MISSING_QUEUES = False
# Messages live in memory only: writing "persistent" on them would promise what Redis does not keep.
CELERY_TASK_DEFAULT_DELIVERY_MODE = "transient"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TASK_SEND_SENT_EVENT = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(LFR_VAR / "beat-schedule")

# --- Who comes in ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "watchlist.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "watchlist.backends.RoleBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# Scrypt is as hard to guess and costs a request a tenth of what Django's first choice does.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LFR_SHORTEST_PASSWORD = 12
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": LFR_SHORTEST_PASSWORD},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "locked_out.html"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # First, so that whoever sends neither is told to bring a token (401), not that they may not (403).
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    # By the address alone, which `proxies.py` has settled; else a made-up header were a client of its own each time.
    "NUM_PROXIES": 0,
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "token": "20/min", "user": "600/min"},
    "EXCEPTION_HANDLER": "watchlist.api.errors.handle",
    "UNICODE_JSON": True,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "lfrweb",
    "DESCRIPTION": "Deployments, alerts, decisions, stops and the watch-list. Pictures and templates are never in it.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "AlertState": "watchlist.models.AlertState",
        "Answer": "watchlist.models.Answer",
        "Category": "watchlist.models.Category",
        "DeploymentState": "watchlist.models.DeploymentState",
        "Ground": "watchlist.models.Ground",
        "LocationGround": "watchlist.models.LocationGround",
        "ReferenceState": "watchlist.models.ReferenceState",
        "StopState": "watchlist.models.StopState",
        "WarningAnswer": "watchlist.models.Resemblance.Answer",
        "WarningKind": "watchlist.models.Resemblance.Kind",
    },
}

# --- Django admin ------------------------------------------------------------------------------------------------

UNFOLD = LOOK

# --- What a browser may do ---------------------------------------------------------------------------------------

DEBUG = debug_pages_are_wanted()
ALLOWED_HOSTS = env.list("LFR_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())  # a long shift
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

if is_behind_tls():
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())

CONTENT_SECURITY_POLICY = {"DIRECTIVES": EVERYWHERE}

# --- Uploads: in memory or refused, never on a disk ---------------------------------------------------------------

LFR_LARGEST_UPLOAD = 64 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["lfrweb.uploads.MemoryOnlyUploadHandler"]
# Django's ASGI handler spools a longer body to a file; `uploads.py` refuses such a request before its body is read.
FILE_UPLOAD_MAX_MEMORY_SIZE = LFR_LARGEST_UPLOAD
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # small photographs reach this and the largest upload at about the same time

# --- Logs and errors without personal data -----------------------------------------------------------------------

DEFAULT_EXCEPTION_REPORTER_FILTER = "lfrweb.error_reports.NothingPersonalFilter"

LOGGING = LOGS
