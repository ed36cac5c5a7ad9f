// The program `spoor`.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/config.h"
#include "app/serve.h"
#include "base/log.h"

namespace spoor {
namespace {

Result<std::string> ReadConfigText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return NotFound("cannot read " + path + ": name a file that is there with --config");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Everything that was told, the weakest source first.
Result<Config> GatherConfig(const CommandLine& line) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);
  ASSIGN_OR_RETURN(const Environment environment, ReadEnvironment(variables));
  const std::string& path = line.config_path.empty() ? environment.config_path : line.config_path;
  ToldSettings told;
  if (!path.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadConfigText(path));
    ASSIGN_OR_RETURN(told, ReadConfigFile(path, text));
  }
  told.insert(told.end(), environment.settings.begin(), environment.settings.end());
  told.insert(told.end(), line.flags.begin(), line.flags.end());
  return MakeConfig(told);
}

Status Run(const CommandLine& line) {
  ASSIGN_OR_RETURN(const Config config, GatherConfig(line));
  ConfigureLog(config.log_level, config.log_format);
  return Serve(config);
}

int Fail(const Error& error) {
  std::fprintf(stderr, "spoor: %s\n", error.message.c_str());
  return error.code == Code::kInvalid ? 2 : 1;
}

int Main(std::vector<std::string> words) {
  const auto line = ReadCommandLine(std::move(words));
  if (!line) return Fail(line.error());
  switch (line->action) {
    case CommandLine::Action::kHelp: std::fputs(HelpText().c_str(), stdout); return 0;
    case CommandLine::Action::kServeHelp: std::fputs(ServeHelpText().c_str(), stdout); return 0;
    case CommandLine::Action::kVersion: std::fputs(VersionText().c_str(), stdout); return 0;
    case CommandLine::Action::kServe: break;
  }
  const Status served = Run(*line);
  return served ? 0 : Fail(served.error());
}

}  // namespace
}  // namespace spoor

int main(int argc, char** argv) {
  spoor::BlockSignals();
  return spoor::Main({argv + 1, argv + argc});
}
