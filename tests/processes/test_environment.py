"""The shell part of both commands: which Python it takes, and what it says where there is none that serves."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lfrweb.embedded.paths import CHECKOUT

TOOLS = ("cmp", "cp", "sh")
NEW = "#!/bin/sh\nexit 1\n"
# Python as Debian splits it: all there but what makes environments.
WITHOUT_ENSUREPIP = f'#!/bin/sh\ncase "$2" in *"import ensurepip"*) exit 1;; esac\nexec {sys.executable} "$@"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    (tmp_path / "requirements.txt").write_text("")
    return tmp_path


def put(folder: Path, name: str, script: str) -> None:
    program = folder / "bin" / name
    program.write_text(script)
    program.chmod(0o755)


def sourced(folder: Path) -> subprocess.CompletedProcess[str]:
    script = CHECKOUT / "lfrweb" / "embedded" / "environment.sh"
    return subprocess.run(
        [folder / "bin" / "sh", "-euc", f'. {script}; echo "$python"'],
        cwd=folder,
        env={"PATH": str(folder / "bin"), "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_says_which_python_it_needs_where_there_is_none(folder):
    failed = sourced(folder)
    assert failed.returncode == 1
    assert "needs Python 3.11 or 3.12, and there is none on the PATH" in failed.stderr


def test_a_newer_python_does_not_serve(folder):
    put(folder, "python3", NEW)
    assert "needs Python 3.11 or 3.12" in sourced(folder).stderr


def test_it_names_the_package_that_is_missing(folder):
    put(folder, "python3", WITHOUT_ENSUREPIP)
    failed = sourced(folder)
    assert failed.returncode == 1
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert "without its module ensurepip" in failed.stderr
    assert f"apt-get install python{version}-venv" in failed.stderr


def test_it_makes_the_environment_once_and_does_nothing_until_the_lock_changes(folder):
    put(folder, "python3", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    made = sourced(folder)
    assert made.returncode == 0, made.stderr
    assert "Making .venv" in made.stderr
    assert made.stdout.strip() == str(folder / ".venv" / "bin" / "python")
    again = sourced(folder)
    assert (again.returncode, again.stderr, again.stdout) == (0, "", made.stdout)

    (folder / "requirements.txt").write_text("# nothing, but not the same nothing\n")
    changed = sourced(folder)
    assert "Installing the packages" in changed.stderr
    assert "Making .venv" not in changed.stderr
    assert sourced(folder).stderr == ""
