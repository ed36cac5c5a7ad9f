// The log of a demo service: one line an event, on stderr.
//
//   time=2026-11-24T14:32:07.418Z level=info service=backend msg="request answered" path=/users status=200
#pragma once

#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace web {

// Thread-safe once it is set up.
class Log {
 public:
  using Fields = std::initializer_list<std::pair<std::string_view, std::string>>;

  explicit Log(std::string service) : service_(std::move(service)) {}

  // Each line ends with what `more` gives when it is written: "key=value key=value".
  void EndLinesWith(std::function<std::string()> more) { more_ = std::move(more); }

  void Info(std::string_view message, Fields fields = {}) { Write("info", message, fields); }
  void Error(std::string_view message, Fields fields = {}) { Write("error", message, fields); }

 private:
  void Write(std::string_view level, std::string_view message, Fields fields);

  const std::string service_;
  std::function<std::string()> more_;
  std::mutex mutex_;  // one line at a time
};

}  // namespace web
