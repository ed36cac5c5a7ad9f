// What decoding OTLP allocates once builder and decoder are warm.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include <protozero/pbf_writer.hpp>

#include "base/allocation_count.h"
#include "decode/otlp.h"

namespace spoor {
namespace {

// The message that `write` fills.
template <class Write>
std::string Message(Write write) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  write(writer);
  return bytes;
}

std::string TextAttribute(std::string_view key, const std::string& value) {
  return Message([&](protozero::pbf_writer& w) {
    w.add_string(1, key.data(), key.size());
    w.add_message(2, Message([&](protozero::pbf_writer& any) { any.add_string(1, value); }));
  });
}

std::string IntAttribute(std::string_view key, int64_t value) {
  return Message([&](protozero::pbf_writer& w) {
    w.add_string(1, key.data(), key.size());
    w.add_message(2, Message([&](protozero::pbf_writer& any) { any.add_int64(3, value); }));
  });
}

// Spans with attributes, of which every second text is its own, an event and a link each.
std::string ProtobufBody(uint64_t spans) {
  const std::string scope = Message([&](protozero::pbf_writer& w) {
    for (uint64_t i = 1; i <= spans; ++i) {
      const std::string trace_id(16, static_cast<char>('a' + i % 20));
      w.add_message(2, Message([&](protozero::pbf_writer& span) {
                      span.add_bytes(1, trace_id);
                      span.add_bytes(2, reinterpret_cast<const char*>(&i), sizeof i);
                      span.add_string(5, "operation " + std::to_string(i % 7));
                      span.add_fixed64(7, i);
                      span.add_fixed64(8, i + 100);
                      span.add_message(9, TextAttribute("user.id", "a text of its own " + std::to_string(i)));
                      span.add_message(9, TextAttribute("http.route", "/cart"));
                      span.add_message(9, IntAttribute("size", static_cast<int64_t>(i)));
                      span.add_message(11, Message([&](protozero::pbf_writer& event) {
                                         event.add_fixed64(1, i);
                                         event.add_string(2, "retry");
                                         event.add_message(3, IntAttribute("attempt", 2));
                                       }));
                      span.add_message(13, Message([&](protozero::pbf_writer& link) {
                                         link.add_bytes(1, trace_id);
                                         link.add_bytes(2, reinterpret_cast<const char*>(&i), sizeof i);
                                       }));
                    }));
    }
  });
  return Message([&](protozero::pbf_writer& request) {
    request.add_message(1, Message([&](protozero::pbf_writer& resource) { resource.add_message(2, scope); }));
  });
}

std::string JsonBody(uint64_t spans) {
  std::string list;
  char id[17];
  for (uint64_t i = 1; i <= spans; ++i) {
    std::snprintf(id, sizeof id, "%016llx", static_cast<unsigned long long>(i));
    list += std::string(i > 1 ? "," : "") + R"({"traceId":"000000000000000a)" + id + R"(","spanId":")" + id +
            R"(","name":"operation","startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[)" +
            R"({"key":"user.id","value":{"stringValue":"its own \n)" + id + R"("}},)" +
            R"({"key":"size","value":{"intValue":")" + std::to_string(i) + R"("}}],)" +
            R"("events":[{"timeUnixNano":"1","name":"retry","attributes":[]}]})";
  }
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[)" + list + "]}]}]}";
}

// From the body that was read to the batch. JSON is parsed in place: each time from a body of its own.
template <class Decode>
size_t AllocationsOf(std::string body, SpanBatchBuilder& builder, uint32_t spans, const Decode& decode) {
  MemoryBudget budget(size_t{1} << 30);
  MemoryReservation reservation = budget.Reserve();
  const size_t before = AllocationCount();
  DecodeMemory memory(reservation, body.size());
  EXPECT_TRUE(decode(body, builder, memory));
  const auto batch = builder.Finish();
  const size_t made = AllocationCount() - before;
  EXPECT_EQ((*batch)->span_count(), spans);
  return made;
}

template <class Decode>
void ExpectAsFewForManySpans(std::string (*body)(uint64_t), const Decode& decode) {
  const std::string small = body(512), large = body(5120);
  SpanBatchBuilder builder;
  AllocationsOf(large, builder, 5120, decode);
  const size_t by_small = AllocationsOf(small, builder, 512, decode);
  EXPECT_LE(AllocationsOf(large, builder, 5120, decode), by_small + 16);
  EXPECT_LE(by_small, 16u);
}

TEST(OtlpProtobuf, OnceWarmALargeBatchAllocatesNoMoreThanASmallOne) {
  ExpectAsFewForManySpans(ProtobufBody, [](std::string& body, SpanBatchBuilder& builder, DecodeMemory& memory) {
    return DecodeOtlpProtobuf(body, builder, memory);
  });
}

TEST(OtlpJson, OnceWarmALargeBatchAllocatesNoMoreThanASmallOne) {
  OtlpJsonDecoder decoder;
  ExpectAsFewForManySpans(JsonBody, [&](std::string& body, SpanBatchBuilder& builder, DecodeMemory& memory) {
    return decoder.Decode(body, builder, memory);
  });
}

}  // namespace
}  // namespace spoor
