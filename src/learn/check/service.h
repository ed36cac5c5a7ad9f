// The three services that the challenge is about.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace spoor::learn {

// In the order in which a request passes through them.
enum class Service : uint8_t { kFrontend, kBackend, kDatabase };
inline constexpr std::array kServices{Service::kFrontend, Service::kBackend, Service::kDatabase};
inline constexpr size_t kServiceCount = kServices.size();

constexpr size_t IndexOf(Service service) { return static_cast<size_t>(service); }

// The service.name of its spans: "frontend", "backend", "database-service".
std::string_view NameOf(Service service);
// As it stands in a title: "Frontend", "Backend", "Database service".
std::string_view TitleOf(Service service);
// The one that it calls; the last one calls nobody.
std::optional<Service> DownstreamOf(Service service);
// Whose name it is, if it is one of the three.
std::optional<Service> ServiceNamed(std::string_view name);
// Which service serves data at `path`: "/api/users", "/orders", "/db/products"; also below a base path.
std::optional<Service> ServiceServing(std::string_view path);

}  // namespace spoor::learn
