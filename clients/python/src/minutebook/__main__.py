"""``python -m minutebook``: shows what a spool holds, and deals with it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import List, Optional, Sequence

from .errors import MinutebookError
from .producer import Producer
from .refused import RefusedFacts
from .sender import Trouble
from .spool import Spool, SpoolStatus


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs a command and returns its exit status: 0 only if it succeeded."""
    options = _parser().parse_args(arguments)
    folder = Path(options.spool)
    if not (folder / "spool.db").exists():
        print(f"There is no spool in {folder}.", file=sys.stderr)
        return 1
    try:
        if options.command == "flush":
            return _flush(options.url, folder, options.timeout)
        return _look(options.command, folder, getattr(options, "numbers", []))
    except MinutebookError as error:
        print(error, file=sys.stderr)
        return 1


def _look(command: str, folder: Path, numbers: List[int]) -> int:
    spool = Spool(folder, 0)
    refused = RefusedFacts(spool.database)
    try:
        if command == "status":
            status = spool.status()
            wait = "1 fact waits" if status.waiting == 1 else f"{status.waiting} facts wait"
            print(f"{wait} ({status.waiting_bytes} bytes), ", end="")
            print(f"{status.refused} refused, {status.remembered} sent and remembered.")
            return 0 if status.waiting + status.refused == 0 else 1
        if command == "refused":
            for one in refused:
                why = {"code": one.code, "detail": one.detail, "pointer": one.pointer}
                line = {"number": one.number, **why, "fields": one.fields, "event": one.event}
                print(json.dumps(line, ensure_ascii=False))
            return 0
        again = command == "send-again"
        count = (refused.send_again if again else refused.discard)(numbers or None)
        facts = "1 fact" if count == 1 else f"{count} facts"
        print(f"{facts} will be sent again." if again else f"{facts} discarded.")
        missing = len(set(numbers)) - count
        if missing > 0:
            number = "1 number names" if missing == 1 else f"{missing} numbers name"
            print(f"{number} no refused fact: see `refused`.", file=sys.stderr)
        return 1 if missing > 0 else 0
    finally:
        spool.close()


def _flush(url: str, folder: Path, timeout: float) -> int:
    troubles: List[Trouble] = []
    key = os.environ.get("MINUTEBOOK_KEY") or None
    # No fact is added here; those in the spool keep their own source.
    # How many sent facts the spool remembers is up to the workers: this command forgets none.
    producer = Producer(
        url,
        source="-",
        spool=folder,
        key=key,
        remembered_facts=sys.maxsize,
        on_trouble=troubles.append,
    )
    waiting = producer.close(timeout)
    refused = _status(folder).refused
    if waiting + refused == 0:
        print("The ledger has all facts.")
        return 0
    if waiting > 0:
        why = f" {troubles[-1].code}: {troubles[-1].detail}" if troubles else ""
        facts = "1 fact still waits" if waiting == 1 else f"{waiting} facts still wait"
        print(f"{facts}.{why}", file=sys.stderr)
    if refused > 0:
        facts, them = ("1 fact was", "it") if refused == 1 else (f"{refused} facts were", "them")
        todo = f"`refused` says why, then `send-again` or `discard` {them}."
        print(f"{facts} refused and kept: {todo}", file=sys.stderr)
    return 1


def _status(folder: Path) -> SpoolStatus:
    spool = Spool(folder, 0)
    try:
        return spool.status()
    finally:
        spool.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "minutebook",
        description="Manages a producer's spool, also while workers use it.",
        epilog="MINUTEBOOK_KEY holds the API key, if the ledger requires one.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add = commands.add_parser
    known = [
        add(
            "status", help="count its facts; exit status 0 only if none are waiting or refused"
        ),
        add("refused", help="print refused facts with the reason: one JSON object per line"),
        add("send-again", help="send refused facts again: all, or those with these numbers"),
        add("discard", help="delete the refused facts with these numbers"),
        add("flush", help="send waiting facts; exit status 0 only if the ledger has all of them"),
    ]
    for command in known:
        command.add_argument("--spool", required=True, metavar="FOLDER")
    known[2].add_argument("numbers", nargs="*", type=int, metavar="NUMBER")
    known[3].add_argument("numbers", nargs="+", type=int, metavar="NUMBER")
    known[4].add_argument("--url", required=True, help="the ledger, such as http://127.0.0.1:3000")
    known[4].add_argument("--timeout", type=float, default=60.0, help="seconds (default: 60)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
