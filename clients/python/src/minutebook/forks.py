"""Hooks around forks: a child must not use the parent's locks, connections and threads."""

from __future__ import annotations

import codecs
import os
import threading
import weakref
from typing import List

# Python imports a codec when it is first used. If another thread forks at that moment, the child
# waits for this import forever. To look up a host takes "idna", to check a text "utf-16-le".
for _name in ("idna", "utf-16-le"):
    codecs.lookup(_name)

_forking: "weakref.WeakSet[Forking]" = weakref.WeakSet()


class _Held(threading.local):
    """The objects that were prepared for this thread's fork."""

    def __init__(self) -> None:
        self.ones: List[Forking] = []


_held = _Held()


class Forking:
    """An object with hooks around a fork of the process."""

    def before_fork(self) -> None:
        ...

    def after_fork_in_parent(self) -> None:
        ...

    def after_fork_in_child(self) -> None:
        ...


def register(one: Forking) -> None:
    """Calls the object's hooks at every fork, for as long as the object exists."""
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
