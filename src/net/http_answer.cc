#include "net/http_answer.h"

#include <time.h>

#include <algorithm>

#include "base/clock.h"

namespace spoor {
namespace {

constexpr size_t kPackedBytesMin = 1024;  // below, the head and the work outweigh what is saved

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool IsPackable(std::string_view content_type) {
  const std::string_view type = Trimmed(content_type.substr(0, content_type.find(';')));
  return type.starts_with("text/") || type.ends_with("json") || type.ends_with("javascript") || type.ends_with("xml") ||
         type == "application/octet-stream" || type == "application/x-protobuf" ||
         type.starts_with("application/x-spoor-");  // our own binary answers are columns, which pack well
}

bool HasHeader(const HttpHeaders& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [name](const auto& header) { return EqualsIgnoringCase(header.first, name); });
}

// Date's value, made anew once a second.
std::string_view DateNow() {
  thread_local time_t made_at = 0;
  thread_local char text[40];
  thread_local size_t length = 0;
  const time_t now = SystemClock().WallNanos() / 1'000'000'000;
  if (now != made_at) {
    tm parts{};
    gmtime_r(&now, &parts);
    length = strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    made_at = now;
  }
  return {text, length};
}

void AppendHeader(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  // A line break in a value would let whoever supplied it write headers of their own.
  for (const char c : value) head.push_back(static_cast<uint8_t>(c) < 0x20 || c == 0x7F ? ' ' : c);
  head.append("\r\n");
}

}  // namespace

std::string_view HttpStatusText(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 499: return "Client Closed Request";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Unknown";
  }
}

Encoding ChooseEncoding(std::string_view accept_encoding) {
  bool gzip = false;
  while (!accept_encoding.empty()) {
    const std::string_view item = accept_encoding.substr(0, accept_encoding.find(','));
    accept_encoding.remove_prefix(std::min(accept_encoding.size(), item.size() + 1));
    const std::string_view name = Trimmed(item.substr(0, item.find(';')));
    const size_t quality = item.find("q=");
    const bool refused = quality != std::string_view::npos &&
                         Trimmed(item.substr(quality + 2)).find_first_not_of("0.") == std::string_view::npos;
    if (refused) continue;
    if (EqualsIgnoringCase(name, "zstd")) return Encoding::kZstd;
    gzip = gzip || EqualsIgnoringCase(name, "gzip");
  }
  return gzip ? Encoding::kGzip : Encoding::kIdentity;
}

HttpAnswer MakeHttpAnswer(HttpResponse response, const HttpAnswerTo& to) {
  HttpAnswer answer;
  answer.status = response.status;
  answer.body = std::move(response.body);
  answer.static_body = response.static_body;
  const std::string_view body = answer.static_body.empty() ? std::string_view(answer.body) : answer.static_body;

  const bool packable = body.size() >= kPackedBytesMin && IsPackable(response.content_type) &&
                        !HasHeader(response.headers, "Content-Encoding");
  const bool packed = packable && to.encoding != Encoding::kIdentity;
  if (packed) {
    answer.body = to.encoding == Encoding::kZstd ? ZstdCompress(body) : GzipCompress(body);
    answer.static_body = {};
  }

  std::string& head = answer.head;
  head.reserve(256);
  head.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ").append(HttpStatusText(answer.status));
  head.append("\r\nDate: ").append(DateNow()).append("\r\n");
  if (!response.content_type.empty()) AppendHeader(head, "Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) AppendHeader(head, name, value);
  if (packed) AppendHeader(head, "Content-Encoding", EncodingName(to.encoding));
  if (packable) AppendHeader(head, "Vary", "Accept-Encoding");
  const bool bodiless = answer.status == 204 || answer.status == 304 || answer.status < 200;
  if (!bodiless) {
    const size_t size = answer.static_body.empty() ? answer.body.size() : answer.static_body.size();
    head.append("Content-Length: ").append(std::to_string(size)).append("\r\n");
  }
  if (bodiless || to.head_only) {
    answer.body.clear();
    answer.static_body = {};
  }
  return answer;
}

}  // namespace spoor
