"""The whole way of a mail with the store on PostgreSQL: the choice of a database changes nothing that people see."""

from __future__ import annotations

import pytest

from router.store import intents, mailboxes, messages
from router.store.database import Store
from tests.acceptance.stage import Stage, digests, mail
from tests.servers.postgres import Postgres

pytestmark = [pytest.mark.dovecot, pytest.mark.postgres]


def test_mail_is_sorted_drafted_and_answered_with_the_store_on_postgresql(stage: Stage, postgres: Postgres) -> None:
    """Filed, drafted, its draft withdrawn after the answer; nothing twice when the command runs again."""
    url = postgres.new_database()
    stage.environment["INBOX_ROUTER_DATABASE_URL"] = url
    raws = [mail(message_id="<q1@client.example>"), mail("Hello", "What a lovely morning.")]
    stage.append("INBOX", raws)
    first = stage.once()
    assert (first["seen"], first["moved"], first["drafts"]) == (2, {"Support/Refunds": 1}, 1)
    assert stage.everything() == digests(raws)
    assert stage.once()["seen"] == 0
    assert len(stage.messages("Drafts")) == 1

    answer = mail(
        "Re: Refund please", "Your money is on its way.\n\nOlha", sender="Support <support@acme.example>",
        to="jane@client.example", message_id="<a1@acme.example>", answers="<q1@client.example>",
    )  # fmt: skip
    stage.append("Sent", [answer])
    stage.once()
    assert stage.messages("Drafts") == {}

    store = Store.open(url)
    with store.begin() as tx:
        (record,) = mailboxes.all_mailboxes(tx)
        assert messages.count_by_state(tx, record.id) == {"filed": 1, "left": 1, "answer": 1}
        assert intents.unfinished(tx, record.id) == []
        assert intents.open_drafts(tx, record.id) == []
    store.close()
    assert not (stage.state / "router.db").exists()
