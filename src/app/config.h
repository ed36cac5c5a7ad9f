// Config: everything that `spoor serve` can be told, and where it was told: a flag beats a SPOOR_ variable, that beats
// a key of the YAML file, that beats the default.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "store/store_options.h"

namespace spoor {

// Nothing: the port stays closed. 0: a free one.
using PortSetting = std::optional<uint16_t>;

struct Config {
  std::string data_dir = "spoor-data";
  std::string listen_host = "127.0.0.1";
  PortSetting query_port = 16686;
  PortSetting otlp_grpc_port = 4317;
  PortSetting otlp_http_port = 4318;
  PortSetting jaeger_http_port = 14268;
  std::chrono::nanoseconds retention = std::chrono::hours(7 * 24);          // 0: for ever
  std::chrono::nanoseconds rollup_retention = std::chrono::hours(90 * 24);  // 0: for ever; at least as long as spans
  uint64_t disk_bytes_max = 0;                                              // 0: without a limit
  size_t memory_budget_bytes = size_t{512} << 20;
  SyncPolicy sync = SyncPolicy::kAlways;
  std::vector<std::string> cors_origins;
  bool challenge = false;  // whether the services of the challenge are checked when the API is asked to
  std::string challenge_frontend_url = "http://localhost:8080";
  std::string challenge_backend_url = "http://localhost:8081";
  std::string challenge_database_url = "http://localhost:8082";
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kLogfmt;
};

// A setting as one source tells it. Repeatable settings have several values; of the others the last one counts.
struct ToldSetting {
  std::string name;  // "otlp-http-port"
  std::vector<std::string> values;
  std::string
      told_as;  // where and how: "--otlp-http-port", "SPOOR_OTLP_HTTP_PORT", "spoor.yaml, line 3: otlp-http-port"
};
using ToldSettings = std::vector<ToldSetting>;

// The defaults, overridden by `told` in its order: file, environment, flags. Errors are one sentence that names the
// setting as it was told, and what would be right.
Result<Config> MakeConfig(const ToldSettings& told);

// The settings of a YAML file with one map, from its text. An unknown key is an error that suggests the nearest.
Result<ToldSettings> ReadConfigFile(const std::string& path, const std::string& yaml);

// The settings among variables such as "SPOOR_RETENTION=3d". A SPOOR_ variable that looks like a misspelt setting is an
// error that suggests it; others are not ours. SPOOR_CONFIG names the file.
struct Environment {
  ToldSettings settings;
  std::string config_path;
};
Result<Environment> ReadEnvironment(const std::vector<std::string>& variables);

// The names of all settings.
std::vector<std::string_view> SettingNames();

// One line of the help for each setting, in its order.
struct SettingHelp {
  std::string name;
  std::string value;  // what stands for it: "PORT"
  std::string text;
  std::string default_text;
  bool repeatable = false;
};
const std::vector<SettingHelp>& SettingHelps();

// "otlp-http-port" is SPOOR_OTLP_HTTP_PORT.
std::string VariableOf(std::string_view setting);

// How the store is told.
StoreOptions StoreOptionsOf(const Config& config);

}  // namespace spoor
