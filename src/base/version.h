// Which build this is. Only version.cc is compiled anew for another commit.
#pragma once

#include <string_view>

namespace spoor {

std::string_view Version();  // "0.1.0"
std::string_view Commit();   // twelve digits of git's, or "unknown"

}  // namespace spoor
