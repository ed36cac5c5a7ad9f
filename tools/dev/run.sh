# Install what is needed, build and start Spoor
#
#   ./dev run [flag of spoor serve...]
#
# Starts build/spoor serve in the foreground with its data in ./data, unless --data-dir says otherwise. It logs every
# address that it opens; the UI is at http://127.0.0.1:16686 by default. Ctrl-C stops it.
# All flags: ./dev run -h
source tools/dev/setup.sh

bash tools/dev/build.sh spoor
flags=()
[[ " $*" == *" --data-dir"* ]] || flags=(--data-dir data)
Say "Starting build/spoor serve ${flags[*]} $*"
exec build/spoor serve "${flags[@]}" "$@"
