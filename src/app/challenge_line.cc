#include "app/challenge_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "app/setting_text.h"

namespace spoor {
namespace {

struct Verb {
  std::string_view name;
  std::string_view synopsis;
  std::string_view text;
};

constexpr std::array<Verb, 7> kVerbs = {{
    {"start", "start DIR", "makes a learner's copy: three services without tracing, and the lessons"},
    {"up", "up [FLAG...] [DIR]", "builds it and starts it, with a Spoor beside it; again after each edit"},
    {"check", "check [FLAG...]", "how far the services are traced: spoor check, for this copy"},
    {"status", "status [DIR]", "what runs where, and which steps are left to do"},
    {"solve", "solve TASK [DIR]", "writes the solution of task 2, 3, 4 or 5, or of all, into its files"},
    {"reset", "reset [DIR]", "brings every file of the course back to its beginning"},
    {"down", "down [DIR]", "stops everything"},
}};

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

Error UnknownVerb(std::string_view word) {
  std::vector<std::string_view> names;
  for (const Verb& verb : kVerbs) names.push_back(verb.name);
  const std::string suggestion = Suggestion(word, names);
  return Invalid(fmt::format("challenge does not know '{}'{}", word,
                             suggestion.empty() ? ": see spoor challenge --help" : suggestion));
}

Result<uint16_t> ReadPort(const learn::CopyPort& port, std::string_view text) {
  const Result<std::optional<uint16_t>> number = ParsePort(text);
  if (number && number->value_or(0) != 0) return **number;
  return Invalid(fmt::format("--{}: '{}' is no port: a number from 1 to 65535", port.flag, text));
}

// What stands where the verb's own words belong: a folder, or a task and a folder.
Status ReadPlaces(const std::vector<std::string>& places, ChallengeLine& line) {
  size_t next = 0;
  if (line.verb == "solve") {
    if (places.empty()) return Invalid("solve needs a task: 2, 3, 4, 5 or all");
    line.task = places[next++];
  }
  if (next < places.size()) line.folder = places[next++];
  if (line.verb == "start" && next == 0) return Invalid("start needs a folder: spoor challenge start DIR");
  if (next < places.size())
    return Invalid(fmt::format("'{}' is one word too many: see spoor challenge --help", places[next]));
  if (line.folder.empty()) return Invalid("the folder is empty: name one, or leave it out");
  return {};
}

Status ReadVerb(std::vector<std::string> words, ChallengeLine& line) {
  bool wants_help = false;
  std::vector<std::string> places;
  std::array<std::string, learn::kCopyPorts.size()> ports;
  CLI::App app;
  app.set_help_flag();
  app.add_flag("-h,--help", wants_help);
  app.add_option("places", places);
  for (size_t i = 0; line.verb == "up" && i < ports.size(); ++i) {
    app.add_option(fmt::format("--{}", learn::kCopyPorts[i].flag), ports[i]);
  }
  std::reverse(words.begin(), words.end());  // as CLI11 takes them
  try {
    app.parse(std::move(words));
  } catch (const CLI::Error& error) {
    return Invalid(OneLine(error.what()) + ": see spoor challenge --help");
  }
  if (wants_help) {
    line.verb.clear();
    return {};
  }
  for (size_t i = 0; i < ports.size(); ++i) {
    if (ports[i].empty()) continue;
    ASSIGN_OR_RETURN(const uint16_t port, ReadPort(learn::kCopyPorts[i], ports[i]));
    line.ports.emplace_back(learn::kCopyPorts[i], port);
  }
  return ReadPlaces(places, line);
}

}  // namespace

Result<ChallengeLine> ReadChallengeLine(std::vector<std::string> words) {
  ChallengeLine line;
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") return line;
  const auto verb = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& one) { return one.name == words[0]; });
  if (verb == kVerbs.end()) return UnknownVerb(words[0]);
  line.verb = verb->name;
  words.erase(words.begin());
  if (line.verb == "check") {
    line.check_words = std::move(words);
    return line;
  }
  RETURN_IF_ERROR(ReadVerb(std::move(words), line));
  return line;
}

std::string ChallengeHelpText() {
  std::string text =
      "spoor challenge VERB: learn tracing by doing it, in a folder of your own. In that folder, ./challenge VERB is\n"
      "the same.\n"
      "\n";
  for (const Verb& verb : kVerbs) text += fmt::format("  {:<28} {}\n", verb.synopsis, verb.text);
  text +=
      "\n"
      "DIR is the folder of the copy, the current one if it is left out. What you changed in a file is kept beside "
      "it,\n"
      "as NAME.mine, when solve or reset writes the file anew.\n"
      "\n"
      "Flags of up; what they say is remembered:\n";
  const learn::CopyPorts standard;
  for (const learn::CopyPort& port : learn::kCopyPorts) {
    text += fmt::format("  {:<28} where {} is [{}]\n", fmt::format("--{} PORT", port.flag), port.text,
                        standard.*(port.port));
  }
  text +=
      "\n"
      "  spoor challenge start ~/tracing && cd ~/tracing && ./challenge up\n";
  return text;
}

}  // namespace spoor
