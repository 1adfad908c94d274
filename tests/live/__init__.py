"""The whole product, as processes of its own: what only shows when everything runs together."""
