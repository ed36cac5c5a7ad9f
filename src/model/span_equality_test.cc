#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "model/span_batch_builder.h"
#include "model/trace.h"

namespace spoor {
namespace {

struct Attribute {
  std::string key;
  ValueType type = ValueType::kString;
  std::string text;     // where the type is a code
  uint64_t number = 0;  // where it is none
};
using Attributes = std::vector<Attribute>;

// Everything that a span is.
struct Content {
  SpanFields fields{.trace_id = {1, 2},
                    .span_id = 3,
                    .parent_span_id = 4,
                    .start_ns = 5,
                    .end_ns = 6,
                    .flags = 7,
                    .dropped_attributes = 8,
                    .dropped_events = 9,
                    .dropped_links = 10,
                    .kind = 2,
                    .status_code = 1};
  std::string name = "name";
  std::string trace_state = "a=b";
  std::string status_message = "fine";
  Attributes attributes{{"text", ValueType::kString, "value"},
                        {"count", ValueType::kInt, "", 3},
                        {"raw", ValueType::kBytes, "\x01\x02"},
                        {"list", ValueType::kArray, "nested"},
                        {"nan", ValueType::kDouble, "", 0x7FF8000000000001},
                        {"none", ValueType::kEmpty}};
  EventFields event{.time_ns = 11, .dropped_attributes = 12};
  std::string event_name = "event";
  Attributes event_attributes{{"e", ValueType::kString, "1"}};
  LinkFields link{.trace_id = {13, 14}, .span_id = 15, .flags = 16, .dropped_attributes = 17};
  std::string link_trace_state = "c=d";
  Attributes link_attributes{{"l", ValueType::kString, "1"}};
  int events = 2;
  int links = 2;
  Attributes resource{{"service.name", ValueType::kString, "cart"}};
  uint32_t resource_dropped = 18;
  std::string resource_schema = "r";
  std::string scope_name = "scope";
  std::string scope_version = "1";
  Attributes scope{{"s", ValueType::kString, "1"}};
  uint32_t scope_dropped = 19;
  std::string scope_schema = "s";
};

SpanBatchBuilder::AttributeList Write(SpanBatchBuilder& builder, const Attributes& attributes) {
  builder.BeginAttributes();
  for (const Attribute& attribute : attributes) {
    const StringCode key = builder.InternString(attribute.key);
    uint64_t cell = attribute.number;
    if (attribute.type == ValueType::kString) {
      cell = builder.InternString(attribute.text);
    } else if (IsCode(attribute.type)) {
      cell = builder.AddBytes(attribute.text);
    }
    EXPECT_TRUE(builder.AddAttribute(key, attribute.type, cell));
  }
  return builder.EndAttributes();
}

void Write(SpanBatchBuilder& builder, Content content) {
  builder.AddResource(Write(builder, content.resource), content.resource_dropped,
                      builder.InternString(content.resource_schema));
  builder.AddScope(builder.InternString(content.scope_name), builder.InternString(content.scope_version),
                   Write(builder, content.scope), content.scope_dropped, builder.InternString(content.scope_schema));
  builder.BeginSpan();
  builder.SetSpanAttributes(Write(builder, content.attributes));
  for (int i = 0; i < content.events; ++i) {
    content.event.name = builder.InternString(content.event_name);
    builder.AddEvent(content.event, Write(builder, content.event_attributes));
  }
  for (int i = 0; i < content.links; ++i) {
    content.link.trace_state = builder.InternString(content.link_trace_state);
    builder.AddLink(content.link, Write(builder, content.link_attributes));
  }
  content.fields.name = builder.InternString(content.name);
  content.fields.trace_state = builder.InternString(content.trace_state);
  content.fields.status_message = builder.InternString(content.status_message);
  builder.EndSpan(content.fields);
}

std::shared_ptr<const SpanBatch> BatchOf(const std::vector<Content>& contents) {
  SpanBatchBuilder builder;
  for (const Content& content : contents) Write(builder, content);
  return builder.Finish().value();
}

// Turns all codes of a batch that has it in front into other ones.
Content Noise() {
  Content noise;
  noise.attributes = {
      {"value", ValueType::kString, "text"}, {"zzz", ValueType::kBytes, "name"}, {"e", ValueType::kInt}};
  noise.name = "1";
  noise.event_attributes = {{"s", ValueType::kString, "cart"}};
  noise.resource = {{"scope", ValueType::kString, "service.name"}};
  noise.scope = {};
  return noise;
}

using Change = std::function<void(Content&)>;

// Each makes another span.
std::vector<Change> Changes() {
  return {
      [](Content& c) { ++c.fields.trace_id.high; },
      [](Content& c) { ++c.fields.trace_id.low; },
      [](Content& c) { ++c.fields.span_id; },
      [](Content& c) { ++c.fields.parent_span_id; },
      [](Content& c) { ++c.fields.start_ns; },
      [](Content& c) { ++c.fields.end_ns; },
      [](Content& c) { ++c.fields.flags; },
      [](Content& c) { ++c.fields.dropped_attributes; },
      [](Content& c) { ++c.fields.dropped_events; },
      [](Content& c) { ++c.fields.dropped_links; },
      [](Content& c) { ++c.fields.kind; },
      [](Content& c) { ++c.fields.status_code; },
      [](Content& c) { c.name = ""; },
      [](Content& c) { c.trace_state = "a=c"; },
      [](Content& c) { c.status_message = "name"; },
      [](Content& c) { c.attributes[0].text = "valuf"; },
      [](Content& c) { c.attributes[0].key = "texu"; },
      [](Content& c) { c.attributes[0].type = ValueType::kBytes; },
      [](Content& c) { ++c.attributes[1].number; },
      [](Content& c) { c.attributes[1].type = ValueType::kDouble; },
      [](Content& c) { c.attributes[2].text = "\x01\x03"; },
      [](Content& c) { c.attributes[3].text = "nestee"; },
      [](Content& c) { c.attributes[3].type = ValueType::kMap; },
      [](Content& c) { ++c.attributes[4].number; },
      [](Content& c) { std::swap(c.attributes[0], c.attributes[1]); },
      [](Content& c) { c.attributes.pop_back(); },
      [](Content& c) { c.attributes.push_back(c.attributes.back()); },
      [](Content& c) { c.attributes.clear(); },
      [](Content& c) { ++c.event.time_ns; },
      [](Content& c) { ++c.event.dropped_attributes; },
      [](Content& c) { c.event_name = "evens"; },
      [](Content& c) { c.event_attributes[0].text = "2"; },
      [](Content& c) { c.event_attributes.clear(); },
      [](Content& c) { --c.events; },
      [](Content& c) { ++c.link.trace_id.high; },
      [](Content& c) { ++c.link.trace_id.low; },
      [](Content& c) { ++c.link.span_id; },
      [](Content& c) { ++c.link.flags; },
      [](Content& c) { ++c.link.dropped_attributes; },
      [](Content& c) { c.link_trace_state = "c=e"; },
      [](Content& c) { c.link_attributes[0].key = "m"; },
      [](Content& c) { ++c.links; },
      [](Content& c) { c.resource[0].text = "card"; },
      [](Content& c) { ++c.resource_dropped; },
      [](Content& c) { c.resource_schema = "s"; },
      [](Content& c) { c.scope_name = "scopf"; },
      [](Content& c) { c.scope_version = "2"; },
      [](Content& c) { c.scope[0].text = "2"; },
      [](Content& c) { ++c.scope_dropped; },
      [](Content& c) { c.scope_schema = "r"; },
  };
}

TEST(SameSpan, HoldsForEqualContentInOneBatchAndInAnother) {
  const auto two = BatchOf({Content(), Content()});
  const auto other = BatchOf({Noise(), Content()});
  EXPECT_TRUE(SameSpan(*two, 0, *two, 0));
  EXPECT_TRUE(SameSpan(*two, 0, *two, 1));
  EXPECT_TRUE(SameSpan(*two, 0, *other, 1));
  EXPECT_TRUE(SameSpan(*other, 1, *two, 1));
  EXPECT_FALSE(SameSpan(*two, 0, *other, 0));
  EXPECT_EQ(SpanContentHash(*two, 0), SpanContentHash(*two, 1));
  EXPECT_EQ(SpanContentHash(*two, 0), SpanContentHash(*other, 1));
  EXPECT_NE(SpanContentHash(*two, 0), SpanContentHash(*other, 0));
}

TEST(SameSpan, SeesEveryDifference) {
  const std::vector<Change> changes = Changes();
  const auto plain = BatchOf({Noise(), Content()});
  for (size_t i = 0; i < changes.size(); ++i) {
    Content changed;
    changes[i](changed);
    const auto other = BatchOf({changed});
    const auto both = BatchOf({Content(), changed, changed});
    EXPECT_FALSE(SameSpan(*plain, 1, *other, 0)) << "change " << i;
    EXPECT_FALSE(SameSpan(*other, 0, *plain, 1)) << "change " << i;
    EXPECT_FALSE(SameSpan(*both, 0, *both, 1)) << "change " << i;
    EXPECT_TRUE(SameSpan(*both, 1, *both, 2)) << "change " << i;
    EXPECT_TRUE(SameSpan(*other, 0, *both, 2)) << "change " << i;
    EXPECT_NE(SpanContentHash(*plain, 1), SpanContentHash(*other, 0)) << "change " << i;
    EXPECT_EQ(SpanContentHash(*other, 0), SpanContentHash(*both, 2)) << "change " << i;
  }
}

}  // namespace
}  // namespace spoor
