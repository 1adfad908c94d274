"""How are times written where no page says it itself, as in the admin? As on the pages: 24 hours, with the zone."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i T"
SHORT_DATETIME_FORMAT = "d/m/Y H:i T"
