// LiveNames: the services of a list of batches and their operations. Made by those who ask, never by those who write.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "model/span_batch.h"
#include "plan/trace_store.h"

namespace spoor {

// Not thread-safe.
class LiveNames {
 public:
  // Takes in the batches of a list beyond those it has. The list only grows.
  void Extend(std::span<const std::shared_ptr<const SpanBatch>> more);

  uint32_t batch_count() const { return batch_count_; }
  // By first sight. The empty name is left out.
  const std::vector<std::string>& services() const { return services_; }
  // Distinct, in no order. The empty service has operations, too.
  std::vector<Operation> Operations(std::string_view service) const;

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct OperationHash {
    size_t operator()(const Operation& operation) const { return TextHash()(operation.name) * 31 + operation.kind; }
  };
  // A name and kind as a batch has them.
  struct CodedOperation {
    StringCode service = 0;
    StringCode name = 0;
    uint8_t kind = 0;
    bool operator==(const CodedOperation&) const = default;
  };
  struct CodedHash {
    size_t operator()(const CodedOperation& key) const {
      return ((uint64_t{key.service} << 32 | key.name) + key.kind) * 0x9E3779B97F4A7C15ull;
    }
  };
  void Add(const SpanBatch& batch);
  void AddOperation(std::string_view service, Operation operation);

  uint32_t batch_count_ = 0;
  std::vector<std::string> services_;
  boost::unordered_flat_map<std::string, boost::unordered_flat_set<Operation, OperationHash>, TextHash, std::equal_to<>>
      operations_;
  boost::unordered_flat_set<CodedOperation, CodedHash> seen_;  // of one batch; kept for its capacity
};

}  // namespace spoor
