#include "plan/naive_filter.h"

#include <algorithm>

#include "plan/compare.h"
#include "plan/value_text.h"

namespace spoor {
namespace {

bool ListHas(const SpanBatch& batch, const AttributeListColumns& lists, uint32_t list, const AttributeText& wanted) {
  const auto keys = batch.ShapeKeys(lists.shape[list]);
  const auto types = batch.ShapeTypes(lists.shape[list]);
  const ValueText text(wanted.text);
  for (size_t i = 0; i < keys.size(); ++i) {
    if (batch.String(keys[i]) != wanted.key) continue;
    const uint64_t cell = batch.values[lists.value_begin[list] + i];
    const bool matches = IsCode(types[i]) ? text.MatchesBytes(types[i], batch.String(static_cast<StringCode>(cell)))
                                          : text.MatchesCell(types[i], cell);
    if (matches) return true;
  }
  return false;
}

struct MatchesNode {
  const SpanBatch& batch;
  const uint32_t row;

  bool operator()(const AllOf& all) const {
    return std::all_of(all.filters.begin(), all.filters.end(),
                       [&](const Filter& filter) { return NaiveMatches(filter, batch, row); });
  }
  bool operator()(const AnyOf& any) const {
    return std::any_of(any.filters.begin(), any.filters.end(),
                       [&](const Filter& filter) { return NaiveMatches(filter, batch, row); });
  }
  bool operator()(const NotOf& negation) const { return !NaiveMatches(*negation.filter, batch, row); }

  bool operator()(const AttributeText& attribute) const {
    if (ListHas(batch, batch.attributes, row, attribute)) return true;
    if (ListHas(batch, batch.resource_attributes, batch.resource[row], attribute)) return true;
    if (ListHas(batch, batch.scope_attributes, batch.scope[row], attribute)) return true;
    for (uint32_t event = batch.event_begin[row]; event < batch.event_begin[row + 1]; ++event) {
      if (ListHas(batch, batch.event_attributes, event, attribute)) return true;
    }
    return false;
  }

  bool operator()(const CompareIntrinsic& compare) const {
    const uint32_t scope = batch.scope[row];
    switch (compare.field) {
      case Intrinsic::kServiceName: return Text(compare, batch.service_name(row));
      case Intrinsic::kName: return Text(compare, batch.name[row]);
      case Intrinsic::kStatusMessage: return Text(compare, batch.status_message[row]);
      case Intrinsic::kTraceState: return Text(compare, batch.trace_state[row]);
      case Intrinsic::kScopeName: return Text(compare, batch.scope_name[scope]);
      case Intrinsic::kScopeVersion: return Text(compare, batch.scope_version[scope]);
      case Intrinsic::kKind: return Number(compare, batch.kind[row]);
      case Intrinsic::kStatusCode: return Number(compare, batch.status_code[row]);
      case Intrinsic::kStartNs: return Number(compare, batch.start_ns[row]);
      case Intrinsic::kDurationNs: return Number(compare, batch.duration_ns(row));
      case Intrinsic::kEventName:
        for (uint32_t event = batch.event_begin[row]; event < batch.event_begin[row + 1]; ++event) {
          if (Text(compare, batch.event_name[event])) return true;
        }
        return false;
    }
    return false;
  }

  bool Text(const CompareIntrinsic& compare, StringCode code) const {
    const auto* text = std::get_if<std::string>(&compare.value);
    return text != nullptr && CompareText(batch.String(code), compare.op, *text);
  }

  static bool Number(const CompareIntrinsic& compare, uint64_t number) {
    return RangeOf(compare.op, compare.value).Has(number);
  }
};

}  // namespace

bool NaiveMatches(const Filter& filter, const SpanBatch& batch, uint32_t row) {
  return std::visit(MatchesNode{batch, row}, filter.node);
}

}  // namespace spoor
