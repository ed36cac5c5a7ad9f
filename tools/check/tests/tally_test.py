"""What ./dev test's last line counts."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "dev"))

from tally import tally  # noqa: E402


class Tally(unittest.TestCase):
    def total(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                file = pathlib.Path(folder) / name
                file.parent.mkdir(exist_ok=True)
                file.write_text(text)
            return tally(folder)

    def test_cases_count_where_a_program_wrote_them_and_programs_elsewhere(self):
        self.assertEqual(self.total({
            "unit/wal_test.xml": '<s><testcase name="a" status="run"/><testcase name="b"><failure/></testcase>'
                                 '<testcase name="c" status="notrun"/></s>',
            "ctest.xml": '<s><testcase name="unit.wal" status="fail"/><testcase name="unit.net" status="fail"/>'
                         '<testcase name="corpus.otlp_fuzz" status="run"/></s>'}), (2, 2, 1))

    def test_a_program_that_failed_after_its_cases_passed_is_a_failure(self):
        self.assertEqual(self.total({"unit/wal_test.xml": '<s><testcase name="a" status="run"/></s>',
                                     "ctest.xml": '<s><testcase name="unit.wal" status="fail"/></s>'}), (1, 1, 0))

    def test_a_result_that_was_cut_off_is_a_failure(self):
        self.assertEqual(self.total({"tests.xml": "<s><testcase"}), (0, 1, 0))
