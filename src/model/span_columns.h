// SpanColumns: how the evaluator of filters sees spans, wherever they are: a live batch or a page of a block. Columns
// are asked for by name, so that a block decodes only what a question touches.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/value.h"

namespace spoor {

// A column and what keeps its memory alive (nothing, where the SpanColumns itself does).
template <class T>
struct Column {
  std::span<const T> values;
  std::shared_ptr<const void> owner;
};

// Fixed columns, a cell a span. Codes are of the dictionary behind String() and Find(). A span that ends before it
// starts has the duration 0.
enum class Fixed64 : uint8_t { kTraceIdHigh, kTraceIdLow, kSpanId, kParentSpanId, kStartNs, kEndNs, kDurationNs };
enum class Code32 : uint8_t { kName, kServiceName, kTraceState, kStatusMessage, kScopeName, kScopeVersion };
enum class Byte8 : uint8_t { kKind, kStatusCode };

enum class AttributeOwner : uint8_t { kSpan, kResource, kScope, kEvent, kLink };

// The cells of one key in one type and at one kind of owner, as a sparse column: cells[i] belongs to span rows[i]. Rows
// ascend and repeat where a span has several (two events, a duplicate key). An attribute of a resource or scope stands
// once for every span that has it.
struct AttributeCells {
  AttributeOwner owner = AttributeOwner::kSpan;
  ValueType type = ValueType::kEmpty;
  std::vector<uint32_t> rows;
  std::vector<uint64_t> cells;
};

// One thread's at a time. Errors are kCorrupt or kIo, naming file and offset.
class SpanColumns {
 public:
  virtual ~SpanColumns() = default;

  virtual uint32_t size() const = 0;  // rows

  virtual Result<Column<uint64_t>> Get(Fixed64 column) = 0;
  virtual Result<Column<uint32_t>> Get(Code32 column) = 0;
  virtual Result<Column<uint8_t>> Get(Byte8 column) = 0;

  // All cells of `key`, for every type and owner under which it occurs here.
  virtual Result<std::vector<AttributeCells>> Attributes(std::string_view key) = 0;
  // Names of all events, as kEvent cells of type kString.
  virtual Result<AttributeCells> EventNames() = 0;

  // The dictionary. Find is not found for a text that no span here holds anywhere. Text that is stored raw, outside the
  // dictionary, gets codes of its own above it: String() knows them, Find does not, so compare by String() where
  // IsRaw(code).
  virtual std::string_view String(uint32_t code) const = 0;
  virtual std::optional<uint32_t> Find(std::string_view text) const = 0;
  virtual bool IsRaw(uint32_t code) const = 0;
  // The first thing that String or Find could not read, and answered wrongly for that.
  virtual Status status() const { return {}; }
};

class SpanBatch;
// The columns of a batch, which must outlive them.
std::unique_ptr<SpanColumns> ColumnsOf(const SpanBatch& batch);

}  // namespace spoor
