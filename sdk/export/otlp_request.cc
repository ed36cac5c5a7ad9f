#include "export/otlp_request.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "trace/utf8.h"
#include "trace/wire.h"

namespace spoor::trace {
namespace {

// opentelemetry/proto/collector/trace/v1/trace_service.proto and trace/v1/trace.proto.
constexpr uint32_t kResourceSpans = 1;                                          // of ExportTraceServiceRequest
constexpr uint32_t kResource = 1, kScopeSpans = 2, kResourceSchemaUrl = 3;      // of ResourceSpans
constexpr uint32_t kScope = 1, kSpans = 2, kScopeSchemaUrl = 3;                 // of ScopeSpans
constexpr uint32_t kPartialSuccess = 1, kRejectedSpans = 1, kErrorMessage = 2;  // of the response

void AppendVarint(std::string& out, uint64_t value) {
  uint8_t bytes[10];
  out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(wire::PutVarint(bytes, value) - bytes));
}

void AppendHead(std::string& out, uint32_t field, size_t length) {
  AppendVarint(out, wire::Tag(field, wire::kLength));
  AppendVarint(out, length);
}

void AppendText(std::string& out, uint32_t field, std::string_view text) {
  AppendHead(out, field, text.size());
  out += text;
}

// Spans of one resource and scope, as a run of indexes, and how long their messages are.
struct Group {
  size_t begin = 0, end = 0;
  size_t content_size = 0;  // of the ScopeSpans message
};

class Request {
 public:
  Request(ListView<FinishedSpan> spans, std::string& out) : spans_(spans), out_(out), order_(spans.size()) {
    std::iota(order_.begin(), order_.end(), 0u);
    std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
      const Key key_a = KeyOf(a), key_b = KeyOf(b);
      return key_a != key_b ? key_a < key_b : a < b;
    });
  }

  void Write() {
    out_.clear();
    MakeGroups();
    for (size_t begin = 0; begin < groups_.size();) {
      size_t end = begin;
      while (end < groups_.size() && ResourceOf(groups_[end]) == ResourceOf(groups_[begin])) ++end;
      WriteResource(begin, end);
      begin = end;
    }
  }

 private:
  using Key = std::pair<const void*, const void*>;
  Key KeyOf(uint32_t span) const {
    return {spans_[span].resource().wire().data(), static_cast<const void*>(&spans_[span].scope())};
  }
  const void* ResourceOf(const Group& group) const { return KeyOf(order_[group.begin]).first; }

  void MakeGroups() {
    sizes_.resize(order_.size());
    for (size_t i = 0; i < order_.size(); ++i) {
      if (groups_.empty() || KeyOf(order_[i]) != KeyOf(order_[groups_.back().begin])) {
        const InstrumentationScope& scope = spans_[order_[i]].scope();
        groups_.push_back({i, i, 0});
        groups_.back().content_size =
            wire::TextSize(kScope, scope.wire.size()) +
            (scope.schema_url.empty() ? 0 : wire::TextSize(kScopeSchemaUrl, scope.schema_url.size()));
      }
      sizes_[i] = spans_[order_[i]].WireSize();
      groups_.back().end = i + 1;
      groups_.back().content_size += wire::TextSize(kSpans, sizes_[i]);
    }
  }

  void WriteResource(size_t begin, size_t end) {
    const Resource& resource = spans_[order_[groups_[begin].begin]].resource();
    const std::string_view schema_url = resource.schema_url();
    size_t size = wire::TextSize(kResource, resource.wire().size()) +
                  (schema_url.empty() ? 0 : wire::TextSize(kResourceSchemaUrl, schema_url.size()));
    for (size_t i = begin; i < end; ++i) size += wire::TextSize(kScopeSpans, groups_[i].content_size);
    out_.reserve(out_.size() + size + 16);
    AppendHead(out_, kResourceSpans, size);
    AppendText(out_, kResource, resource.wire());
    for (size_t i = begin; i < end; ++i) WriteScope(groups_[i]);
    if (!schema_url.empty()) AppendText(out_, kResourceSchemaUrl, schema_url);
  }

  void WriteScope(const Group& group) {
    const InstrumentationScope& scope = spans_[order_[group.begin]].scope();
    AppendHead(out_, kScopeSpans, group.content_size);
    AppendText(out_, kScope, scope.wire);
    for (size_t i = group.begin; i < group.end; ++i) {
      AppendHead(out_, kSpans, sizes_[i]);
      spans_[order_[i]].AppendWire(out_);
    }
    if (!scope.schema_url.empty()) AppendText(out_, kScopeSchemaUrl, scope.schema_url);
  }

  const ListView<FinishedSpan> spans_;
  std::string& out_;
  std::vector<uint32_t> order_;
  std::vector<size_t> sizes_;  // of the Span messages, in that order
  std::vector<Group> groups_;
};

// The next field of a message from elsewhere. False at its end or where it is none.
struct ForeignReader {
  std::string_view rest;
  uint32_t field = 0;
  uint64_t number = 0;
  std::string_view bytes;

  bool Varint(uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 64 && !rest.empty(); shift += 7) {
      const auto byte = static_cast<uint8_t>(rest[0]);
      rest.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return true;
    }
    return false;
  }
  bool Next() {
    uint64_t tag = 0;
    if (!Varint(tag)) return false;
    field = static_cast<uint32_t>(tag >> 3);
    size_t fixed = 0;
    switch (tag & 7) {
      case wire::kVarint: return Varint(number);
      case wire::kFixed64: fixed = 8; break;
      case wire::kFixed32: fixed = 4; break;
      case wire::kLength: {
        uint64_t length = 0;
        if (!Varint(length) || length > rest.size()) return false;
        bytes = rest.substr(0, static_cast<size_t>(length));
        rest.remove_prefix(static_cast<size_t>(length));
        return true;
      }
      default: return false;
    }
    if (fixed > rest.size()) return false;
    rest.remove_prefix(fixed);
    return true;
  }
};

}  // namespace

void EncodeOtlpRequest(ListView<FinishedSpan> spans, std::string& out) { Request(spans, out).Write(); }

PartialSuccess ReadOtlpResponse(std::string_view bytes) {
  PartialSuccess result;
  for (ForeignReader response{bytes}; response.Next();) {
    if (response.field != kPartialSuccess) continue;
    for (ForeignReader partial{response.bytes}; partial.Next();) {
      if (partial.field == kRejectedSpans) result.rejected_spans = static_cast<int64_t>(partial.number);
      if (partial.field == kErrorMessage && IsUtf8(partial.bytes)) result.message = partial.bytes;
    }
  }
  return result;
}

std::string ReadOtlpError(std::string_view bytes) {
  constexpr uint32_t kMessage = 2;
  constexpr size_t kBytesMax = 500;
  std::string_view message;
  for (ForeignReader status{bytes}; status.Next();) {
    if (status.field == kMessage) message = status.bytes;
  }
  const bool is_text = IsUtf8(message) && std::none_of(message.begin(), message.end(),
                                                       [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  return is_text ? std::string(message.substr(0, kBytesMax)) : std::string();
}

}  // namespace spoor::trace
