"""Cases with a stage, a browser and windows that are surely gone afterwards."""

import unittest

from .stage import Person, Stage
from .window import Chromium, Window


class StageCase(unittest.TestCase):
    """One server for all classes of a module that have the same options; their tests must not disturb each other."""

    options: tuple[str, ...] = ()
    is_https = False
    stage: Stage

    _shared: dict = {}  # noqa: RUF012

    @classmethod
    def shared(cls, key, make):
        """What a module makes once and closes at its end."""
        key = (cls.__module__, key)
        if key not in cls._shared:
            cls._shared[key] = unittest.enterModuleContext(make())
            unittest.addModuleCleanup(cls._shared.pop, key)
        return cls._shared[key]

    @classmethod
    def setUpClass(cls):
        key = (Stage, cls.options, cls.is_https)
        cls.stage = cls.shared(key, lambda: Stage(*cls.options, is_https=cls.is_https))
        cls.prepare()

    @classmethod
    def prepare(cls):
        """What a class adds to the stage before its tests."""


class WindowCase(StageCase):
    """The same with a real browser."""

    chromium: Chromium

    @classmethod
    def setUpClass(cls):
        cls.chromium = cls.shared(Chromium, Chromium)
        super().setUpClass()

    def window(self, person: Person | None = None, path: str = "", **how) -> Window:
        """A window of its own; with a person, who has signed in and is at the path."""
        window = self.enterContext(self.chromium.window(self.stage.base, **how))
        self.addCleanup(lambda: self.assertEqual(window.complaints, [], "the browser complains"))
        if person:
            window.sign_in(person, path or person.home)
        elif path:
            window.open(path)
        return window
