// What receivers count: requests by outcome, spans by what became of them.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "base/metrics.h"
#include "base/result.h"

namespace spoor {

// All since the start of the process.
struct IngestCounts {
  uint64_t requests = 0;
  uint64_t accepted_spans = 0;
  uint64_t rejected_spans = 0;
  uint64_t refused_requests = 0;  // there was no room for them: a retry may succeed
  uint64_t bad_requests = 0;      // no retry can mend them
  uint64_t body_bytes = 0;
};

// Of one protocol. Thread-safe.
class IngestMetrics {
 public:
  // `protocol` is the label's value: "otlp_http".
  explicit IngestMetrics(const std::string& protocol);

  void CountBody(size_t bytes) { body_bytes_.Add(bytes); }
  void CountSuccess(uint64_t accepted_spans, uint64_t rejected_spans);
  // `spans`: those of a batch that the store refused; 0 where the request was never decoded.
  void CountFailure(Code code, uint64_t spans);

  IngestCounts counts() const;

 private:
  Counter& body_bytes_;
  Counter& accepted_spans_;
  Counter& rejected_spans_;
  Counter& refused_spans_;
  Counter& succeeded_;
  Counter& partly_succeeded_;
  std::array<Counter*, 10> failed_;  // by Code
};

}  // namespace spoor
