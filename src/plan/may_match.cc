#include "plan/may_match.h"

#include <algorithm>

#include "plan/compare.h"
#include "plan/value_text.h"

namespace spoor {
namespace {

bool IsTextField(Intrinsic field) {
  switch (field) {
    case Intrinsic::kKind:
    case Intrinsic::kStatusCode:
    case Intrinsic::kDurationNs:
    case Intrinsic::kStartNs: return false;
    default: return true;
  }
}

struct MayMatchNode {
  const TextKnowledge& knowledge;

  bool operator()(const AllOf& all) const {
    return std::all_of(all.filters.begin(), all.filters.end(), [&](const Filter& f) { return MayMatch(f, knowledge); });
  }
  bool operator()(const AnyOf& any) const {
    return std::any_of(any.filters.begin(), any.filters.end(), [&](const Filter& f) { return MayMatch(f, knowledge); });
  }
  bool operator()(const NotOf&) const { return true; }
  bool operator()(const CompareIntrinsic& compare) const {
    if (!IsTextField(compare.field)) return !RangeOf(compare.op, compare.value).IsNone();
    const auto* text = std::get_if<std::string>(&compare.value);
    if (text == nullptr) return false;
    return compare.op != CompareOp::kEqual || text->empty() || knowledge.may_hold_text(*text);
  }
  bool operator()(const AttributeText& attribute) const {
    if (!attribute.key.empty() && !knowledge.may_hold_text(attribute.key)) return false;
    if (attribute.text.empty() || knowledge.may_hold_text(attribute.text)) return true;
    if (!ValueText(attribute.text).MayBeOtherThanString()) return false;
    return !knowledge.may_hold_other_types || knowledge.may_hold_other_types(attribute.key);
  }
};

}  // namespace

bool MayMatch(const Filter& filter, const TextKnowledge& knowledge) {
  return std::visit(MayMatchNode{knowledge}, filter.node);
}

}  // namespace spoor
