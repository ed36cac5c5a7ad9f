#include "model/ids.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

TEST(Ids, WriteAllDigits) {
  EXPECT_EQ(TraceIdHex({0xA, 0xB}), "000000000000000a000000000000000b");
  EXPECT_EQ(SpanIdHex(0x0123456789abcdef), "0123456789abcdef");
}

TEST(Ids, ShortFormLeavesOutAnEmptyHighHalf) {
  EXPECT_EQ(TraceIdShortHex({0, 0xB}), "000000000000000b");
  EXPECT_EQ(TraceIdShortHex({1, 0xB}), "0000000000000001000000000000000b");
}

TEST(Ids, ReadEitherCaseAndAnyLength) {
  EXPECT_EQ(ParseTraceId("ABCDEF"), (TraceId{0, 0xabcdef}));
  EXPECT_EQ(ParseTraceId("000000000000000A000000000000000b"), (TraceId{0xA, 0xB}));
  EXPECT_EQ(ParseTraceId("10000000000000000"), (TraceId{1, 0}));
  EXPECT_EQ(ParseSpanId("f"), SpanId{15});
  EXPECT_EQ(ParseSpanId("0"), SpanId{0});
}

TEST(Ids, RefuseWhatIsNoId) {
  EXPECT_EQ(ParseTraceId(""), std::nullopt);
  EXPECT_EQ(ParseTraceId("xyz"), std::nullopt);
  EXPECT_EQ(ParseTraceId(" 1"), std::nullopt);
  EXPECT_EQ(ParseTraceId(std::string(33, '1')), std::nullopt);
  EXPECT_EQ(ParseSpanId(std::string(17, '1')), std::nullopt);
  EXPECT_EQ(ParseSpanId("-1"), std::nullopt);
}

TEST(Ids, WhatIsWrittenIsReadAgain) {
  for (const TraceId id : {TraceId{0, 1}, TraceId{~0ull, ~0ull}, TraceId{1ull << 63, 0}}) {
    EXPECT_EQ(ParseTraceId(TraceIdHex(id)), id);
    EXPECT_EQ(ParseTraceId(TraceIdShortHex(id)), id);
  }
}

}  // namespace
}  // namespace spoor
