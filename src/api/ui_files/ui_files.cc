#include "api/ui_files/ui_files.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <utility>

#include "api/answer.h"

namespace spoor::api {
namespace {

constexpr std::string_view kIndex = "index.html";

std::string_view ExtensionOf(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? "" : name.substr(dot + 1);
}

// The UI's own routes are what has no extension, and what goes on with a name of somebody else's: a service may be
// called shop.js, and two traces that are compared are "a...b".
bool IsRoute(std::string_view path) {
  return ExtensionOf(path).empty() || path.starts_with("service/") || path.starts_with("trace/");
}

std::string_view ContentTypeOf(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kTypes = {{
      {"html", "text/html; charset=utf-8"},
      {"js", "text/javascript; charset=utf-8"},
      {"mjs", "text/javascript; charset=utf-8"},
      {"css", "text/css; charset=utf-8"},
      {"json", "application/json"},
      {"map", "application/json"},
      {"webmanifest", "application/manifest+json"},
      {"svg", "image/svg+xml"},
      {"png", "image/png"},
      {"ico", "image/x-icon"},
      {"woff2", "font/woff2"},
      {"wasm", "application/wasm"},
      {"txt", "text/plain; charset=utf-8"},
  }};
  const std::string_view extension = ExtensionOf(path);
  const auto* it =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& type) { return type.first == extension; });
  return it == kTypes.end() ? "application/octet-stream" : it->second;
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Whether the comma-separated header names `item`, and not with a quality of 0.
bool Names(std::string_view header, std::string_view item) {
  while (!header.empty()) {
    const std::string_view element = Trimmed(header.substr(0, header.find(',')));
    header.remove_prefix(
        std::min(header.size(), header.find(',') == std::string_view::npos ? header.size() : header.find(',') + 1));
    const size_t semicolon = std::min(element.find(';'), element.size());
    if (Trimmed(element.substr(0, semicolon)) != item) continue;
    const size_t quality = element.find("q=", semicolon);
    if (quality == std::string_view::npos) return true;
    return element.substr(quality + 2).find_first_not_of("0.") != std::string_view::npos;
  }
  return false;
}

bool MatchesEtag(std::string_view if_none_match, std::string_view etag) {
  const std::string weak = "W/" + std::string(etag);
  return Names(if_none_match, etag) || Names(if_none_match, weak) || Trimmed(if_none_match) == "*";
}

void AddHeaders(HttpResponse& response, bool immutable, std::string_view etag, bool varies) {
  auto& headers = response.headers;
  headers.emplace_back("Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
  headers.emplace_back("ETag", etag);
  headers.emplace_back("Content-Security-Policy", "default-src 'self'");
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("Referrer-Policy", "same-origin");
  if (varies) headers.emplace_back("Vary", "Accept-Encoding");
}

}  // namespace

UiFiles::UiFiles(std::span<const EmbeddedFile> files) {
  const auto packed = [files](std::string_view path, std::string_view suffix) {
    const std::string name = std::string(path) + std::string(suffix);
    const auto it = std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.path == name; });
    return it == files.end() ? std::string_view() : it->content;
  };
  for (const EmbeddedFile& file : files) {
    if (file.path.ends_with(".br") || file.path.ends_with(".gz")) continue;
    const std::string etag = fmt::format("\"{:016x}\"", XXH3_64bits(file.content.data(), file.content.size()));
    entries_.emplace(file.path, Entry{file.content, etag, packed(file.path, ".br"), packed(file.path, ".gz")});
  }
}

const UiFiles::Entry* UiFiles::Find(std::string_view path) const {
  const auto it = entries_.find(path);
  return it == entries_.end() ? nullptr : &it->second;
}

HttpResponse UiFiles::Serve(const HttpRequest& request) const {
  std::string_view path = request.path;
  path.remove_prefix(path.starts_with('/') ? 1 : 0);
  if (IsRoute(path)) path = kIndex;
  const Entry* entry = Find(path);
  if (entry == nullptr) return TextAnswer(404, "not found");

  HttpResponse response{.status = 200, .content_type = std::string(ContentTypeOf(path))};
  AddHeaders(response, path.starts_with("assets/"), entry->etag, !entry->brotli.empty() || !entry->gzip.empty());
  if (MatchesEtag(request.Header("If-None-Match"), entry->etag)) {
    response.status = 304;
    return response;
  }
  const std::string_view accepted = request.Header("Accept-Encoding");
  if (!entry->brotli.empty() && Names(accepted, "br")) {
    response.static_body = entry->brotli;
    response.headers.emplace_back("Content-Encoding", "br");
  } else if (!entry->gzip.empty() && Names(accepted, "gzip")) {
    response.static_body = entry->gzip;
    response.headers.emplace_back("Content-Encoding", "gzip");
  } else {
    response.static_body = entry->content;
  }
  return response;
}

}  // namespace spoor::api
