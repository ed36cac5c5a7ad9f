#include "learn/demo/demo.h"

#include <fmt/format.h>

#include <vector>

#include "learn/programs/health.h"

namespace spoor::learn {
namespace {

using namespace std::chrono_literals;

constexpr auto kStartPatience = 20s;
constexpr auto kStopPatience = 10s;  // three for requests, five for the last spans
constexpr std::string_view kListening = "listening on ";

}  // namespace

Result<std::unique_ptr<Demo>> Demo::Start(const DemoPlan& plan, const std::stop_token& stop) {
  auto demo = std::unique_ptr<Demo>(new Demo(plan));
  // Each is told where the next one is, so the last one comes first.
  for (Service* service : {&demo->database_, &demo->backend_, &demo->frontend_}) {
    RETURN_IF_ERROR(demo->StartService(*service, stop));
  }
  return demo;
}

Demo::~Demo() {
  std::vector<Program*> programs;
  for (Service* service : {&frontend_, &backend_, &database_}) {
    if (service->program != nullptr) programs.push_back(service->program.get());
  }
  StopAll(programs, kStopPatience);
  for (Service* service : {&frontend_, &backend_, &database_}) service->program.reset();
}

std::array<Demo::Address, 3> Demo::addresses() const {
  return {{{frontend_.name, frontend_.url}, {backend_.name, backend_.url}, {database_.name, database_.url}}};
}

ProgramPlan Demo::PlanOf(const Service& service) const {
  const std::string name(service.name);
  const uint16_t port = &service == &frontend_  ? plan_.frontend_port
                        : &service == &backend_ ? plan_.backend_port
                                                : plan_.database_port;
  return {.name = name,
          .words = {plan_.programs_folder + "/" + name},
          .variables = {{"SERVICE_NAME", name},
                        {"OTEL_SERVICE_NAME", name},
                        {"LISTEN_HOST", "127.0.0.1"},
                        {"PORT", std::to_string(port)},
                        {"BACKEND_URL", backend_.url},
                        {"DATABASE_SERVICE_URL", database_.url},
                        {"DATABASE_PATH", plan_.data_folder + "/shop.db"},
                        {"DELAY_SCALE", fmt::format("{}", plan_.delay_scale)},
                        {"FAULT_RATE", fmt::format("{}", plan_.fault_rate)},
                        {"SLOW_RATE", fmt::format("{}", plan_.slow_rate)},
                        {"OTEL_EXPORTER_OTLP_ENDPOINT", plan_.endpoint},
                        {"OTEL_BSP_SCHEDULE_DELAY", "500"}},  // somebody is watching
          .folder = {}};
}

Status Demo::StartService(Service& service, const std::stop_token& stop) {
  auto started =
      Program::Start(PlanOf(service), {.on_line = [this, &service](std::string_view line) { OnLine(service, line); },
                                       .on_end = [this, &service] { OnEnd(service); }});
  if (!started) return std::move(started).error();
  service.program = *std::move(started);
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, kStartPatience, [&] { return !service.url.empty() || service.has_ended; });
  if (stop.stop_requested()) return Error(Code::kCancelled, "stopped while starting");
  if (service.has_ended) return Error(Code::kIo, service.program->EndText());
  ASSIGN_OR_RETURN(const Url url, ParseUrl(service.url));
  lock.unlock();
  const auto story = [&]() -> std::optional<std::string> {
    return service.program->end() ? std::optional(service.program->EndText()) : std::nullopt;
  };
  return WaitUntilHealthy({.name = std::string(service.name), .url = url, .patience = kStartPatience}, story, stop);
}

void Demo::OnLine(Service& service, std::string_view line) {
  if (line.starts_with(kListening)) {
    const std::lock_guard lock(mutex_);
    service.url = line.substr(kListening.size());
    changed_.notify_all();
  }
  if (plan_.on_line) plan_.on_line(service.name, line);
}

void Demo::OnEnd(Service& service) {
  const std::lock_guard lock(mutex_);
  service.has_ended = true;
  changed_.notify_all();
}

Status Demo::Run(const std::stop_token& stop) {
  ASSIGN_OR_RETURN(Url url, ParseUrl(frontend_.url));
  std::optional<Traffic> traffic;
  if (plan_.requests_per_s > 0) traffic.emplace(std::move(url), plan_.requests_per_s);
  std::unique_lock lock(mutex_);
  const auto has_one_ended = [this] { return frontend_.has_ended || backend_.has_ended || database_.has_ended; };
  if (!changed_.wait(lock, stop, has_one_ended)) return {};
  const Service& ended = frontend_.has_ended ? frontend_ : backend_.has_ended ? backend_ : database_;
  return Error(Code::kIo, ended.program->EndText());
}

}  // namespace spoor::learn
