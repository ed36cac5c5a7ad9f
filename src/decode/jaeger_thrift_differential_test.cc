// The same spans, sent as OpenTelemetry's exporter for Jaeger writes them and as OTLP, make the same batch.
#include <gtest/gtest.h>

#include <protozero/pbf_writer.hpp>
#include <random>
#include <variant>

#include "decode/describe_batch.h"
#include "decode/jaeger_thrift.h"
#include "decode/otlp.h"
#include "decode/thrift_writer.h"

namespace spoor {
namespace {

using protozero::pbf_writer;
using Value = std::variant<std::string, double, bool, int64_t>;
using Attributes = std::vector<std::pair<std::string, Value>>;

struct Event {
  uint64_t time_us;
  std::string name;
  Attributes attributes;
};
struct Link {
  TraceId trace_id;
  SpanId span_id;
  bool child_of;
};
struct PlainSpan {
  TraceId trace_id;
  SpanId id, parent;
  std::string name, trace_state, status_message;
  uint64_t start_us;
  int64_t duration_us;
  uint32_t flags;
  int kind, status;
  Attributes attributes;
  std::vector<Event> events;
  std::vector<Link> links;
};
struct Request {
  Attributes resource;
  std::string scope_name, scope_version;
  std::vector<PlainSpan> spans;
};

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  Request Make() {
    Request request{{{"service.name", Text() + "s"}}, Sometimes(Text()), "", {}};
    if (!request.scope_name.empty()) request.scope_version = Sometimes(Text());
    for (auto& attribute : MakeAttributes()) request.resource.push_back(std::move(attribute));
    for (size_t i = Below(20); i > 0; --i) request.spans.push_back(MakeSpan());
    return request;
  }

 private:
  uint64_t Below(uint64_t n) { return random_() % n; }
  std::string Text() {
    static const char* const kTexts[] = {"a", "GET /", "checkout", "\xC3\xA9t\xC3\xA9", "error", "0", "true"};
    return Below(3) == 0 ? std::to_string(random_()) : kTexts[Below(std::size(kTexts))];
  }
  std::string Sometimes(std::string text) { return Below(2) == 0 ? text : ""; }

  Value MakeValue() {
    switch (Below(4)) {
      case 0: return Text();
      case 1: return static_cast<double>(static_cast<int64_t>(random_())) / 1000;
      case 2: return Below(2) == 0;
      default: return static_cast<int64_t>(random_());
    }
  }
  Attributes MakeAttributes() {
    Attributes attributes;
    // Keys of their own: some of those that Text makes mean something.
    for (size_t i = Below(6); i > 0; --i) attributes.emplace_back("key." + std::to_string(Below(5)), MakeValue());
    return attributes;
  }

  PlainSpan MakeSpan() {
    PlainSpan span{.trace_id = {Below(2) * random_(), random_() | 1},
                   .id = random_() | 1,
                   .parent = Below(2) * random_(),
                   .name = Text(),
                   .trace_state = Sometimes("a=b"),
                   .status_message = "",
                   .start_us = 1'700'000'000'000'000 + Below(1'000'000),
                   .duration_us = static_cast<int64_t>(Below(1'000'000)) - 1000,
                   .flags = static_cast<uint32_t>(Below(4)),
                   .kind = static_cast<int>(Below(6)),
                   .status = static_cast<int>(Below(3)),
                   .attributes = MakeAttributes()};
    if (span.status == 2) span.status_message = Sometimes(Text());
    for (size_t i = Below(3); i > 0; --i) {
      span.events.push_back({span.start_us + Below(1000), Sometimes(Text()), MakeAttributes()});
    }
    for (size_t i = Below(3); i > 0; --i) span.links.push_back({{random_(), random_()}, random_() | 1, Below(2) == 0});
    return span;
  }

