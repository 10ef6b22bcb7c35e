"""Access tokens: asked for once, renewed ahead, kept by nobody; and what a refusal means."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from router.errors import ConfigError, LoginRefused, Unreachable
from router.oauth.endpoint import ConsentEnded, Granted
from router.oauth.tokens import AFTER_REFUSAL, AHEAD, Tokens
from router.values import Bearer, Issuer, Login, OAuth, Secret
from tests.servers.identity import GOOGLE_MAIL, Identity, secret_file


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def a_login(
    directory: Path, client: str, *, issuer: Issuer = Issuer.MICROSOFT, token: str | None = "refresh-1"
) -> Login:
    """A login by a program with this file, and a consent when `token` says one."""
    named = Secret(file=secret_file(directory / "token", token)) if token else None
    program = Secret(file=secret_file(directory / "client.json", client))
    oauth = OAuth(issuer=issuer, client=program, account="support@acme.example", token=named)
    return Login(user="support@acme.example", oauth=oauth)


@pytest.mark.parametrize("issuer", list(Issuer))
def test_a_consent_gives_tokens_that_are_renewed_ahead_of_their_end(
    issuer: Issuer, identity: Identity, state: Path, tmp_path: Path
) -> None:
    """One request for many logins; the next one comes before the token ends."""
    client = identity.microsoft() if issuer is Issuer.MICROSOFT else identity.google()
    login, clock = a_login(tmp_path, client, issuer=issuer), Clock()
    tokens = Tokens(state, clock)
    first = tokens.bearer(login)
    assert tokens.bearer(login) == first
    clock.now += 3600 - AHEAD - 60
    assert tokens.bearer(login) == first
    assert len(identity.asked) == 1
    clock.now += 120
    assert tokens.bearer(login) != first
    assert [form["grant_type"] for form in identity.asked] == ["refresh_token"] * 2


def test_threads_that_ask_at_once_make_one_request(identity: Identity, state: Path, tmp_path: Path) -> None:
    """Twenty mailboxes of one account start together."""
    login, tokens = a_login(tmp_path, identity.microsoft()), Tokens(state)
    found: list[Bearer] = []
    start = threading.Barrier(20)

    def ask() -> None:
        start.wait()
        found.append(tokens.bearer(login))

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found)), len(identity.asked)) == (20, 1, 1)


def test_a_dropped_token_is_not_used_again_and_a_newer_one_stays(
    identity: Identity, state: Path, tmp_path: Path
) -> None:
    """Two sessions that were refused with the same token ask for one new one."""
    login, tokens = a_login(tmp_path, identity.microsoft()), Tokens(state)
    old = tokens.bearer(login)
    tokens.drop(login, old)
    new = tokens.bearer(login)
    tokens.drop(login, old)
    assert tokens.bearer(login) == new != old


def test_newer_refresh_tokens_outlive_the_process_and_the_named_file_is_only_read(
    identity: Identity, state: Path, tmp_path: Path
) -> None:
    """Microsoft gives a new one at each renewal; the secret that an admin mounted may be read-only."""
    identity.rotating = True
    login = a_login(tmp_path, identity.microsoft())
    Tokens(state).bearer(login)
    Tokens(state).bearer(login)
    assert [form["refresh_token"] for form in identity.asked] == ["refresh-1", "refresh-2"]
    assert (tmp_path / "token").read_text(encoding="utf-8") == "refresh-1"
    (kept,) = (state / "tokens").glob("*.json")
    assert json.loads(kept.read_text(encoding="utf-8"))["refresh_token"] == "refresh-3"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_a_state_directory_that_is_full_does_not_stop_the_mail(
    identity: Identity, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The token that was given is used; that the newer consent was not kept is said."""
    identity.rotating = True
    (tmp_path / "no directory").write_text("", encoding="utf-8")
    login = a_login(tmp_path, identity.microsoft())
    assert Tokens(tmp_path / "no directory").bearer(login).token
    assert "could not be kept" in caplog.text


def test_nothing_of_it_is_loaded_where_passwords_log_in() -> None:
    """The libraries behind tokens take tens of megabytes: the daemon carries them only where they are used."""
    heavy = "{'msal', 'requests', 'google.auth', 'google_auth_oauthlib', 'keyring'}"
    code = f"import sys, router.daemon, router.connect; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_admin_who_replaces_the_named_file_is_obeyed(identity: Identity, state: Path, tmp_path: Path) -> None:
    """What grew from the old consent is not used any more."""
    identity.rotating = True
    login = a_login(tmp_path, identity.microsoft())
    Tokens(state).bearer(login)
    identity.refresh = "other-1"
    secret_file(tmp_path / "token", json.dumps({"refresh_token": "other-1"}))
    Tokens(state).bearer(login)
    assert identity.asked[-1]["refresh_token"] == "other-1"


