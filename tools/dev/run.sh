# Install what is needed, build and start Spoor, with a demo that has traces to show
#
#   ./dev run [--no-demo] [flag of spoor serve...]
#
# Starts build/spoor serve with its data in ./data, unless --data-dir says otherwise. It logs every address that it
# opens; the UI is at http://127.0.0.1:16686 by default. Beside it runs the demo: three services on ports 8080 to 8082,
# and about one request a second. Where one of those ports is taken, it says so, and Spoor runs without the demo.
# Ctrl-C stops everything.
#
# --no-demo   Spoor alone
# DEMO_FLAGS  a variable with flags of spoor demo, such as "--frontend-port 9080 --rate 5"
#
# All flags: ./dev run -h
source tools/dev/setup.sh

with_demo=yes
words=()
for word in "$@"; do
  case $word in
    --no-demo) with_demo=no ;;
    -h | --help) with_demo=no words+=("$word") ;;
    *) words+=("$word") ;;
  esac
done
words=(--challenge on "${words[@]}")  # for the Learn page; a later flag beats it
[[ " ${words[*]}" == *" --data-dir"* ]] || words=(--data-dir "${SPOOR_DATA_DIR:-data}" "${words[@]}")

targets=(spoor)
[[ $with_demo == no ]] || targets+=(frontend backend database-service)
bash tools/dev/build.sh "${targets[@]}"
Say "Starting build/spoor serve ${words[*]}"
[[ $with_demo == yes ]] || exec build/spoor serve "${words[@]}"
exec bash tools/dev/run/with_demo.sh build/spoor "${words[@]}"
