"""Live facial recognition with the rules built in: settings, addresses and the two commands."""

VERSION = "0.1.0"
