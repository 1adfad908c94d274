"""Which page may open a socket here?"""

from urllib.parse import ParseResult

from channels.security.websocket import OriginValidator


class AllowedOriginOrNone(OriginValidator):
    """Refuses pages of other sites. A browser always names its page; a program that names none brings a token."""

    def valid_origin(self, parsed_origin: ParseResult | None) -> bool:
        return parsed_origin is None or bool(super().valid_origin(parsed_origin))
