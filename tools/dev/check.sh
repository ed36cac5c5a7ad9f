# Check style, layers, bans and links, in under a minute
#
#   ./dev check [rule...]
#
# Looks at every file that git tracks or would track, and prints "file:line: rule: what to do instead". The rules are
# the files of tools/check/rules/. STYLE.md says why.
source tools/dev/setup.sh

NeedPackages check
exec python3 -B tools/check/run.py "$@"
