// What the program can do, by the first word of its command line.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spoor {

struct Command {
  std::string_view name;      // "serve"
  std::string_view synopsis;  // "serve [FLAG...]"
  std::string_view summary;   // what it does, in a few words
  // Runs it with the words behind its name; the exit code. Reads `--help` itself.
  int (*run)(std::vector<std::string> words);
};

// In the order in which the help names them.
std::span<const Command> Commands();

// Runs the command that the words name, or answers --help and --version. The exit code: 0, 1 where it failed, 2 where
// it was not understood. Before any other thread is there.
int RunCommand(std::vector<std::string> words);

std::string HelpText();
std::string VersionText();

}  // namespace spoor
