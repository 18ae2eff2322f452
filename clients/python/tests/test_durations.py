from __future__ import annotations

import decimal
import random
import re
import unittest
from decimal import Decimal
from fractions import Fraction
from typing import Any

from minutebook import InvalidFactError
from minutebook.durations import frames_text, seconds_text

TAKEN = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]{1,9})?")
DAY = 36_000


def seconds(value: Any) -> str:
    return seconds_text("duration_seconds", value, DAY)


def frames(count: Any, rate: Any) -> str:
    return frames_text("frames", count, rate, DAY)


class Durations(unittest.TestCase):
    def test_frames_become_the_nearest_nine_decimals_exactly(self) -> None:
        some = random.Random(20261001)
        for rate in (8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000):
            for _ in range(500):
                count = some.randrange(0, DAY * rate)
                text = frames(count, rate)
                self.assertRegex(text, f"^{TAKEN.pattern}$")
                error = abs(Fraction(text) - Fraction(count, rate))
                self.assertLessEqual(error, Fraction(1, 2 * 10**9), (count, rate, text))

    def test_lengths_computed_as_floats_are_taken(self) -> None:
        some = random.Random(20261002)
        refused_as_printed = 0
        for _ in range(2_000):
            count = some.randrange(0, DAY * 44_100)
            length = count / 44_100
            refused_as_printed += TAKEN.fullmatch(repr(length)) is None
            text = seconds(length)
            self.assertRegex(text, f"^{TAKEN.pattern}$")
            # A float is off by some picoseconds, which may change the ninth decimal.
            self.assertLessEqual(abs(Fraction(text) - Fraction(length)), Fraction(6, 10**10))
        self.assertGreater(refused_as_printed, 1_900)

    def test_every_kind_of_number_gives_the_same_text(self) -> None:
        for value in (90.5, "90.5", "90.500", Decimal("90.5"), Fraction(181, 2)):
            self.assertEqual(seconds(value), "90.5")
        self.assertEqual(seconds(0), "0")
        self.assertEqual(seconds(-0.0), "0")
        self.assertEqual(seconds(600), "600")
        self.assertEqual(seconds(0.1 + 0.2), "0.3")
        self.assertEqual(seconds(1e-12), "0")
        self.assertEqual(seconds(Decimal("1e-999999")), "0")
        self.assertEqual(seconds(36_000), "36000")

    def test_halves_are_rounded_to_even(self) -> None:
        self.assertEqual(seconds("0.0000000005"), "0")
        self.assertEqual(seconds("0.0000000015"), "0.000000002")
        self.assertEqual(seconds(Fraction(25, 10**10)), "0.000000002")
        self.assertEqual(frames(35, 10**10), "0.000000004")
        self.assertEqual(seconds("1.00000000050000000000000000000000000001"), "1.000000001")

    def test_a_rate_need_not_be_whole(self) -> None:
        self.assertEqual(frames(1_001, Fraction(30_000, 1_001)), "33.400033333")
        self.assertEqual(frames(441, 44_100.0), "0.01")

    def test_the_callers_decimal_context_has_no_effect(self) -> None:
        with decimal.localcontext() as context:
            context.prec = 3
            context.rounding = decimal.ROUND_UP
            self.assertEqual(seconds("12345.123456789"), "12345.123456789")
            self.assertEqual(frames(4_000_001, 44_100), "90.702970522")

    def test_an_invalid_length_is_refused_and_its_field_named(self) -> None:
        bad = (-1, -1e-9, 36_000.1, "36000.000000001", float("nan"), float("inf"), "", "abc", None)
        for value in (*bad, True, "1/2", [], 1e300, 10**400, "1e999999999", b"1", object()):
            with self.assertRaises(InvalidFactError, msg=repr(value)) as caught:
                seconds(value)
            self.assertEqual(caught.exception.field, "duration_seconds")

    def test_frames_need_a_rate_above_zero(self) -> None:
        for rate in (None, 0, -44_100, float("nan"), float("inf"), "fast", []):
            with self.assertRaises(InvalidFactError, msg=repr(rate)):
                frames(100, rate)
        for count in (-1, 1.5, "100", None):
            with self.assertRaises(InvalidFactError, msg=repr(count)):
                frames(count, 44_100)
