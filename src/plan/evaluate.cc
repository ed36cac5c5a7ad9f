#include "plan/evaluate.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <numeric>
#include <optional>

#include "plan/compare.h"
#include "plan/value_text.h"

namespace spoor {
namespace {

// Keeps of `live` the rows for which `matches(row)` holds, asking only for rows that are live.
template <class Matches>
void Keep(Selection& live, Matches matches) {
  const uint32_t rows = live.size();
  std::vector<uint64_t>& words = live.words();
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == 0) continue;
    const auto begin = static_cast<uint32_t>(i * 64);
    const uint32_t count = std::min(rows - begin, 64u);
    uint64_t mask = 0;
    for (uint32_t bit = 0; bit < count; ++bit) mask |= static_cast<uint64_t>(matches(begin + bit)) << bit;
    words[i] &= mask;
  }
}

void KeepRange(Selection& live, const NumberRange& range, auto value_of) {
  if (range.low > range.high) {
    if (!range.outside) live = Selection(live.size());
    return;
  }
  const uint64_t low = range.low, width = range.high - range.low;
  const bool outside = range.outside;
  Keep(live, [&](uint32_t row) { return (value_of(row) - low <= width) != outside; });
}

// A condition on dictionary text, decided once a code.
class CodeTest {
 public:
  CodeTest(SpanColumns& columns, CompareOp op, std::string text) : columns_(columns), op_(op), text_(std::move(text)) {}

  // Where only one code can match and none of `codes` is raw, the answer is a comparison of numbers.
  bool IsOneCode(std::span<const uint32_t> codes) {
    if (op_ != CompareOp::kEqual && op_ != CompareOp::kNotEqual) return false;
    const auto highest = std::max_element(codes.begin(), codes.end());
    if (highest != codes.end() && columns_.IsRaw(*highest)) return false;  // raw codes stand above all others
    code_ = columns_.Find(text_);
    return true;
  }
  std::optional<uint32_t> code() const { return code_; }
  bool negated() const { return op_ == CompareOp::kNotEqual; }

  bool Matches(uint32_t code) {
    const auto [it, fresh] = known_.try_emplace(code, false);
    if (fresh) it->second = CompareText(columns_.String(code), op_, text_);
    return it->second;
  }

 private:
  SpanColumns& columns_;
  const CompareOp op_;
  const std::string text_;
  std::optional<uint32_t> code_;
  boost::unordered_flat_map<uint32_t, bool> known_;
};

void KeepCodes(Selection& live, std::span<const uint32_t> codes, CodeTest test) {
  if (!test.IsOneCode(codes)) {
    Keep(live, [&](uint32_t row) { return live.Has(row) && test.Matches(codes[row]); });
    return;
  }
  const bool negated = test.negated();
  if (!test.code()) {
    if (!negated) live = Selection(live.size());
    return;
  }
  const uint32_t code = *test.code();
  Keep(live, [codes, code, negated](uint32_t row) { return (codes[row] == code) != negated; });
}

// Decides whether cells have a text, with one dictionary lookup and each nested value written once.
class TextTest {
 public:
  TextTest(SpanColumns& columns, const std::string& text) : columns_(columns), text_(text) {}

  void Mark(const AttributeCells& cells, const Selection& live, Selection& found) {
    if (cells.type == ValueType::kString) {
      MarkStrings(cells, live, found);
    } else if (IsCode(cells.type)) {
      MarkCodes(cells, live, found);
    } else {
      for (size_t i = 0; i < cells.rows.size(); ++i) {
        if (live.Has(cells.rows[i]) && text_.MatchesCell(cells.type, cells.cells[i])) found.Set(cells.rows[i]);
      }
    }
  }

 private:
  void MarkStrings(const AttributeCells& cells, const Selection& live, Selection& found) {
    if (!looked_up_) code_ = columns_.Find(text_.text());
    looked_up_ = true;
    const auto highest = std::max_element(cells.cells.begin(), cells.cells.end());
    if (highest == cells.cells.end()) return;
    if (columns_.IsRaw(static_cast<uint32_t>(*highest))) return MarkRaw(cells, live, found);
    if (!code_) return;
    for (size_t i = 0; i < cells.rows.size(); ++i) {
      if (cells.cells[i] == *code_ && live.Has(cells.rows[i])) found.Set(cells.rows[i]);
    }
  }

