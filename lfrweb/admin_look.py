"""How does the admin look, and what stands beside it?"""

from typing import Any

from django.templatetags.static import static

# Around the accent of the pages: light in static/css/base.css, and dark.
ADMIN_BLUES = {
    "50": "#f1f7fd",
    "100": "#e3eefa",
    "200": "#c5dcf5",
    "300": "#a4cbf7",
    "400": "#84bbff",
    "500": "#4a93e8",
    "600": "#0b5aae",
    "700": "#084684",
    "800": "#07386a",
    "900": "#062c54",
    "950": "#06213f",
}

LOOK: dict[str, Any] = {
    "SITE_TITLE": "lfrweb",
    "SITE_HEADER": "lfrweb",
    "SITE_SUBHEADER": "Watch-list, deployments and record",
    "SITE_SYMBOL": "frame_person",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "/static/icon.svg"}],
    "STYLES": [lambda request: static("css/admin/lists.css")],
    "COLORS": {"primary": ADMIN_BLUES},
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "watchlist.admin.dashboard.dashboard",
    "SIDEBAR": {"navigation": "watchlist.admin.navigation.navigation"},
}
