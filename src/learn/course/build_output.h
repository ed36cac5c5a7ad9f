// What of a build's output is worth reading: the compiler's lines, without the noise of the tools around it.
#pragma once

#include <string>
#include <string_view>

namespace spoor::learn {

// The errors and warnings in what CMake, ninja or make wrote, with `folder`, the absolute path of the copy, taken off
// paths: "services/frontend/main.cc:63:3: error: …". At most `lines_max` lines, the first ones. Empty where all was
// well.
std::string CompilersLines(std::string_view output, std::string_view folder, int lines_max);

// How far a build is, from one line of ninja's ("[12/58] …") or make's ("[ 20%] …"): "12 of 58", "20 %". Otherwise
// empty.
std::string ProgressOf(std::string_view line);

}  // namespace spoor::learn
