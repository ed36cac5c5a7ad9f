# Build and run a fuzz target, or list them
#
#   ./dev fuzz                     lists the targets
#   ./dev fuzz NAME [seconds]      runs one, for 60 s by default
#   ./dev fuzz all [seconds]       runs each in turn, for that long each
#
# A target is a file src/FOLDER/NAME.cc that ends in _fuzz.cc. Its seeds are tests/corpus/NAME/, which is only read; new
# inputs go to .cache/fuzz/NAME/, and an input that ends the program to .cache/fuzz/crash-NAME/: fix the bug, then add
# the input to the seeds, so that every test run goes over it.
source tools/dev/setup.sh

readarray -t all < <(find src -name '*_fuzz.cc' -printf '%f\n' | sed 's/\.cc$//' | sort)
if [[ $# -eq 0 ]]; then
  printf '%s\n' "${all[@]}"
  exit 0
fi
seconds=${2:-60}
if [[ $1 == all ]]; then
  targets=("${all[@]}")
else
  [[ " ${all[*]} " == *" $1 "* ]] || Die "there is no fuzz target '$1'; ./dev fuzz lists them"
  targets=("$1")
fi
[[ $seconds =~ ^[0-9]+$ ]] || Die "'$seconds' is no number of seconds"

NeedPackages build clang
SelectMode fuzz
Compile "${targets[@]}"

export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19
failed=()
for target in "${targets[@]}"; do
  Say "Fuzzing $target for $seconds s"
  program=$(find "$build_folder/src" -type f -name "$target" -perm -u+x)
  mkdir -p ".cache/fuzz/$target" ".cache/fuzz/crash-$target"
  folders=(".cache/fuzz/$target")
  [[ ! -d tests/corpus/$target ]] || folders+=("tests/corpus/$target")
  "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix=".cache/fuzz/crash-$target/" "${folders[@]}" || failed+=("$target")
done
[[ ${#failed[@]} -eq 0 ]] || Die "failed: ${failed[*]}; the inputs are in .cache/fuzz/crash-*/"
