// Building a learner's copy, with the tools that the machine has.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor::learn {

// What the build of a copy needs, as Debian 12 calls it.
inline constexpr std::string_view kBuildPackages =
    "g++ cmake ninja-build libboost1.81-dev libssl-dev zlib1g-dev libsqlite3-dev";

struct BuildTools {
  std::string cmake;
  bool has_ninja = false;  // else make is there
  bool has_ccache = false;
};

// Looks in the folders of `path`, as the variable PATH has them. `compiler` is the variable CXX: empty where it is not
// set. What is missing is an error that names the packages.
Result<BuildTools> FindBuildTools(std::string_view path, std::string_view compiler);

struct BuildWatch {
  std::function<void(bool is_first)> on_begin;
  std::function<void(const std::string& progress)> on_progress;  // "12 of 58", on another thread
};

// Builds the copy in `folder`, an absolute path, into its folder build/, and writes all that the tools say to
// `log_path`. Gives what the compiler said: warnings. Where it fails, the message is the compiler's errors, and a line
// that says what to do; after a stop: kCancelled.
Result<std::string> Build(const std::string& folder, const BuildTools& tools, const std::string& log_path,
                          const BuildWatch& watch, const std::stop_token& stop);

}  // namespace spoor::learn
