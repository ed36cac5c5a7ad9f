#include "app/serve_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>

#include "app/serve.h"
#include "app/setting_text.h"
#include "base/log.h"

namespace spoor {
namespace {

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

// What no flag took.
Error Unknown(const std::string& word) {
  if (!word.starts_with("-")) return Invalid(fmt::format("'{}' is no flag: see spoor serve --help", word));
  std::vector<std::string> flags{"--config", "--help"};
  for (const std::string_view name : SettingNames()) flags.push_back(fmt::format("--{}", name));
  const std::vector<std::string_view> candidates(flags.begin(), flags.end());
  const std::string flag = word.substr(0, word.find('='));
  const std::string suggestion = Suggestion(flag, candidates);
  return Invalid(fmt::format("unknown flag {}{}", flag, suggestion.empty() ? ": see spoor serve --help" : suggestion));
}

Result<std::string> ReadConfigText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return NotFound("cannot read " + path + ": name a file that is there with --config");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Everything that was told, the weakest source first.
Result<Config> GatherConfig(const ServeLine& line) {
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

Status ServeAsTold(std::vector<std::string> words) {
  ASSIGN_OR_RETURN(const ServeLine line, ReadServeLine(std::move(words)));
  if (line.wants_help) {
    std::fputs(ServeHelpText().c_str(), stdout);
    return {};
  }
  ASSIGN_OR_RETURN(const Config config, GatherConfig(line));
  ConfigureLog(config.log_level, config.log_format);
  return Serve(config);
}

}  // namespace

Result<ServeLine> ReadServeLine(std::vector<std::string> words) {
  ServeLine line;
  std::map<std::string, std::vector<std::string>> told;
  CLI::App serve;
  serve.set_help_flag();
  serve.add_flag("-h,--help", line.wants_help);
  serve.add_option("--config", line.config_path);
  serve.allow_extras();
  for (const SettingHelp& setting : SettingHelps()) {
    serve.add_option("--" + setting.name, told[setting.name])->expected(1)->take_all()->allow_extra_args(false);
  }
  std::reverse(words.begin(), words.end());  // as CLI11 takes them
  try {
    serve.parse(std::move(words));
  } catch (const CLI::Error& error) {
    return Invalid(OneLine(error.what()) + ": see spoor serve --help");
  }
  if (!line.wants_help && !serve.remaining().empty()) return Unknown(serve.remaining().front());
  for (auto& [name, values] : told) {
    if (!values.empty()) line.flags.push_back({name, std::move(values), "--" + name});
  }
  return line;
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

int RunServe(std::vector<std::string> words) {
  BlockSignals();
  const Status served = ServeAsTold(std::move(words));
  if (served) return 0;
  std::fprintf(stderr, "spoor: %s\n", served.error().message.c_str());
  return served.error().code == Code::kInvalid ? 2 : 1;
}

}  // namespace spoor
