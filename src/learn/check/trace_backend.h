// TraceBackend: asks a tracing backend that speaks Jaeger's query API, in the version that it has.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "learn/check/http_client.h"
#include "learn/check/seen_trace.h"

namespace spoor::learn {

enum class BackendState : uint8_t {
  kSpeaks,   // it answers with Jaeger's API
  kNoReply,  // it is not there, or says nothing
  kStrange,  // something else answers
  kFailing,  // it speaks Jaeger's API but cannot answer now
};

// What it said; `value` is empty where the state is not kSpeaks, and `message` says why then.
template <class T>
struct Replied {
  BackendState state = BackendState::kNoReply;
  T value;
  std::string message;
};

// Version 1 (/api/traces, which Jaeger has long had and Spoor has) is asked first; where it is gone, version 3
// (/api/v3/traces). Used by one thread.
class TraceBackend {
 public:
  TraceBackend(Url url, const HttpPatience& patience, std::stop_token stop)
      : url_(std::move(url)), patience_(patience), stop_(std::move(stop)) {}

  const Url& url() const { return url_; }

  // The names of all services that it knows.
  Replied<std::vector<std::string>> Services();
  // The spans of a trace; none where it has none yet.
  Replied<SeenSpans> Trace(const std::string& trace_id);
  // The spans of traces in which `service` has a span that begins in the window, the newest of them, ns since 1970.
  Replied<SeenSpans> TracesOf(const std::string& service, int64_t from_ns, int64_t to_ns);
  // Whether it is a Spoor.
  bool IsSpoor();

 private:
  HttpOutcome Get(const std::string& target) const { return HttpGet(url_, target, {}, patience_, stop_); }

  // Asks version 1 and reads its answer with `read_v1`, or the same of version 3.
  template <class T, class ReadV1, class ReadV3>
  Replied<T> Ask(const std::string& v1, ReadV1 read_v1, const std::string& v3, ReadV3 read_v3);

  const Url url_;
  const HttpPatience patience_;
  const std::stop_token stop_;
  bool has_v1_ = true;  // as far as is known
};

}  // namespace spoor::learn
