#!/bin/sh
# Makes sure that the servers the tests run against are installed: Dovecot and PostgreSQL, from Debian's packages.
#
#   deploy/setup-servers.sh            install what is missing (root on Debian), else say what will not run
#   deploy/setup-servers.sh --report   say again, after the tests, what did not run
#
# Nothing is started and no database cluster is made: the tests start private instances of their own in temporary
# folders. With INBOX_ROUTER_REQUIRE_SERVERS=1 a missing server is a failure.
set -eu

packages='dovecot-imapd dovecot-lmtpd postgresql openssl'
policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.conf

say() { printf 'servers: %s\n' "$*" >&2; }

# Debian keeps servers out of an ordinary user's PATH, so look where they are.
there() { for file in "$@"; do [ -x "$file" ] && return 0; done; return 1; }

missing() {
    there /usr/sbin/dovecot && there /usr/lib/dovecot/imap || echo dovecot-imapd
    there /usr/lib/dovecot/lmtp || echo dovecot-lmtpd
    there /usr/lib/postgresql/*/bin/postgres || echo postgresql
    command -v openssl >/dev/null 2>&1 || echo openssl
}

report() {
    lacking=$(missing | tr '\n' ' ')
    [ -n "$lacking" ] || return 0
    say '*******************************************************************************'
    say '*  NOT TESTED against real servers: these Debian packages are missing:'
    say "*      $lacking"
    say '*  Every test marked dovecot or postgres that needs them is skipped. To run all:'
    say "*      sudo apt-get install -y $packages"
    say '*  (as root, make test installs them itself, without starting any service)'
    say '*******************************************************************************'
    [ "${INBOX_ROUTER_REQUIRE_SERVERS:-}" != 1 ] || exit 1
}

# Puts back what installing changed, however it ended.
restore() {
    if [ -n "${our_policy:-}" ]; then rm -f "$policy"; fi
    if [ -n "${saved_clusters:-}" ]; then cat "$saved_clusters" >"$clusters"; rm -f "$saved_clusters"; fi
}

# Services start through invoke-rc.d, which asks this file; 101 means "not allowed". An admin's own file stays.
forbid_starting() {
    [ ! -e "$policy" ] || return 0
    our_policy=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
}

# Installing a PostgreSQL server makes and starts a cluster unless this says no.
forbid_cluster() {
    apt_install postgresql-common || return 0
    saved_clusters=$(mktemp)
    cat "$clusters" >"$saved_clusters"
    echo 'create_main_cluster = false' >>"$clusters"
}

apt_install() { apt-get -qq install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" </dev/null >/dev/null; }

install_missing() {
    wanted=$(missing)
    say "installing $(echo $wanted), without starting them"
    export DEBIAN_FRONTEND=noninteractive
    trap restore EXIT
    trap 'exit 1' HUP INT TERM
    apt-get -qq update </dev/null >/dev/null || say 'apt-get update failed; trying with the lists we have'
    forbid_starting
    case $wanted in *postgresql*) forbid_cluster ;; esac
    # shellcheck disable=SC2086 # a list of package names
    apt_install $wanted || say 'apt-get could not install them'
}

if [ "${1:-}" != --report ] && [ -n "$(missing)" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    install_missing
fi
report
