# Install what is needed, build, check and run every test
#
#   ./dev test [--asan|--tsan] [filter]
#
# In this order: ./dev check with the checker's own tests, unit tests (the *_test.cc files beside the code), fuzzers
# over their corpus, the UI's unit tests, black-box tests (tests/, against the real binary). All of them run even when
# one fails; the last line says "N passed, N failed".
#
# --asan    unit and black-box tests under clang's address and undefined-behaviour sanitizers
# --tsan    the same under the thread sanitizer
# filter    only unit tests whose Suite.Name, fuzzers whose name and black-box files whose path contain this word
#
# The black-box tests find the binary in SPOOR_BINARY, and its build (release, asan, tsan) in SPOOR_BUILD, for those
# that must wait longer for a slower one. What a sanitizer finds in a server fails them, however the server ended.
# Results stay in build/results/ as JUnit XML.
source tools/dev/setup.sh

mode=release
filter=""
for argument in "$@"; do
  case $argument in
    --asan | --tsan) mode=${argument#--} ;;
    -*) Die "test does not know $argument; see ./dev help test" ;;
    *) filter=$argument ;;
  esac
done
started=$SECONDS

groups=(build check browser)
[[ $mode == release ]] || groups+=(clang)
NeedPackages "${groups[@]}"
NeedNode
SelectMode "$mode"
BuildUi
Compile

results=$PWD/$build_folder/results
rm -rf "$results"
mkdir -p "$results"
failed_stages=()

# Stage NAME RESULT COMMAND...: runs it; a failure is kept for the end. RESULT is the JUnit file it writes: where that
# has no failed test (the stage crashed, or writes none), the stage itself is counted as one.
Stage() {
  local name=$1 result=$results/$2
  shift 2
  Say "Testing: $name"
  "$@" </dev/null && return 0
  failed_stages+=("$name")
  grep -qsE '<(failure|error)[ />]' "$result" ||
    echo "<testsuite><testcase name=\"$name\"><failure/></testcase></testsuite>" >"$result.stage.xml"
}

# The sanitizers say what they found on stderr and end the program with a status that no test expects.
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:detect_leaks=1
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=suppressions=$PWD/tools/sanitize/tsan.supp:second_deadlock_stack=1
[[ $mode == release ]] || export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19
[[ $mode == release ]] || TSAN_OPTIONS+=:external_symbolizer_path=/usr/bin/llvm-symbolizer-19

UnitTests() {
  local options=(--test-dir "$build_folder" --output-on-failure --timeout 600 -j "$(nproc)" --no-tests=error)
  options+=(--output-junit "$results/ctest.xml")
  # A filter names cases inside the test programs, so every program runs; fuzzers are chosen by their own name.
  [[ -z $filter ]] || options+=(-R "^unit\.|^corpus\..*$filter")
  GTEST_OUTPUT=xml:$results/unit/ GTEST_FILTER=*${filter:+$filter*} ctest "${options[@]}"
}

BlackBoxTests() {
  local files=()
  readarray -t files < <(find tests -name node_modules -prune -o \
    \( -name '*.test.js' -o -name '*.test.mjs' -o -name '*.test.ts' -o -name '*.test.mts' \) -print | sort |
    grep -F -- "$filter")
  if [[ ${#files[@]} -eq 0 ]]; then
    echo "no file of tests/ has '$filter' in its name"
    return 0
  fi
  NpmInstall tests
  local status=0 reports=$results/sanitizer option
  for option in ASAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS; do export "$option=${!option}:log_path=$reports"; done
  SPOOR_BINARY=$PWD/$build_folder/spoor SPOOR_BUILD=$mode node --test --test-timeout=900000 \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=junit --test-reporter-destination="$results/tests.xml" "${files[@]}" || status=1
  if compgen -G "$reports.*" >/dev/null; then
    Say "A sanitizer found, in a server:"
    cat "$reports".*
    status=1
  fi
  return $status
}

if [[ $mode == release && -z $filter ]]; then
  Stage "style" style.xml bash tools/dev/check.sh
  Stage "the checker itself" check.xml python3 -B tools/check/test.py "$results/check.xml"
fi
Stage "unit tests" ctest.xml UnitTests
if [[ $mode == release && -f ui/package.json && (-z $filter || $filter == ui*) ]]; then
  Stage "the UI's unit tests" ui.xml npm test --prefix ui -- --reporter=default --reporter=junit \
    --outputFile.junit="$results/ui.xml"
fi
if [[ -f tests/package.json ]]; then Stage "black-box tests" tests.xml BlackBoxTests; fi

Say "Took $((SECONDS - started)) s"
[[ ${#failed_stages[@]} -eq 0 ]] || printf 'FAILED: %s\n' "${failed_stages[@]}"
# The tally also fails when nothing ran.
python3 -B tools/dev/tally.py "$results" && [[ ${#failed_stages[@]} -eq 0 ]]
