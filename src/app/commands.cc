#include "app/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "app/challenge_command.h"
#include "app/check_command.h"
#include "app/demo_command.h"
#include "app/serve_command.h"
#include "app/setting_text.h"
#include "app/store_command.h"
#include "base/version.h"

namespace spoor {
namespace {

constexpr Command kCommands[] = {
    {"serve", "serve [FLAG...]", "take spans in, and answer questions about them", RunServe},
    {"demo", "demo [FLAG...]", "run three traced services with some traffic", RunDemo},
    {"check", "check [FLAG...]", "tell how far the services of the challenge are traced", RunCheckCommand},
    {"challenge", "challenge VERB", "learn tracing by doing it, in a folder of your own", RunChallenge},
    {"store", "store ACTION ...", "look into a data folder, check, compact, export and import it", RunStoreCommand},
};

int Unknown(const std::string& word) {
  if (word.starts_with("-")) {
    std::fprintf(stderr, "spoor: unknown flag %s: see spoor --help\n", word.c_str());
    return 2;
  }
  std::vector<std::string_view> names;
  std::transform(std::begin(kCommands), std::end(kCommands), std::back_inserter(names), [](auto& c) { return c.name; });
  const std::string suggestion = Suggestion(word, names);
  std::fprintf(stderr, "spoor: unknown command '%s'%s\n", word.c_str(),
               suggestion.empty() ? ": see spoor --help" : suggestion.c_str());
  return 2;
}

}  // namespace

std::span<const Command> Commands() { return kCommands; }

int RunCommand(std::vector<std::string> words) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    std::fputs(HelpText().c_str(), stdout);
    return 0;
  }
  if (words[0] == "--version") {
    std::fputs(VersionText().c_str(), stdout);
    return 0;
  }
  for (const Command& command : kCommands) {
    if (command.name == words[0]) return command.run({words.begin() + 1, words.end()});
  }
  return Unknown(words[0]);
}

std::string HelpText() {
  std::string text = "Spoor keeps the traces of a fleet and shows where the time went.\n\n";
  for (const Command& command : kCommands)
    text += fmt::format("  spoor {:<18} {}\n", command.synopsis, command.summary);
  text += fmt::format("  spoor {:<18} {}\n", "COMMAND --help", "all that a command takes");
  text += fmt::format("  spoor {:<18} {}\n", "--version", "");
  text += "\nStart: spoor serve --data-dir ./data, send OTLP to port 4317 or 4318, open http://127.0.0.1:16686\n";
  return text;
}

std::string VersionText() { return fmt::format("spoor {} ({})\n", Version(), Commit()); }

}  // namespace spoor
