"""`python -m lfrweb.embedded.recorded STATE NAME ACCOUNT COMMAND...`: records its own process id, then becomes COMMAND.

ACCOUNT is the account that COMMAND runs as, or empty for this one. The record is made before the rights are dropped.
"""

import os
import sys
from pathlib import Path

from lfrweb.embedded.account import Account, server_account
from lfrweb.embedded.paths import StateFolder
from lfrweb.embedded.processes import record


def command(state: StateFolder, *, name: str, account: Account | None, program: list[str]) -> list[str]:
    """The command line that runs `program` and can be ended by its record whatever happens to its parent."""
    wrapper = [sys.executable, "-m", "lfrweb.embedded.recorded", str(state.root), name]
    return [*wrapper, account.name if account else "", *program]


def main() -> None:
    root, name, account_name, *program = sys.argv[1:]
    record(StateFolder(Path(root)), name=name, pid=os.getpid())
    account = server_account()
    if account and account.name == account_name:
        account.drop_to()
    os.execv(program[0], program)  # noqa: S606  the command is our own


if __name__ == "__main__":
    main()
