#include "net/status.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace spoor {
namespace {

constexpr Code kCodes[] = {Code::kInvalid, Code::kNotFound, Code::kTooLarge,  Code::kBusy,        Code::kFull,
                           Code::kCorrupt, Code::kIo,       Code::kCancelled, Code::kUnsupported, Code::kInternal};

TEST(Status, TellsWhatAClientMayRetryByTheRulesOfOtlp) {
  for (const Code code : kCodes) {
    const int http = HttpStatusOf(code);
    const bool http_retries = http == 429 || http == 502 || http == 503 || http == 504;
    const GrpcCode grpc = GrpcCodeOf(code);
    const bool retryable = RetryAfterOf(code).has_value();
    // RESOURCE_EXHAUSTED is retried with RetryInfo, which goes out exactly where there is a delay.
    const bool grpc_retries = grpc == GrpcCode::kUnavailable || grpc == GrpcCode::kDeadlineExceeded ||
                              grpc == GrpcCode::kCancelled || (grpc == GrpcCode::kResourceExhausted && retryable);
    EXPECT_EQ(http_retries, retryable) << CodeName(code);
    EXPECT_EQ(grpc_retries, retryable) << CodeName(code);
  }
  EXPECT_EQ(HttpStatusOf(Code::kTooLarge), 413);
  EXPECT_EQ(HttpStatusOf(Code::kBusy), 429);
  EXPECT_EQ(GrpcCodeOf(Code::kInvalid), GrpcCode::kInvalidArgument);
}

TEST(Status, KnowsTheGrpcCodeOfWhatTheHttpServerRefuses) {
  EXPECT_EQ(GrpcCodeOfHttp(400), GrpcCode::kInvalidArgument);
  EXPECT_EQ(GrpcCodeOfHttp(415), GrpcCode::kInvalidArgument);
  EXPECT_EQ(GrpcCodeOfHttp(413), GrpcCode::kResourceExhausted);
  EXPECT_EQ(GrpcCodeOfHttp(503), GrpcCode::kUnavailable);
  EXPECT_EQ(GrpcCodeOfHttp(500), GrpcCode::kInternal);
  EXPECT_TRUE(RetryAfterOfHttp(429).has_value());
  EXPECT_FALSE(RetryAfterOfHttp(413).has_value());
}

TEST(Status, WritesTheProtobufOfGoogleRpcStatus) {
  using namespace std::chrono_literals;
  EXPECT_EQ(StatusProto(GrpcCode::kInvalidArgument, "bad", std::nullopt),
            "\x08\x03\x12\x03"
            "bad");
  const std::string type = "type.googleapis.com/google.rpc.RetryInfo";
  const std::string any = "\x0A\x28" + type + std::string("\x12\x04\x0A\x02\x08\x01");
  EXPECT_EQ(StatusProto(GrpcCode::kResourceExhausted, "", 1s), "\x08\x08\x1A\x30" + any);
  EXPECT_EQ(StatusJson(GrpcCode::kResourceExhausted, "full \"up\"", 1s),
            R"({"code":8,"message":"full \"up\"","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo",)"
            R"("retryDelay":"1s"}]})");
  EXPECT_EQ(StatusJson(GrpcCode::kInvalidArgument, "bad", std::nullopt), R"({"code":3,"message":"bad"})");
}

TEST(Status, CutsLongMessagesBetweenCharactersAndRepairsText) {
  std::string message(4095, 'a');
  message += "ü and more";
  const GrpcResponse failure = GrpcFailure(Invalid(message));
  EXPECT_EQ(failure.message, std::string(4095, 'a'));
  EXPECT_TRUE(IsUtf8(GrpcFailure(Invalid("\xFF\xC3")).message));
}

}  // namespace
}  // namespace spoor
