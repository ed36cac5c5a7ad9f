// The server under test: a child process, watched from outside.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace spoor::bench {

// Ends the program with a sentence: a benchmark that cannot run has nothing to report.
[[noreturn]] void Die(const std::string& message);

// A `spoor serve` on free ports; killed when destroyed.
class Server {
 public:
  // With a fresh data folder within `data_parent`, which goes with the server; `prepare` is called with it before the
  // server starts.
  Server(const std::string& binary, const std::string& data_parent, const std::vector<std::string>& more_flags,
         const std::function<void(const std::string&)>& prepare = {});
  // With a data folder that stays.
  struct Kept {
    std::string folder;
  };
  Server(const std::string& binary, const Kept& kept, const std::vector<std::string>& more_flags);
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
  void DropPageCache() const;  // of the data folder's files, so that the next read of each comes from the disk
  void Reopen();               // kills it and starts it again on its folder

 private:
  void Start();
  void Kill();
  uint64_t StatusBytes(std::string_view field) const;

  const std::string binary_;
  const std::vector<std::string> more_flags_;

  pid_t pid_ = -1;
  double start_seconds_ = 0;
  std::string data_folder_;
  bool kept_ = false;
  uint16_t query_port_ = 0, otlp_http_port_ = 0, otlp_grpc_port_ = 0, jaeger_http_port_ = 0;
};

}  // namespace spoor::bench
