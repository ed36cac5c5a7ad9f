#include "net/status.h"

#include "base/json_writer.h"
#include "base/limits.h"
#include "base/utf8.h"

namespace spoor {
namespace {

constexpr size_t kMessageBytesMax = 4096;
constexpr std::string_view kRetryInfo = "type.googleapis.com/google.rpc.RetryInfo";

struct Wire {
  int http;
  GrpcCode grpc;
  bool retryable;
};

Wire WireOf(Code code) {
  switch (code) {
    case Code::kInvalid: return {400, GrpcCode::kInvalidArgument, false};
    case Code::kNotFound: return {404, GrpcCode::kNotFound, false};
    case Code::kTooLarge: return {413, GrpcCode::kResourceExhausted, false};
    case Code::kBusy: return {429, GrpcCode::kResourceExhausted, true};
    case Code::kFull: return {503, GrpcCode::kUnavailable, true};
    case Code::kCorrupt: return {500, GrpcCode::kInternal, false};
    case Code::kIo: return {503, GrpcCode::kUnavailable, true};
    case Code::kCancelled: return {504, GrpcCode::kDeadlineExceeded, true};
    case Code::kUnsupported: return {501, GrpcCode::kUnimplemented, false};
    case Code::kInternal: return {500, GrpcCode::kInternal, false};
  }
  return {500, GrpcCode::kInternal, false};
}

std::optional<std::chrono::seconds> RetryAfter(bool retryable) {
  if (!retryable) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(limits::kRetryAfter);
}

std::string_view Shortened(std::string_view text) {
  if (text.size() <= kMessageBytesMax) return text;
  size_t size = kMessageBytesMax;
  while (size > 0 && (static_cast<uint8_t>(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

void AppendVarint(std::string& out, uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<char>(number | 0x80));
  out.push_back(static_cast<char>(number));
}

void AppendNumberField(std::string& out, int field, uint64_t number) {
  AppendVarint(out, static_cast<uint64_t>(field) << 3);
  AppendVarint(out, number);
}

void AppendBytesField(std::string& out, int field, std::string_view bytes) {
  AppendVarint(out, static_cast<uint64_t>(field) << 3 | 2);
  AppendVarint(out, bytes.size());
  out.append(bytes);
}

}  // namespace

int HttpStatusOf(Code code) { return WireOf(code).http; }
GrpcCode GrpcCodeOf(Code code) { return WireOf(code).grpc; }
std::optional<std::chrono::seconds> RetryAfterOf(Code code) { return RetryAfter(WireOf(code).retryable); }

GrpcCode GrpcCodeOfHttp(int http_status) {
  switch (http_status) {
    case 404: return GrpcCode::kNotFound;
    case 408:
    case 504: return GrpcCode::kDeadlineExceeded;
    case 413:
    case 429:
    case 431: return GrpcCode::kResourceExhausted;
    case 405:
    case 501: return GrpcCode::kUnimplemented;
    case 502:
    case 503: return GrpcCode::kUnavailable;
    default: return http_status >= 500 ? GrpcCode::kInternal : GrpcCode::kInvalidArgument;
  }
}

std::optional<std::chrono::seconds> RetryAfterOfHttp(int http_status) {
  return RetryAfter(http_status == 429 || (http_status >= 502 && http_status <= 504));
}

// google/rpc/status.proto, google/rpc/error_details.proto, google/protobuf/any.proto and duration.proto.
std::string StatusProto(GrpcCode code, std::string_view message, std::optional<std::chrono::seconds> retry_after) {
  std::string out;
  if (code != GrpcCode::kOk) AppendNumberField(out, 1, static_cast<uint64_t>(code));
  if (!message.empty()) AppendBytesField(out, 2, ToUtf8(Shortened(message)));
  if (retry_after) {
    std::string duration;
    AppendNumberField(duration, 1, static_cast<uint64_t>(retry_after->count()));
    std::string retry_info;
    AppendBytesField(retry_info, 1, duration);
    std::string any;
    AppendBytesField(any, 1, kRetryInfo);
    AppendBytesField(any, 2, retry_info);
    AppendBytesField(out, 3, any);
  }
  return out;
}

std::string StatusJson(GrpcCode code, std::string_view message, std::optional<std::chrono::seconds> retry_after) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  json.Member("code", static_cast<int>(code));
  json.Member("message", Shortened(message));
  if (retry_after) {
    json.Key("details");
    json.BeginArray();
    json.BeginObject();
    json.Member("@type", kRetryInfo);
    json.Member("retryDelay", std::to_string(retry_after->count()) + "s");
    json.EndObject();
    json.EndArray();
  }
  json.EndObject();
  return out;
}

GrpcResponse GrpcFailure(const Error& error) {
  const GrpcCode code = GrpcCodeOf(error.code);
  const std::string message = ToUtf8(Shortened(error.message));
  return {.code = code, .message = message, .status_details = StatusProto(code, message, RetryAfterOf(error.code))};
}

}  // namespace spoor