  // Raw texts have a code each, so that remembering what a code is brings nothing.
  void MarkRaw(const AttributeCells& cells, const Selection& live, Selection& found) {
    const std::string_view wanted = text_.text();
    for (size_t i = 0; i < cells.rows.size(); ++i) {
      if (live.Has(cells.rows[i]) && columns_.String(static_cast<uint32_t>(cells.cells[i])) == wanted) {
        found.Set(cells.rows[i]);
      }
    }
  }

  void MarkCodes(const AttributeCells& cells, const Selection& live, Selection& found) {
    boost::unordered_flat_map<uint64_t, bool> known;
    for (size_t i = 0; i < cells.rows.size(); ++i) {
      if (!live.Has(cells.rows[i])) continue;
      const auto [it, fresh] = known.try_emplace(cells.cells[i], false);
      if (fresh) {
        it->second = text_.MatchesBytes(cells.type, columns_.String(static_cast<uint32_t>(cells.cells[i])));
      }
      if (it->second) found.Set(cells.rows[i]);
    }
  }

  SpanColumns& columns_;
  const ValueText text_;
  bool looked_up_ = false;
  std::optional<uint32_t> code_;
};

std::optional<Code32> TextColumn(Intrinsic field) {
  switch (field) {
    case Intrinsic::kServiceName: return Code32::kServiceName;
    case Intrinsic::kName: return Code32::kName;
    case Intrinsic::kStatusMessage: return Code32::kStatusMessage;
    case Intrinsic::kTraceState: return Code32::kTraceState;
    case Intrinsic::kScopeName: return Code32::kScopeName;
    case Intrinsic::kScopeVersion: return Code32::kScopeVersion;
    default: return std::nullopt;
  }
}

// How much reading a condition takes, for the order in which conditions are asked. Relative; only the order counts.
int Cost(const Filter& filter);

struct CostOf {
  int operator()(const AllOf& all) const { return Sum(all.filters); }
  int operator()(const AnyOf& any) const { return Sum(any.filters); }
  int operator()(const NotOf& negation) const { return Cost(*negation.filter); }
  int operator()(const AttributeText&) const { return 64; }
  int operator()(const CompareIntrinsic& compare) const {
    switch (compare.field) {
      case Intrinsic::kKind:
      case Intrinsic::kStatusCode: return 1;
      case Intrinsic::kStartNs: return 4;
      case Intrinsic::kDurationNs: return 8;
      case Intrinsic::kEventName: return 32;
      default: return 2;
    }
  }
  static int Sum(const std::vector<Filter>& filters) {
    return std::accumulate(filters.begin(), filters.end(), 0, [](int sum, const Filter& f) { return sum + Cost(f); });
  }
};

int Cost(const Filter& filter) { return std::visit(CostOf{}, filter.node); }

