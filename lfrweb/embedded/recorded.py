"""`python -m lfrweb.embedded.recorded STATE NAME ACCOUNT PROGRAM...`: records its process id, then becomes PROGRAM.

ACCOUNT is the account that PROGRAM runs as, or empty for this one. The record is made before the rights are dropped.
"""

import os
import runpy
import sys
from pathlib import Path

from lfrweb.embedded.account import Account, server_account
from lfrweb.embedded.paths import StateFolder
from lfrweb.embedded.processes import record

WRAPPER = (sys.executable, "-m", "lfrweb.embedded.recorded")


def command(state: StateFolder, *, name: str, account: Account | None, program: list[str]) -> list[str]:
    """The command line that runs `program` and can be ended by its record whatever happens to its parent."""
    return [*WRAPPER, str(state.root), name, account.name if account else "", *program]


def module(name: str, *arguments: str) -> list[str]:
    """A Python module as a program."""
    return [sys.executable, "-m", name, *arguments]


def run(arguments: list[str]) -> None:
    """Records this process and becomes the program. Returns only where that is a Python module which ends."""
    root, name, account_name, *program = arguments
    record(StateFolder(Path(root)), name=name, pid=os.getpid())
    if account_name and (account := server_account()):
        account.drop_to()
    if program[:2] == module("")[:2]:
        # In this interpreter, which has loaded already what the next one would load again.
        sys.argv = program[2:]
        runpy.run_module(program[2], run_name="__main__", alter_sys=True)
    else:
        os.execv(program[0], program)  # noqa: S606  the command is our own


if __name__ == "__main__":
    run(sys.argv[1:])
