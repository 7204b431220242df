"""The status page in Chromium, against the real branch API of a scripted appliance."""

import json
import os
import re
import shutil
import unittest

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from appliance import TOKEN, Appliance

WRONG = "0123456789abcdef"
RESTRICTED = "/var/lib/smartotp has mode 0755"


class StatusPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()

    def setUp(self):
        self.appliance = Appliance()
        self.addCleanup(self.appliance.end)
        self.complaints = []

    def open(self, address=None, wait=True, **context):
        context = self.browser.new_context(**context)
        self.addCleanup(context.close)
        page = context.new_page()
        page.set_default_timeout(15_000)
        expect.set_options(timeout=15_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: self.complaints.append(message.text)
            if "Content Security Policy" in message.text
            else None,
        )
        page.goto(address or self.appliance.address_with_token)
        if wait:
            expect(page.locator("#connection")).to_have_text("Connected")
        return page

    def tearDown(self):
        self.assertEqual(self.complaints, [])

    # What it shows

    def test_every_section_shows_what_the_appliance_says(self):
        page = self.open()
        for heading in [
            "Session",
            "Reader and card",
            "Centre and device",
            "Displays",
            "Counters",
            "Last troubles",
            "Doctor",
            "Live events",
        ]:
            expect(page.get_by_role("heading", name=heading, level=2)).to_be_visible()
        expect(page.locator("#phase")).to_have_text("Idle")
        expect(page.locator("#reader")).to_contain_text("acr122_usb:001:004")
        expect(page.locator("#reader")).to_contain_text("PN532 1.6")
        expect(page.locator("#center")).to_contain_text("centre.example:8443")
        expect(page.locator("#center")).to_contain_text("dev-0123456789ABCDEF")
        expect(page.locator("#displays")).to_contain_text("terminal: works")
        expect(page.locator("#displays")).to_contain_text("lcd: /dev/i2c-1: no such device")
        expect(page.locator("#counters")).to_contain_text("Taps12")
        expect(page.locator("#troubles li")).to_have_count(1)
        expect(page.locator("#version")).to_have_text("0.1.0")
        expect(page.locator("#uptime")).to_have_text("1 d 2 h")
        expect(page.get_by_role("heading", name="Impediments")).to_be_hidden()

    def test_what_happens_arrives_live(self):
        page = self.open()
        self.appliance.say("phase presenting 42")
        expect(page.locator("#phase")).to_have_text("Showing a transaction")
        expect(page.locator("#countdown")).to_have_text(re.compile(r"^\d+ s left$"))
        expect(page).to_have_title("Showing a transaction – Smart OTP appliance")
        self.appliance.say("card on")
        expect(page.locator("#reader")).to_contain_text("On the reader")
        self.appliance.say("reader lost")
        expect(page.locator("#reader")).to_contain_text("the reader was unplugged")
        self.appliance.say("center lost")
        expect(page.locator("#center")).to_contain_text("no route to host")
        self.appliance.say("trouble the lamp is broken")
        expect(page.get_by_role("alert")).to_contain_text(["the lamp is broken"])
        expect(page.locator("#troubles li").first).to_contain_text("the lamp is broken")
        expect(page.locator("#events li")).to_have_count(5)
        expect(page.locator("#events li").first).to_contain_text("trouble: the lamp is broken")
        self.appliance.say("restrict")
        expect(page.locator("#impediments")).to_contain_text(RESTRICTED)
        expect(page.locator("#impediments")).to_contain_text("Fix: sudo chmod 0700")

    def test_text_from_outside_is_never_markup(self):
        page = self.open()
        markup = '<img src=x onerror="document.title=1"> <b>bold</b>'
        self.appliance.say(f"trouble {markup}")
        self.appliance.say(f"restrict {markup}")
        for place in ["#troubles li >> nth=0", "#events", "#alarm", "#impediments code"]:
            expect(page.locator(place)).to_contain_text(markup)
        self.assertEqual(page.locator("main img, main b").count(), 0)

    def test_a_code_that_is_shown_elsewhere_is_not_shown_here(self):
        page = self.open()
        self.appliance.say("code 042917")
        expect(page.locator("#phase")).to_have_text("Showing the code")
        self.assertNotIn("042917", page.content())

    def test_the_list_of_events_is_bounded(self):
        page = self.open()
        for number in range(130):
            self.appliance.say(f"trouble number {number}.")
        expect(page.locator("#events li").first).to_contain_text("number 129.")
        expect(page.locator("#events li")).to_have_count(100)

    # The token

    def test_the_token_leaves_the_address(self):
        page = self.open()
        self.assertEqual(page.url, self.appliance.address)
        self.assertNotIn(TOKEN, page.content())
        page.reload()
        expect(page.locator("#connection")).to_have_text("Connected")
        # It is this tab's alone.
        other = page.context.new_page()
        other.goto(self.appliance.address)
        expect(other.locator("#token-reason")).to_contain_text("needs the appliance's token")

    def test_a_wrong_token_says_what_to_do(self):
        page = self.open(f"{self.appliance.address}#token={WRONG}", wait=False)
        expect(page.locator("#token-reason")).to_contain_text("The token is wrong")
        expect(page.get_by_role("region", name="Token")).to_contain_text("token-file")
        self.check_with_axe(page)
        page.get_by_label("Token", exact=True).last.focus()
        page.keyboard.type(TOKEN)
        page.keyboard.press("Enter")
        expect(page.locator("#connection")).to_have_text("Connected")
        expect(page.get_by_role("heading", name="Token")).to_be_hidden()
        expect(page.locator("#phase")).to_have_text("Idle")

    # The keyboard

    def test_every_control_is_used_by_keyboard_alone(self):
        page = self.open()
        focused = "document.activeElement.id || document.activeElement.className"
        seen = []
        for _ in range(10):
            page.keyboard.press("Tab")
            name = page.evaluate(focused)
            if name in seen or not name:
                break
            seen.append(name)
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            self.assertEqual(outline, "solid", f"{name} has no visible focus")
        self.assertEqual(seen, ["skip", "cancel", "run-doctor", "events"])

        page.locator("#cancel").focus()
        page.keyboard.press("Space")
        expect(page.locator("#cancelled")).to_contain_text("was cancelled")
        expect(page.locator("#events li").first).to_contain_text("cancelled at the branch")
        self.assertEqual(page.evaluate(focused), "cancel")

        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#checks li")).to_have_count(2)
        self.assertEqual(page.evaluate(focused), "run-doctor")
        page.keyboard.press("Tab")
        self.assertEqual(page.evaluate(focused), "others-title")
        page.keyboard.press("Enter")
        expect(page.locator("#other-checks li").first).to_be_visible()

        page.locator(".skip").focus()
        page.keyboard.press("Enter")
        self.assertEqual(page.evaluate(focused), "main")

    def test_the_doctor_shows_findings_with_cause_and_fix(self):
        page = self.open()
        page.get_by_role("button", name="Run the doctor").click()
        checks = page.locator("#checks li")
        expect(checks.nth(0)).to_contain_text("Fail The node may be opened")
        expect(checks.nth(0)).to_contain_text("Fix: sudo udevadm trigger")
        expect(checks.nth(1)).to_contain_text("Warning")
        expect(checks.nth(1)).to_contain_text("Cause: the power supply is weak")
        others = page.locator("#other-checks li")
        expect(others.nth(0)).to_be_hidden()
        page.get_by_text("Other checks (pass: 1, not looked at: 1, does not apply: 0)").click()
        expect(others.nth(0)).to_have_text("Pass libnfc is new enough: 1.8.0")
        expect(others.nth(1)).to_contain_text("Not looked at")
        expect(page.locator("#doctor-verdict")).to_contain_text("cannot be opened")
        self.check_with_axe(page)
        self.appliance.say("doctor it is running already")
        page.get_by_role("button", name="Run the doctor").click()
        expect(page.locator("#doctor-verdict")).to_contain_text("it is running already")

    # The connection

    def test_a_lost_connection_is_said_and_mends_itself(self):
        page = self.open()
        self.appliance.say("phase presenting 42")
        expect(page.locator("#phase")).to_have_text("Showing a transaction")
        self.appliance.stop()
        expect(page.locator("#connection")).to_have_text("Not connected")
        expect(page.locator("#alarm")).to_contain_text("connection to the appliance is lost")
        expect(page.locator("#phase")).to_have_text("Not known: no connection")
        expect(page.locator("#countdown")).to_have_text("")
        self.check_with_axe(page)
        page.get_by_role("button", name="Cancel the session").click()
        expect(page.locator("#cancelled")).to_contain_text("Not cancelled")
        self.appliance.start()
        expect(page.locator("#connection")).to_have_text("Connected")
        expect(page.locator("#alarm")).to_have_text("")
        expect(page.locator("#phase")).to_have_text("Showing a transaction")
        self.appliance.say("phase idle")
        expect(page.locator("#phase")).to_have_text("Idle")

    # For everybody

    def test_phases_are_announced_politely_and_troubles_at_once(self):
        page = self.open()
        self.assertEqual(page.locator("#phase").get_attribute("aria-live"), "polite")
        self.assertEqual(page.locator("#alarm").get_attribute("aria-live"), "assertive")
        for landmark in ["banner", "main", "contentinfo"]:
            self.assertEqual(page.get_by_role(landmark).count(), 1)
        self.assertEqual(page.get_by_role("heading", level=1).count(), 1)

    def test_axe_finds_nothing_in_light_and_dark(self):
        grounds = []
        for scheme in ["light", "dark"]:
            page = self.open(color_scheme=scheme)
            self.appliance.say("restrict")
            self.appliance.say("reader lost")
            self.appliance.say("trouble the lamp is broken")
            expect(page.locator("#events li").first).to_contain_text("the lamp is broken")
            expect(page.locator("#impediments")).to_contain_text(RESTRICTED)
            self.check_with_axe(page)
            grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            page.context.close()
        self.assertEqual(grounds, ["rgb(255, 255, 255)", "rgb(20, 23, 26)"])

    def test_nothing_is_cut_off_at_320_pixels(self):
        page = self.open(viewport={"width": 320, "height": 600})
        self.appliance.say("restrict")
        self.appliance.say("trouble " + "/dev/bus/usb/001/004" * 10)
        page.get_by_role("button", name="Run the doctor").click()
        expect(page.locator("#checks li")).to_have_count(2)
        page.locator("summary").click()
        expect(page.locator("#impediments")).to_contain_text(RESTRICTED)
        self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), 320)
        wide = page.evaluate(
            "[...document.querySelectorAll('body *')].filter(element =>"
            " element.getBoundingClientRect().right > 320).map(element => element.outerHTML)"
        )
        self.assertEqual(wide, [])

    def check_with_axe(self, page):
        results = Axe().run(page)
        self.assertEqual(
            results.response["violations"], [], json.dumps(results.response["violations"], indent=1)
        )
        self.assertGreater(len(results.response["passes"]), 15)


if __name__ == "__main__":
    unittest.main()
