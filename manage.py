#!/usr/bin/env python
"""Django's command line for lfrweb."""

import os
import sys

# Commands that change the schema connect as the database's owner; everything else has the application's rights only.
OWNER_COMMANDS = {"migrate"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfrweb.settings")
    if sys.argv[1:2] and sys.argv[1] in OWNER_COMMANDS:
        os.environ["LFR_AS_OWNER"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
