#include "app/config.h"

#include <gtest/gtest.h>

#include "app/commands.h"
#include "app/serve_command.h"
#include "app/setting_text.h"

namespace spoor {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

ToldSetting Told(std::string name, std::string value) { return {name, {std::move(value)}, "--" + name}; }

std::string ErrorOf(const ToldSettings& told) {
  const auto config = MakeConfig(told);
  return config ? "" : config.error().message;
}

TEST(Config, HasTheDocumentedDefaults) {
  const Config config = *MakeConfig({});
  EXPECT_EQ(config.listen_host, "127.0.0.1");
  EXPECT_EQ(config.query_port, PortSetting(16686));
  EXPECT_EQ(config.otlp_grpc_port, PortSetting(4317));
  EXPECT_EQ(config.otlp_http_port, PortSetting(4318));
  EXPECT_EQ(config.jaeger_http_port, PortSetting(14268));
  EXPECT_EQ(config.memory_budget_bytes, size_t{512} << 20);
  EXPECT_EQ(config.retention, hours(168));
  EXPECT_EQ(config.disk_bytes_max, 0u);
  EXPECT_EQ(config.sync, SyncPolicy::kAlways);
}

TEST(Config, HelpTellsTheDefaultsThatAreUsed) {
  const Config defaults = *MakeConfig({});
  ToldSettings told;
  for (const SettingHelp& help : SettingHelps()) {
    if (!help.repeatable) told.push_back(Told(help.name, help.default_text));
  }
  const auto config = MakeConfig(told);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->data_dir, defaults.data_dir);
  EXPECT_EQ(config->listen_host, defaults.listen_host);
  EXPECT_EQ(config->query_port, defaults.query_port);
  EXPECT_EQ(config->otlp_grpc_port, defaults.otlp_grpc_port);
  EXPECT_EQ(config->otlp_http_port, defaults.otlp_http_port);
  EXPECT_EQ(config->jaeger_http_port, defaults.jaeger_http_port);
  EXPECT_EQ(config->retention, defaults.retention);
  EXPECT_EQ(config->disk_bytes_max, defaults.disk_bytes_max);
  EXPECT_EQ(config->memory_budget_bytes, defaults.memory_budget_bytes);
  EXPECT_EQ(config->sync, defaults.sync);
  EXPECT_EQ(config->challenge, defaults.challenge);
  EXPECT_EQ(config->challenge_frontend_url, defaults.challenge_frontend_url);
  EXPECT_EQ(config->challenge_backend_url, defaults.challenge_backend_url);
  EXPECT_EQ(config->challenge_database_url, defaults.challenge_database_url);
  EXPECT_EQ(config->log_level, defaults.log_level);
  EXPECT_EQ(config->log_format, defaults.log_format);
}

TEST(Config, TakesAddressesOfTheChallengeOnlyAsTheyCanBeAsked) {
  EXPECT_TRUE(MakeConfig({Told("challenge", "on")})->challenge);
  EXPECT_EQ(MakeConfig({Told("challenge-backend-url", "http://[::1]:81/x/")})->challenge_backend_url,
            "http://[::1]:81/x");
  EXPECT_EQ(ErrorOf({Told("challenge", "yes")}), "--challenge: 'yes' is none of on, off");
  EXPECT_NE(ErrorOf({Told("challenge-frontend-url", "localhost:8080")}).find("http://"), std::string::npos);
}

