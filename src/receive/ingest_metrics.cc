#include "receive/ingest_metrics.h"

#include "net/status.h"

namespace spoor {
namespace {

Counter& Spans(const std::string& protocol, const std::string& outcome) {
  return ProcessMetrics().AddCounter("spoor_ingest_spans_total",
                                     "Spans received: accepted (durable), rejected (unusable, the sender was told) or "
                                     "refused (the sender may retry).",
                                     {{"protocol", protocol}, {"outcome", outcome}});
}

Counter& Requests(const std::string& protocol, std::string_view code) {
  return ProcessMetrics().AddCounter("spoor_ingest_requests_total", "Export requests answered, by outcome.",
                                     {{"protocol", protocol}, {"code", std::string(code)}});
}

}  // namespace

IngestMetrics::IngestMetrics(const std::string& protocol)
    : body_bytes_(ProcessMetrics().AddCounter(
          "spoor_ingest_body_bytes_total", "Bytes of export requests, after decompression.", {{"protocol", protocol}})),
      accepted_spans_(Spans(protocol, "accepted")),
      rejected_spans_(Spans(protocol, "rejected")),
      refused_spans_(Spans(protocol, "refused")),
      succeeded_(Requests(protocol, "ok")),
      partly_succeeded_(Requests(protocol, "partial_success")) {
  for (size_t code = 0; code < failed_.size(); ++code) {
    failed_[code] = &Requests(protocol, CodeName(static_cast<Code>(code)));
  }
}

void IngestMetrics::CountSuccess(uint64_t accepted_spans, uint64_t rejected_spans) {
  accepted_spans_.Add(accepted_spans);
  rejected_spans_.Add(rejected_spans);
  (rejected_spans == 0 ? succeeded_ : partly_succeeded_).Add();
}

IngestCounts IngestMetrics::counts() const {
  IngestCounts counts{.requests = succeeded_.value() + partly_succeeded_.value(),
                      .accepted_spans = accepted_spans_.value(),
                      .rejected_spans = rejected_spans_.value(),
                      .body_bytes = body_bytes_.value()};
  for (size_t code = 0; code < failed_.size(); ++code) {
    const uint64_t failed = failed_[code]->value();
    counts.requests += failed;
    (RetryAfterOf(static_cast<Code>(code)) ? counts.refused_requests : counts.bad_requests) += failed;
  }
  return counts;
}

void IngestMetrics::CountFailure(Code code, uint64_t spans) {
  refused_spans_.Add(spans);
  failed_[static_cast<size_t>(code)]->Add();
}

}  // namespace spoor
