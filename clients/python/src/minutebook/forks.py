"""What a fork must not take along: held locks, connections, threads that the child lacks."""

from __future__ import annotations

import os
import threading
import weakref
from typing import List

_forking: "weakref.WeakSet[Forking]" = weakref.WeakSet()


class _Held(threading.local):
    """What the fork of this thread made ready."""

    def __init__(self) -> None:
        self.ones: List[Forking] = []


_held = _Held()


class Forking:
    """Something that makes itself ready when the process forks."""

    def before_fork(self) -> None:
        ...

    def after_fork_in_parent(self) -> None:
        ...

    def after_fork_in_child(self) -> None:
        ...


def register(one: Forking) -> None:
    """From now on it is told of forks, as long as it is there."""
    _forking.add(one)


def _before() -> None:
    for one in list(_forking):
        one.before_fork()
        _held.ones.append(one)


def _in_parent() -> None:
    while _held.ones:
        _held.ones.pop().after_fork_in_parent()


def _in_child() -> None:
    _held.ones.clear()
    for one in list(_forking):
        one.after_fork_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
