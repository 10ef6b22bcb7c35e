"""A running daemon keeps its last good configuration, whatever happens to the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.config.lastgood import LastGood
from router.errors import ConfigError
from tests.config.builders import HEAD, written

GOOD = "categories: {refund: Support/Refunds}\n"
BETTER = "categories: {refund: Support/Money}\n"
BROKEN = "categories: {refund: Support//Money}\n"


def running(directory: Path, text: str = GOOD) -> LastGood:
    return LastGood(written(directory, text), state=directory / "state")


def folder_of(kept: LastGood) -> str | None:
    category = kept.current().rules.category("refund")
    assert category is not None
    return category.folder


def test_a_good_edit_is_taken_over(tmp_path: Path) -> None:
    """The new rules are in force, once."""
    kept = running(tmp_path)
    written(tmp_path, BETTER)
    reload = kept.reload()
    assert (reload.changed, reload.problems) == (True, ())
    assert folder_of(kept) == "Support/Money"
    assert not kept.reload().changed


def test_a_broken_edit_changes_nothing_and_is_told_once(tmp_path: Path) -> None:
    """The old rules hold; the same broken content is not reported again, another one is."""
    kept = running(tmp_path)
    written(tmp_path, BROKEN)
    first, second = kept.reload(), kept.reload()
    assert not first.changed
    assert [p.column for p in first.problems] == [22]
    assert second.problems == ()
    assert first.configuration is kept.current()
    written(tmp_path, BROKEN + "reports: {}\n")
    assert len(kept.reload().problems) == 2
    assert folder_of(kept) == "Support/Refunds"


@pytest.mark.parametrize("content", [b"", HEAD.encode()[:40], b"\xff\xfe", b"[" * 9_000])
def test_half_written_and_empty_files_change_nothing(content: bytes, tmp_path: Path) -> None:
    """Editors and copies leave such files for a moment."""
    kept = running(tmp_path)
    (tmp_path / "workflows.yaml").write_bytes(content)
    reload = kept.reload()
    assert not reload.changed
    assert reload.problems
    assert folder_of(kept) == "Support/Refunds"


def test_a_deleted_file_changes_nothing(tmp_path: Path) -> None:
    """Deleting the configuration does not stop the daemon."""
    kept = running(tmp_path)
    (tmp_path / "workflows.yaml").unlink()
    assert [p.message for p in kept.reload().problems] == ["cannot read this file: no such file or directory"]
    assert folder_of(kept) == "Support/Refunds"


def test_going_back_to_the_last_good_file_is_a_recovery(tmp_path: Path) -> None:
    """Nothing changed, and the alarm can be taken back, once."""
    kept = running(tmp_path)
    written(tmp_path, BROKEN)
    kept.reload()
    written(tmp_path, GOOD)
    reload = kept.reload()
    assert (reload.changed, reload.recovered, reload.problems) == (False, True, ())
    assert not kept.reload().recovered


def test_the_same_mistake_after_a_repair_is_told_again(tmp_path: Path) -> None:
    """Once per distinct content means in a row, not for ever."""
    kept = running(tmp_path)
    for _ in range(2):
        written(tmp_path, BROKEN)
        assert kept.reload().problems
        written(tmp_path, GOOD)
        kept.reload()


def test_a_broken_file_at_the_start_is_an_error_with_every_problem(tmp_path: Path) -> None:
    """There is no last good copy to fall back on, not even one from an earlier run."""
    running(tmp_path)
    with pytest.raises(ConfigError, match=r"3:22: .* empty part(.|\n)*4:1: `reports`"):
        running(tmp_path, BROKEN + "reports: {}\n")


def test_the_good_files_are_kept_for_people(tmp_path: Path) -> None:
    """The copy in the state directory follows good edits only, lists included."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "vip.txt").write_text("a@x.example\n", encoding="utf-8")
    kept = running(tmp_path, GOOD + "senders: {vip: {from: {file: lists/vip.txt}}}\n")
    copy = tmp_path / "state" / "last-good"
    assert (copy / "lists" / "vip.txt").read_text(encoding="utf-8") == "a@x.example\n"
    written(tmp_path, BROKEN)
    kept.reload()
    assert "Support/Refunds" in (copy / "workflows.yaml").read_text(encoding="utf-8")
    written(tmp_path, BETTER)
    kept.reload()
    assert "Support/Money" in (copy / "workflows.yaml").read_text(encoding="utf-8")
    assert not (copy / "lists").exists()
    assert [p.name for p in (tmp_path / "state").iterdir()] == ["last-good"]


def test_a_changed_list_is_a_new_configuration(tmp_path: Path) -> None:
    """Sender lists are part of the configuration."""
    (tmp_path / "vip.txt").write_text("a@x.example\n", encoding="utf-8")
    kept = running(tmp_path, "senders: {vip: {from: {file: vip.txt}}}\n")
    (tmp_path / "vip.txt").write_text("b@x.example\n", encoding="utf-8")
    assert kept.reload().changed
    assert kept.current().rules.senders[0].patterns == ("b@x.example",)
