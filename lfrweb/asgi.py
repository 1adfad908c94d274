"""How a connection comes in: from where, then from which page, then who is asking, then the routes."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfrweb.settings")
pages = get_asgi_application()

# Consumers import models, which exist only once Django is set up.
from lfrweb.fleeting_redis import require_fleeting_redis  # noqa: E402
from lfrweb.origins import AllowedOriginOrNone  # noqa: E402
from lfrweb.proxies import ClientBehindProxies  # noqa: E402
from lfrweb.uploads import keep_request_bodies_in_memory  # noqa: E402
from recognition.consumers.authentication import TokenOrSessionAuthMiddleware  # noqa: E402
from recognition.routing import websocket_urlpatterns  # noqa: E402

require_fleeting_redis()
keep_request_bodies_in_memory()

application = ClientBehindProxies(
    ProtocolTypeRouter(
        {
            "http": pages,
            "websocket": AllowedOriginOrNone(
                TokenOrSessionAuthMiddleware(URLRouter(websocket_urlpatterns)),
                settings.ALLOWED_HOSTS,
            ),
        }
    ),
    proxies=settings.LFR_PROXIES,
)
