"""Each rule on small trees: what it must find, and what it must leave alone."""
import importlib
import pathlib
import tempfile
import unittest

import run
from tree import Tree


def found(rule, files):
    """["file:line"] that a rule finds in a tree of {path: text}."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            file = pathlib.Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        links = importlib.import_module("rules.links")
        links.anchors.cache_clear()
        return [f"{violation.path}:{violation.line}" for violation, _ in run.violations(Tree(folder), [rule])]


TABLE = {"src/layers.txt": "# table\nbase:\nnet: base\nwal: base\n", "src/base/a.h": "", "src/net/a.h": "",
         "src/wal/a.h": ""}


class Layers(unittest.TestCase):
    def test_includes_that_the_table_allows_are_fine(self):
        self.assertEqual(found("layers", TABLE | {"src/wal/b.cc": '#include <map>\n#include "base/a.h"\n'
                                                  '#include "wal/a.h"\n'}), [])

    def test_an_include_outside_the_table_is_found(self):
        self.assertEqual(found("layers", TABLE | {"src/wal/b.cc": '\n#include "net/a.h"\n'}), ["src/wal/b.cc:2"])

    def test_an_include_without_a_folder_is_found(self):
        self.assertEqual(found("layers", TABLE | {"src/wal/b.cc": '#include "a.h"\n'}), ["src/wal/b.cc:1"])

    def test_a_folder_without_a_line_and_a_line_without_a_folder_are_found(self):
        self.assertEqual(found("layers", {"src/layers.txt": "base:\nwal: base\n", "src/base/a.h": "",
                                          "src/net/a.h": ""}), ["src/layers.txt:1", "src/layers.txt:2"])

    def test_a_table_out_of_order_is_found(self):
        self.assertEqual(found("layers", {"src/layers.txt": "net: base\nbase:\n", "src/base/a.h": "",
                                          "src/net/a.h": ""}), ["src/layers.txt:1"])

    def test_a_link_outside_the_table_is_found(self):
        self.assertEqual(found("layers", TABLE | {
            "src/wal/CMakeLists.txt": "spoor_folder(wal LINK spoor_base spoor_net TEST_LINK spoor_wal)\n",
            "src/net/CMakeLists.txt": "spoor_folder(net LINK spoor_base)\n"}), ["src/wal/CMakeLists.txt:1"])


    def test_the_library_includes_nothing_of_the_server_and_only_app_includes_it(self):
        library = {"sdk/api/a.h": '#include "b.h"\n', "sdk/trace/a.cc": '#include "api/a.h"\n#include "base/a.h"\n',
                   "sdk/api/c.h": '#include "trace/a.h"\n', "sdk/export/a_test.cc": '#include "trace/a.h"\n',
                   "sdk/odd/a.h": "", "src/wal/b.cc": "#include <spoor/tracing.h>\n"}
        self.assertEqual(found("layers", TABLE | library),
                         ["sdk/api/c.h:1", "sdk/odd/a.h:1", "sdk/trace/a.cc:2", "src/wal/b.cc:1"])


class Bans(unittest.TestCase):
    def assert_banned(self, code, path="src/wal/a.cc"):
        self.assertEqual(found("bans", {path: code}), [f"{path}:1"], code)

    def assert_allowed(self, code, path="src/wal/a.cc"):
        self.assertEqual(found("bans", {path: code}), [], code)

    def test_each_ban_is_found(self):
        for code in ("std::regex r;", "int a = std::stoi(s);", "throw 1;", "using namespace std;", "assert(a);",
                     "A* a = new A();", "delete a;", 'printf("a");', "std::cout << 1;", "std::unordered_set<A> m;",
                     "std::ofstream out;", "fsync(fd);", "t.detach();", "absl::Cord c;", "#include <expected>"):
            self.assert_banned(code)

    def test_what_only_looks_like_a_ban_is_allowed(self):
        for code in ("static_assert(sizeof(A) == 4);", "A(const A&) = delete;", "// throw a new thing", "void Renew();",
                     'Log("throw");', "new (place) A();", "using namespace std::literals;", "f.Open(path);",
                     "static A& a = *new A();", "auto a = std::unique_ptr<A>(new A(1));",
                     "static auto* a = new A;", "#include <new>", "int new_size = 0;",
                     "auto s = R\"(delete)\";", "int n = 1'000; // '"):
            self.assert_allowed(code)

    def test_a_ban_holds_where_it_applies(self):
        self.assert_allowed("absl::Cord c;", "src/net/a.cc")
        self.assert_allowed("std::cout << 1;", "src/app/a.cc")
        self.assert_allowed("std::ofstream out;", "src/wal/a_test.cc")
        self.assert_banned("sleep_for(1s);", "src/wal/a_test.cc")
        self.assert_banned("new A;", "sdk/trace/a.cc")
        self.assert_allowed("new A;", "sdk/testing/a.cc")

    def test_a_reason_excuses_the_line_below_it(self):
        self.assert_allowed("// check-ok(bans): gRPC deletes it\nnew A;")
        self.assert_banned("new A;  // check-ok(layers): another rule")
        self.assert_banned("new A;  // check-ok(bans):")


class Texts(unittest.TestCase):
    def test_a_todo_names_its_issue(self):
        self.assertEqual(found("markers", {"a.cc": "// TODO(#12): faster\n", "b.cc": "// TODO faster\n",
                                           "c.md": "FIXME\n"}), ["b.cc:1", "c.md:1"])

    def test_machine_paths_are_found(self):
        self.assertEqual(found("machine_paths", {"a.sh": "cd /ho" + "me/me\ncd ../ho" + "me/\n"}), ["a.sh:1"])

    def test_wide_lines_are_found_except_in_tables_and_code(self):
        wide = "x" * 121
        self.assertEqual(found("line_width", {"a.cc": wide, "a.md": f"| {wide}\n```\n{wide}\n```\n{wide}\n"}),
                         ["a.cc:1", "a.md:5"])

    def test_a_header_has_a_comment_and_a_guard(self):
        self.assertEqual(found("headers", {"a.h": "// A.\n#pragma once\n", "b.h": "#pragma once\n", "c.h": "// C.\n"}),
                         ["b.h:1", "c.h:1"])

    def test_a_test_that_runs_alone_is_found(self):
        self.assertEqual(found("only", {"a.test.ts": "test.only('a')\n", "b.test.ts": "test('only')\n"}),
                         ["a.test.ts:1"])


class Files(unittest.TestCase):
    def test_drawers_are_found_but_words_that_contain_them_are_not(self):
        self.assertEqual(found("names", {"src/util/a.h": "", "src/wal/helper.cc": "", "src/wal/impl2.cc": "",
                                         "src/wal/utility.h": "", "src/wal/Wal.h": "", "src/wal/simple.h": ""}),
                         ["src/util/a.h:1", "src/wal/Wal.h:1", "src/wal/helper.cc:1", "src/wal/impl2.cc:1"])

    def test_long_and_large_files_are_found(self):
        self.assertEqual(found("file_length", {"a.cc": "\n" * 801, "b.cc": "\n" * 800}), ["a.cc:801"])
        self.assertEqual(found("blob_size", {"a.bin": "x" * 1_000_001, "b.bin": "x" * 1_000_000}), ["a.bin:1"])

    def test_executable_and_its_first_line_go_together(self):
        self.assertEqual(found("executable", {"a.sh": "#!/bin/sh\n", "b.sh": "# sourced\n"}), ["a.sh:1"])


class Documents(unittest.TestCase):
    def test_links_and_headings_exist(self):
        files = {"docs/a.md": "# One `two`: three\n## Same\n## Same\n[ok](b.md#b) [ok](../src/) [ok](#one-two-three)\n"
                              "[ok](#same-1) [web](https://example.org) `[no](link)`\n"
                              "[gone](c.md)\n[gone](b.md#c)\n```\n[code](c.md)\n```\n",
                 "docs/b.md": "# B\n", "src/a.h": ""}
        self.assertEqual(found("links", files), ["docs/a.md:6", "docs/a.md:7"])

    def test_paths_between_backticks_exist(self):
        self.assertEqual(found("links", {"a.md": "`src/a.h` `src/gone.h` `src/FOLDER/a.h` `text/html` `src/*.h`\n",
                                         "src/a.h": ""}), ["a.md:1"])

    def test_each_format_is_listed(self):
        self.assertEqual(found("formats", {"docs/formats/a.md": ""}), ["docs/formats/README.md:1"])
        self.assertEqual(found("formats", {"docs/formats/a.md": "", "docs/formats/README.md": "[a](a.md)"}), [])

    def test_decisions_are_numbered_and_listed(self):
        files = {"docs/decisions/0001-a.md": "", "docs/decisions/0003-b.md": "",
                 "docs/decisions/README.md": "[a](0001-a.md) [b](0003-b.md)"}
        self.assertEqual(found("decisions", files), ["docs/decisions/0003-b.md:1"])


if __name__ == "__main__":
    unittest.main()
