// The server under test: a child process, watched from outside.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace spoor::bench {

// Ends the program with a sentence: a benchmark that cannot run has nothing to report.
[[noreturn]] void Die(const std::string& message);

// A fresh `spoor serve` on free ports with a data folder of its own; killed and its folder removed when destroyed.
class Server {
 public:
  // `prepare` is called with the data folder before the server starts.
  Server(const std::string& binary, const std::string& data_parent, const std::vector<std::string>& more_flags,
         const std::function<void(const std::string&)>& prepare = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  uint16_t query_port() const { return query_port_; }
  uint16_t otlp_http_port() const { return otlp_http_port_; }
  uint16_t jaeger_http_port() const { return jaeger_http_port_; }
  uint16_t otlp_grpc_port() const { return otlp_grpc_port_; }

  double CpuSeconds() const;  // user and system, since its start
  uint64_t PeakRssBytes() const;
  uint64_t RssBytes() const;
  double start_seconds() const { return start_seconds_; }  // until it was ready
  uint64_t DataBytes() const;                              // files of the data folder
  void WaitUntilIdle() const;                              // until it uses no CPU for a second
  void Compact() const;                                    // seals and waits until the store is idle

 private:
  uint64_t StatusBytes(const std::string& field) const;

  pid_t pid_ = -1;
  double start_seconds_ = 0;
  std::string data_folder_;
  uint16_t query_port_ = 0, otlp_http_port_ = 0, otlp_grpc_port_ = 0, jaeger_http_port_ = 0;
};

}  // namespace spoor::bench
