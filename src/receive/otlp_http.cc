#include "receive/otlp_http.h"

#include <fmt/format.h>

#include <optional>

#include "decode/otlp_response.h"
#include "net/status.h"
#include "receive/plain_text.h"

namespace spoor {
namespace {

constexpr std::string_view kProtobufType = "application/x-protobuf";
constexpr std::string_view kJsonType = "application/json";

std::string_view TypeOf(OtlpEncoding encoding) { return encoding == OtlpEncoding::kJson ? kJsonType : kProtobufType; }

std::optional<OtlpEncoding> EncodingOf(const HttpRequest& request) {
  const std::string_view type = request.MediaType();
  if (EqualsIgnoringCase(type, kProtobufType)) return OtlpEncoding::kProtobuf;
  if (EqualsIgnoringCase(type, kJsonType)) return OtlpEncoding::kJson;
  return std::nullopt;
}

HttpResponse StatusAnswer(int status, GrpcCode code, std::string_view message,
                          std::optional<std::chrono::seconds> retry_after, OtlpEncoding encoding) {
  HttpResponse response{.status = status, .content_type = std::string(TypeOf(encoding))};
  response.body = encoding == OtlpEncoding::kJson ? StatusJson(code, message, retry_after)
                                                  : StatusProto(code, message, retry_after);
  if (retry_after) response.headers.emplace_back("Retry-After", std::to_string(retry_after->count()));
  return response;
}

HttpResponse AnswerOf(const Result<DecodeReport>& result, OtlpEncoding encoding) {
  if (result) return {.content_type = std::string(TypeOf(encoding)), .body = OtlpResponse(*result, encoding)};
  const Error& error = result.error();
  return StatusAnswer(HttpStatusOf(error.code), GrpcCodeOf(error.code), error.message, RetryAfterOf(error.code),
                      encoding);
}

void AddHeaders(HttpResponse& response, HttpHeaders headers) {
  for (auto& header : headers) response.headers.push_back(std::move(header));
}

// The answer to a request that is none of OTLP's; nothing where it is one.
std::optional<HttpResponse> RefusalOf(const HttpRequest& request) {
  if (request.path != "/v1/traces") return PlainText(404, "not found; OTLP traces go to POST /v1/traces");
  if (request.method != "POST") {
    HttpResponse response = PlainText(405, "method not allowed; OTLP traces go to POST /v1/traces");
    response.headers.emplace_back("Allow", "POST");
    return response;
  }
  if (!EncodingOf(request)) {
    return PlainText(415, fmt::format("unsupported Content-Type; send {} or {}", kProtobufType, kJsonType));
  }
  return std::nullopt;
}

}  // namespace

void OtlpHttp::Handle(HttpRequest request, HttpResponder responder) {
  if (auto preflight = cors_.Preflight(request)) return responder.Send(std::move(*preflight));
  HttpHeaders cors_headers = cors_.AnswerHeaders(request);
  if (auto refusal = RefusalOf(request)) {
    ingest_->CountRefused(refusal->status);
    AddHeaders(*refusal, std::move(cors_headers));
    return responder.Send(std::move(*refusal));
  }
  const OtlpEncoding encoding = *EncodingOf(request);
  // An empty body is an empty request, in JSON too.
  if (request.body.empty() && encoding == OtlpEncoding::kJson) request.body = "{}";
  auto answer = std::make_shared<HttpResponder>(std::move(responder));
  const BodyFormat format = encoding == OtlpEncoding::kJson ? BodyFormat::kOtlpJson : BodyFormat::kOtlpProtobuf;
  ingest_->Take(std::move(request.body), std::move(request.memory), format,
                [answer, encoding, cors_headers = std::move(cors_headers)](Result<DecodeReport> result) {
                  HttpResponse response = AnswerOf(result, encoding);
                  AddHeaders(response, cors_headers);
                  answer->Send(std::move(response));
                });
}

HttpResponse OtlpHttp::Refusal(int status, std::string_view message, const HttpRequest& head) const {
  ingest_->CountRefused(status);
  const auto encoding = EncodingOf(head);
  HttpResponse response;
  if (encoding) {
    response = StatusAnswer(status, GrpcCodeOfHttp(status), message, RetryAfterOfHttp(status), *encoding);
  } else {
    response = PlainText(status, message);
  }
  AddHeaders(response, cors_.AnswerHeaders(head));
  return response;
}

}  // namespace spoor
