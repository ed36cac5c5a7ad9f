#include "receive/jaeger_http.h"

#include <fmt/format.h>

#include <optional>

#include "net/status.h"
#include "receive/plain_text.h"

namespace spoor {
namespace {

// The first is what Jaeger's clients send; the second is Thrift's registered name.
constexpr std::string_view kThriftType = "application/x-thrift";
constexpr std::string_view kRegisteredType = "application/vnd.apache.thrift.binary";

bool IsThrift(const HttpRequest& request) {
  const std::string_view type = request.MediaType();
  return EqualsIgnoringCase(type, kThriftType) || EqualsIgnoringCase(type, kRegisteredType);
}

// The answer to a request that is none of Jaeger's; nothing where it is one.
std::optional<HttpResponse> RefusalOf(const HttpRequest& request) {
  if (request.path != "/api/traces") return PlainText(404, "not found; Jaeger's Thrift goes to POST /api/traces");
  if (request.method != "POST") {
    HttpResponse response = PlainText(405, "method not allowed; Jaeger's Thrift goes to POST /api/traces");
    response.headers.emplace_back("Allow", "POST");
    return response;
  }
  if (!IsThrift(request)) {
    return PlainText(400, fmt::format("unsupported Content-Type; send {} or {}", kThriftType, kRegisteredType));
  }
  return std::nullopt;
}

}  // namespace

void JaegerHttp::Handle(HttpRequest request, HttpResponder responder) {
  if (auto refusal = RefusalOf(request)) {
    ingest_->CountRefused(refusal->status);
    return responder.Send(std::move(*refusal));
  }
  auto answer = std::make_shared<HttpResponder>(std::move(responder));
  ingest_->Take(std::move(request.body), std::move(request.memory), BodyFormat::kJaegerThrift,
                [self = shared_from_this(), answer](const Result<DecodeReport>& result) {
                  answer->Send(self->AnswerOf(result));
                });
}

HttpResponse JaegerHttp::Refusal(int status, std::string_view message) const {
  ingest_->CountRefused(status);
  return PlainText(status, message);
}

HttpResponse JaegerHttp::AnswerOf(const Result<DecodeReport>& result) {
  if (!result) return PlainText(HttpStatusOf(result.error().code), result.error().message);
  if (result->rejected_spans == 0) return {.status = 202};
  if (result->accepted_spans == 0) return PlainText(400, "no span can be kept: " + result->first_error);
  if (const auto swallowed = rejection_log_.Pass()) {
    LogWarn("spans rejected", {{"protocol", "jaeger-http"},
                               {"spans", result->rejected_spans},
                               {"reason", result->first_error},
                               {"more_requests", *swallowed}});
  }
  return {.status = 202};
}

}  // namespace spoor