std::vector<const Filter*> CheapestFirst(const std::vector<Filter>& filters) {
  std::vector<std::pair<int, const Filter*>> costs;
  for (const Filter& filter : filters) costs.emplace_back(Cost(filter), &filter);
  std::stable_sort(costs.begin(), costs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const Filter*> order;
  for (const auto& [cost, filter] : costs) order.push_back(filter);
  return order;
}

// Takes out of a selection what does not fulfil a filter.
class Narrower {
 public:
  explicit Narrower(SpanColumns& columns) : columns_(columns) {}

  Status Narrow(const Filter& filter, Selection& live) {
    if (!live.Any()) return {};
    return std::visit([&](const auto& node) { return Apply(node, live); }, filter.node);
  }

  Status KeepWindow(uint64_t start_min_ns, uint64_t start_max_ns, Selection& live) {
    if (start_min_ns == 0 && start_max_ns == UINT64_MAX) return {};
    ASSIGN_OR_RETURN(const auto start, columns_.Get(Fixed64::kStartNs));
    KeepRange(live, NumberRange{start_min_ns, start_max_ns}, [&](uint32_t row) { return start.values[row]; });
    return {};
  }

 private:
  Status Apply(const AllOf& all, Selection& live) {
    for (const Filter* filter : CheapestFirst(all.filters)) RETURN_IF_ERROR(Narrow(*filter, live));
    return {};
  }

  Status Apply(const AnyOf& any, Selection& live) {
    Selection undecided = live;
    live = Selection(live.size());
    for (const Filter* filter : CheapestFirst(any.filters)) {
      Selection part = undecided;
      RETURN_IF_ERROR(Narrow(*filter, part));
      live.Or(part);
      part.Invert();
      undecided.And(part);
      if (!undecided.Any()) break;
    }
    return {};
  }

  Status Apply(const NotOf& negation, Selection& live) {
    Selection part = live;
    RETURN_IF_ERROR(Narrow(*negation.filter, part));
    part.Invert();
    live.And(part);
    return {};
  }

  Status Apply(const CompareIntrinsic& compare, Selection& live) {
    if (compare.field == Intrinsic::kEventName || TextColumn(compare.field)) return ApplyText(compare, live);
    return ApplyNumber(compare, live);
  }

  Status ApplyText(const CompareIntrinsic& compare, Selection& live) {
    const auto* text = std::get_if<std::string>(&compare.value);
    if (text == nullptr) {
      live = Selection(live.size());
      return {};
    }
    CodeTest test(columns_, compare.op, *text);
    if (compare.field == Intrinsic::kEventName) return ApplyEventName(std::move(test), live);
    ASSIGN_OR_RETURN(const auto codes, columns_.Get(*TextColumn(compare.field)));
    KeepCodes(live, codes.values, std::move(test));
    return {};
  }

  Status ApplyEventName(CodeTest test, Selection& live) {
    ASSIGN_OR_RETURN(const AttributeCells names, columns_.EventNames());
    Selection found(live.size());
    for (size_t i = 0; i < names.rows.size(); ++i) {
      if (live.Has(names.rows[i]) && test.Matches(static_cast<uint32_t>(names.cells[i]))) found.Set(names.rows[i]);
    }
    live = std::move(found);
    return {};
  }

  Status ApplyNumber(const CompareIntrinsic& compare, Selection& live) {
    const NumberRange range = RangeOf(compare.op, compare.value);
    if (range.IsNone()) {
      live = Selection(live.size());
      return {};
    }
    switch (compare.field) {
      case Intrinsic::kKind:
      case Intrinsic::kStatusCode: {
        const Byte8 column = compare.field == Intrinsic::kKind ? Byte8::kKind : Byte8::kStatusCode;
        ASSIGN_OR_RETURN(const auto bytes, columns_.Get(column));
        KeepRange(live, range, [&](uint32_t row) { return uint64_t{bytes.values[row]}; });
        return {};
      }
      case Intrinsic::kStartNs: {
        ASSIGN_OR_RETURN(const auto start, columns_.Get(Fixed64::kStartNs));
        KeepRange(live, range, [&](uint32_t row) { return start.values[row]; });
        return {};
      }
      default: return ApplyDuration(range, live);
    }
  }

  Status ApplyDuration(const NumberRange& range, Selection& live) {
    ASSIGN_OR_RETURN(const auto durations, columns_.Get(Fixed64::kDurationNs));
    KeepRange(live, range, [&](uint32_t row) { return durations.values[row]; });
    return {};
  }

  Status Apply(const AttributeText& attribute, Selection& live) {
    ASSIGN_OR_RETURN(const std::vector<AttributeCells> all, columns_.Attributes(attribute.key));
    TextTest test(columns_, attribute.text);
    Selection found(live.size());
    for (const AttributeCells& cells : all) {
      if (cells.owner != AttributeOwner::kLink) test.Mark(cells, live, found);
    }
    live = std::move(found);
    return {};
  }

  SpanColumns& columns_;
};

}  // namespace

Result<Selection> Evaluate(const Filter& filter, uint64_t start_min_ns, uint64_t start_max_ns, SpanColumns& columns) {
  return Evaluate(filter, start_min_ns, start_max_ns, columns, Selection(columns.size(), true));
}

Result<Selection> Evaluate(const Filter& filter, uint64_t start_min_ns, uint64_t start_max_ns, SpanColumns& columns,
                           Selection live) {
  Narrower narrower(columns);
  RETURN_IF_ERROR(narrower.KeepWindow(start_min_ns, start_max_ns, live));
  RETURN_IF_ERROR(narrower.Narrow(filter, live));
  RETURN_IF_ERROR(columns.status());
  return live;
}

}  // namespace spoor
