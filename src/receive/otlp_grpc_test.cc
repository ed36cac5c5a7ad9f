#include "receive/otlp_grpc.h"

#include <gtest/gtest.h>

#include <future>

#include "decode/otlp_response.h"
#include "receive/fake_sink.h"
#include "receive/otlp_requests.h"

namespace spoor {
namespace {

class OtlpGrpcTest : public testing::Test {
 protected:
  GrpcResponse Ask(std::string message) {
    GrpcRequest request{.method = std::string(kOtlpGrpcExport), .message = std::move(message)};
    request.memory = budget_.Reserve();
    std::promise<GrpcResponse> answer;
    OtlpGrpcHandler(ingest_)(std::move(request), [&](GrpcResponse response) { answer.set_value(std::move(response)); });
    return answer.get_future().get();
  }

  FakeSink sink_;
  MemoryBudget budget_{size_t{64} << 20};
  WorkerPool pool_{"decode", 1, 16};
  std::shared_ptr<SpanIngest> ingest_ = std::make_shared<SpanIngest>(pool_, sink_, "test_grpc");
};

TEST_F(OtlpGrpcTest, HandsSpansOver) {
  const GrpcResponse response = Ask(OneSpanProtobuf());
  EXPECT_EQ(response.code, GrpcCode::kOk);
  EXPECT_EQ(response.body, "");
  ASSERT_EQ(sink_.batches().size(), 1u);
  EXPECT_EQ(sink_.batches()[0]->span_count(), 1u);
  EXPECT_EQ(Ask("").code, GrpcCode::kOk);
}

TEST_F(OtlpGrpcTest, TellsOfRejectedSpans) {
  const GrpcResponse response = Ask(OneSpanProtobuf(7));
  EXPECT_EQ(response.code, GrpcCode::kOk);
  EXPECT_EQ(ParseOtlpResponse(response.body)->rejected_spans, 1u);
}

TEST_F(OtlpGrpcTest, GarbageIsAnInvalidArgument) {
  const GrpcResponse response = Ask("garbage");
  EXPECT_EQ(response.code, GrpcCode::kInvalidArgument);
  EXPECT_NE(response.message, "");
}

TEST_F(OtlpGrpcTest, RetryInfoComesWithWhatARetryCanMend) {
  sink_.AnswerWith(Busy("why"));
  const GrpcResponse busy = Ask(OneSpanProtobuf());
  EXPECT_EQ(busy.code, GrpcCode::kResourceExhausted);
  EXPECT_NE(busy.status_details.find("google.rpc.RetryInfo"), std::string::npos);
  sink_.AnswerWith(Error(Code::kFull, "why"));
  const GrpcResponse full = Ask(OneSpanProtobuf());
  EXPECT_EQ(full.code, GrpcCode::kUnavailable);
  EXPECT_NE(full.status_details.find("google.rpc.RetryInfo"), std::string::npos);
}

}  // namespace
}  // namespace spoor
