#include "net/http.h"

#include <algorithm>

#include "net/percent.h"

namespace spoor {

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view HttpRequest::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (EqualsIgnoringCase(key, name)) return value;
  }
  return {};
}

std::string_view HttpRequest::MediaType() const {
  std::string_view type = Header("Content-Type");
  type = type.substr(0, type.find(';'));
  return type.substr(0, type.find_last_not_of(" \t") + 1);
}

void HttpResponder::Send(HttpResponse response) {
  if (Sender sender = std::exchange(sender_, nullptr)) sender(std::move(response));
}

HttpResponder::~HttpResponder() {
  if (sender_) Send({.status = 500, .content_type = "text/plain", .body = "the request was dropped\n"});
}

std::vector<QueryParameter> ParseQuery(std::string_view query) {
  std::vector<QueryParameter> parameters;
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    if (part.empty()) continue;
    const size_t equals = part.find('=');
    const auto decode = [](std::string_view text) { return PercentDecode(text, PlusIs::kSpace).text; };
    parameters.push_back(
        {decode(part.substr(0, equals)), equals == std::string_view::npos ? "" : decode(part.substr(equals + 1))});
  }
  return parameters;
}

}  // namespace spoor
