#!/bin/sh
# Makes .venv in the checkout and installs Inbox Router into it, editable, with the versions of constraints.txt.
#
#   deploy/setup-venv.sh demo|dev
#
# Needs Python 3.11 or newer (PYTHON=python3.12 chooses another one) and nothing else: where Debian's venv module is
# missing it is installed when we are root, otherwise the line to run is printed. Done again only when pyproject.toml,
# constraints.txt or this script changed.
set -eu
cd "$(dirname "$0")/.."

extra=${1:-dev}
python=${PYTHON:-python3}
venv=.venv
stamp=$venv/.installed

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# What decides whether an installation is still right. The place counts: an editable install remembers it.
wanted() { { pwd -P; cat pyproject.toml constraints.txt deploy/setup-venv.sh; } | cksum; }

# dev holds all that demo does, so it satisfies both.
up_to_date() {
    [ -x "$venv/bin/python" ] || return 1
    for done in "$stamp-dev" "$stamp-$extra"; do
        if [ -f "$done" ] && [ "$(cat "$done")" = "$(wanted)" ]; then return 0; fi
    done
    return 1
}

need_python() {
    command -v "$python" >/dev/null 2>&1 || fail "no $python here. Install Python 3.11 or newer, or say: make PYTHON=/path/to/python3"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
        || fail "$("$python" -V) is too old: Inbox Router needs Python 3.11 or newer (make PYTHON=/path/to/python3)"
}

# Debian ships venv without ensurepip until python3-venv is installed.
has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

need_venv() {
    if has_venv; then return; fi
    package=python3-venv
    if ! command -v apt-get >/dev/null 2>&1; then
        fail "$python cannot make virtual environments: install its venv and ensurepip modules, then run make again"
    fi
    if [ "$(id -u)" -ne 0 ]; then
        say "$python cannot make virtual environments yet. Run this, then make again:"
        fail "    sudo apt-get update && sudo apt-get install -y $package"
    fi
    say "installing $package"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update </dev/null >/dev/null || say "apt-get update failed; trying with the lists we have"
    apt-get -qq install -y --no-install-recommends "$package" </dev/null >/dev/null || fail "apt-get could not install $package"
    has_venv || fail "$package is installed, but $python still cannot make virtual environments: it is not Debian's own"
}

make_venv() {
    if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then return; fi
    need_venv
    say "making $venv with $("$python" -V)"
    if "$venv/bin/python" -c '' 2>/dev/null; then
        "$python" -m venv "$venv" # keeps what is in it, adds the missing pip
    else
        "$python" -m venv --clear "$venv" # new, or made by an interpreter that is gone
    fi
}

install() {
    say "installing inbox-router[$extra] (once; about a minute)"
    export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
    "$venv/bin/python" -m pip install -q -c constraints.txt -e ".[$extra]" </dev/null >&2 \
        || fail "pip could not install the packages above; nothing else was changed. Run make again when that is mended"
    # pip compiles what it installs, but not what an editable install points at; without this every start would.
    "$venv/bin/python" -m compileall -q router || true
    wanted >"$stamp-$extra"
}

case $extra in demo | dev) ;; *) fail "usage: deploy/setup-venv.sh demo|dev" ;; esac
if up_to_date; then exit 0; fi
need_python
make_venv
install
