# Sourced by ./run, ./test and .ci/run from the checkout's folder: leaves an up-to-date .venv and its Python in $python.
# Does nothing where requirements.txt has not changed since .venv was made.

installed=.venv/installed-requirements.txt
python=$PWD/.venv/bin/python

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

is_supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null
}

find_python() {
    for candidate in python3.12 python3.11 python3 python; do
        found=$(command -v "$candidate") && is_supported "$found" && return
    done
    if command -v uv >/dev/null; then
        found=$(uv python find --no-project --no-python-downloads '>=3.11,<3.13' 2>/dev/null) && return
    fi
    fail "lfrweb needs Python 3.11 or 3.12, and there is none on the PATH." \
        "Newer versions do not serve yet: one of the servers it brings is not built for them." \
        "On Debian or Ubuntu: apt-get install python3.11 python3.11-venv (or python3.12 and python3.12-venv)."
}

make_with_uv() {
    uv venv --quiet --clear --python "$found" .venv
}

make_with_pip() {
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    for module in venv ensurepip; do
        "$found" -c "import $module" 2>/dev/null || fail \
            "$found is Python $version without its module $module, which makes the environment." \
            "On Debian or Ubuntu: apt-get install python$version-venv."
    done
    "$found" -m venv --clear .venv
}

install_environment() {
    if [ ! -x "$python" ] || ! is_supported "$python"; then
        find_python
        echo "Making .venv with $found ..." >&2
        if command -v uv >/dev/null; then make_with_uv; else make_with_pip; fi ||
            fail "The environment could not be made in $PWD/.venv: see above."
    fi
    echo "Installing the packages in requirements.txt; the first time this takes a minute or two ..." >&2
    if command -v uv >/dev/null; then
        uv pip install --quiet --python "$python" --require-hashes -r requirements.txt
    else
        # An environment that uv made has no pip.
        "$python" -m pip --version >/dev/null 2>&1 || "$python" -m ensurepip >/dev/null
        "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
    fi || fail "The packages could not be installed: see above. A package index has to be in reach."
    cp requirements.txt "$installed"
}

is_supported "$python" && cmp -s requirements.txt "$installed" || install_environment
