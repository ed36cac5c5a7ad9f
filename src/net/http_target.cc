#include "net/http_target.h"

#include "net/http.h"
#include "net/percent.h"

namespace spoor {
namespace {

// Without "http://host", which proxies and some clients put in front; then a target that is only that is "/".
std::string_view WithoutOrigin(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!EqualsIgnoringCase(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const size_t path = target.find_first_of("/?");
    return path == std::string_view::npos ? "/" : target.substr(path);
  }
  return target;
}

}  // namespace

std::string_view RawHttpPath(std::string_view target) {
  target = WithoutOrigin(target);
  return target.substr(0, target.find('?'));
}

Result<HttpTarget> ParseHttpTarget(std::string_view target) {
  const std::string_view local = WithoutOrigin(target);
  const std::string_view path = RawHttpPath(target);
  HttpTarget parsed;
  if (path.size() < local.size()) parsed.query = local.substr(path.size() + 1);
  if (path != "*" && !path.starts_with('/') && !(path.empty() && local.size() < target.size())) {
    return Invalid("the request's target is no path");
  }
  PercentDecoded decoded = PercentDecode(path.empty() ? "/" : path, PlusIs::kPlus);
  if (!decoded.valid) return Invalid("the path has a malformed percent escape");
  if (decoded.text.find('\0') != std::string::npos) return Invalid("the path holds a NUL");
  parsed.path = std::move(decoded.text);
  return parsed;
}

}  // namespace spoor
