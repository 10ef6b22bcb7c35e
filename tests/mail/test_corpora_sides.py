"""Side sets of the corpora: Authentication-Results of other projects and of real mail, and names in modified UTF-7."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from imapclient import imap_utf7

from router.errors import UnsafeArgument
from router.imap.session import Session
from router.mail.authentication import judge
from router.mail.authres import parse as parse_results
from router.mail.compose import _modified_utf7
from router.mail.lookalikes import flags
from router.mail.parse import parse
from router.values import Authentication
from tests import conftest
from tests.imap.scripted import Peer, Scripted

pytestmark = pytest.mark.corpora


@pytest.fixture(scope="module")
def corpora() -> Path:
    folder = os.environ.get("INBOX_ROUTER_CORPORA", "")
    if not folder:
        message = "CORPUS TESTS DID NOT RUN: set INBOX_ROUTER_CORPORA to the folder with manifest.jsonl"
        conftest._did_not_run.add(message)  # said at the end; the corpora are no part of the repository, so no failure
        pytest.skip(message)
    return Path(folder)


def side_set(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    assert found
    return found


def test_results_are_read_as_another_project_reads_them(corpora: Path) -> None:
    """The id, each method and each result; without an id there is nothing."""
    for case in side_set(corpora / "auth/go-msgauth_authres.json"):
        header = parse_results(case["value"])
        read = (header.authserv_id, [(one.method, one.verdict) for one in header.results]) if header else ("", [])
        assert read == (case["authserv_id"], [(one["method"], one["result"]) for one in case["results"]])


def test_no_result_of_real_headers_is_lost(corpora: Path) -> None:
    """As many results as there are statements with an equals sign outside comments, under the id that stands first."""
    for case in side_set(corpora / "auth/real_headers.json"):
        header = parse_results(case["value"])
        assert header is not None, case
        bare = re.sub(r"\([^()]*\)", " ", re.sub(r"\([^()]*\)", " ", case["value"]))
        first, *others = bare.split(";")
        words = first.split()
        without_id = "=" in words[0]
        statements = [one for one in (first, *others)[not without_id :] if "=" in one]
        assert len(header.results) == len(statements), case
        assert header.authserv_id == (words[0].lower() if not without_id or words[0] == "i=1" else ""), case


def test_unsigned_and_ambiguous_senders_prove_nothing(corpora: Path) -> None:
    """A pass that does not say for whom is none; two senders have failed; no sender at all is no result."""
    verdicts: dict[str, Authentication] = {}
    for path in sorted((corpora / "auth/authheaders").glob("*.eml")):
        message = parse(path.read_bytes())
        verdicts[path.name], _ = judge(message, ("lists.example.org",))
        assert message.sender.address or "nofrom" in path.name
    assert len(verdicts) >= 12
    assert {name for name, found in verdicts.items() if found is Authentication.FAILED} == {
        name for name in verdicts if "multi" in name
    }
    assert Authentication.PASSED not in verdicts.values()


def test_senders_of_real_mail_are_not_suspected(corpora: Path) -> None:
    """Among the human senders of the corpora nobody plays with letters."""
    suspected = []
    for line in (corpora / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["task"] == "auto" and case.get("label") == "human":
            message = parse((corpora / case["path"]).read_bytes())
            suspected += [case["id"]] * bool(flags(message.sender, message.subject))
    assert suspected == []


def test_folder_names_go_both_ways(corpora: Path) -> None:
    """Every pair as the wire spells it; a name with control characters is decoded, yet never ours and never sent."""
    with Scripted(Peer.log_in) as server:
        session = Session.open(server.server(), "u", "p", timeout=2)
        for case in side_set(corpora / "imap/imapclient_utf7.json"):
            name, spelled = case["unicode"], case["utf7"].encode("ascii")
            assert imap_utf7.encode(name) == spelled
            assert imap_utf7.decode(spelled) == name
            assert _modified_utf7(name).encode("ascii") == spelled
            if name.isprintable():
                assert session.unspell(spelled) == name
                assert session.spell(name).encode("ascii") == spelled
            else:
                assert session.unspell(spelled) is None
                with pytest.raises(UnsafeArgument):
                    session.spell(name)
        session._die()
