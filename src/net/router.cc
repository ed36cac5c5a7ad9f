#include "net/router.h"

#include <algorithm>

#include "base/check.h"
#include "net/http_target.h"
#include "net/percent.h"

namespace spoor {
namespace {

// The segments between the slashes; none for what is no path, such as "*".
std::vector<std::string_view> Split(std::string_view path) {
  std::vector<std::string_view> segments;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    segments.push_back(segment);
    path.remove_prefix(segment.size());
  }
  return segments;
}

bool IsParameter(std::string_view segment) { return segment.starts_with('{'); }

std::string_view ParameterName(std::string_view segment) { return segment.substr(1, segment.size() - 2); }

bool Fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  return std::equal(pattern.begin(), pattern.end(), path.begin(), path.end(),
                    [](const std::string& wanted, const std::string& segment) {
                      return IsParameter(wanted) ? !segment.empty() : wanted == segment;
                    });
}

// Whether `a`, of as many segments as `b`, has the earlier literal segment.
bool IsMoreLiteral(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (IsParameter(a[i]) != IsParameter(b[i])) return !IsParameter(a[i]);
  }
  return false;
}

}  // namespace

const std::string& PathParameters::operator[](std::string_view name) const {
  const auto found =
      std::find_if(values_.begin(), values_.end(), [name](const auto& value) { return value.first == name; });
  SPOOR_CHECK(found != values_.end());
  return found->second;
}

void Router::Add(std::string_view method, std::string_view pattern, Handler handler) {
  SPOOR_CHECK(pattern.starts_with('/'));
  Entry entry{std::string(method), {}, std::move(handler)};
  for (const std::string_view segment : Split(pattern)) entry.segments.emplace_back(segment);
  entries_.push_back(std::move(entry));
}

void Router::Route(HttpRequest request, HttpResponder responder) const {
  // "http://host" alone and "http://host?query" have no path as sent; they mean "/".
  std::string_view raw = RawHttpPath(request.target);
  if (raw.empty()) raw = "/";
  std::vector<std::string> path;
  for (const std::string_view segment : Split(raw)) path.push_back(PercentDecode(segment, PlusIs::kPlus).text);

  const Entry* best = nullptr;
  std::string allowed;
  for (const Entry& entry : entries_) {
    if (!Fits(entry.segments, path)) continue;
    if (entry.method != request.method) {
      if (allowed.find(entry.method) == std::string::npos) allowed += (allowed.empty() ? "" : ", ") + entry.method;
    } else if (best == nullptr || IsMoreLiteral(entry.segments, best->segments)) {
      best = &entry;
    }
  }
  if (best != nullptr) {
    PathParameters parameters;
    for (size_t i = 0; i < path.size(); ++i) {
      if (!IsParameter(best->segments[i])) continue;
      parameters.values_.emplace_back(ParameterName(best->segments[i]), std::move(path[i]));
    }
    best->handler(std::move(request), parameters, std::move(responder));
  } else if (!allowed.empty()) {
    HttpResponse response = not_allowed_ ? not_allowed_(request)
                                         : HttpResponse{.content_type = "text/plain; charset=utf-8",
                                                        .body = "the path does not have this method\n"};
    response.status = 405;
    response.headers.emplace_back("Allow", allowed);
    responder.Send(std::move(response));
  } else if (not_found_) {
    not_found_(std::move(request), std::move(responder));
  } else {
    responder.Send({.status = 404, .content_type = "text/plain; charset=utf-8", .body = "nothing is here\n"});
  }
}

}  // namespace spoor
