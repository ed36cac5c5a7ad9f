// What a backend answers: reading it, and judging by it, ends well for any bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "learn/check/jaeger_json.h"
#include "learn/check/made_observation.h"
#include "learn/check/otlp_traces.h"
#include "learn/check/report.h"

namespace {

using spoor::Result;
namespace learn = spoor::learn;

void Judge(Result<learn::SeenSpans> spans) {
  if (!spans) return;
  learn::Observation observation = learn::WholeObservation();
  for (learn::Probe& probe : observation.probes) {
    probe.span_id = "0102030405060708";
    probe.trace = learn::SeenTrace(*spans);
  }
  static_cast<void>(ReportText(MakeReport(observation, learn::MadeSettings())));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Judge(learn::ReadJaegerTraces(text));
  Judge(learn::ReadOtlpTraces(text));
  static_cast<void>(learn::ReadJaegerServices(text).has_value());
  static_cast<void>(learn::ReadV3Services(text).has_value());
  static_cast<void>(learn::IsJaegerError(text));
  static_cast<void>(learn::IsV3Error(text));
  return 0;
}