def test_an_ended_consent_says_what_to_do_and_is_not_asked_about_again_and_again(
    identity: Identity, state: Path, tmp_path: Path
) -> None:
    """The outbox tries every twenty seconds: the provider hears of it every five minutes."""
    identity.refresh = "gone"
    login, clock = a_login(tmp_path, identity.microsoft()), Clock()
    tokens = Tokens(state, clock)
    for _ in range(10):
        with pytest.raises(ConsentEnded, match="inbox-router login"):
            tokens.bearer(login)
        clock.now += 20
    assert len(identity.asked) == 1
    clock.now += AFTER_REFUSAL
    with pytest.raises(ConsentEnded):
        tokens.bearer(login)
    assert len(identity.asked) == 2


def test_a_new_consent_is_taken_without_a_restart(identity: Identity, state: Path, tmp_path: Path) -> None:
    """`login` ran beside the daemon: the very next request uses what it kept."""
    identity.refresh = "refresh-9"
    login, daemon = a_login(tmp_path, identity.microsoft()), Tokens(state)
    with pytest.raises(LoginRefused):
        daemon.bearer(login)
    Tokens(state).keep(login, Granted(access="x", seconds=3600, refresh="refresh-9"))
    assert daemon.bearer(login).token
    assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600


def test_without_a_named_file_the_consent_is_kept_in_the_state_directory(
    identity: Identity, state: Path, tmp_path: Path
) -> None:
    """Before anybody has agreed, that is what is said."""
    login = a_login(tmp_path, identity.google(), issuer=Issuer.GOOGLE, token=None)
    with pytest.raises(ConsentEnded, match=r"nobody has agreed yet.*In production"):
        Tokens(state).bearer(login)
    path = Tokens(state).keep(login, Granted(access="x", seconds=3600, refresh="refresh-1"))
    assert path.parent == state / "tokens"
    assert Tokens(state).bearer(login).token
    path.write_text("{broken", encoding="utf-8")
    with pytest.raises(ConsentEnded, match="damaged"):
        Tokens(state).bearer(login)


@pytest.mark.parametrize("issuer", list(Issuer))
@pytest.mark.parametrize("broken", [(500, "{}"), (503, "<html>busy"), (200, "<html>hotel login"), (429, "slow down")])
def test_a_provider_in_trouble_is_unreachable_not_a_refusal(
    issuer: Issuer, broken: tuple[int, str], identity: Identity, state: Path, tmp_path: Path
) -> None:
    """It is tried again soon, and works as soon as the provider does."""
    client = identity.microsoft() if issuer is Issuer.MICROSOFT else identity.google()
    login, tokens = a_login(tmp_path, client, issuer=issuer), Tokens(state)
    identity.broken = broken
    with pytest.raises(Unreachable):
        tokens.bearer(login)
    identity.broken = None
    assert tokens.bearer(login).token


def test_an_untrusted_token_endpoint_gets_nothing(
    identity: Identity, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its certificate is of an authority that the system does not know."""
    from router.oauth import endpoint

    monkeypatch.delenv("SSL_CERT_FILE")
    endpoint.session.cache_clear()
    with pytest.raises(Unreachable, match="certificate"):
        Tokens(state).bearer(a_login(tmp_path, identity.google(), issuer=Issuer.GOOGLE))
    assert identity.asked == []


def test_the_program_itself_logs_in_with_its_secret(identity: Identity, state: Path, tmp_path: Path) -> None:
    """Client credentials: no consent, the application's scope; a wrong secret says what to check."""
    login = a_login(tmp_path, identity.microsoft(client_secret="opens"), token=None)
    assert Tokens(state).bearer(login).token
    (form,) = identity.asked
    assert (form["grant_type"], "outlook.office365.com/.default" in form["scope"]) == ("client_credentials", True)
    wrong = a_login(tmp_path, identity.microsoft(client_secret="wrong"), token=None)
    with pytest.raises(LoginRefused, match=r"AADSTS7000215.*IMAP\.AccessAsApp"):
        Tokens(state).bearer(wrong)


def test_a_service_account_acts_for_each_mailbox(identity: Identity, state: Path, tmp_path: Path) -> None:
    """Domain-wide delegation; a mailbox that is not delegated says where that is allowed."""
    login = a_login(tmp_path, identity.service_account(), issuer=Issuer.GOOGLE, token=None)
    assert Tokens(state).bearer(login).token
    other = Login(user="other@acme.example", oauth=login.oauth)
    with pytest.raises(LoginRefused, match=rf"domain-wide delegation.*|{GOOGLE_MAIL}"):
        Tokens(state).bearer(other)


def test_no_token_is_shown(identity: Identity, state: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in a representation nor in a log at any level of ours."""
    login = a_login(tmp_path, identity.microsoft())
    with caplog.at_level("INFO"):
        bearer = Tokens(state).bearer(login)
    assert bearer.token not in repr(bearer) + repr(login) + caplog.text
    assert "refresh-1" not in repr(Granted(access="a", seconds=1, refresh="refresh-1")) + caplog.text


def test_a_secret_that_everybody_can_read_is_refused(identity: Identity, state: Path, tmp_path: Path) -> None:
    """As with passwords."""
    login = a_login(tmp_path, identity.microsoft())
    (tmp_path / "client.json").chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        Tokens(state).bearer(login)
