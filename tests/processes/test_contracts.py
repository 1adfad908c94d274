"""Packages import each other the way that pyproject.toml says."""

import subprocess
import sys

from lfrweb.embedded.paths import CHECKOUT


def test_the_import_contracts_are_kept():
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    linted = subprocess.run(
        [sys.executable, "-c", program, "--no-logo"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert linted.returncode == 0, linted.stdout
    assert "0 broken" in linted.stdout
