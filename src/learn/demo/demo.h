// Demo: the three services, each a program of its own, and visitors who ask for things.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "learn/demo/traffic.h"
#include "learn/programs/program.h"

namespace spoor::learn {

struct DemoPlan {
  std::string programs_folder;    // where the programs frontend, backend and database-service are
  std::string data_folder;        // where the database is kept; is there already
  std::string endpoint;           // of OTLP over HTTP, for their spans: "http://127.0.0.1:4318"
  uint16_t frontend_port = 8080;  // 0: a free one
  uint16_t backend_port = 8081;
  uint16_t database_port = 8082;
  double requests_per_s = 1;  // 0: nobody asks; at most Traffic::kRateMax
  double fault_rate = 0;      // the share of all queries that fail
  double slow_rate = 0;       // and of those that are slow
  double delay_scale = 1;     // how long made-up work takes, as a multiple
  // What a service writes, on a thread of its own. Outlives the demo.
  std::function<void(std::string_view service, std::string_view line)> on_line;
};

// Owned by one thread, which starts it and lives as long as it: the services die with that thread.
class Demo {
 public:
  // Returns when all are healthy. An error: one of them could not start, and says why. Soon after a stop: kCancelled.
  static Result<std::unique_ptr<Demo>> Start(const DemoPlan& plan, const std::stop_token& stop);
  ~Demo();  // asks all to end, and waits
  Demo(const Demo&) = delete;
  Demo& operator=(const Demo&) = delete;

  struct Address {
    std::string_view service;
    std::string url;  // "http://127.0.0.1:8080"
  };
  // The frontend's first.
  std::array<Address, 3> addresses() const;

  // Keeps the visitors coming until a stop, which is success, or until a service ends, which is an error.
  Status Run(const std::stop_token& stop);

 private:
  explicit Demo(const DemoPlan& plan) : plan_(plan) {}
  struct Service {
    std::string_view name;
    std::unique_ptr<Program> program;
    std::string url;         // guarded by mutex_ until it is started
    bool has_ended = false;  // guarded by mutex_
  };
  Status StartService(Service& service, const std::stop_token& stop);
  ProgramPlan PlanOf(const Service& service) const;
  void OnLine(Service& service, std::string_view line);
  void OnEnd(Service& service);

  const DemoPlan plan_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  Service frontend_{.name = "frontend"};
  Service backend_{.name = "backend"};
  Service database_{.name = "database-service"};
};

}  // namespace spoor::learn
