"""What ships with the program: the starter workflows.yaml, saved replies, phrases; and the long form as text."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from router.config.longform import long_form
from router.config.nodes import Array, Node, Table, as_text, plain
from router.config.reader import read, read_file
from router.config.words import KNOWN_CATEGORIES

Phrases = dict[str, tuple[str, ...]]


def starter_root() -> Path:
    """Where `workflows.yaml`, `replies/` and `models/` lie: in a wheel `router/_starter`, else the checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_starter"
    return packed if packed.is_dir() else package.parent


def is_untouched_starter(path: Path) -> bool:
    """Whether a file is the shipped workflows.yaml to the byte: nobody has named a mailbox in it yet."""
    try:
        return _digest(path) == _digest(starter_root() / "workflows.yaml")
    except OSError:
        return False


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def shipped_phrases(root: Path | None = None) -> Mapping[str, tuple[Phrases, Phrases]]:
    """Phrases for and against each known category, by language; empty when the file is absent or unreadable."""
    path = (root or starter_root()) / "models" / "starter" / "phrases.yaml"
    if not path.is_file():
        return {}
    written = path.stat()
    return _read_phrases(path, written.st_mtime_ns, written.st_size)


@lru_cache(maxsize=2)
def _read_phrases(path: Path, _changed: int, _size: int) -> Mapping[str, tuple[Phrases, Phrases]]:
    """Read once for each state of the file: it takes a tenth of a second, and every reload asks for it."""
    document, _ = read_file(path)
    if not isinstance(document.root, Table):
        return {}
    return {e.key.text: _phrases_of(e.node) for e in document.root.entries if e.key.text in KNOWN_CATEGORIES}


def _phrases_of(node: Node) -> tuple[Phrases, Phrases]:
    if not isinstance(node, Table):
        return {}, {}
    return _by_language(node.get("phrases")), _by_language(node.get("not_phrases"))


def _by_language(node: Node | None) -> Phrases:
    if not isinstance(node, Table):
        return {}
    lists = {e.key.text: e.node for e in node.entries if isinstance(e.node, Array)}
    return {code: tuple(text for item in array.items if (text := as_text(item))) for code, array in lists.items()}


def expand(text: str) -> str:
    """The long form of a workflows.yaml as YAML, defaults spelled out; comments are lost.

    It means the same as the file, so expanding it again changes nothing. Raises `ValueError` when it is no YAML.
    """
    from ruamel.yaml import YAML

    from router.config.shape import with_defaults

    document = read(text.encode(), "workflows.yaml")
    if document.root is None:
        raise ValueError(document.problems[0].headline)
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.allow_unicode = True
    yaml.width = 110
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # file order
    out = io.StringIO()
    yaml.dump(with_defaults(plain(long_form(document.root))), out)
    return out.getvalue()
