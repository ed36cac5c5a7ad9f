#include "receive/jaeger_http.h"

#include <gtest/gtest.h>

#include <future>

#include "decode/thrift_writer.h"
#include "receive/fake_sink.h"

namespace spoor {
namespace {

constexpr char kThrift[] = "application/x-thrift";

std::string OneSpan() { return thrift_test::Batch(thrift_test::Span{}); }

class JaegerHttpTest : public testing::Test {
 protected:
  HttpRequest Post(std::string body, const std::string& type = kThrift) {
    HttpRequest request{.method = "POST", .target = "/api/traces", .path = "/api/traces"};
    request.headers = {{"content-type", type}};
    request.memory = budget_.Reserve();
    EXPECT_TRUE(request.memory.Resize(body.size()));
    request.body = std::move(body);
    return request;
  }

  HttpResponse Ask(HttpRequest request) {
    std::promise<HttpResponse> answer;
    http_->Handle(std::move(request),
                  HttpResponder([&](HttpResponse response) { answer.set_value(std::move(response)); }));
    return answer.get_future().get();
  }

  static std::string Header(const HttpResponse& response, std::string_view name) {
    for (const auto& [header, value] : response.headers) {
      if (header == name) return value;
    }
    return "";
  }

  FakeSink sink_;
  MemoryBudget budget_{size_t{64} << 20};
  WorkerPool pool_{"decode", 1, 16};
  // A protocol of each test's own: its counters belong to the process.
  std::shared_ptr<SpanIngest> ingest_ = std::make_shared<SpanIngest>(
      pool_, sink_, std::string("jaeger_") + testing::UnitTest::GetInstance()->current_test_info()->name());
  std::shared_ptr<JaegerHttp> http_ = std::make_shared<JaegerHttp>(ingest_);
};

TEST_F(JaegerHttpTest, HandsSpansOverAndAnswersWithNothing) {
  for (const char* type : {kThrift, "application/vnd.apache.thrift.binary", "Application/X-Thrift ; version=1"}) {
    const HttpResponse response = Ask(Post(OneSpan(), type));
    EXPECT_EQ(response.status, 202) << type;
    EXPECT_EQ(response.body, "");
  }
  ASSERT_EQ(sink_.batches().size(), 3u);
  EXPECT_EQ(sink_.batches()[0]->String(sink_.batches()[0]->name[0]), "work");
  EXPECT_EQ(ingest_->counts().requests, 3u);
  EXPECT_EQ(ingest_->counts().accepted_spans, 3u);
  EXPECT_EQ(ingest_->counts().body_bytes, 3 * OneSpan().size());
}

TEST_F(JaegerHttpTest, WhatIsNoBatchIsBad) {
  const HttpResponse response = Ask(Post("garbage"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(response.body, "not Thrift's binary protocol, or cut off, at byte 3\n");
  EXPECT_EQ(Ask(Post(OneSpan(), "application/json")).status, 400);
  HttpRequest elsewhere = Post(OneSpan());
  elsewhere.path = "/v1/traces";
  EXPECT_EQ(Ask(std::move(elsewhere)).status, 404);
  HttpRequest get = Post(OneSpan());
  get.method = "GET";
  const HttpResponse refused = Ask(std::move(get));
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(Header(refused, "Allow"), "POST");
  EXPECT_TRUE(sink_.batches().empty());
  EXPECT_EQ(ingest_->counts().bad_requests, 4u);
  EXPECT_EQ(ingest_->counts().requests, 4u);
}

TEST_F(JaegerHttpTest, SpansWithoutIdsAreLeftOutAndLogged) {
  LogCapture log;
  const std::string bad = thrift_test::Span{.id = 0}.Write();
  const std::string some = thrift_test::Batch(thrift_test::Process("s"), {bad, thrift_test::Span{}.Write()});
  EXPECT_EQ(Ask(Post(some)).status, 202);
  EXPECT_EQ(sink_.batches().at(0)->span_count(), 1u);
  EXPECT_NE(log.text().find("spans=1 reason=\"span 0: spanId is zero\""), std::string::npos) << log.text();
  const HttpResponse none = Ask(Post(thrift_test::Batch(thrift_test::Process("s"), {bad})));
  EXPECT_EQ(none.status, 400);
  EXPECT_EQ(none.body, "no span can be kept: span 0: spanId is zero\n");
  EXPECT_EQ(ingest_->counts().rejected_spans, 2u);
}

TEST_F(JaegerHttpTest, WhatARetryCanMendSaysWhenToRetry) {
  sink_.AnswerWith(Busy("why"));
  const HttpResponse busy = Ask(Post(OneSpan()));
  EXPECT_EQ(busy.status, 429);
  EXPECT_EQ(busy.body, "why\n");
  EXPECT_EQ(Header(busy, "Retry-After"), "1");
  sink_.AnswerWith(Error(Code::kFull, "why"));
  const HttpResponse full = Ask(Post(OneSpan()));
  EXPECT_EQ(full.status, 503);
  EXPECT_EQ(Header(full, "Retry-After"), "1");
  EXPECT_EQ(ingest_->counts().refused_requests, 2u);
  EXPECT_EQ(ingest_->counts().bad_requests, 0u);
}

TEST_F(JaegerHttpTest, WhatTheServerRefusesIsToldAlikeAndCounted) {
  const HttpResponse large = http_->Refusal(413, "too large");
  EXPECT_EQ(large.body, "too large\n");
  EXPECT_EQ(Header(large, "Retry-After"), "");
  EXPECT_EQ(Header(http_->Refusal(429, "busy"), "Retry-After"), "1");
  EXPECT_EQ(ingest_->counts().bad_requests, 1u);
  EXPECT_EQ(ingest_->counts().refused_requests, 1u);
}

}  // namespace
}  // namespace spoor
