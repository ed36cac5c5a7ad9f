#include "analyze/service_time.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <string_view>
#include <tuple>

namespace spoor::analyze {
namespace {

// Adds up times by service. Names stay in the batches of the trace.
class ServiceClock {
 public:
  void Add(std::string_view service, uint64_t time_ns) { times_[service] += time_ns; }

  // The neighbours on a path are often of one resource, and its name need not be looked up again.
  void Add(const TraceSpan& span, uint64_t time_ns) {
    const uint32_t resource = span.batch->resource[span.row];
    if (span.batch != batch_ || resource != resource_) {
      Flush();
      batch_ = span.batch;
      resource_ = resource;
    }
    pending_ns_ += time_ns;
  }

  std::vector<ServiceTime> Take() && {
    Flush();
    std::vector<ServiceTime> services;
    services.reserve(times_.size());
    for (const auto& [name, time_ns] : times_) services.push_back({std::string(name), time_ns});
    std::sort(services.begin(), services.end(), [](const ServiceTime& a, const ServiceTime& b) {
      return std::tie(b.time_ns, a.name) < std::tie(a.time_ns, b.name);
    });
    return services;
  }

 private:
  void Flush() {
    if (pending_ns_ != 0) Add(batch_->String(batch_->resource_service_name[resource_]), pending_ns_);
    pending_ns_ = 0;
  }

  boost::unordered_flat_map<std::string_view, uint64_t> times_;
  const SpanBatch* batch_ = nullptr;
  uint32_t resource_ = 0;
  uint64_t pending_ns_ = 0;
};

}  // namespace

std::vector<ServiceTime> TimeByService(const Trace& trace, const CriticalPath& path) {
  ServiceClock clock;
  for (const PathSegment& segment : path.segments) {
    if (segment.row == PathSegment::kNoRow) {
      clock.Add("", segment.duration_ns());
    } else {
      clock.Add(trace.spans[segment.row], segment.duration_ns());
    }
  }
  return std::move(clock).Take();
}

std::vector<ServiceTime> CriticalPathByService(const Trace& trace) {
  return TimeByService(trace, FindCriticalPath(trace));
}

}  // namespace spoor::analyze
