// Names and numbers of the block format; docs/formats/block.md tells what they mean. All of them stand in files: they
// never change their meaning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/limits.h"
#include "model/span_columns.h"
#include "model/value.h"

namespace spoor::block_layout {

inline constexpr std::string_view kMagic = "SPOORBLK";
inline constexpr uint32_t kVersion = 0;
inline constexpr size_t kHeadBytes = 16;          // magic, version, zero
inline constexpr size_t kTailBytes = 16;          // footer bytes, footer checksum, magic
inline constexpr size_t kFooterHeadBytes = 8;     // version, section count
inline constexpr size_t kSectionEntryBytes = 32;  // type, flags, offset, bytes, checksum, zero
inline constexpr uint32_t kSectionRequired = 1;   // flag: a reader that does not know the type must refuse the file

enum class Section : uint32_t {
  kInfo = 1,
  kPages = 2,
  kColumns = 3,
  kShapes = 4,
  kDictionary = 5,
  kResources = 6,
  kScopes = 7,
  kTraces = 8,
  kTraceFilter = 9,
  kOperations = 10,
  kTextFilter = 11,
  kTraceBounds = 12,
};

// The columns that every block has. A strip that is missing from a page is all zeros.
enum class FixedColumn : uint8_t {
  kSpanId = 0,
  kParentRow = 1,
  kParentGiven = 2,
  kParentId = 3,
  kStart = 4,
  kDuration = 5,
  kName = 6,
  kTraceState = 7,
  kStatusMessage = 8,
  kFlags = 9,
  kResource = 10,
  kScope = 11,
  kDroppedAttributes = 12,
  kDroppedEvents = 13,
  kDroppedLinks = 14,
  kKind = 15,
  kStatusCode = 16,
  kShape = 17,
  kEventCount = 18,
  kLinkCount = 19,
  kEventTime = 20,
  kEventName = 21,
  kEventDroppedAttributes = 22,
  kEventShape = 23,
  kLinkTraceIdHigh = 24,
  kLinkTraceIdLow = 25,
  kLinkSpanId = 26,
  kLinkTraceState = 27,
  kLinkFlags = 28,
  kLinkDroppedAttributes = 29,
  kLinkShape = 30,
};
inline constexpr int kFixedColumnCount = 31;
inline constexpr uint32_t kFirstAttributeColumn = 64;

// "name", "event shape", ...
std::string_view FixedColumnName(FixedColumn column);

// An attribute column: the cells of one key and type at one kind of owner; or of all keys that are too rare for columns
// of their own.
struct AttributeColumn {
  static constexpr uint32_t kRareKeys = UINT32_MAX;
  AttributeOwner owner = AttributeOwner::kSpan;  // span, event or link
  ValueType type = ValueType::kEmpty;
  bool raw = false;          // its texts stand in the pages, not in the dictionary
  uint32_t key = kRareKeys;  // code
};

inline constexpr uint8_t kRawFlag = 0x80;  // in the byte of an attribute column's type

// How pages are cut: at the first of these that is reached, but never within a span.
inline constexpr uint32_t kPageRowsMax = 8192;
inline constexpr uint32_t kPageCellsMax = 512 * 1024;         // of attributes, events and links
inline constexpr size_t kPageTextBytesMax = size_t{2} << 20;  // of raw columns

// Chunks of the dictionary.
inline constexpr size_t kChunkTextBytes = 32 * 1024;  // a chunk ends once it holds this much
inline constexpr size_t kLongTextBytes = 64 * 1024;   // a longer text stands in a chunk alone
// A separator of this length may be cut, and then no longer tells its chunk from the one before.
inline constexpr size_t kSeparatorBytesMax = 256;

// What a reader believes before it has seen the bytes behind it. The writer refuses to pass them.
inline constexpr uint32_t kSpansMax = 1u << 28;
inline constexpr uint32_t kTracesMax = 1u << 23;
inline constexpr uint32_t kEntitiesMax = 1u << 22;                  // resources or scopes
inline constexpr uint32_t kCellsMax = 1u << 26;                     // of one column in one page, or of all resources
inline constexpr size_t kTextBytesMax = 2 * limits::kBodyBytesMax;  // of one column in one page, or of one string
inline constexpr size_t kTableTextBytesMax = size_t{1} << 30;       // of all traces or of all operations
inline constexpr uint32_t kStringsMax = 1u << 28;

}  // namespace spoor::block_layout
