#include "learn/check/trace_backend.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "learn/check/jaeger_json.h"
#include "learn/check/json_document.h"
#include "learn/check/otlp_traces.h"

namespace spoor::learn {
namespace {

constexpr int kTracesAskedFor = 100;

// As in a query: everything but letters, digits and a few marks escaped.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                          c == '_' || c == '.' || c == '~';
    escaped += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<uint8_t>(c));
  }
  return escaped;
}

std::string Rfc3339(int64_t ns) {
  const std::time_t seconds = ns / 1'000'000'000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:09}Z", fmt::gmtime(seconds), ns % 1'000'000'000);
}

enum class Said : uint8_t { kAnswer, kNothing, kFailure, kOtherApi };

// What an answer means. `is_error` knows the errors of that version.
template <class T, class Read, class IsError>
Said Understand(const HttpOutcome& outcome, Read read, IsError is_error, T& value) {
  if (outcome.status == 200) {
    auto answer = read(outcome.body);
    if (!answer) return Said::kOtherApi;
    value = *std::move(answer);
    return Said::kAnswer;
  }
  // Some say 500 for what they do not have.
  const bool is_ours = is_error(outcome.body);
  if (is_ours && (outcome.status == 404 || outcome.body.find("not found") != std::string::npos)) return Said::kNothing;
  if (is_ours || outcome.status == 429 || outcome.status == 502 || outcome.status == 503 || outcome.status == 504) {
    return Said::kFailure;
  }
  return Said::kOtherApi;
}

template <class T>
Replied<T> Unanswered(const HttpOutcome& outcome) {
  const bool is_strange = outcome.end == HttpEnd::kNotHttp || outcome.end == HttpEnd::kTooLarge;
  return {is_strange ? BackendState::kStrange : BackendState::kNoReply, {}, outcome.message};
}

}  // namespace

template <class T, class ReadV1, class ReadV3>
Replied<T> TraceBackend::Ask(const std::string& v1, ReadV1 read_v1, const std::string& v3, ReadV3 read_v3) {
  std::string refusal;  // what came, where it was not understood
  for (const bool is_v1 : {true, false}) {
    if (is_v1 && !has_v1_) continue;
    const HttpOutcome outcome = Get(is_v1 ? v1 : v3);
    if (!outcome.IsAnswered()) return Unanswered<T>(outcome);
    Replied<T> replied;
    const Said said = is_v1 ? Understand(outcome, read_v1, IsJaegerError, replied.value)
                            : Understand(outcome, read_v3, IsV3Error, replied.value);
    if (said == Said::kFailure) {
      replied.state = BackendState::kFailing;
      replied.message = fmt::format("it answers with status {}", outcome.status);
      return replied;
    }
    if (said != Said::kOtherApi) {
      has_v1_ = is_v1;
      replied.state = BackendState::kSpeaks;
      return replied;
    }
    refusal = fmt::format("what answers there does not speak Jaeger's API (status {})", outcome.status);
  }
  return {BackendState::kStrange, {}, refusal};
}

Replied<std::vector<std::string>> TraceBackend::Services() {
  return Ask<std::vector<std::string>>("/api/services", ReadJaegerServices, "/api/v3/services", ReadV3Services);
}

Replied<SeenSpans> TraceBackend::Trace(const std::string& trace_id) {
  // "raw": as they were sent, with no clocks or ids adjusted.
  return Ask<SeenSpans>(fmt::format("/api/traces/{}?raw=true", trace_id), ReadJaegerTraces,
                        fmt::format("/api/v3/traces/{}", trace_id), ReadOtlpTraces);
}

Replied<SeenSpans> TraceBackend::TracesOf(const std::string& service, int64_t from_ns, int64_t to_ns) {
  const std::string name = Escaped(service);
  return Ask<SeenSpans>(
      fmt::format("/api/traces?service={}&start={}&end={}&limit={}", name, from_ns / 1000, to_ns / 1000,
                  kTracesAskedFor),
      ReadJaegerTraces,
      fmt::format(
          "/api/v3/traces?query.serviceName={}&query.startTimeMin={}&query.startTimeMax={}&query.searchDepth={}", name,
          Escaped(Rfc3339(from_ns)), Escaped(Rfc3339(to_ns)), kTracesAskedFor),
      ReadOtlpTraces);
}

bool TraceBackend::IsSpoor() {
  const HttpOutcome outcome = Get("/api/spoor/v1/status");
  if (outcome.status != 200) return false;
  JsonDocument document(outcome.body);
  simdjson::dom::object status;
  return document.Object(status) && !TextAt(status, "version").empty();
}

}  // namespace spoor::learn
