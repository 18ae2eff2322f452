"""Runs every snippet of the documentation against a real ledger and compares its output."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List, Tuple

from support.cases import PACKAGE, environment
from support.service import ServiceCase, needs_service

HOW_TO = PACKAGE.parents[1] / "docs" / "how-to" / "worker-in-python.md"
README = PACKAGE / "README.md"
LEDGER = "http://127.0.0.1:3000"


def blocks(path: Path) -> Iterator[Tuple[str, str]]:
    """Yields the language and text of a page's fenced blocks."""
    for found in re.finditer(r"^```(\w+)\n(.*?)^```$", path.read_text(), re.MULTILINE | re.DOTALL):
        yield found.group(1), found.group(2)


def matches(wanted: str, said: str) -> bool:
    """Whether the output is what the page shows, where … stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, wanted.split("…"))), said, re.DOTALL) is not None


@needs_service
class Pages(ServiceCase):
    ledger_name = "of the pages"

    def run_page(self, path: Path) -> List[str]:
        """Runs a page's commands, except those that set up a machine: returns these."""
        skipped: List[str] = []
        said = ""
        for language, text in blocks(path):
            text = text.replace(LEDGER, self.service.url)
            if language == "python":
                name = text.split("\n", 1)[0].removeprefix("# ")
                self.assertRegex(name, r"^\w+\.py$")
                (self.folder / name).write_text(text)
            elif language == "sh" and re.search(r"\bnpm |\bpip |\bunittest |initial-keys", text):
                skipped.append(text.strip())
            elif language == "sh":
                said = self.shell(text)
            else:
                self.assertEqual(language, "text")
                self.assertTrue(matches(text, said), f"{path.name} shows:\n{text}\nIt is:\n{said}")
        return skipped

    def shell(self, text: str) -> str:
        tools = self.folder / ".bin"
        tools.mkdir(exist_ok=True)
        python = tools / "python3"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
        names = {**environment(), "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
        keys = {"MINUTEBOOK_KEY": "producer", "MINUTEBOOK_READER_KEY": "reader"}
        for name, role in keys.items():
            names[name] = self.service.key(role) or ""
        names = {name: value for name, value in names.items() if value != ""}
        names["MINUTEBOOK_URL"] = self.service.url
        ran = subprocess.run(
            ["bash", "-e", "-c", text],
            cwd=self.folder,
            env=names,
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual(ran.returncode, 0, f"{text}\n{ran.stdout}\n{ran.stderr}")
        return ran.stdout

    def test_the_how_to_does_what_it_says(self) -> None:
        install = (
            "python3 -m venv .venv && . .venv/bin/activate"
            " && python3 -m pip install ../minutebook/clients/python"
        )
        keys = "\n".join(
            f"export {name}=$(node -p \"require('../minutebook/data/initial-keys.json').{role}\")"
            for name, role in [("MINUTEBOOK_KEY", "producer"), ("MINUTEBOOK_READER_KEY", "reader")]
        )
        start = "npm ci && npm run build && npm start"
        self.assertEqual(self.run_page(HOW_TO), [start, install, keys])

    def test_the_readme_does_what_it_says(self) -> None:
        tests = "cd clients/python && PYTHONPATH=src python3 -m unittest discover -s tests"
        self.assertEqual(self.run_page(README), ["python3 -m pip install ./clients/python", tests])
