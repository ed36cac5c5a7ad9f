// The command line of the program.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"
#include "base/result.h"

namespace spoor {

struct CommandLine {
  enum class Action : uint8_t { kHelp, kServeHelp, kVersion, kServe };
  Action action = Action::kHelp;
  std::string config_path;  // of --config, or empty
  ToldSettings flags;
};

// `words`: what stands behind the program's name. An unknown flag or command is an error that suggests the nearest.
Result<CommandLine> ReadCommandLine(std::vector<std::string> words);

std::string HelpText();
std::string ServeHelpText();
std::string VersionText();

}  // namespace spoor
