"""Live facial recognition with the rules built in: settings, addresses and the two commands."""

from lfrweb import core_dumps

VERSION = "0.1.0"

# Here, because each process of the product imports this package before anything else.
core_dumps.switch_off()
