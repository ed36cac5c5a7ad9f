# Sourced by every verb: the parts that they share.
set -euo pipefail
source tools/dev/setup/say.sh
source tools/dev/setup/packages.sh
source tools/dev/setup/node.sh
source tools/dev/setup/compile.sh
