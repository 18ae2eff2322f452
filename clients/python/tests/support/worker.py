"""A worker that may be killed: takes jobs, reports and acknowledges them, and resumes later.

Arguments: url, key ("" = none), spool, file of acknowledgements, first session, file whose
existence ends it, seed.
"""

from __future__ import annotations

import itertools
import logging
import os
import random
import sys
import time

from minutebook import Producer

from .jobs import story


def main() -> None:
    url, key, spool, acknowledged, first, end, seed = sys.argv[1:]
    some = random.Random(seed)
    done = read(acknowledged)
    producer = Producer(
        url,
        source="my/worker",
        spool=spool,
        key=key or None,
        max_backoff=0.3,
        timeout=10,
        exit_timeout=60,
        on_refused=lambda one: print("REFUSED", one.code, one.fields, flush=True),
    )
    with open(acknowledged, "a") as file:
        for number in itertools.count(int(first)):
            if number in done:
                continue
            work(producer, number, some)
            file.write(f"{number}\n")
            file.flush()
            os.fsync(file.fileno())
            if os.path.exists(end):
                break
    producer.close(60)


def work(producer: Producer, number: int, some: random.Random) -> None:
    """Does a job. A kill may come at any point."""
    for kind, fields in story(number):
        getattr(producer, kind)(**fields)
        time.sleep(some.random() * 0.02)


def read(acknowledged: str) -> "set[int]":
    """Returns the sessions that were acknowledged."""
    try:
        with open(acknowledged) as file:
            return {int(line) for line in file}
    except FileNotFoundError:
        return set()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout)
    main()
