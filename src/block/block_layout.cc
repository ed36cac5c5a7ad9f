#include "block/block_layout.h"

namespace spoor::block_layout {

std::string_view FixedColumnName(FixedColumn column) {
  switch (column) {
    case FixedColumn::kSpanId: return "span id";
    case FixedColumn::kParentRow: return "parent row";
    case FixedColumn::kParentGiven: return "parent given";
    case FixedColumn::kParentId: return "parent id";
    case FixedColumn::kStart: return "start";
    case FixedColumn::kDuration: return "duration";
    case FixedColumn::kName: return "name";
    case FixedColumn::kTraceState: return "trace state";
    case FixedColumn::kStatusMessage: return "status message";
    case FixedColumn::kFlags: return "flags";
    case FixedColumn::kResource: return "resource";
    case FixedColumn::kScope: return "scope";
    case FixedColumn::kDroppedAttributes: return "dropped attributes";
    case FixedColumn::kDroppedEvents: return "dropped events";
    case FixedColumn::kDroppedLinks: return "dropped links";
    case FixedColumn::kKind: return "kind";
    case FixedColumn::kStatusCode: return "status code";
    case FixedColumn::kShape: return "shape";
    case FixedColumn::kEventCount: return "event count";
    case FixedColumn::kLinkCount: return "link count";
    case FixedColumn::kEventTime: return "event time";
    case FixedColumn::kEventName: return "event name";
    case FixedColumn::kEventDroppedAttributes: return "event dropped attributes";
    case FixedColumn::kEventShape: return "event shape";
    case FixedColumn::kLinkTraceIdHigh: return "link trace id, high half";
    case FixedColumn::kLinkTraceIdLow: return "link trace id, low half";
    case FixedColumn::kLinkSpanId: return "link span id";
    case FixedColumn::kLinkTraceState: return "link trace state";
    case FixedColumn::kLinkFlags: return "link flags";
    case FixedColumn::kLinkDroppedAttributes: return "link dropped attributes";
    case FixedColumn::kLinkShape: return "link shape";
  }
  return "unknown";
}

}  // namespace spoor::block_layout
