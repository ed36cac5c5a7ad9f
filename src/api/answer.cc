#include "api/answer.h"

#include <chrono>

#include "base/json_writer.h"
#include "base/log.h"
#include "net/status.h"

namespace spoor::api {
namespace {

std::string JaegerError(int status, std::string_view message) {
  std::string body = R"({"data":null,"total":0,"limit":0,"offset":0,"errors":[)";
  JsonWriter json(body);
  json.BeginObject();
  json.Member("code", status);
  json.Member("msg", message);
  json.EndObject();
  return body + "]}\n";
}

std::string ErrorObject(std::string_view code_name, auto code, std::string_view message) {
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  json.Key("error");
  json.BeginObject();
  json.Member(code_name, code);
  json.Member("message", message);
  json.EndObject();
  json.EndObject();
  return body + "\n";
}

// The name of the error for a status that does not come from one of ours.
std::string_view NameOf(int status) {
  switch (status) {
    case 404: return CodeName(Code::kNotFound);
    case 413:
    case 431: return CodeName(Code::kTooLarge);
    case 429:
    case 503: return CodeName(Code::kBusy);
    default: return CodeName(status < 500 ? Code::kInvalid : Code::kInternal);
  }
}

HttpResponse Answer(Dialect dialect, int status, std::string_view name, std::string_view message) {
  HttpResponse response{.status = status, .content_type = "application/json"};
  switch (dialect) {
    case Dialect::kJaeger: response.body = JaegerError(status, message); break;
    case Dialect::kJaegerV3: response.body = ErrorObject("httpCode", status, message); break;
    case Dialect::kSpoor: response.body = ErrorObject("code", name, message); break;
    case Dialect::kText: return TextAnswer(status, message);
  }
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace

Dialect DialectOf(std::string_view path) {
  if (path.starts_with("/api/v3/")) return Dialect::kJaegerV3;
  if (path.starts_with("/api/spoor/")) return Dialect::kSpoor;
  return path.starts_with("/api/") ? Dialect::kJaeger : Dialect::kText;
}

HttpResponse JsonAnswer(std::string body) {
  return {.status = 200, .content_type = "application/json", .body = std::move(body)};
}

HttpResponse TextAnswer(int status, std::string_view sentence) {
  HttpResponse response{.status = status, .content_type = "text/plain; charset=utf-8"};
  response.body = std::string(sentence) + "\n";
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

HttpResponse ErrorAnswer(Dialect dialect, const Error& error) {
  const int status = HttpStatusOf(error.code);
  static LogLimit limit(std::chrono::seconds(1));
  if (status == 500 && limit.Pass()) LogError("a question could not be answered", {{"error", error.message}});
  HttpResponse response = Answer(dialect, status, CodeName(error.code), error.message);
  if (const auto after = RetryAfterOf(error.code)) {
    response.headers.emplace_back("Retry-After", std::to_string(after->count()));
  }
  return response;
}

HttpResponse ErrorAnswer(Dialect dialect, int status, std::string_view message) {
  HttpResponse response = Answer(dialect, status, NameOf(status), message);
  if (const auto after = RetryAfterOfHttp(status)) {
    response.headers.emplace_back("Retry-After", std::to_string(after->count()));
  }
  return response;
}

}  // namespace spoor::api
