# Format every C++ file in place
#
#   ./dev format
source tools/dev/setup.sh

NeedPackages check
git ls-files -z --cached --others --exclude-standard '*.h' '*.cc' | xargs -0 -r clang-format-19 -i
