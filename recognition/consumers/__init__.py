"""Doors for sockets: parse, authorise, hand on, answer."""
