// SpanBatch::Parse: everything that a batch's accessors rely on, checked once. The bytes may come from a damaged disk.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/utf8.h"
#include "model/span_batch_layout.h"

namespace spoor {
namespace {

// One pass over a freshly mapped batch. Every check names the column and index of what is wrong.
class BatchChecker {
 public:
  explicit BatchChecker(const SpanBatch& batch) : batch_(batch) {}

  Status Check() {
    RETURN_IF_ERROR(CheckStrings());
    RETURN_IF_ERROR(CheckShapes());
    RETURN_IF_ERROR(CheckSpans());
    RETURN_IF_ERROR(CheckEventsAndLinks());
    RETURN_IF_ERROR(CheckResourcesAndScopes());
    if (cells_ > batch_.values.size()) {
      return Corrupt(fmt::format("batch: attribute lists have {} cells, values only {}", cells_, batch_.values.size()));
    }
    return {};
  }

 private:
  // `begin` ascends from 0 to `total`.
  static Status CheckBegins(std::string_view column, std::span<const uint32_t> begin, size_t total) {
    if (begin.front() != 0) return Corrupt(fmt::format("batch: {}[0] is {}, expected 0", column, begin.front()));
    for (size_t i = 1; i < begin.size(); ++i) {
      if (begin[i] < begin[i - 1]) {
        return Corrupt(fmt::format("batch: {}[{}] is {}, less than the one before", column, i, begin[i]));
      }
    }
    if (begin.back() != total) {
      return Corrupt(fmt::format("batch: {} ends at {}, expected {}", column, begin.back(), total));
    }
    return {};
  }

  static Status CheckIndices(std::string_view column, std::span<const uint32_t> indices, size_t count) {
    for (size_t i = 0; i < indices.size(); ++i) {
      if (indices[i] >= count) {
        return Corrupt(fmt::format("batch: {}[{}] is {}, expected less than {}", column, i, indices[i], count));
      }
    }
    return {};
  }

  Status CheckTexts(std::string_view column, std::span<const uint32_t> codes) const {
    for (size_t i = 0; i < codes.size(); ++i) {
      if (codes[i] >= batch_.string_hash.size() || batch_.string_hash[codes[i]] == SpanBatch::kNotText) {
        return Corrupt(fmt::format("batch: {}[{}] is {}, which is no text's code", column, i, codes[i]));
      }
    }
    return {};
  }

  Status CheckStrings() const {
    if (batch_.string_end.empty()) return Corrupt("batch: has no empty string");
    RETURN_IF_ERROR(CheckBegins("string_end", batch_.string_end, batch_.string_bytes.size()));
    for (uint32_t code = 0; code < batch_.string_end.size(); ++code) {
      const uint32_t hash = batch_.string_hash[code];
      if (hash == SpanBatch::kNotText && code != 0) continue;
      const std::string_view text = batch_.String(code);
      if (hash != HashString(text)) {
        return Corrupt(fmt::format("batch: string_hash[{}] is {}, expected {}", code, hash, HashString(text)));
      }
      if (!IsUtf8(text)) return Corrupt(fmt::format("batch: string {} is not UTF-8", code));
    }
    return {};
  }

  Status CheckShapes() const {
    if (batch_.shape_begin.size() < 2 || batch_.shape_begin[1] != 0) return Corrupt("batch: shape 0 is not empty");
    RETURN_IF_ERROR(CheckBegins("shape_begin", batch_.shape_begin, batch_.field_key.size()));
    RETURN_IF_ERROR(CheckTexts("field_key", batch_.field_key));
    for (size_t i = 0; i < batch_.field_type.size(); ++i) {
      const auto type = static_cast<uint8_t>(batch_.field_type[i]);
      if (type >= kValueTypeCount) return Corrupt(fmt::format("batch: field_type[{}] is {}", i, type));
    }
    return {};
  }

  Status CheckLists(std::string_view column, const AttributeListColumns& lists) {
    RETURN_IF_ERROR(CheckIndices(column, lists.shape, batch_.shape_count()));
    for (size_t i = 0; i < lists.shape.size(); ++i) {
      const auto types = batch_.ShapeTypes(lists.shape[i]);
      if (lists.value_begin[i] + uint64_t{types.size()} > batch_.values.size()) {
        return Corrupt(
            fmt::format("batch: {}[{}] has cells from {}, behind the values", column, i, lists.value_begin[i]));
      }
      // Lists share no cells, so this work is bounded by the buffer's size even where a hostile file says otherwise.
      cells_ += types.size();
      if (cells_ > batch_.values.size()) return {};
      RETURN_IF_ERROR(CheckCells(column, i, types, batch_.values.subspan(lists.value_begin[i], types.size())));
    }
    return {};
  }

