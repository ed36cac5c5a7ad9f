#include "app/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <span>

#include "app/setting_text.h"
#include "base/version.h"

namespace spoor {
namespace {

constexpr std::string_view kCommands[] = {"serve"};

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

// What no command or flag took.
Error Unknown(const std::string& word, bool in_serve) {
  if (!word.starts_with("-")) {
    if (in_serve) return Invalid(fmt::format("'{}' is no flag: see spoor serve --help", word));
    return Invalid(fmt::format("unknown command '{}'{}", word, Suggestion(word, kCommands)));
  }
  std::vector<std::string> flags{"--config", "--help"};
  for (const std::string_view name : SettingNames()) flags.push_back(fmt::format("--{}", name));
  const std::vector<std::string_view> candidates(flags.begin(), flags.end());
  const std::string flag = word.substr(0, word.find('='));
  const std::string suggestion = Suggestion(flag, candidates);
  return Invalid(fmt::format("unknown flag {}{}", flag, suggestion.empty() ? ": see spoor serve --help" : suggestion));
}

}  // namespace

Result<CommandLine> ReadCommandLine(std::vector<std::string> words) {
  CommandLine line;
  bool wants_help = false;
  bool wants_serve_help = false;
  bool wants_version = false;
  std::map<std::string, std::vector<std::string>> told;

  CLI::App app;
  app.set_help_flag();
  app.add_flag("-h,--help", wants_help);
  app.add_flag("--version", wants_version);
  app.allow_extras();
  CLI::App* serve = app.add_subcommand("serve");
  serve->set_help_flag();
  serve->add_flag("-h,--help", wants_serve_help);
  serve->add_option("--config", line.config_path);
  serve->allow_extras();
  for (const SettingHelp& setting : SettingHelps()) {
    serve->add_option("--" + setting.name, told[setting.name])->expected(1)->take_all()->allow_extra_args(false);
  }
  std::reverse(words.begin(), words.end());  // as CLI11 takes them
  try {
    app.parse(std::move(words));
  } catch (const CLI::Error& error) {
    return Invalid(OneLine(error.what()) + ": see spoor serve --help");
  }

  if (wants_version) {
    line.action = CommandLine::Action::kVersion;
  } else if (!app.remaining().empty()) {
    return Unknown(app.remaining().front(), false);
  } else if (wants_serve_help) {
    line.action = CommandLine::Action::kServeHelp;
  } else if (!serve->remaining().empty()) {
    return Unknown(serve->remaining().front(), true);
  } else if (serve->parsed() && !wants_help) {
    line.action = CommandLine::Action::kServe;
  }
  for (auto& [name, values] : told) {
    if (!values.empty()) line.flags.push_back({name, std::move(values), "--" + name});
  }
  return line;
}

std::string HelpText() {
  return "Spoor keeps the traces of a fleet and shows where the time went.\n"
         "\n"
         "  spoor serve [FLAG...]   take spans in, and answer questions about them\n"
         "  spoor serve --help      all flags\n"
         "  spoor --version\n"
         "\n"
         "Start: spoor serve --data-dir ./data, send OTLP to port 4317 or 4318, open http://127.0.0.1:16686\n";
}

std::string ServeHelpText() {
  std::string text =
      "spoor serve [FLAG...]: takes spans in, keeps them, and answers questions about them. Runs until SIGTERM or\n"
      "SIGINT, which let it finish what is under way; a second one ends it at once.\n"
      "\n";
  text += fmt::format("  {:<28} {}\n", "--config FILE", "YAML file with settings, named as the flags without --");
  for (const SettingHelp& setting : SettingHelps()) {
    text += fmt::format("  {:<28} {} [{}]\n", fmt::format("--{} {}", setting.name, setting.value), setting.text,
                        setting.default_text);
  }
  text +=
      "\n"
      "A PORT is a number, 0 for a free one (it is logged), or off. In [] stands the default.\n"
      "Each setting is also a variable (--max-disk is SPOOR_MAX_DISK) and a key of the file (max-disk: 20GB).\n"
      "A flag beats a variable, a variable the file, the file the default.\n"
      "\n"
      "  spoor serve --data-dir /var/lib/spoor --listen-host 0.0.0.0 --retention 14d --max-disk 200GB\n";
  return text;
}

std::string VersionText() { return fmt::format("spoor {} ({})\n", Version(), Commit()); }

}  // namespace spoor
