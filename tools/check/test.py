"""Runs the checker's own tests and writes a JUnit file: test.py FILE."""
import pathlib
import sys
import unittest
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


class JUnitResult(unittest.TextTestResult):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.suite = ElementTree.Element("testsuite", name="check")

    def _case(self, test, outcome=None, text=""):
        case = ElementTree.SubElement(self.suite, "testcase", name=test.id())
        if outcome:
            ElementTree.SubElement(case, outcome).text = text

    def addSuccess(self, test):
        super().addSuccess(test)
        self._case(test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._case(test, "failure", self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self._case(test, "error", self.errors[-1][1])


def main():
    tests = unittest.TestLoader().discover(str(HERE / "tests"), pattern="*_test.py")
    result = unittest.TextTestRunner(resultclass=JUnitResult).run(tests)
    ElementTree.ElementTree(result.suite).write(sys.argv[1])
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)


if __name__ == "__main__":
    main()