  Status CheckCells(std::string_view column, size_t list, std::span<const ValueType> types,
                    std::span<const uint64_t> cells) const {
    for (size_t i = 0; i < types.size(); ++i) {
      const uint64_t cell = cells[i];
      bool good = true;
      if (IsCode(types[i])) {
        const bool is_text = types[i] == ValueType::kString;
        good = cell < batch_.string_hash.size() && (batch_.string_hash[cell] != SpanBatch::kNotText) == is_text;
      } else if (types[i] == ValueType::kBool) {
        good = cell <= 1;
      } else if (types[i] == ValueType::kEmpty) {
        good = cell == 0;
      }
      if (!good) {
        return Corrupt(fmt::format("batch: {}[{}] cell {} is {}, no value of type {}", column, list, i, cell,
                                   static_cast<int>(types[i])));
      }
    }
    return {};
  }

  Status CheckSpans() {
    RETURN_IF_ERROR(CheckTexts("name", batch_.name));
    RETURN_IF_ERROR(CheckTexts("trace_state", batch_.trace_state));
    RETURN_IF_ERROR(CheckTexts("status_message", batch_.status_message));
    RETURN_IF_ERROR(CheckIndices("resource", batch_.resource, batch_.resource_service_name.size()));
    RETURN_IF_ERROR(CheckIndices("scope", batch_.scope, batch_.scope_name.size()));
    RETURN_IF_ERROR(CheckBegins("event_begin", batch_.event_begin, batch_.event_name.size()));
    RETURN_IF_ERROR(CheckBegins("link_begin", batch_.link_begin, batch_.link_flags.size()));
    return CheckLists("attributes", batch_.attributes);
  }

  Status CheckEventsAndLinks() {
    RETURN_IF_ERROR(CheckTexts("event_name", batch_.event_name));
    RETURN_IF_ERROR(CheckLists("event_attributes", batch_.event_attributes));
    RETURN_IF_ERROR(CheckTexts("link_trace_state", batch_.link_trace_state));
    return CheckLists("link_attributes", batch_.link_attributes);
  }

  Status CheckResourcesAndScopes() {
    RETURN_IF_ERROR(CheckTexts("resource_service_name", batch_.resource_service_name));
    RETURN_IF_ERROR(CheckTexts("resource_schema_url", batch_.resource_schema_url));
    RETURN_IF_ERROR(CheckLists("resource_attributes", batch_.resource_attributes));
    RETURN_IF_ERROR(CheckTexts("scope_name", batch_.scope_name));
    RETURN_IF_ERROR(CheckTexts("scope_version", batch_.scope_version));
    RETURN_IF_ERROR(CheckTexts("scope_schema_url", batch_.scope_schema_url));
    return CheckLists("scope_attributes", batch_.scope_attributes);
  }

  const SpanBatch& batch_;
  uint64_t cells_ = 0;
};

}  // namespace

Result<std::shared_ptr<const SpanBatch>> SpanBatch::Parse(std::unique_ptr<std::byte[]> buffer, size_t size_bytes) {
  SPOOR_CHECK(reinterpret_cast<uintptr_t>(buffer.get()) % 8 == 0);
  SpanBatchHeader header;
  if (size_bytes < sizeof(header)) {
    return Corrupt(fmt::format("batch: {} bytes, fewer than its header's {}", size_bytes, sizeof(header)));
  }
  std::memcpy(&header, buffer.get(), sizeof(header));
  if (header.magic != SpanBatchHeader::kMagic) return Corrupt("batch: does not begin with \"SpBt\"");
  if (header.version != SpanBatchHeader::kVersion) {
    return Corrupt(fmt::format("batch: version {}, this program reads {}", header.version, SpanBatchHeader::kVersion));
  }
  if (header.spans == 0) return Corrupt("batch: has no spans");
  const uint64_t expected_bytes = SpanBatchLayout::SizeBytes(header);
  if (size_bytes != expected_bytes) {
    return Corrupt(fmt::format("batch: {} bytes, its header's counts need {}", size_bytes, expected_bytes));
  }
  std::shared_ptr<const SpanBatch> batch = SpanBatchLayout::Map(std::move(buffer), header);
  RETURN_IF_ERROR(BatchChecker(*batch).Check());
  return batch;
}

}  // namespace spoor
