#!/bin/sh
# Makes sure that the servers the tests run against are there: Dovecot, PostgreSQL, Cyrus and Courier, from Debian's
# packages. Cyrus and Courier may not be installed beside Dovecot: they are unpacked into .servers/ in the checkout.
#
#   deploy/setup-servers.sh            install what is missing (root on Debian), else say what will not run
#   deploy/setup-servers.sh --report   say again, after the tests, what did not run
#
# Nothing is started and no database cluster is made: the tests start private instances of their own in temporary
# folders. With INBOX_ROUTER_REQUIRE_SERVERS=1 a missing server is a failure.
set -eu

packages='dovecot-imapd dovecot-lmtpd postgresql openssl'
servers=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)/.servers
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

# The packages to unpack for a server, and the programs in them that the tests start.
packages_of() {
    case $1 in
    cyrus) echo cyrus-imapd cyrus-common ;;
    courier) echo courier-imap courier-base courier-authlib ;;
    esac
}
programs_of() {
    case $1 in
    cyrus) ls "$servers"/cyrus/usr/lib/cyrus/bin/master "$servers"/cyrus/usr/lib/cyrus/bin/imapd ;;
    courier) ls "$servers"/courier/usr/sbin/couriertcpd "$servers"/courier/usr/bin/imapd \
        "$servers"/courier/usr/lib/courier/courier/imaplogin ;;
    esac 2>/dev/null
}

# Unpacked, and every library that its programs want is there.
unpacked() {
    programs=$(programs_of "$1") || return 1
    path="$servers/$1/usr/lib:$servers/$1/usr/lib/$(uname -m)-linux-gnu"
    ! printf '%s\n' "$programs" | LD_LIBRARY_PATH=$path xargs -d '\n' ldd 2>&1 | grep -q 'not found'
}

not_unpacked() { for name in cyrus courier; do unpacked $name || echo $name; done; }

report() {
    lacking=$(missing | tr '\n' ' ')$(not_unpacked | tr '\n' ' ')
    [ -n "$lacking" ] || return 0
    say '*******************************************************************************'
    say '*  NOT TESTED against real servers: these are missing:'
    say "*      $lacking"
    say '*  Every test marked dovecot, postgres, cyrus or courier that needs them is skipped. To run all:'
    say "*      sudo apt-get install -y $packages"
    say '*      sudo sh deploy/setup-servers.sh     (unpacks Cyrus and Courier into .servers/)'
    say '*  (as root on Debian, make test does both itself, without starting any service)'
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
    [ -n "$wanted" ] || return 0
    say "installing $(echo $wanted), without starting them"
    case $wanted in *postgresql*) forbid_cluster ;; esac
    # shellcheck disable=SC2086 # a list of package names
    apt_install $wanted || say 'apt-get could not install them'
}

# The libraries that unpacked packages ask for, of alternatives the first.
libraries_of() {
    for package in "$@"; do dpkg-deb -f "$package" Depends; done | tr ',' '\n' | sed 's/[(|].*//; s/ //g' | grep '^lib' | sort -u
}

unpack() {
    say "unpacking $1 into .servers/, without installing it"
    rm -rf "$servers/$1" "$servers/new"
    mkdir -p "$servers/new/root"
    # shellcheck disable=SC2046 # lists of package names
    (cd "$servers/new" && apt-get -qq download -o APT::Sandbox::User=root $(packages_of "$1")) </dev/null >/dev/null || return 1
    # shellcheck disable=SC2046
    apt_install $(libraries_of "$servers"/new/*.deb) || return 1
    for package in "$servers"/new/*.deb; do dpkg-deb -x "$package" "$servers/new/root"; done
    mv "$servers/new/root" "$servers/$1"
    rm -rf "$servers/new"
}

if [ "${1:-}" != --report ] && [ -n "$(missing)$(not_unpacked)" ] && [ "$(id -u)" -eq 0 ] \
    && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    trap restore EXIT
    trap 'exit 1' HUP INT TERM
    apt-get -qq update </dev/null >/dev/null || say 'apt-get update failed; trying with the lists we have'
    forbid_starting
    install_missing
    for name in $(not_unpacked); do unpack "$name" || say "$name could not be unpacked"; done
fi
report
