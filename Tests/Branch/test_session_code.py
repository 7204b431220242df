"""What is left of a code in the appliance's memory after it was given to a branch's screen."""

import json
import unittest
import urllib.request

from appliance import TOKEN, Appliance


class SessionCode(unittest.TestCase):
    def test_nothing_of_an_answer_with_a_code_stays_in_memory(self):
        appliance = Appliance()
        self.addCleanup(appliance.end)
        appliance.say("code 042917")
        for _ in range(20):
            self.assertEqual(self.ask(appliance, "v1/session").get("code"), "042917")
        # The last answer is over when the next is there.
        self.assertEqual(self.ask(appliance, "v1/status")["phase"], "showing")
        self.assertEqual(appliance.places_of(b'"phase":"never'), 0)
        self.assertGreater(appliance.places_of(b"code 042917"), 0, "its input is not seen either")
        self.assertEqual(appliance.places_of(b'"code":"042917'), 0)

    def ask(self, appliance, path):
        request = urllib.request.Request(
            appliance.address + path, headers={"Authorization": f"Bearer {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


if __name__ == "__main__":
    unittest.main()
