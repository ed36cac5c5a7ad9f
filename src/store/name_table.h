// NameTable: the services and operations of all blocks, merged when the set of blocks changes so that nobody who asks
// waits for it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "block/block_info.h"
#include "plan/trace_store.h"

namespace spoor {

// Immutable.
class NameTable {
 public:
  // A table with what `table` has and `operations`, sorted by service, name and kind, too.
  static std::shared_ptr<const NameTable> With(const NameTable& table, std::span<const BlockOperation> operations);

  // Sorted. The empty name is left out.
  std::vector<std::string> Services() const;
  // Distinct, sorted.
  std::span<const Operation> Operations(std::string_view service) const;
  bool HasService(std::string_view service) const;

 private:
  struct Service {
    std::string name;
    std::vector<Operation> operations;  // sorted
  };
  const Service* Find(std::string_view name) const;

  std::vector<Service> services_;  // sorted by name
};

}  // namespace spoor
