from __future__ import annotations

import re
import unittest

import minutebook
from minutebook import models
from support.cases import PACKAGE


class Package(unittest.TestCase):
    def test_the_version_is_the_same_in_both_places(self) -> None:
        project = (PACKAGE / "pyproject.toml").read_text()
        stated = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
        assert stated is not None
        self.assertEqual(minutebook.__version__, stated.group(1))

    def test_every_export_exists_and_is_documented(self) -> None:
        for name in minutebook.__all__:
            thing = getattr(minutebook, name)
            if isinstance(thing, type):
                self.assertTrue(thing.__doc__ and not thing.__doc__.startswith(f"{name}("), name)

    def test_it_exports_every_model_that_an_answer_has(self) -> None:
        made = {
            name
            for name, thing in vars(models).items()
            if isinstance(thing, type) and thing.__module__ == "minutebook.models"
        }
        parts = {"Totals", "_Explained"}
        self.assertEqual(made - parts - set(minutebook.__all__), set())

    def test_it_is_marked_as_typed(self) -> None:
        self.assertTrue((PACKAGE / "src" / "minutebook" / "py.typed").exists())

    def test_it_needs_only_the_standard_library(self) -> None:
        imported = {
            name
            for file in (PACKAGE / "src" / "minutebook").glob("*.py")
            for name in re.findall(r"^(?:import|from) (\w+)", file.read_text(), re.MULTILINE)
        }
        self.assertEqual(imported - STANDARD, set())


STANDARD = {
    "__future__", "argparse", "atexit", "codecs", "collections", "contextlib", "dataclasses",
    "datetime", "decimal", "email", "fractions", "functools", "gzip", "hashlib", "http", "io",
    "json", "logging", "math", "numbers", "operator", "os", "pathlib", "random", "re", "socket",
    "sqlite3", "ssl", "sys", "threading", "time", "types", "typing", "urllib", "uuid", "weakref",
}  # fmt: skip
