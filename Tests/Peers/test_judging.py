"""How the peers' runs are read and judged."""

import subprocess
import unittest

import bench
import measure
import outcome
import sweep


def ended(status, stdout="", stderr=""):
    return subprocess.CompletedProcess([], status, stdout, stderr)


class Outcomes(unittest.TestCase):
    RIGHT = "open us 5\ntap 0 code 570924 us 12\n"

    def word(self, done):
        return outcome.judge(done, "570924")[0]

    def test_the_expected_code_is_right(self):
        self.assertEqual(self.word(ended(0, self.RIGHT)), "right")

    def test_another_code_is_wrong_whatever_happens_afterwards(self):
        wrong = self.RIGHT.replace("570924", "570925")
        for status in (0, 75, -6):
            self.assertEqual(self.word(ended(status, wrong)), "wrong")

    def test_a_signal_is_a_crash_also_after_a_right_code(self):
        self.assertEqual(outcome.judge(ended(-6, self.RIGHT), "570924"), ("crashed", "SIGABRT"))

    def test_an_error_said_is_a_refusal(self):
        said = "tap 0 refused calculate -20 RF Transmission Error"
        self.assertEqual(outcome.judge(ended(75, said), "570924"), ("refused", said))

    def test_a_program_that_does_not_end_has_hung(self):
        self.assertEqual(outcome.run(["sleep", "5"], "570924", patience=0.1).word, "hung")


class Reports(unittest.TestCase):
    def test_a_report_is_read(self):
        report = measure.parse_report(
            "open us 52\ntap 0 code 123456 us 7\ntap 1 refused select-card 0 no card\nusage ...\n"
        )
        self.assertEqual(report["open_us"], 52)
        self.assertEqual(report["taps_us"], [7])
        self.assertEqual(report["codes"], ["123456"])
        self.assertEqual(report["refused"], ["select-card 0 no card"])

    def test_the_processes_of_a_tree_are_counted(self):
        done = measure.measure(["sh", "-c", "sleep 0.5 & sleep 0.5; wait"], every=0.02)
        self.assertEqual((done["status"], done["processes"]), (0, 3))
        self.assertGreater(done["peak_pss_kb"], 0)

    def test_percentiles_are_nearest_ranks(self):
        values = list(range(100, 0, -1))
        self.assertEqual([bench.percentile(values, p) for p in (50, 99, 100)], [50, 99, 100])
        self.assertEqual(bench.percentile([7], 50), 7)

    def test_a_tap_costs_what_a_long_run_has_over_a_short_one(self):
        def run(taps, commands, processor):
            report = {"taps_us": [1000] * taps, "user_us": processor, "system_us": 0}
            report |= {"open_us": 5000, "peak_pss_kb": 9, "processes": 1}
            counters = {"commands": commands, "bytesFromHost": 0, "bytesToHost": 0}
            return bench.Run(report, counters)

        short = run(bench.SHORT_RUN, 12 + 4 * bench.SHORT_RUN, 100 + 2 * bench.SHORT_RUN)
        row = bench.row(
            bench.Client("C", lambda *_: []), "115200", 115200, short, [run(110, 452, 320)]
        )
        self.assertEqual(row["commands_per_tap"], 4)
        self.assertEqual(row["cpu_ms_per_1000_taps"], 2)
        self.assertEqual(row["start_cpu_ms"], 0.1)


class Faults(unittest.TestCase):
    LOG = "1.000001 > 0 noise 5500\n1.000002 < 0 ack 0000ff00ff00\n1.000003 > 1 info 0a damaged\n"

    def test_a_frame_log_is_read(self):
        frames = sweep.record_frames(self.LOG)
        self.assertEqual(
            [(f.to, f.index, len(f.data)) for f in frames],
            [("chip", 0, 2), ("host", 0, 6), ("chip", 1, 1)],
        )

    def test_every_byte_is_lost_flipped_held_and_cut(self):
        faults = sweep.line_faults(sweep.record_frames(self.LOG))
        self.assertEqual(len(faults), 9 * 4)
        self.assertIn("line,to=host,frame=0,byte=5,cut", [fault.text for fault in faults])
        self.assertEqual(
            [f.text for f in faults if f.loses_zero], ["line,to=chip,frame=0,byte=1,drop"]
        )


if __name__ == "__main__":
    unittest.main()
