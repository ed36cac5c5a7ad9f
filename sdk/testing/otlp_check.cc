#include "testing/otlp_check.h"

#include <cstring>
#include <functional>
#include <set>
#include <utility>

namespace spoor::trace::testing {
namespace {

bool IsGoodUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = [&](size_t at) { return at < text.size() ? static_cast<uint8_t>(text[at]) : 0u; };
    const unsigned first = byte(i);
    const size_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
    if (length == 0) return false;
    uint32_t point = length == 1 ? first : first & (0xFFu >> (length + 1));
    for (size_t j = 1; j < length; ++j) {
      if (byte(i + j) >> 6 != 2) return false;
      point = point << 6 | (byte(i + j) & 63);
    }
    constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < kLeast[length] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    i += length;
  }
  return true;
}

std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    text += "0123456789abcdef"[static_cast<uint8_t>(c) >> 4];
    text += "0123456789abcdef"[static_cast<uint8_t>(c) & 15];
  }
  return text;
}

struct Field {
  uint32_t number = 0;
  uint32_t type = 0;
  uint64_t value = 0;      // of types 0, 1 and 5
  std::string_view bytes;  // of type 2
};

class Reader {
 public:
  explicit Reader(WireRequest& out) : out_(out) {}

  void Request(std::string_view bytes) {
    Message("request", bytes, {{1, 2}}, {}, [&](const Field& field) { ResourceSpans(field.bytes); });
  }

 private:
  using Allowed = std::map<uint32_t, uint32_t>;  // number of a field to its type

  void Complain(const std::string& what) { out_.violations.push_back(what); }