TEST(Config, LaterSourcesOverrideEarlierOnes) {
  const Config config = *MakeConfig(
      {Told("retention", "1d"), Told("max-disk", "1GB"), Told("retention", "2d"), Told("retention", "off")});
  EXPECT_EQ(config.retention.count(), 0);
  EXPECT_EQ(config.disk_bytes_max, 1'000'000'000u);
}

TEST(Config, OfSeveralValuesOfOneFlagTheLastCounts) {
  EXPECT_EQ(MakeConfig({{"query-port", {"1", "2"}, "--query-port"}})->query_port, PortSetting(2));
}

TEST(Config, PortsMayBeClosedOrFree) {
  const Config config = *MakeConfig({Told("query-port", "0"), Told("otlp-http-port", "off")});
  EXPECT_EQ(config.query_port, PortSetting(0));
  EXPECT_EQ(config.otlp_http_port, PortSetting());
}

TEST(Config, ErrorsNameTheSettingTheValueAndWhatWouldBeRight) {
  EXPECT_EQ(ErrorOf({Told("query-port", "70000")}),
            "--query-port: '70000' is not a port: a number up to 65535, 0 for a free one, or off");
  EXPECT_EQ(ErrorOf({Told("fsync", "sometimes")}), "--fsync: 'sometimes' is none of always, interval, off");
  EXPECT_EQ(ErrorOf({Told("memory-budget", "lots")}), "--memory-budget: 'lots' is not a size such as 512MiB or 20GB");
  EXPECT_EQ(ErrorOf({Told("memory-budget", "255MiB")}), "--memory-budget: '255MiB' is too little, 256MiB is the least");
  EXPECT_EQ(ErrorOf({Told("retention", "7 days")}), "--retention: '7 days' is not a duration such as 7d, 36h or 1d12h");
  EXPECT_EQ(ErrorOf({Told("data-dir", "")}), "--data-dir: it is empty");
}

TEST(Config, OriginsAreAListHoweverTheyAreTold) {
  const std::vector<std::string> both{"http://a", "http://b"};
  EXPECT_EQ(MakeConfig({{"cors-origin", {"http://a", "http://b"}, ""}})->cors_origins, both);
  EXPECT_EQ(MakeConfig({{"cors-origin", {"http://a,http://b"}, ""}})->cors_origins, both);
}

TEST(ConfigFile, TellsSettingsByName) {
  const auto told = ReadConfigFile("spoor.yaml", "retention: 3d\nquery-port: 1\ncors-origin: [http://a, http://b]\n");
  ASSERT_TRUE(told) << told.error().message;
  const Config config = *MakeConfig(*told);
  EXPECT_EQ(config.retention, hours(72));
  EXPECT_EQ(config.query_port, PortSetting(1));
  EXPECT_EQ(config.cors_origins.size(), 2u);
}

TEST(ConfigFile, MayBeEmpty) { EXPECT_TRUE(ReadConfigFile("spoor.yaml", "# nothing\n")->empty()); }

TEST(ConfigFile, ErrorsNameFileLineAndTheNearestKey) {
  const auto error = [](const char* yaml) { return ReadConfigFile("spoor.yaml", yaml).error().message; };
  EXPECT_EQ(error("fsync: off\nretentoin: 7d\n"), "spoor.yaml, line 2: unknown key retentoin; did you mean retention?");
  EXPECT_EQ(error("zzzzzzzz: 1\n"), "spoor.yaml, line 1: unknown key zzzzzzzz");
  EXPECT_EQ(error("retention: [1d, 2d]\n"), "spoor.yaml, line 1: retention has to be one value");
  EXPECT_EQ(error("- a\n"), "spoor.yaml: it has to be a YAML map of settings, such as 'retention: 3d'");
  EXPECT_TRUE(error("a: [").starts_with("spoor.yaml, line "));
  EXPECT_EQ(MakeConfig(*ReadConfigFile("spoor.yaml", "\nfsync: no\n")).error().message,
            "spoor.yaml, line 2: fsync: 'no' is none of always, interval, off");
}

TEST(Environment, TellsSettingsByVariable) {
  const auto environment = ReadEnvironment({"PATH=/bin", "SPOOR_RETENTION=3d", "SPOOR_OTLP_HTTP_PORT=off",
                                            "SPOOR_JAEGER_HTTP_PORT=0", "SPOOR_CONFIG=/etc/spoor.yaml"});
  ASSERT_TRUE(environment) << environment.error().message;
  EXPECT_EQ(environment->config_path, "/etc/spoor.yaml");
  const Config config = *MakeConfig(environment->settings);
  EXPECT_EQ(config.retention, hours(72));
  EXPECT_EQ(config.otlp_http_port, PortSetting());
  EXPECT_EQ(config.jaeger_http_port, PortSetting(0));
}

TEST(Environment, SuggestsTheNearestVariableAndLeavesOtherPeoplesAlone) {
  EXPECT_EQ(ReadEnvironment({"SPOOR_RETENTOIN=3d"}).error().message,
            "unknown variable SPOOR_RETENTOIN; did you mean SPOOR_RETENTION?");
  EXPECT_TRUE(ReadEnvironment({"SPOOR_BINARY=/x", "SPOOR_BUILD=release", "RETENTION=1"}));
}

TEST(Environment, EverySettingHasAVariable) {
  std::vector<std::string> variables;
  for (const SettingHelp& help : SettingHelps()) variables.push_back(VariableOf(help.name) + "=x");
  EXPECT_EQ(ReadEnvironment(variables)->settings.size(), SettingHelps().size());
}

TEST(ServeLine, TakesValuesAsASecondWordOrBehindAnEqualsSign) {
  const auto line = ReadServeLine({"--data-dir", "d", "--query-port=0", "--config", "c", "--max-disk=1GB"});
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(line->config_path, "c");
  const Config config = *MakeConfig(line->flags);
  EXPECT_EQ(config.data_dir, "d");
  EXPECT_EQ(config.query_port, PortSetting(0));
  EXPECT_EQ(config.disk_bytes_max, 1'000'000'000u);
}

TEST(ServeLine, RepeatsWhatIsRepeatable) {
  const auto line = ReadServeLine({"--cors-origin", "http://a", "--cors-origin", "http://b"});
  EXPECT_EQ(MakeConfig(line->flags)->cors_origins.size(), 2u);
}

TEST(ServeLine, AsksForHelp) {
  EXPECT_FALSE(ReadServeLine({})->wants_help);
  EXPECT_TRUE(ReadServeLine({"--help"})->wants_help);
  EXPECT_TRUE(ReadServeLine({"-h"})->wants_help);
}

TEST(ServeLine, SuggestsTheNearestFlag) {
  const auto error = [](std::vector<std::string> words) { return ReadServeLine(std::move(words)).error().message; };
  EXPECT_EQ(error({"--retentoin", "7d"}), "unknown flag --retentoin; did you mean --retention?");
  EXPECT_EQ(error({"--query-prot=1"}), "unknown flag --query-prot; did you mean --query-port?");
  EXPECT_EQ(error({"folder"}), "'folder' is no flag: see spoor serve --help");
  EXPECT_EQ(error({"--query-port"}).find('\n'), std::string::npos);
}

TEST(Commands, AnswerHelpAndVersionAndRefuseWhatTheyDoNotKnow) {
  EXPECT_EQ(RunCommand({}), 0);
  EXPECT_EQ(RunCommand({"--version"}), 0);
  testing::internal::CaptureStderr();
  EXPECT_EQ(RunCommand({"srve"}), 2);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "spoor: unknown command 'srve'; did you mean serve?\n");
  for (const Command& command : Commands()) EXPECT_NE(HelpText().find(command.synopsis), std::string::npos);
}

TEST(ServeLine, HelpNamesEverySetting) {
  for (const SettingHelp& help : SettingHelps()) {
    EXPECT_NE(ServeHelpText().find("--" + help.name + " " + help.value), std::string::npos) << help.name;
  }
}

TEST(SettingText, ReadsDurations) {
  EXPECT_EQ(*ParseDuration("7d"), hours(168));
  EXPECT_EQ(*ParseDuration("1d12h"), hours(36));
  EXPECT_EQ(*ParseDuration("1.5h"), minutes(90));
  EXPECT_EQ(*ParseDuration("250ms"), milliseconds(250));
  for (const char* bad : {"", "7", "d", "7x", "-1d", "1d ", "9999999999d", "1..5h"}) EXPECT_FALSE(ParseDuration(bad));
}

TEST(SettingText, ReadsSizes) {
  EXPECT_EQ(*ParseBytes("512MiB"), uint64_t{512} << 20);
  EXPECT_EQ(*ParseBytes("1.5GiB"), uint64_t{1536} << 20);
  EXPECT_EQ(*ParseBytes("20GB"), 20'000'000'000u);
  EXPECT_EQ(*ParseBytes("1048576"), 1048576u);
  for (const char* bad : {"", "MiB", "1XB", "-1", "1MiB2", "99999999TiB"}) EXPECT_FALSE(ParseBytes(bad));
}

TEST(SettingText, TakesTheNearestByTyposAndNothingFarAway) {
  const std::string_view names[] = {"retention", "max-disk", "fsync"};
  EXPECT_EQ(Nearest("retentoin", names), "retention");
  EXPECT_EQ(Nearest("maxdisk", names), "max-disk");
  EXPECT_EQ(Nearest("fsnyc", names), "fsync");
  EXPECT_EQ(Nearest("elephants", names), "");
}

TEST(StoreOptions, StayWellWithinTheMemoryBudget) {
  for (const char* budget : {"256MiB", "512MiB", "4GiB"}) {
    const Config config = *MakeConfig({Told("memory-budget", budget)});
    const StoreOptions options = StoreOptionsOf(config);
    EXPECT_LE(options.lives_bytes_max + options.page_cache_bytes, config.memory_budget_bytes / 2) << budget;
    EXPECT_LE(options.live.bytes, size_t{64} << 20);
  }
}

}  // namespace
}  // namespace spoor
