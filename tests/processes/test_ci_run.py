"""`.ci/run` on a machine without a browser: it says so before anything else, and skips nothing for it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lfrweb.embedded.paths import CHECKOUT

TOOLS = ("cp", "dirname", "sh")
# What stands for the environment, the linters and the tests: this is about what `.ci/run` asks of them.
PARTS = {
    "lfrweb/embedded/environment.sh": "python=$PWD/succeed\n",
    "succeed": "#!/bin/sh\n",
    ".venv/bin/lint-imports": "#!/bin/sh\n",
    "test": '#!/bin/sh\necho "tests with LFR_REQUIRE_BROWSER=$LFR_REQUIRE_BROWSER"\n',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, script in PARTS.items():
        put(tmp_path / name, script)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    put(tmp_path / ".ci" / "run", (CHECKOUT / ".ci" / "run").read_text())
    return tmp_path


def put(program: Path, script: str) -> None:
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(script)
    program.chmod(0o755)


def called(folder: Path, *, uid: int) -> subprocess.CompletedProcess[str]:
    put(folder / "bin" / "id", f"#!/bin/sh\necho {uid}\n")
    environment = {"PATH": str(folder / "bin"), "HOME": os.environ.get("HOME", "/")}
    return subprocess.run([folder / ".ci" / "run"], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("uid", "sentence"),
    [(0, "could not be installed: see above."), (1000, "is missing, and installing it needs root.")],
)
def test_without_a_browser_it_says_why_the_browser_tests_will_fail(folder, uid, sentence):
    put(folder / "bin" / "apt-get", "#!/bin/sh\necho no index in reach >&2\nexit 100\n")
    ended = called(folder, uid=uid)
    assert f"Chromium {sentence} The browser tests will fail, and with them this run." in ended.stderr
    assert "tests with LFR_REQUIRE_BROWSER=1" in ended.stdout


def test_root_has_it_installed(folder):
    chromium = folder / "bin" / "chromium"
    put(folder / "bin" / "apt-get", f'#!/bin/sh\n[ "$1" = update ] || cp "$0" {chromium}\n')
    ended = called(folder, uid=0)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "tests with LFR_REQUIRE_BROWSER=1" in ended.stdout
