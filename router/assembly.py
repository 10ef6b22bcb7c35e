"""Puts a workbench together from a configuration: rules, replies, phrases, examples and the model that fits them."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from router.act.desk import Workbench
from router.classify import forms, model, standby, train
from router.classify.classifier import Classifier
from router.classify.features import VERSION, Features
from router.classify.nearest import Taught
from router.classify.phrases import words_of
from router.classify.starter import digest, starter_examples
from router.config.loading import Configuration
from router.config.starter import starter_root
from router.errors import ModelUnusable
from router.mail.worker import ParseWorker
from router.replies.library import Library, laid_over, load_library
from router.store import lessons
from router.store.database import Store
from router.values import Example

log = logging.getLogger(__name__)
_LONGEST_FIT = 600.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """Where a deployment's learned things lie, and what is shared by every workbench it makes."""

    state: Path
    store: Store
    parser: ParseWorker

    def workbench(self, configuration: Configuration, *, fit: bool, dictionaries: bool = True) -> Workbench:
        """Everything a pass needs.

        With `fit`, what must be learned first (the model, the inflected forms of phrases) is learned now, which takes
        seconds; without it, a pass begins at once with what there is. Without `dictionaries`, forms of phrases are not
        looked up now: those known already and the tables of endings have to do.
        """
        return Workbench(
            store=self.store,
            parser=self.parser,
            rules=configuration.rules,
            library=library_of(configuration),
            classifier=self._classifier(configuration, fit=fit, dictionaries=dictionaries),
        )

    @contextmanager
    def fitting(self, configuration: Configuration) -> Iterator[Callable[[], None]]:
        """Fit the model beside what the block does, if it has still to be; what is not done at its end is given up.

        Gives a function that waits for it. `workbench` then finds the model.
        """
        examples = examples_of(configuration)
        directory = model_directory(self.state, examples)
        if not examples or self._load(directory) is not None:
            standby.dismiss()
            yield lambda: None
            return
        with ExitStack() as beside:
            try:
                finish = beside.enter_context(train.fitting(examples, directory))
            except train.FitFailed as error:
                log.warning("no model: %s", error)
                yield lambda: None
            else:
                yield lambda: _finished(finish)

    def needs_fitting(self, configuration: Configuration) -> bool:
        """Whether something that belongs to this configuration has still to be learned."""
        examples = examples_of(configuration)
        if examples and self._load(model_directory(self.state, examples)) is None:
            return True
        known = forms.load(self._forms_file)
        return any(set(words) - set(known.get(language, {})) for language, words in _words_of(configuration).items())

    @property
    def _forms_file(self) -> Path:
        return self.state / "forms.json"

    def _classifier(self, configuration: Configuration, *, fit: bool, dictionaries: bool) -> Classifier:
        rules = configuration.rules
        with ThreadPoolExecutor(max_workers=1) as beside:  # what has to be learned is learned in processes of its own
            forms_found = beside.submit(self._forms, configuration, fit=fit and dictionaries)
            model_found = self._model(configuration, fit=fit)
        return Classifier(
            rules.categories,
            model_found,
            self._taught(),
            rules.unsure_below,
            forms=forms_found.result(),
        )

    def _taught(self) -> list[Taught]:
        with self.store.begin() as tx:
            rows = lessons.examples(tx)
        return [Taught(id=r.id, category=r.category, features=Features.from_bytes(r.features)) for r in rows]

    def _forms(self, configuration: Configuration, *, fit: bool) -> forms.Forms:
        if not fit:
            return forms.load(self._forms_file)
        try:
            return forms.ensure(_words_of(configuration), self._forms_file)
        except forms.FormsUnavailable as error:
            log.warning("phrases match by their endings only, no dictionary: %s", error)
            return forms.load(self._forms_file)

    # ------------------------------------------------------------------ the model

    def _model(self, configuration: Configuration, *, fit: bool) -> model.Model | None:
        examples = examples_of(configuration)
        if not examples:
            return None
        directory = model_directory(self.state, examples)
        loaded = self._load(directory)
        if loaded is None and fit:
            try:
                train.fit(examples, directory)
            except train.FitFailed as error:
                log.warning("no model: %s", error)
                return None
            loaded = self._load(directory)
        return loaded

    def _load(self, directory: Path) -> model.Model | None:
        if not directory.is_dir():
            return None
        try:
            return model.load(directory)
        except ModelUnusable as error:
            log.warning("the model is not usable, it will be made anew: %s", error)
            return None


def _finished(finish: Callable[[float], model.Manifest]) -> None:
    try:
        finish(_LONGEST_FIT)
    except (train.FitFailed, ModelUnusable) as error:
        log.warning("no model: %s", error)


def model_directory(state: Path, examples: list[Example]) -> Path:
    """Where the model of these examples lies. It is a cache: its name says which features and libraries made it."""
    libraries = [version("scikit-learn"), version("numpy")]
    made_of = "\n".join([digest(examples), str(VERSION), str(model.FORMAT), *libraries])
    return state / "models" / hashlib.sha256(made_of.encode()).hexdigest()[:16]


def examples_of(configuration: Configuration) -> list[Example]:
    """Every starter example, as soon as one known category with examples is in use; [] otherwise.

    Also those of categories that are not in use, and of mail that belongs to none: a model that never saw an invoice
    would take one for whatever it knows.
    """
    found = starter_examples(starter_root() / "models" / "starter")
    known = {e.category for e in found}.intersection(c.name for c in configuration.rules.categories)
    return found if known else []


def _words_of(configuration: Configuration) -> dict[str, set[str]]:
    return words_of(configuration.rules.categories)


def library_of(configuration: Configuration) -> Library:
    """The admin's replies over the shipped ones of the known categories in use; others are not even read."""
    root = starter_root() / "replies"
    if configuration.replies_root.resolve() == root.resolve():
        return load_library(root)
    shipped = load_library(root, categories=configuration.known_categories, tested=True)
    own = load_library(configuration.replies_root, known=shipped.names())
    return laid_over(own, shipped, configuration.known_categories)
