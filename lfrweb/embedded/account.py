"""As which account does PostgreSQL run, and can that account reach its files?"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from lfrweb.embedded.errors import CannotStart

UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def drop_to(self) -> None:
        """Makes this process the account's, for good."""
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)


def server_account() -> Account | None:
    """The account for PostgreSQL, which refuses to run as root; None where this process' own will do."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise CannotStart("PostgreSQL does not run as root, and this machine has neither an account postgres nor nobody.")


def require_entry(account: Account, *, folder: Path) -> None:
    """Raises CannotStart naming the outermost folder on the way to `folder` that `account` cannot enter."""
    on_the_way = [*reversed(folder.parents), folder]
    child = os.fork()
    if child == 0:
        # Only the kernel knows all that decides, access lists included; so the account itself tries.
        account.drop_to()
        closed = (number for number, step in enumerate(on_the_way, 1) if not os.access(step, os.X_OK))
        os._exit(next(closed, 0))
    _, status = os.waitpid(child, 0)
    if number := os.waitstatus_to_exitcode(status):
        raise CannotStart(
            f"PostgreSQL runs as the account {account.name}, which cannot enter {on_the_way[number - 1]}. Move the "
            "checkout to a place whose parent folders every account may enter (such as /srv), run as an ordinary "
            "user, or set DATABASE_URL to a server of your own. No folder's mode was changed."
        )
