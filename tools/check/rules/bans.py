"""What must not stand in C++ code: each pattern with its reason and what to use instead."""
import re
from typing import NamedTuple

from tree import Violation


def everywhere(path):
    return True


def is_test(path):
    return (path.endswith(("_test.cc", "_fuzz.cc", "_bench.cc")) or path.startswith(("sdk/testing/", "sdk/example/"))
            or not path.startswith(("src/", "sdk/")))


def not_in_tests(path):
    return not is_test(path)


def outside(*prefixes):
    return lambda path: not_in_tests(path) and not path.startswith(prefixes)


class Ban(NamedTuple):
    pattern: str
    advice: str
    applies: object = everywhere  # to which paths
    unless: str = r"$^"           # a line with this is fine


BANS = [
    Ban(r"\bstd::w?regex\b|#\s*include\s*<regex>", "std::regex can take exponential time: RE2 does not"),
    Ban(r"\b(sto[ild]|stoll|stoull?|stof|ato[ifl]|atoll|strto[ldf]|strtoull?|sscanf)\s*\(",
        "it throws or hides errors: std::from_chars", not_in_tests),
    Ban(r"\bthrow\b", "nothing of ours throws: return an Error (base/result.h)"),
    Ban(r"\busing\s+namespace\s+(?!std::\w*literals\b)", "it hides where a name comes from: name what you use"),
    Ban(r"\bassert\s*\(", "assert vanishes in release builds: SPOOR_CHECK, or SPOOR_DCHECK in hot loops"),
    Ban(r"(?<!operator )(?<!<)\bnew\b(?!\s*\()", "nobody owns it: std::make_unique, or `static T& t = *new T` for what "
        "is never destroyed", not_in_tests, unless=r"\bstatic\b.*=\s*\*?new\b|_ptr<.*>\(new\b"),
    Ban(r"(?<![=] )(?<!operator )\bdelete\b", "let the owner destroy it: std::unique_ptr", not_in_tests),
    Ban(r"\bstd::(cout|cerr|clog)\b|(?<![\w.>])(printf|fprintf|puts|fputs)\s*\(",
        "log with spdlog; only app/ talks to the terminal", outside("src/app/", "src/base/check.cc")),
    Ban(r"\bsprintf\s*\(|\bstrcpy\s*\(|\bstrcat\s*\(", "fmt::format knows how long its text gets"),
    Ban(r"\bstd::unordered_(map|set|multimap|multiset)\b", "boost::unordered_flat_map is several times faster",
        not_in_tests),
    Ban(r"\bstd::(i|o)?fstream\b|\bstd::filesystem\b|(?<![\w.>])f?open\s*\(|(?<![\w.>])::p?(read|write)\s*\("
        r"|\bf(data)?sync\s*\(", "the disk is reached through base/file_system.h, so that a test can make it fail",
        outside("src/app/", "src/base/", "src/net/", "sdk/")),
    Ban(r"\bsystem_clock::now\b|\bgettimeofday\b|\btime\s*\(\s*(nullptr|NULL|0)\s*\)",
        "the time comes from a Clock (base/clock.h), so that a test can set it", outside("src/base/", "sdk/")),
    Ban(r"\bmmap\s*\(", "a mapped page escapes the memory budget and turns an I/O error into a signal: File::Read"),
    Ban(r"\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\(", "a sleep is either too short or too long: wait for "
        "the condition", lambda path: path.endswith("_test.cc")),
    Ban(r"\.detach\(\)", "a detached thread outlives what it uses: std::jthread, joined by its owner"),
    Ban(r"\babsl::|#\s*include\s*[<\"]absl/", "abseil stays in net/, where gRPC needs it (docs/decisions)",
        outside("src/net/")),
    Ban(r"\bstd::expected\b|#\s*include\s*<(expected|format)>", "g++ 12 does not have it: base/result.h, fmt"),
    Ban(r"\bstd::shared_mutex\b", "readers take a snapshot of immutable parts under a short std::mutex instead"),
]


def check(tree):
    for path in tree.cpp():
        bans = [(re.compile(ban.pattern), re.compile(ban.unless), ban.advice) for ban in BANS if ban.applies(path)]
        for number, line in tree.cpp_lines(path):
            for pattern, unless, advice in bans:
                match = pattern.search(line)
                if match and not unless.search(line):
                    yield Violation(path, number, f"no {match.group().strip().rstrip('(')}: {advice}")
