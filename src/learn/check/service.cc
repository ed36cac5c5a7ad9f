#include "learn/check/service.h"

#include <algorithm>

namespace spoor::learn {
namespace {

constexpr std::array<std::string_view, kServiceCount> kNames{"frontend", "backend", "database-service"};
constexpr std::array<std::string_view, kServiceCount> kTitles{"Frontend", "Backend", "Database service"};
constexpr std::array<std::string_view, kServiceCount> kPrefixes{"/api/", "/", "/db/"};
constexpr std::array<std::string_view, 3> kKinds{"users", "orders", "products"};

// Whether `path` ends with prefix and kind.
bool EndsWith(std::string_view path, std::string_view prefix, std::string_view kind) {
  return path.ends_with(kind) && path.substr(0, path.size() - kind.size()).ends_with(prefix);
}

}  // namespace

std::string_view NameOf(Service service) { return kNames[IndexOf(service)]; }

std::string_view TitleOf(Service service) { return kTitles[IndexOf(service)]; }

std::optional<Service> DownstreamOf(Service service) {
  if (service == Service::kDatabase) return {};
  return kServices[IndexOf(service) + 1];
}

std::optional<Service> ServiceNamed(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return {};
  return kServices[static_cast<size_t>(found - kNames.begin())];
}

std::optional<Service> ServiceServing(std::string_view path) {
  // The backend's prefix is the end of the others', so it comes last.
  for (const Service service : {Service::kDatabase, Service::kFrontend, Service::kBackend}) {
    for (const std::string_view kind : kKinds) {
      if (EndsWith(path, kPrefixes[IndexOf(service)], kind)) return service;
    }
  }
  return {};
}

}  // namespace spoor::learn
