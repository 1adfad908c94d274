"""Shares in words."""

from django import template

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """0.883 as "88 %", with a space that does not break."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"
