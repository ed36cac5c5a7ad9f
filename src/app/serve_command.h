// The command line of `spoor serve`.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"
#include "base/result.h"

namespace spoor {

struct ServeLine {
  bool wants_help = false;
  std::string config_path;  // of --config, or empty
  ToldSettings flags;
};

// `words`: what stands behind `serve`. An unknown flag is an error that suggests the nearest.
Result<ServeLine> ReadServeLine(std::vector<std::string> words);

std::string ServeHelpText();

// `spoor serve`: settings from the file, the variables and the words; then the server. The exit code.
int RunServe(std::vector<std::string> words);

}  // namespace spoor
