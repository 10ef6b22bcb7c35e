"""Real mail from public projects, all of it in one inbox."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.corpora import cases, sort_once
from tests.servers.dovecot import Dovecot

pytestmark = [pytest.mark.dovecot, pytest.mark.corpora]


def test_every_mail_of_the_corpora_is_kept_intact_and_no_robot_gets_a_draft(
    dovecot: Dovecot, tmp_path: Path, learned: Path
) -> None:
    """A workflow wants a draft for everything; people get theirs, robots and lists get none, and no byte changes."""
    corpora = os.environ.get("INBOX_ROUTER_CORPORA")
    if not corpora:
        pytest.skip("INBOX_ROUTER_CORPORA names no folder")
    findings = sort_once(dovecot, tmp_path, cases(Path(corpora)), learned=learned)
    assert findings.violations() == []
    assert findings.drafted("list") == []
