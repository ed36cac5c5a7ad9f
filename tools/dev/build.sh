# Build the release binary, build/spoor, with the UI in it
#
#   ./dev build [--debug|--asan|--tsan] [target...]
#
# --debug   unoptimised, in build/debug
# --asan    clang's address and undefined-behaviour sanitizers, in build/asan
# --tsan    clang's thread sanitizer, in build/tsan
#
# Targets are CMake's: a folder's library (spoor_wal), its tests (wal_test), the program (spoor). Default: everything.
source tools/dev/setup.sh

mode=release
targets=()
for argument in "$@"; do
  case $argument in
    --debug | --asan | --tsan) mode=${argument#--} ;;
    -*) Die "build does not know $argument; see ./dev help build" ;;
    *) targets+=("$argument") ;;
  esac
done

groups=(build)
[[ $mode != asan && $mode != tsan ]] || groups+=(clang)
NeedPackages "${groups[@]}"
if [[ -f ui/package.json ]]; then
  NeedNode
  BuildUi
fi
SelectMode "$mode"
Compile "${targets[@]}"
