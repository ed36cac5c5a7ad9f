#include "api/spoor/find_in_trace.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <utility>

#include "plan/value_text.h"

namespace spoor::api {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string Lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), Lower);
  return out;
}

// `needle` is lower case already.
bool Contains(std::string_view text, std::string_view needle) {
  return std::search(text.begin(), text.end(), needle.begin(), needle.end(),
                     [](char a, char b) { return Lower(a) == b; }) != text.end();
}

// Searches the spans of one batch. Every string of its dictionary is looked at once at most.
class BatchFinder {
 public:
  BatchFinder(const SpanBatch& batch, std::string_view text) : batch_(batch), text_(Lowered(text)) {
    const size_t equals = text.find('=');
    if (equals != std::string_view::npos && equals > 0) {
      key_ = text.substr(0, equals);
      key_value_ = Lowered(text.substr(equals + 1));
      has_pair_ = true;
    }
  }

  bool Has(uint32_t row) {
    return HasCode(batch_.service_name(row)) || HasCode(batch_.name[row]) || HasCode(batch_.status_message[row]) ||
           Contains(SpanIdHex(batch_.span_id[row]), text_) || HasList(batch_.attributes, row) || HasEvent(row) ||
           HasShared(resources_, batch_.resource_attributes, batch_.resource[row]) ||
           HasShared(scopes_, batch_.scope_attributes, batch_.scope[row]);
  }

 private:
  bool HasCode(StringCode code) {
    const auto [it, fresh] = codes_.try_emplace(code, false);
    if (fresh) it->second = Contains(batch_.String(code), text_);
    return it->second;
  }

  bool HasEvent(uint32_t row) {
    for (uint32_t event = batch_.event_begin[row]; event < batch_.event_begin[row + 1]; ++event) {
      if (HasCode(batch_.event_name[event]) || HasList(batch_.event_attributes, event)) return true;
    }
    return false;
  }

  // Lists that many spans share.
  bool HasShared(boost::unordered_flat_map<uint32_t, bool>& known, const AttributeListColumns& lists, uint32_t list) {
    const auto [it, fresh] = known.try_emplace(list, false);
    if (fresh) it->second = HasList(lists, list);
    return it->second;
  }

  bool HasList(const AttributeListColumns& lists, uint32_t list) {
    const auto keys = batch_.ShapeKeys(lists.shape[list]);
    const auto types = batch_.ShapeTypes(lists.shape[list]);
    for (size_t i = 0; i < keys.size(); ++i) {
      const uint64_t cell = batch_.values[lists.value_begin[list] + i];
      if (HasCode(keys[i]) || HasValue(types[i], cell, text_)) return true;
      if (has_pair_ && batch_.String(keys[i]) == key_ && HasValue(types[i], cell, key_value_)) return true;
    }
    return false;
  }

  bool HasValue(ValueType type, uint64_t cell, const std::string& needle) {
    if (type == ValueType::kString) {
      const auto code = static_cast<StringCode>(cell);
      return &needle == &text_ ? HasCode(code) : Contains(batch_.String(code), needle);
    }
    value_.clear();
    AppendValueText(value_, type, cell, IsCode(type) ? batch_.String(static_cast<StringCode>(cell)) : "");
    return Contains(value_, needle);
  }

  const SpanBatch& batch_;
  const std::string text_;
  bool has_pair_ = false;
  std::string key_, key_value_;
  std::string value_;  // scratch
  boost::unordered_flat_map<uint32_t, bool> codes_, resources_, scopes_;
};

}  // namespace

std::vector<uint32_t> FindInTrace(const Trace& trace, std::string_view text) {
  std::vector<uint32_t> rows;
  if (text.empty()) return rows;
  boost::unordered_flat_map<const SpanBatch*, std::unique_ptr<BatchFinder>> finders;
  for (uint32_t i = 0; i < trace.spans.size(); ++i) {
    const TraceSpan& span = trace.spans[i];
    std::unique_ptr<BatchFinder>& finder = finders[span.batch];
    if (!finder) finder = std::make_unique<BatchFinder>(*span.batch, text);
    if (finder->Has(span.row)) rows.push_back(i);
  }
  return rows;
}

}  // namespace spoor::api
