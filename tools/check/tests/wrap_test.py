"""What ./dev format does to documents."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "dev"))

from wrap import wrap  # noqa: E402

WORDS = " ".join(["word"] * 30)


class Wrap(unittest.TestCase):
    def test_a_wide_paragraph_is_wrapped_and_its_neighbours_stay(self):
        wrapped = wrap(f"# Title\n\nshort\nlines\n\n{WORDS}\nend\n\n| {WORDS} |\n```\n{WORDS}\n```\n").splitlines()
        self.assertEqual(wrapped[:5], ["# Title", "", "short", "lines", ""])
        self.assertTrue(all(len(line) <= 120 for line in wrapped[5:7]))
        self.assertTrue(wrapped[6].endswith("word end"))
        self.assertEqual(wrapped[7:], ["", f"| {WORDS} |", "```", WORDS, "```"])

    def test_items_of_a_list_stay_apart_and_keep_their_indentation(self):
        wrapped = wrap(f"- {WORDS}\n  {WORDS}\n- second\n  line\n").splitlines()
        self.assertTrue(all(line.startswith(("- ", "  ")) and len(line) <= 120 for line in wrapped))
        self.assertEqual(wrapped[-2:], ["- second", "  line"])

    def test_what_is_wrapped_stays_as_it_is(self):
        once = wrap(f"{WORDS}\n\n- {WORDS}\n")
        self.assertEqual(wrap(once), once)
