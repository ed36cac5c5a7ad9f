# Format C++ files and wrap documents, in place
#
#   ./dev format [path...]
#
# C++ as .clang-format says; paragraphs of documents that have a line of more than 120 columns are wrapped anew.
# A path limits it to that file or folder.
source tools/dev/setup.sh

NeedPackages check
# Files NAME...: what git tracks or would track by these names, within the paths given.
Files() {
  local name patterns=()
  for path in "${paths[@]}"; do
    for name in "$@"; do patterns+=(":(glob)$path/**/$name" ":(glob)$path/$name"); done
    [[ ! -f $path ]] || [[ " $* " != *" *.${path##*.} "* ]] || patterns+=("$path")
  done
  git ls-files -z --cached --others --exclude-standard -- "${patterns[@]}"
}

paths=("$@")
[[ $# -gt 0 ]] || paths=(.)
Files '*.h' '*.cc' | xargs -0 -r clang-format-19 -i
Files '*.md' | xargs -0 -r python3 -B tools/dev/wrap.py
