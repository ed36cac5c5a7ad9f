# Measure speed and size, and write docs/benchmarks.md
#
#   ./dev bench [workload...]      for example: ./dev bench ingest
#
# Builds the release binary and calls bench/run, which starts the servers that it measures.
source tools/dev/setup.sh

[[ -x bench/run ]] || Die "there is no bench/run here"
bash tools/dev/build.sh spoor spoor_bench
exec bench/run "$@"