  static bool Varint(std::string_view& bytes, uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (bytes.empty()) return false;
      const auto byte = static_cast<uint8_t>(bytes[0]);
      bytes.remove_prefix(1);
      if (shift == 63 && byte > 1) return false;
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return shift == 0 || byte != 0;  // the shortest form only
    }
    return false;
  }

  static bool Next(std::string_view& bytes, Field& field) {
    uint64_t tag = 0;
    if (!Varint(bytes, tag)) return false;
    field.number = static_cast<uint32_t>(tag >> 3);
    field.type = tag & 7;
    if (field.type == 0) return Varint(bytes, field.value);
    uint64_t length = field.type == 1 ? 8 : 4;
    if (field.type == 2 && !Varint(bytes, length)) return false;
    if (field.type != 1 && field.type != 2 && field.type != 5) return false;
    if (length > bytes.size()) return false;
    field.bytes = bytes.substr(0, length);
    field.value = 0;
    if (field.type != 2) std::memcpy(&field.value, field.bytes.data(), length);
    bytes.remove_prefix(length);
    return true;
  }

  // Calls `take` for each field. Those of `repeated` may stand more than once.
  void Message(const char* what, std::string_view bytes, const Allowed& allowed, const std::set<uint32_t>& once,
               const std::function<void(const Field&)>& take) {
    std::set<uint32_t> seen;
    Field field;
    while (!bytes.empty()) {
      if (!Next(bytes, field)) return Complain(std::string(what) + " is no message");
      const auto known = allowed.find(field.number);
      if (known == allowed.end() || known->second != field.type) {
        Complain(std::string(what) + " has an unknown field " + std::to_string(field.number));
        continue;
      }
      if (once.count(field.number) != 0 && !seen.insert(field.number).second) {
        Complain(std::string(what) + " has field " + std::to_string(field.number) + " twice");
      }
      take(field);
    }
  }

  std::string Text(const char* what, std::string_view bytes) {
    if (!IsGoodUtf8(bytes)) Complain(std::string(what) + " is not UTF-8");
    return std::string(bytes);
  }

  std::string Id(const char* what, std::string_view bytes, size_t length) {
    if (bytes.size() != length || bytes.find_first_not_of('\0') == std::string_view::npos) {
      Complain(std::string(what) + " is no id: " + Hex(bytes));
    }
    return Hex(bytes);
  }

  uint64_t Dropped(uint64_t count) {
    if (count == 0 || count > UINT32_MAX) Complain("a dropped count of " + std::to_string(count));
    return count;
  }

  std::string Value(std::string_view bytes) {
    std::string text;
    int fields = 0;
    const Allowed allowed = {{1, 2}, {2, 0}, {3, 0}, {4, 1}, {5, 2}, {6, 2}, {7, 2}};
    Message("value", bytes, allowed, {}, [&](const Field& field) {
      ++fields;
      switch (field.number) {
        case 1: text = "s:" + Text("text value", field.bytes); break;
        case 2:
          if (field.value > 1) Complain("a bool of " + std::to_string(field.value));
          text = field.value != 0 ? "b:true" : "b:false";
          break;
        case 3: text = "i:" + std::to_string(static_cast<int64_t>(field.value)); break;
        case 4: {
          double number;
          std::memcpy(&number, &field.value, 8);
          char digits[40];
          std::snprintf(digits, sizeof(digits), "d:%.17g", number);
          text = digits;
          break;
        }
        case 5: {
          const char* separator = "[";
          Message("array", field.bytes, {{1, 2}}, {}, [&](const Field& item) {
            text += separator + Value(item.bytes);
            separator = ",";
          });
          text += *separator == '[' ? "[]" : "]";
          break;
        }
        case 6: {
          const char* separator = "{";
          WireAttributes map;
          Message("map", field.bytes, {{1, 2}}, {}, [&](const Field& item) { KeyValue(item.bytes, map); });
          for (const auto& [key, value] : map) {
            text += separator + key + "=" + value;
            separator = ",";
          }
          text += *separator == '{' ? "{}" : "}";
          break;
        }
        case 7: text = "x:" + Hex(field.bytes); break;
      }
    });
    if (fields > 1) Complain("a value of two types");
    return text;
  }

  void KeyValue(std::string_view bytes, WireAttributes& into) {
    std::string key, value;
    Message("attribute", bytes, {{1, 2}, {2, 2}}, {1, 2}, [&](const Field& field) {
      if (field.number == 1) key = Text("key", field.bytes);
      if (field.number == 2) value = Value(field.bytes);
    });
    if (key.empty()) Complain("an attribute without a key");
    if (!into.emplace(key, value).second) Complain("attribute " + key + " twice");
  }

  void ResourceSpans(std::string_view bytes) {
    const size_t first = out_.spans.size();
    WireSpan shared;
    bool has_resource = false;
    Message("ResourceSpans", bytes, {{1, 2}, {2, 2}, {3, 2}}, {1, 3}, [&](const Field& field) {
      if (field.number == 1) {
        has_resource = true;
        Message("resource", field.bytes, {{1, 2}}, {},
                [&](const Field& attribute) { KeyValue(attribute.bytes, shared.resource); });
      }
      if (field.number == 2) ScopeSpans(field.bytes);
      if (field.number == 3) shared.resource_schema_url = Text("schema URL", field.bytes);
    });
    if (!has_resource) Complain("ResourceSpans without a resource");
    for (size_t i = first; i < out_.spans.size(); ++i) {
      out_.spans[i].resource = shared.resource;
      out_.spans[i].resource_schema_url = shared.resource_schema_url;
    }
  }

  void ScopeSpans(std::string_view bytes) {
    const size_t first = out_.spans.size();
    WireSpan shared;
    Message("ScopeSpans", bytes, {{1, 2}, {2, 2}, {3, 2}}, {1, 3}, [&](const Field& field) {
      if (field.number == 1) {
        Message("scope", field.bytes, {{1, 2}, {2, 2}, {3, 2}}, {1, 2}, [&](const Field& part) {
          if (part.number == 1) shared.scope_name = Text("scope name", part.bytes);
          if (part.number == 2) shared.scope_version = Text("scope version", part.bytes);
          if (part.number == 3) KeyValue(part.bytes, shared.scope_attributes);
        });
      }
      if (field.number == 2) Span(field.bytes);
      if (field.number == 3) shared.scope_schema_url = Text("schema URL", field.bytes);
    });
    if (out_.spans.size() == first) Complain("ScopeSpans without a span");
    for (size_t i = first; i < out_.spans.size(); ++i) {
      out_.spans[i].scope_name = shared.scope_name;
      out_.spans[i].scope_version = shared.scope_version;
      out_.spans[i].scope_schema_url = shared.scope_schema_url;
      out_.spans[i].scope_attributes = shared.scope_attributes;
    }
  }

  void Span(std::string_view bytes) {
    WireSpan span;
    const Allowed allowed = {{1, 2}, {2, 2},  {3, 2},  {4, 2},  {5, 2},  {6, 0},  {7, 1},  {8, 1},
                             {9, 2}, {10, 0}, {11, 2}, {12, 0}, {13, 2}, {14, 0}, {15, 2}, {16, 5}};
    Message("span", bytes, allowed, {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15, 16}, [&](const Field& field) {
      switch (field.number) {
        case 1: span.trace_id = Id("trace id", field.bytes, 16); break;
        case 2: span.span_id = Id("span id", field.bytes, 8); break;
        case 3: span.trace_state = Text("trace state", field.bytes); break;
        case 4: span.parent_id = Id("parent id", field.bytes, 8); break;
        case 5: span.name = Text("name", field.bytes); break;
        case 6: span.kind = field.value; break;
        case 7: span.start_ns = field.value; break;
        case 8: span.end_ns = field.value; break;
        case 9: KeyValue(field.bytes, span.attributes); break;
        case 10: span.dropped_attributes = Dropped(field.value); break;
        case 11: span.events.push_back(Event(field.bytes)); break;
        case 12: span.dropped_events = Dropped(field.value); break;
        case 13: span.links.push_back(Link(field.bytes)); break;
        case 14: span.dropped_links = Dropped(field.value); break;
        case 15: Status(field.bytes, span); break;
        case 16: span.flags = field.value; break;
      }
    });
    if (span.trace_id.empty() || span.span_id.empty()) Complain("a span without ids");
    if (!ids_.insert(span.trace_id + span.span_id).second) Complain("span " + span.span_id + " twice");
    if (span.parent_id == span.span_id) Complain("a span that is its own parent");
    if (span.kind < 1 || span.kind > 5) Complain("kind " + std::to_string(span.kind));
    if (span.start_ns == 0 || span.end_ns < span.start_ns) Complain("times of span " + span.name);
    if ((span.flags & ~uint64_t{0x3FF}) != 0 || (span.flags & 0x300) == 0x200) Complain("flags of span " + span.name);
    if ((span.flags & 1) == 0) Complain("a span that is not sampled");
    out_.spans.push_back(std::move(span));
  }

  void Status(std::string_view bytes, WireSpan& span) {
    if (bytes.empty()) Complain("an empty status");
    Message("status", bytes, {{2, 2}, {3, 0}}, {2, 3}, [&](const Field& field) {
      if (field.number == 2) span.status_message = Text("status message", field.bytes);
      if (field.number == 3) span.status = field.value;
    });
    if (span.status > 2) Complain("status " + std::to_string(span.status));
    if (span.status != 2 && !span.status_message.empty()) Complain("a description without an error");
  }

  WireEvent Event(std::string_view bytes) {
    WireEvent event;
    Message("event", bytes, {{1, 1}, {2, 2}, {3, 2}, {4, 0}}, {1, 2, 4}, [&](const Field& field) {
      if (field.number == 1) event.time_ns = field.value;
      if (field.number == 2) event.name = Text("event name", field.bytes);
      if (field.number == 3) KeyValue(field.bytes, event.attributes);
      if (field.number == 4) event.dropped_attributes = Dropped(field.value);
    });
    if (event.time_ns == 0) Complain("an event without a time");
    return event;
  }

  WireLink Link(std::string_view bytes) {
    WireLink link;
    const Allowed allowed = {{1, 2}, {2, 2}, {3, 2}, {4, 2}, {5, 0}, {6, 5}};
    Message("link", bytes, allowed, {1, 2, 3, 5, 6}, [&](const Field& field) {
      switch (field.number) {
        case 1: link.trace_id = Id("link's trace id", field.bytes, 16); break;
        case 2: link.span_id = Id("link's span id", field.bytes, 8); break;
        case 3: link.trace_state = Text("link's trace state", field.bytes); break;
        case 4: KeyValue(field.bytes, link.attributes); break;
        case 5: link.dropped_attributes = Dropped(field.value); break;
        case 6: link.flags = field.value; break;
      }
    });
    return link;
  }

  WireRequest& out_;
  std::set<std::string> ids_;
};

}  // namespace

WireRequest ReadStrictly(std::string_view bytes) {
  WireRequest request;
  Reader(request).Request(bytes);
  return request;
}

}  // namespace spoor::trace::testing
