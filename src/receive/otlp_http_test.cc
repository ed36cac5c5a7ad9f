#include "receive/otlp_http.h"

#include <gtest/gtest.h>

#include <future>

#include "decode/otlp_response.h"
#include "receive/fake_sink.h"
#include "receive/otlp_requests.h"

namespace spoor {
namespace {

constexpr char kProtobuf[] = "application/x-protobuf";
constexpr char kJson[] = "application/json";

class OtlpHttpTest : public testing::Test {
 protected:
  HttpRequest Post(std::string body, const std::string& type) {
    HttpRequest request{.method = "POST", .target = "/v1/traces", .path = "/v1/traces"};
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
  std::shared_ptr<SpanIngest> ingest_ = std::make_shared<SpanIngest>(pool_, sink_, "test");
  std::shared_ptr<OtlpHttp> http_ = std::make_shared<OtlpHttp>(ingest_, std::vector<std::string>());
};

TEST_F(OtlpHttpTest, HandsSpansOverAndAnswersInTheRequestsEncoding) {
  const HttpResponse protobuf = Ask(Post(OneSpanProtobuf(), kProtobuf));
  EXPECT_EQ(protobuf.status, 200);
  EXPECT_EQ(protobuf.content_type, kProtobuf);
  EXPECT_EQ(protobuf.body, "");
  const HttpResponse json = Ask(Post(OneSpanJson(), "Application/JSON ; charset=utf-8"));
  EXPECT_EQ(json.status, 200);
  EXPECT_EQ(json.content_type, kJson);
  EXPECT_EQ(json.body, "{}");
  ASSERT_EQ(sink_.batches().size(), 2u);
  for (const auto& batch : sink_.batches()) EXPECT_EQ(batch->String(batch->name[0]), "GET /");
}

TEST_F(OtlpHttpTest, TheSinkHoldsTheMemoryOfTheBatchAndNoMore) {
  Ask(Post(OneSpanProtobuf(), kProtobuf));
  const size_t batch_bytes = sink_.batches()[0]->bytes().size();
  EXPECT_GE(budget_.used_bytes(), batch_bytes);
  EXPECT_LE(budget_.used_bytes(), batch_bytes + 4096);
  sink_.Forget();
  EXPECT_EQ(budget_.used_bytes(), 0u);
}

TEST_F(OtlpHttpTest, AnEmptyRequestIsASuccess) {
  for (const char* type : {kProtobuf, kJson}) EXPECT_EQ(Ask(Post("", type)).status, 200);
  EXPECT_EQ(Ask(Post("{}", kJson)).body, "{}");
  EXPECT_TRUE(sink_.batches().empty());
}

TEST_F(OtlpHttpTest, TellsOfRejectedSpans) {
  const HttpResponse protobuf = Ask(Post(OneSpanProtobuf(7) + OneSpanProtobuf(), kProtobuf));
  EXPECT_EQ(protobuf.status, 200);
  const auto report = ParseOtlpResponse(protobuf.body);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->rejected_spans, 1u);
  EXPECT_EQ(report->first_error, "span 0: a trace id of 7 bytes, expected 16");
  EXPECT_EQ(sink_.batches().size(), 1u);
  const HttpResponse json = Ask(Post(OneSpanJson("12"), kJson));
  EXPECT_EQ(json.body,
            R"({"partialSuccess":{"rejectedSpans":"1","errorMessage":"span 0: traceId is not 32 hex digits"}})");
}

TEST_F(OtlpHttpTest, AnswersGarbageWith400AndAStatus) {
  const HttpResponse protobuf = Ask(Post("\x0A\x7F", kProtobuf));
  EXPECT_EQ(protobuf.status, 400);
  EXPECT_EQ(protobuf.content_type, kProtobuf);
  EXPECT_EQ(protobuf.body.substr(0, 2), "\x08\x03");  // google.rpc.Status.code 3
  const HttpResponse json = Ask(Post("{", kJson));
  EXPECT_EQ(json.status, 400);
  EXPECT_EQ(json.content_type, kJson);
  EXPECT_TRUE(json.body.starts_with(R"({"code":3,"message":")")) << json.body;
  EXPECT_EQ(Header(json, "Retry-After"), "");
}

TEST_F(OtlpHttpTest, RefusesOtherPathsMethodsAndTypesInPlainText) {
  HttpRequest request = Post(OneSpanJson(), kJson);
  request.path = "/v1/metrics";
  EXPECT_EQ(Ask(std::move(request)).status, 404);
  request = Post("", kJson);
  request.method = "GET";
  const HttpResponse wrong_method = Ask(std::move(request));
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_EQ(Header(wrong_method, "Allow"), "POST");
  for (const char* type : {"", "text/plain", "application/jsonx"}) {
    const HttpResponse response = Ask(Post(OneSpanJson(), type));
    EXPECT_EQ(response.status, 415) << type;
    EXPECT_TRUE(response.content_type.starts_with("text/plain"));
  }
  EXPECT_TRUE(sink_.batches().empty());
}

TEST_F(OtlpHttpTest, TellsWhenARetryCanHelp) {
  const auto status_for = [&](Code code) {
    sink_.AnswerWith(Error(code, "why"));
    const HttpResponse response = Ask(Post(OneSpanJson(), kJson));
    return std::to_string(response.status) + " " + Header(response, "Retry-After");
  };
  EXPECT_EQ(status_for(Code::kBusy), "429 1");
  EXPECT_EQ(status_for(Code::kFull), "503 1");
  EXPECT_EQ(status_for(Code::kIo), "503 1");
  EXPECT_EQ(status_for(Code::kInternal), "500 ");
}

TEST_F(OtlpHttpTest, IsBusyWhereTheBudgetDoesNotHoldTheBatch) {
  std::string events;
  for (int i = 0; i < 2'000'000; ++i) events += std::string("\x5A\x00", 2);
  std::string body;
  {
    protozero::pbf_writer request(body);
    protozero::pbf_writer resource_spans(request, 1);
    protozero::pbf_writer scope_spans(resource_spans, 2);
    scope_spans.add_message(2, events);
  }
  const HttpResponse response = Ask(Post(body, kProtobuf));
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(budget_.used_bytes(), 0u);
  EXPECT_EQ(Ask(Post(OneSpanProtobuf(), kProtobuf)).status, 200);
}

TEST_F(OtlpHttpTest, IsBusyWhereTheQueueIsFull) {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  // One job holds the thread, sixteen fill the queue.
  std::promise<void> running;
  ASSERT_TRUE(pool_.Submit([&running, released] {
    running.set_value();
    released.wait();
  }));
  running.get_future().wait();
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(pool_.Submit([] {}));
  EXPECT_EQ(Ask(Post(OneSpanJson(), kJson)).status, 429);
  release.set_value();
}

TEST_F(OtlpHttpTest, LetsConfiguredOriginsSend) {
  http_ = std::make_shared<OtlpHttp>(ingest_, std::vector<std::string>{"https://shop.example"});
  HttpRequest preflight = Post("", kJson);
  preflight.method = "OPTIONS";
  preflight.headers = {{"Origin", "https://shop.example"}, {"Access-Control-Request-Method", "POST"}};
  EXPECT_EQ(Ask(std::move(preflight)).status, 204);
  HttpRequest request = Post(OneSpanJson(), kJson);
  request.headers.emplace_back("Origin", "https://shop.example");
  EXPECT_EQ(Header(Ask(std::move(request)), "Access-Control-Allow-Origin"), "https://shop.example");
}

TEST_F(OtlpHttpTest, WordsTheServersOwnRefusals) {
  const HttpResponse json = http_->Refusal(413, "too large", Post("", kJson));
  EXPECT_EQ(json.status, 413);
  EXPECT_EQ(json.body, R"({"code":8,"message":"too large"})");
  const HttpResponse busy = http_->Refusal(429, "busy", Post("", kProtobuf));
  EXPECT_EQ(busy.content_type, kProtobuf);
  EXPECT_EQ(Header(busy, "Retry-After"), "1");
  const HttpResponse plain = http_->Refusal(503, "full", HttpRequest{});
  EXPECT_EQ(plain.body, "full\n");
  EXPECT_EQ(Header(plain, "Retry-After"), "1");
}

TEST_F(OtlpHttpTest, CountsWhatItDoes) {
  Ask(Post(OneSpanProtobuf(7) + OneSpanProtobuf(), kProtobuf));
  Ask(Post("{", kJson));
  const std::string text = ProcessMetrics().Text();
  for (const char* line : {R"(spoor_ingest_spans_total{protocol="test",outcome="accepted"})",
                           R"(spoor_ingest_spans_total{protocol="test",outcome="rejected"})",
                           R"(spoor_ingest_requests_total{protocol="test",code="partial_success"})",
                           R"(spoor_ingest_requests_total{protocol="test",code="invalid"})"}) {
    const size_t at = text.find(line);
    ASSERT_NE(at, std::string::npos) << line << "\n" << text;
    EXPECT_NE(text[at + std::string_view(line).size() + 1], '0') << line;
  }
}

}  // namespace
}  // namespace spoor