  std::mt19937_64 random_;
};

// --- as Thrift ---

std::vector<std::string> Tags(const Attributes& attributes) {
  std::vector<std::string> tags;
  for (const auto& [key, value] : attributes) {
    if (const auto* text = std::get_if<std::string>(&value)) tags.push_back(thrift_test::TextTag(key, *text));
    if (const auto* number = std::get_if<double>(&value)) tags.push_back(thrift_test::DoubleTag(key, *number));
    if (const auto* truth = std::get_if<bool>(&value)) tags.push_back(thrift_test::BoolTag(key, *truth));
    if (const auto* number = std::get_if<int64_t>(&value)) tags.push_back(thrift_test::LongTag(key, *number));
  }
  return tags;
}

std::string ThriftSpan(const PlainSpan& span, const Request& request) {
  thrift_test::Span out{.trace_high = static_cast<int64_t>(span.trace_id.high),
                        .trace_low = static_cast<int64_t>(span.trace_id.low),
                        .id = static_cast<int64_t>(span.id),
                        .parent = static_cast<int64_t>(span.parent),
                        .name = span.name,
                        .flags = static_cast<int32_t>(span.flags),
                        .start_us = static_cast<int64_t>(span.start_us),
                        .duration_us = span.duration_us,
                        .tags = Tags(span.attributes)};
  const auto add = [&](std::string_view key, std::string_view value) {
    // Wherever they stand, they are found.
    if (!value.empty()) out.tags.insert(out.tags.begin() + out.tags.size() / 2, thrift_test::TextTag(key, value));
  };
  add("span.kind", SpanKindName(static_cast<SpanKind>(span.kind)));
  if (span.status == 1) add("otel.status_code", "OK");
  if (span.status == 2) {
    out.tags.push_back(thrift_test::BoolTag("error", true));
    add("otel.status_code", "ERROR");
    add("otel.status_description", span.status_message);
  }
  add("w3c.tracestate", span.trace_state);
  add("otel.scope.name", request.scope_name);
  add("otel.scope.version", request.scope_version);
  for (const Event& event : span.events) {
    std::vector<std::string> fields = Tags(event.attributes);
    if (!event.name.empty()) fields.push_back(thrift_test::TextTag("event", event.name));
    out.logs.push_back(thrift_test::Log(static_cast<int64_t>(event.time_us), fields));
  }
  if (span.parent != 0) {
    out.references.push_back(thrift_test::Reference(0, out.trace_high, out.trace_low, out.parent));
  }
  for (const Link& link : span.links) {
    out.references.push_back(thrift_test::Reference(link.child_of ? 0 : 1, static_cast<int64_t>(link.trace_id.high),
                                                    static_cast<int64_t>(link.trace_id.low),
                                                    static_cast<int64_t>(link.span_id)));
  }
  return out.Write();
}

std::string Thrift(const Request& request) {
  std::vector<std::string> spans;
  for (const PlainSpan& span : request.spans) spans.push_back(ThriftSpan(span, request));
  const Attributes tags(request.resource.begin() + 1, request.resource.end());
  return thrift_test::Batch(thrift_test::Process(std::get<std::string>(request.resource[0].second), Tags(tags)), spans);
}

// --- as OTLP ---

void WriteAttributes(pbf_writer& writer, uint32_t field, const Attributes& attributes) {
  for (const auto& [key, value] : attributes) {
    pbf_writer pair(writer, field);
    pair.add_string(1, key);
    pbf_writer any(pair, 2);
    if (const auto* text = std::get_if<std::string>(&value)) any.add_string(1, *text);
    if (const auto* truth = std::get_if<bool>(&value)) any.add_bool(2, *truth);
    if (const auto* number = std::get_if<int64_t>(&value)) any.add_int64(3, *number);
    if (const auto* number = std::get_if<double>(&value)) any.add_double(4, *number);
  }
}

std::string IdBytes(TraceId id) { return ThriftStruct::Bytes(id.high) + ThriftStruct::Bytes(id.low); }

void WriteSpan(pbf_writer& scope_spans, const PlainSpan& span) {
  pbf_writer out(scope_spans, 2);
  out.add_bytes(1, IdBytes(span.trace_id));
  out.add_bytes(2, ThriftStruct::Bytes(span.id));
  out.add_string(3, span.trace_state);
  out.add_bytes(4, ThriftStruct::Bytes(span.parent));
  out.add_string(5, span.name);
  out.add_enum(6, span.kind);
  out.add_fixed64(7, span.start_us * 1000);
  out.add_fixed64(8, (span.start_us + static_cast<uint64_t>(span.duration_us)) * 1000);
  WriteAttributes(out, 9, span.attributes);
  for (const Event& event : span.events) {
    pbf_writer written(out, 11);
    written.add_fixed64(1, event.time_us * 1000);
    written.add_string(2, event.name);
    WriteAttributes(written, 3, event.attributes);
  }
  for (const Link& link : span.links) {
    pbf_writer written(out, 13);
    written.add_bytes(1, IdBytes(link.trace_id));
    written.add_bytes(2, ThriftStruct::Bytes(link.span_id));
    WriteAttributes(written, 4, {{"opentracing.ref_type", link.child_of ? "child_of" : "follows_from"}});
  }
  {
    pbf_writer status(out, 15);
    status.add_string(2, span.status_message);
    status.add_enum(3, span.status);
  }
  out.add_fixed32(16, span.flags);
}

std::string Otlp(const Request& request) {
  std::string out;
  pbf_writer root(out);
  pbf_writer resource_spans(root, 1);
  {
    pbf_writer resource(resource_spans, 1);
    WriteAttributes(resource, 1, request.resource);
  }
  pbf_writer scope_spans(resource_spans, 2);
  {
    pbf_writer scope(scope_spans, 1);
    scope.add_string(1, request.scope_name);
    scope.add_string(2, request.scope_version);
  }
  for (const PlainSpan& span : request.spans) WriteSpan(scope_spans, span);
  return out;
}

template <class Decode>
std::string Described(const std::string& body, Decode decode) {
  MemoryBudget budget(size_t{1} << 30);
  MemoryReservation reservation = budget.Reserve();
  DecodeMemory memory(reservation, body.size());
  static SpanBatchBuilder builder;  // reused, as a thread's is
  const Result<DecodeReport> report = decode(body, builder, memory);
  if (!report) return report.error().message;
  const auto batch = *builder.Finish();
  return batch == nullptr ? "" : DescribeBatch(*batch);
}

TEST(JaegerThrift, MakesTheBatchThatOtlpMakesOfTheSameSpans) {
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    const Request request = Maker(seed).Make();
    ASSERT_EQ(Described(Thrift(request), DecodeJaegerThrift), Described(Otlp(request), DecodeOtlpProtobuf)) << seed;
  }
}

}  // namespace
}  // namespace spoor
