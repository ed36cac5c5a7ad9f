#include "store/name_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace spoor {

std::shared_ptr<const NameTable> NameTable::With(const NameTable& table, std::span<const BlockOperation> operations) {
  auto merged = std::make_shared<NameTable>(table);
  for (size_t begin = 0; begin < operations.size();) {
    const std::string& name = operations[begin].service;
    std::vector<Operation> more;
    size_t end = begin;
    for (; end < operations.size() && operations[end].service == name; ++end) {
      more.push_back({operations[end].name, operations[end].kind});
    }
    begin = end;

    auto& services = merged->services_;
    auto at = std::lower_bound(services.begin(), services.end(), name,
                               [](const Service& service, const std::string& text) { return service.name < text; });
    if (at == services.end() || at->name != name) at = services.insert(at, Service{name, {}});
    std::vector<Operation> both;
    std::set_union(at->operations.begin(), at->operations.end(), more.begin(), more.end(), std::back_inserter(both));
    at->operations = std::move(both);
  }
  return merged;
}

const NameTable::Service* NameTable::Find(std::string_view name) const {
  const auto at = std::lower_bound(services_.begin(), services_.end(), name,
                                   [](const Service& service, std::string_view text) { return service.name < text; });
  return at == services_.end() || at->name != name ? nullptr : &*at;
}

std::vector<std::string> NameTable::Services() const {
  std::vector<std::string> names;
  for (const Service& service : services_) {
    if (!service.name.empty()) names.push_back(service.name);
  }
  return names;
}

std::span<const Operation> NameTable::Operations(std::string_view service) const {
  const Service* found = Find(service);
  if (found == nullptr) return {};
  return found->operations;
}

bool NameTable::HasService(std::string_view service) const { return Find(service) != nullptr; }

}  // namespace spoor
