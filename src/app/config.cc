#include "app/config.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <span>

#include "app/setting_text.h"
#include "learn/check/url.h"

namespace spoor {
namespace {

constexpr std::string_view kVariablePrefix = "SPOOR_";
constexpr std::string_view kConfigVariable = "SPOOR_CONFIG";
constexpr uint64_t kMebi = uint64_t{1} << 20;
constexpr uint64_t kMemoryBudgetMin = 256 * kMebi;
constexpr uint64_t kDiskBytesMin = 16 * kMebi;

using Apply = std::function<Status(Config&, const std::vector<std::string>&)>;

struct Setting {
  SettingHelp help;
  Apply apply;
};

// A setting of one value, read by `read` and put into the member `field`.
template <class T, class Read>
Apply Into(T Config::* field, Read read) {
  return [field, read](Config& config, const std::vector<std::string>& values) -> Status {
    ASSIGN_OR_RETURN(config.*field, read(values.back()));
    return {};
  };
}

Result<std::string> Text(const std::string& text) {
  if (text.empty()) return Invalid("it is empty");
  return text;
}

Result<std::chrono::nanoseconds> ReadRetention(const std::string& text) {
  if (text == "off" || text == "0") return std::chrono::nanoseconds(0);
  ASSIGN_OR_RETURN(const std::chrono::nanoseconds age, ParseDuration(text));
  if (age.count() == 0) return Invalid("to keep everything for ever, say off");
  return age;
}

Result<uint64_t> ReadMaxDisk(const std::string& text) {
  if (text == "off" || text == "0") return uint64_t{0};
  ASSIGN_OR_RETURN(const uint64_t bytes, ParseBytes(text));
  if (bytes < kDiskBytesMin) return Invalid(fmt::format("'{}' is too little, 16MiB is the least", text));
  return bytes;
}

Result<size_t> ReadMemoryBudget(const std::string& text) {
  ASSIGN_OR_RETURN(const uint64_t bytes, ParseBytes(text));
  if (bytes < kMemoryBudgetMin) return Invalid(fmt::format("'{}' is too little, 256MiB is the least", text));
  return size_t{bytes};
}

Result<SyncPolicy> ReadSync(const std::string& text) {
  if (text == "always") return SyncPolicy::kAlways;
  if (text == "interval") return SyncPolicy::kInterval;
  if (text == "off") return SyncPolicy::kOff;
  return Invalid(fmt::format("'{}' is none of always, interval, off", text));
}

Result<bool> ReadSwitch(const std::string& text) {
  if (text == "on") return true;
  if (text == "off") return false;
  return Invalid(fmt::format("'{}' is none of on, off", text));
}

Result<std::string> ReadHttpUrl(const std::string& text) {
  ASSIGN_OR_RETURN(const learn::Url url, learn::ParseUrl(text));
  return url.Text();
}

Result<LogLevel> ReadLogLevel(const std::string& text) {
  if (const auto level = ParseLogLevel(text)) return *level;
  return Invalid(fmt::format("'{}' is none of debug, info, warn, error", text));
}

Result<LogFormat> ReadLogFormat(const std::string& text) {
  if (const auto format = ParseLogFormat(text)) return *format;
  return Invalid(fmt::format("'{}' is none of logfmt, json", text));
}

Status ApplyOrigins(Config& config, const std::vector<std::string>& values) {
  config.cors_origins.clear();
  for (const std::string& value : values) {
    // A list in one value, for variables.
    for (size_t begin = 0; begin <= value.size();) {
      const size_t end = std::min(value.find(',', begin), value.size());
      if (end > begin) config.cors_origins.push_back(value.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return {};
}

const std::vector<Setting>& Settings() {
  static const std::vector<Setting> settings{
      {{"data-dir", "DIR", "Folder for everything that is kept; made where it is missing", "spoor-data"},
       Into(&Config::data_dir, Text)},
      {{"listen-host", "HOST", "Address to listen on, for all ports; 0.0.0.0 for all of the machine's", "127.0.0.1"},
       Into(&Config::listen_host, Text)},
      {{"query-port", "PORT", "Web UI, query APIs, /ready, /healthz, /metrics", "16686"},
       Into(&Config::query_port, ParsePort)},
      {{"otlp-grpc-port", "PORT", "OTLP over gRPC", "4317"}, Into(&Config::otlp_grpc_port, ParsePort)},
      {{"otlp-http-port", "PORT", "OTLP over HTTP, protobuf and JSON", "4318"},
       Into(&Config::otlp_http_port, ParsePort)},
      {{"jaeger-http-port", "PORT", "Jaeger's Thrift over HTTP", "14268"}, Into(&Config::jaeger_http_port, ParsePort)},
      {{"retention", "AGE", "Spans are removed when they arrived longer ago (7d, 36h); off keeps them for ever", "7d"},
       Into(&Config::retention, ReadRetention)},
      {{"rollup-retention", "AGE",
        "What was counted by the minute (rate, errors, durations, calls) outlives the spans until then; off: for ever",
        "90d"},
       Into(&Config::rollup_retention, ReadRetention)},
      {{"max-disk", "SIZE",
        "The oldest spans are removed when all that is kept takes more (20GB, 500MiB); off: no limit", "off"},
       Into(&Config::disk_bytes_max, ReadMaxDisk)},
      {{"memory-budget", "SIZE", "Of the whole process; what does not fit is asked to come again; from 256MiB",
        "512MiB"},
       Into(&Config::memory_budget_bytes, ReadMemoryBudget)},
      {{"fsync", "WHEN",
        "When spans are forced to the disk: always (before they are acknowledged), interval (every "
        "second), off (when the system likes)",
        "always"},
       Into(&Config::sync, ReadSync)},
      {{"cors-origin", "ORIGIN", "Web origin that may send OTLP over HTTP; repeatable, * for any", "none", true},
       ApplyOrigins},
      {{"challenge", "WHEN",
        "on: the services of the challenge are checked when POST /api/spoor/v1/challenge/check asks for it; off: never",
        "off"},
       Into(&Config::challenge, ReadSwitch)},
      {{"challenge-frontend-url", "URL", "Where that check finds the frontend", "http://localhost:8080"},
       Into(&Config::challenge_frontend_url, ReadHttpUrl)},
      {{"challenge-backend-url", "URL", "Where it finds the backend that the frontend calls", "http://localhost:8081"},
       Into(&Config::challenge_backend_url, ReadHttpUrl)},
      {{"challenge-database-url", "URL", "Where it finds the database service", "http://localhost:8082"},
       Into(&Config::challenge_database_url, ReadHttpUrl)},
      {{"log-level", "LEVEL", "debug, info, warn or error", "info"}, Into(&Config::log_level, ReadLogLevel)},
      {{"log-format", "FORMAT", "logfmt or json; to stderr", "logfmt"}, Into(&Config::log_format, ReadLogFormat)},
  };
  return settings;
}

const Setting* FindSetting(std::string_view name) {
  for (const Setting& setting : Settings()) {
    if (setting.help.name == name) return &setting;
  }
  return nullptr;
}

Result<ToldSetting> ReadKey(const std::string& path, const YAML::Node& key, const YAML::Node& value) {
  const std::string where = fmt::format("{}, line {}", path, key.Mark().line + 1);
  if (!key.IsScalar()) return Invalid(where + ": a key has to be the name of a setting");
  const std::string& name = key.Scalar();
  const Setting* setting = FindSetting(name);
  if (setting == nullptr) {
    return Invalid(fmt::format("{}: unknown key {}{}", where, name, Suggestion(name, SettingNames())));
  }
  ToldSetting told{name, {}, fmt::format("{}: {}", where, name)};
  if (value.IsScalar()) {
    told.values.push_back(value.Scalar());
  } else if (value.IsSequence() && setting->help.repeatable) {
    for (const YAML::Node& one : value) {
      if (!one.IsScalar()) return Invalid(fmt::format("{}: {} has to be a list of texts", where, name));
      told.values.push_back(one.Scalar());
    }
  } else {
    return Invalid(fmt::format("{}: {} has to be one value", where, name));
  }
  return told;
}

}  // namespace

std::vector<std::string_view> SettingNames() {
  std::vector<std::string_view> names;
  for (const Setting& setting : Settings()) names.push_back(setting.help.name);
  return names;
}

Result<Config> MakeConfig(const ToldSettings& told) {
  Config config;
  for (const ToldSetting& one : told) {
    const Setting* setting = FindSetting(one.name);
    SPOOR_CHECK(setting != nullptr && (!one.values.empty() || setting->help.repeatable));
    if (Status applied = setting->apply(config, one.values); !applied) return applied.error().Within(one.told_as);
  }
  return config;
}

Result<ToldSettings> ReadConfigFile(const std::string& path, const std::string& yaml) {
  YAML::Node root;
  try {
    root = YAML::Load(yaml);
  } catch (const YAML::Exception& error) {
    return Invalid(fmt::format("{}, line {}: {}", path, error.mark.line + 1, error.msg));
  }
  ToldSettings settings;
  if (root.IsNull()) return settings;
  if (!root.IsMap()) return Invalid(path + ": it has to be a YAML map of settings, such as 'retention: 3d'");
  for (const auto& entry : root) {
    ASSIGN_OR_RETURN(ToldSetting told, ReadKey(path, entry.first, entry.second));
    settings.push_back(std::move(told));
  }
  return settings;
}

Result<Environment> ReadEnvironment(const std::vector<std::string>& variables) {
  std::map<std::string, std::string, std::less<>> settings;
  for (const Setting& setting : Settings()) settings.emplace(VariableOf(setting.help.name), setting.help.name);
  std::vector<std::string_view> names{kConfigVariable};
  for (const auto& [variable, setting] : settings) names.push_back(variable);

  Environment environment;
  for (const std::string& variable : variables) {
    const size_t equals = variable.find('=');
    if (!variable.starts_with(kVariablePrefix) || equals == std::string::npos) continue;
    const std::string name = variable.substr(0, equals);
    std::string value = variable.substr(equals + 1);
    if (name == kConfigVariable) {
      environment.config_path = std::move(value);
    } else if (const auto known = settings.find(name); known != settings.end()) {
      environment.settings.push_back({known->second, {std::move(value)}, name});
    } else if (const std::string suggestion = Suggestion(name, names); !suggestion.empty()) {
      return Invalid(fmt::format("unknown variable {}{}", name, suggestion));
    }
  }
  return environment;
}

const std::vector<SettingHelp>& SettingHelps() {
  static const std::vector<SettingHelp> helps = [] {
    std::vector<SettingHelp> all;
    for (const Setting& setting : Settings()) all.push_back(setting.help);
    return all;
  }();
  return helps;
}

std::string VariableOf(std::string_view setting) {
  std::string variable(kVariablePrefix);
  for (const char c : setting) variable.push_back(c == '-' ? '_' : static_cast<char>(c - 'a' + 'A'));
  return variable;
}

StoreOptions StoreOptionsOf(const Config& config) {
  const size_t budget = config.memory_budget_bytes;
  StoreOptions options;
  options.folder = config.data_dir + "/tenants/default";
  options.sync = config.sync;
  options.retention = config.retention;
  options.rollup_retention = config.rollup_retention;
  options.disk_bytes_max = config.disk_bytes_max;
  options.live.bytes = std::min<size_t>(64 * kMebi, budget / 8);
  options.lives_bytes_max = budget / 16 * 5;
  options.page_cache_bytes = budget / 32 * 3;
  options.rollup_cache_bytes = budget / 16;
  options.trace_facts_bytes = std::min(options.trace_facts_bytes, budget / 32 * 7);
  options.compaction.page_bytes = std::min<size_t>(options.compaction.page_bytes, budget / 16);
  // Both limits work by removing blocks, so what they allow has to be many of them.
  if (config.disk_bytes_max > 0) {
    options.live.bytes = std::min<size_t>(options.live.bytes, config.disk_bytes_max / 8);
    options.compaction.file_bytes_max = std::min(options.compaction.file_bytes_max, config.disk_bytes_max / 8);
  }
  if (config.retention.count() > 0) options.live.age = std::min(options.live.age, config.retention / 8);
  return options;
}

}  // namespace spoor
