#include "app/demo_command.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "app/stop_signals.h"
#include "learn/programs/local_port.h"

namespace spoor {
namespace {

constexpr const char* kEndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
constexpr std::string_view kDefaultEndpoint = "http://127.0.0.1:4318";

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

Status CheckNumber(std::string_view flag, double value, double largest) {
  if (std::isfinite(value) && value >= 0 && value <= largest) return {};
  return Invalid(fmt::format("{} is a number from 0 to {}", flag, largest));
}

Status CheckUrl(std::string_view flag, std::string_view text) {
  if (text.starts_with("http://") || text.starts_with("https://")) return {};
  return Invalid(fmt::format("{} is an address such as http://127.0.0.1:4318", flag));
}

Status Check(const DemoLine& line) {
  RETURN_IF_ERROR(CheckNumber("--rate", line.plan.requests_per_s, learn::Traffic::kRateMax));
  RETURN_IF_ERROR(CheckNumber("--fault-rate", line.plan.fault_rate, 1));
  RETURN_IF_ERROR(CheckNumber("--slow-rate", line.plan.slow_rate, 1));
  RETURN_IF_ERROR(CheckNumber("--delay-scale", line.plan.delay_scale, 1000));
  RETURN_IF_ERROR(CheckUrl("--endpoint", line.plan.endpoint));
  return CheckUrl("--query-url", line.query_url);
}

// Beside this program as the build leaves them, or where they are installed.
Result<std::string> FindPrograms() {
  std::error_code failed;
  const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path();
  const std::filesystem::path built = here / "demo", installed = here.parent_path() / "libexec/spoor";
  for (const auto& folder : {built, installed}) {
    if (std::filesystem::exists(folder / "frontend", failed)) return folder.string();
  }
  return NotFound(fmt::format("the programs of the demo are neither in {} nor in {}: build them (./dev build)",
                              built.string(), installed.string()));
}

// A folder that goes when this goes, unless somebody wants to keep one.
class DataFolder {
 public:
  static Result<std::unique_ptr<DataFolder>> Make(const std::string& wanted) {
    auto folder = std::make_unique<DataFolder>();
    folder->is_kept_ = !wanted.empty();
    std::error_code failed;
    if (folder->is_kept_) {
      std::filesystem::create_directories(wanted, failed);
      folder->path_ = wanted;
    } else {
      std::string pattern = std::filesystem::temp_directory_path(failed) / "spoor-demo-XXXXXX";
      if (!failed && mkdtemp(pattern.data()) == nullptr) failed = std::error_code(errno, std::generic_category());
      folder->path_ = pattern;
    }
    if (!failed) return folder;
    folder->is_kept_ = true;
    return IoError(
        fmt::format("cannot make the folder {}: {}: choose another with --data-dir", folder->path_, failed.message()));
  }
  DataFolder() = default;
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;
  ~DataFolder() {
    std::error_code ignored;
    if (!is_kept_) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool is_kept_ = true;
};

Status CheckPorts(const learn::DemoPlan& plan) {
  struct Wanted {
    uint16_t port;
    std::string_view flag;
  };
  const Wanted all[] = {{plan.frontend_port, "--frontend-port"},
                        {plan.backend_port, "--backend-port"},
                        {plan.database_port, "--database-port"}};
  for (const Wanted& one : all) {
    if (learn::IsPortFree(one.port)) continue;
    return Busy(fmt::format("port {} is taken: stop what listens there, or choose another with {} (0: a free one)",
                            one.port, one.flag));
  }
  return {};
}

// What a service writes beyond its log (what its tracing cannot do, say), and with --logs that, too.
bool IsWorthShowing(const DemoLine& line, std::string_view text) {
  return line.wants_logs || !(text.starts_with("time=") || text.starts_with("listening on "));
}

void Print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

std::string WelcomeText(const DemoLine& line, const learn::Demo& demo) {
  std::string text;
  for (const auto& [service, url] : demo.addresses()) text += fmt::format("{:<16} {}\n", service, url);
  const std::string frontend = demo.addresses()[0].url;
  text += fmt::format("{:<16} {}\n", "spans go to", line.plan.endpoint);
  text += line.plan.requests_per_s > 0 ? fmt::format("{:<16} {:g} requests a second; some are slow, some fail\n",
                                                     "traffic", line.plan.requests_per_s)
                                       : fmt::format("{:<16} none, but for yours\n", "traffic");
  text +=
      fmt::format("Try: curl '{}/api/orders?n_plus_one=true', then open {} and find its trace. Ctrl-C ends the demo.\n",
                  frontend, line.query_url);
  return text;
}

Status RunAsTold(const DemoLine& line, const std::stop_token& stop) {
  learn::DemoPlan plan = line.plan;
  ASSIGN_OR_RETURN(plan.programs_folder, FindPrograms());
  RETURN_IF_ERROR(CheckPorts(plan));
  ASSIGN_OR_RETURN(const auto data, DataFolder::Make(plan.data_folder));
  plan.data_folder = data->path();
  plan.on_line = [&line](std::string_view service, std::string_view text) {
    if (IsWorthShowing(line, text)) Print(fmt::format("{:<16} {}\n", service, text));
  };
  ASSIGN_OR_RETURN(const auto demo, learn::Demo::Start(plan, stop));
  Print(WelcomeText(line, *demo));
  return demo->Run(stop);
}

}  // namespace

Result<DemoLine> ReadDemoLine(std::vector<std::string> words) {
  DemoLine line;
  const char* endpoint = std::getenv(kEndpointVariable);
  line.plan.endpoint = endpoint == nullptr || *endpoint == '\0' ? kDefaultEndpoint : endpoint;
  CLI::App demo;
  demo.set_help_flag();
  demo.add_flag("-h,--help", line.wants_help);
  demo.add_flag("--logs", line.wants_logs);
  demo.add_option("--rate", line.plan.requests_per_s)->take_last();
  demo.add_option("--fault-rate", line.plan.fault_rate)->take_last();
  demo.add_option("--slow-rate", line.plan.slow_rate)->take_last();
  demo.add_option("--delay-scale", line.plan.delay_scale)->take_last();
  demo.add_option("--endpoint", line.plan.endpoint)->take_last();
  demo.add_option("--query-url", line.query_url)->take_last();
  demo.add_option("--data-dir", line.plan.data_folder)->take_last();
  demo.add_option("--frontend-port", line.plan.frontend_port)->take_last();
  demo.add_option("--backend-port", line.plan.backend_port)->take_last();
  demo.add_option("--database-port", line.plan.database_port)->take_last();
  std::reverse(words.begin(), words.end());  // as CLI11 takes them
  try {
    demo.parse(std::move(words));
  } catch (const CLI::Error& error) {
    return Invalid(OneLine(error.what()) + ": see spoor demo --help");
  }
  if (!line.wants_help) RETURN_IF_ERROR(Check(line));
  return line;
}

std::string DemoHelpText() {
  return "spoor demo [FLAG...]: starts three small services that call one another (frontend, backend and\n"
         "database-service), asks them for things, and has their spans sent to Spoor, which is to run already (spoor\n"
         "serve). Runs until SIGTERM or SIGINT, which stop the services, too.\n"
         "\n"
         "  --rate N                     requests a second; 0: none, but for yours [1]\n"
         "  --fault-rate SHARE           of all queries that fail, 0 to 1, beside the few that are asked for [0]\n"
         "  --slow-rate SHARE            and of those that are slow [0]\n"
         "  --delay-scale N              how long made-up work takes, as a multiple; 0: no time [1]\n"
         "  --endpoint URL               of OTLP over HTTP, where the spans go [$OTEL_EXPORTER_OTLP_ENDPOINT, or\n"
         "                               http://127.0.0.1:4318]\n"
         "  --query-url URL              of Spoor's pages, for the line that says where to look\n"
         "                               [http://127.0.0.1:16686]\n"
         "  --data-dir DIR               where the database is kept; without it, a folder that goes when the demo "
         "ends\n"
         "  --frontend-port PORT         0: a free one; it is printed [8080]\n"
         "  --backend-port PORT          [8081]\n"
         "  --database-port PORT         [8082]\n"
         "  --logs                       show the services' logs\n"
         "\n"
         "What to ask the frontend for: /api/users, /api/users/1, /api/orders, /api/products, and with one of these\n"
         "behind it, something to find: ?slow=true, ?fail=true, and for orders ?n_plus_one=true.\n"
         "\n"
         "  spoor serve &\n"
         "  spoor demo --rate 5 --fault-rate 0.02\n";
}

int RunDemo(std::vector<std::string> words) {
  const StopSignals signals;
  Result<DemoLine> line = ReadDemoLine(std::move(words));
  if (line && line->wants_help) {
    Print(DemoHelpText());
    return 0;
  }
  const Status ran = line ? RunAsTold(*line, signals.token()) : line.error();
  if (ran || ran.error().code == Code::kCancelled) return 0;
  std::string message = ran.error().message;
  if (!message.ends_with('\n')) message += '\n';
  std::fprintf(stderr, "spoor: %s", message.c_str());
  return ran.error().code == Code::kInvalid ? 2 : 1;
}

}  // namespace spoor
