#include "store/live_names.h"

#include <utility>

namespace spoor {

void LiveNames::Extend(std::span<const std::shared_ptr<const SpanBatch>> more) {
  for (const auto& batch : more) Add(*batch);
  batch_count_ += static_cast<uint32_t>(more.size());
}

void LiveNames::Add(const SpanBatch& batch) {
  seen_.clear();
  for (uint32_t row = 0; row < batch.span_count(); ++row) {
    const CodedOperation coded{batch.service_name(row), batch.name[row], batch.kind[row]};
    if (!seen_.insert(coded).second) continue;  // text is touched once for each distinct operation
    AddOperation(batch.String(coded.service), {std::string(batch.String(coded.name)), coded.kind});
  }
}

void LiveNames::AddOperation(std::string_view service, Operation operation) {
  auto it = operations_.find(service);
  if (it == operations_.end()) {
    it = operations_.try_emplace(std::string(service)).first;
    if (!service.empty()) services_.emplace_back(service);
  }
  it->second.insert(std::move(operation));
}

std::vector<Operation> LiveNames::Operations(std::string_view service) const {
  const auto it = operations_.find(service);
  if (it == operations_.end()) return {};
  return {it->second.begin(), it->second.end()};
}

}  // namespace spoor
