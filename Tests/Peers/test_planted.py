"""Tests of how who_names_the_cause.py judges."""

import re
import unittest

from planted import CONTROLS, FAULTS, Fault, usb


class Judging(unittest.TestCase):
    fault = Fault("A kernel driver", r"pn533_usb", usb())

    def test_a_program_that_says_the_cause_names_it(self):
        self.assertTrue(self.fault.is_named_in("the driver PN533_USB has it", "all is well"))

    def test_a_program_that_says_something_else_does_not(self):
        self.assertFalse(self.fault.is_named_in("device or resource busy", "all is well"))

    def test_advice_that_is_always_given_names_nothing(self):
        advice = "if pn533_usb is loaded, unload it"
        self.assertFalse(self.fault.is_named_in(advice, advice))


class Faults(unittest.TestCase):
    def test_every_fault_has_its_own_title_an_expression_and_a_control(self):
        self.assertEqual(len({fault.title for fault in FAULTS}), len(FAULTS))
        for fault in FAULTS:
            re.compile(fault.cause)
            self.assertIn(fault.control, CONTROLS)

    def test_no_expression_takes_every_text(self):
        for fault in FAULTS:
            self.assertFalse(fault.is_named_in("", ""), fault.title)
            self.assertFalse(fault.is_named_in("the reader is ready", ""), fault.title)


if __name__ == "__main__":
    unittest.main()
