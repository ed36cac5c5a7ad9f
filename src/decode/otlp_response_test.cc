#include "decode/otlp_response.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

TEST(OtlpResponse, FullSuccessLeavesPartialSuccessUnset) {
  const DecodeReport report{.accepted_spans = 3};
  EXPECT_EQ(OtlpResponse(report, OtlpEncoding::kProtobuf), "");
  EXPECT_EQ(OtlpResponse(report, OtlpEncoding::kJson), "{}");
}

TEST(OtlpResponse, PartialSuccessIsReadAgain) {
  const DecodeReport report{.accepted_spans = 1, .rejected_spans = 300, .first_error = "span 1: \"no\""};
  EXPECT_EQ(OtlpResponse(report, OtlpEncoding::kJson),
            R"({"partialSuccess":{"rejectedSpans":"300","errorMessage":"span 1: \"no\""}})");
  const auto read = ParseOtlpResponse(OtlpResponse(report, OtlpEncoding::kProtobuf));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->rejected_spans, 300u);
  EXPECT_EQ(read->first_error, "span 1: \"no\"");
}

TEST(OtlpResponse, RefusesWhatIsNoAnswer) {
  EXPECT_FALSE(ParseOtlpResponse("\x0A\x05x").has_value());
  EXPECT_FALSE(ParseOtlpResponse("\x0A\x02\x12\x09").has_value());
}

}  // namespace
}  // namespace spoor
