# Live through lives of the store that are drawn from seeds
#
#   ./dev sim [--asan|--tsan] [RUNS]   RUNS (1,000) lives with power cuts, and as many on a disk that fails in other
#                                      ways, too
#   ./dev sim seed SEED                one of the first kind again, step by step
#   ./dev sim seed SEED disk           one of the second
#
# A life is 500 steps on one thread, and more than that in the middle of them: spans come, blocks are sealed, merged and
# removed, questions are asked meanwhile, the disk fails, and the power goes three times at least. Every answer is
# compared with a naive store's. What fails is told with its seed; the summary tells how much the lives were.
#
# --asan    under clang's address and undefined-behaviour sanitizers, some ten times slower
# --tsan    under the thread sanitizer
source tools/dev/setup.sh

mode=release
while [[ ${1-} == --* ]]; do
  case $1 in
    --asan | --tsan) mode=${1#--} ;;
    *) Die "sim does not know $1; see ./dev help sim" ;;
  esac
  shift
done
groups=(build)
[[ $mode == release ]] || groups+=(clang)
NeedPackages "${groups[@]}"
SelectMode "$mode"
Compile store_sim
export TSAN_OPTIONS=suppressions=$PWD/tools/sanitize/tsan.supp
readonly program=$build_folder/tests/sim/store_sim

if [[ ${1-} == seed ]]; then
  [[ ${2-} =~ ^[0-9]+$ ]] || Die "which seed? ./dev sim seed 7"
  exec "$program" --seed="$2" --faults="${3:-crashes}" --tell
fi

runs=${1:-1000}
[[ $runs =~ ^[0-9]+$ ]] || Die "'$runs' is no number of runs"
first=$((RANDOM * 32768 + RANDOM))
Say "$runs lives of each kind, from seed $first on"
mkdir -p .cache/sim
"$program" --seed="$first" --runs="$runs" --gtest_brief=1 >.cache/sim/crashes.log 2>&1 &
crashes=$!
failed=()
"$program" --seed="$first" --runs="$runs" --faults=disk --gtest_brief=1 >.cache/sim/disk.log 2>&1 || failed+=(disk)
wait "$crashes" || failed+=(crashes)
for kind in crashes disk; do echo "$kind: $(tail -n 1 ".cache/sim/$kind.log")"; done
for kind in "${failed[@]}"; do grep -E '^seed |Failure$' ".cache/sim/$kind.log" | head -n 20; done
[[ ${#failed[@]} -eq 0 ]] || Die "failed: ${failed[*]}; see .cache/sim/, and repeat one with ./dev sim seed SEED [disk]"
