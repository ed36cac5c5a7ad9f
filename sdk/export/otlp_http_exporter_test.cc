#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <thread>

#include "api/exporters.h"
#include "api/tracer_provider.h"
#include "testing/http_receiver.h"
#include "testing/recording.h"

namespace spoor::trace {
namespace {

using std::chrono::milliseconds;
using testing::HttpReceiver;
using testing::ReceivedRequest;
using testing::Reply;

std::vector<FinishedSpan> SomeSpans(int count = 1) {
  testing::Recording recording;
  for (int i = 0; i < count; ++i) recording.tracer.StartSpan("span " + std::to_string(i)).End();
  return recording.Take();
}

OtlpHttpOptions To(const std::string& url) {
  OtlpHttpOptions options;
  options.url = url;
  return options;
}

ExportResult Export(const SpanExporterPtr& exporter, milliseconds timeout = std::chrono::seconds(20)) {
  const auto spans = SomeSpans();
  return exporter->Export(spans, timeout);
}

std::string Unzip(const std::string& packed) {
  std::string out(1 << 20, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, MAX_WBITS | 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

// Answers the first `count` requests with `reply`, and then with success.
HttpReceiver::Answer FirstOf(int count, const Reply& reply) {
  return [count, reply](const ReceivedRequest&) mutable { return count-- > 0 ? reply : Reply{}; };
}

// A file that goes with the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content) {
    char path[] = "/tmp/spoor-test-XXXXXX";
    const int file = mkstemp(path);
    path_ = path;
    if (file >= 0) close(file);
    std::ofstream(path_) << content;
  }
  ~TemporaryFile() { unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(OtlpHttpExporter, PostsWhatAStrictReceiverTakes) {
  HttpReceiver receiver;
  OtlpHttpOptions options = To(receiver.Url());
  options.headers = {{"authorization", "Bearer x"}, {"bad name", "1"}, {"injected", "a\r\nb: c"}};
  const testing::Diagnostics diagnostics;
  const auto exporter = OtlpHttpExporter(options);
  EXPECT_EQ(Export(exporter), ExportResult::kSuccess);
  const auto requests = receiver.requests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].target, "/v1/traces");
  EXPECT_EQ(requests[0].headers.at("content-type"), "application/x-protobuf");
  EXPECT_EQ(requests[0].headers.at("user-agent").rfind("OTel-OTLP-Exporter-Cpp/", 0), 0u);
  EXPECT_EQ(requests[0].headers.at("authorization"), "Bearer x");
  EXPECT_EQ(requests[0].headers.count("injected"), 0u);
  EXPECT_EQ(requests[0].headers.count("content-encoding"), 0u);
  EXPECT_EQ(requests[0].headers.at("host"), "127.0.0.1:" + std::to_string(receiver.port()));
  const auto wire = testing::ReadStrictly(requests[0].body);
  EXPECT_EQ(wire.violations, std::vector<std::string>());
  EXPECT_EQ(wire.spans.size(), 1u);
  EXPECT_NE(diagnostics.text(), "") << "of the headers that are none";
}

TEST(OtlpHttpExporter, GroupsSpansByResourceAndScope) {
  testing::Recording one({Resource({{"service.name", "one"}}), nullptr, {}, {}, nullptr});
  testing::Recording two({Resource({{"service.name", "two"}}), nullptr, {}, {}, nullptr});
  std::vector<FinishedSpan> spans;
  for (int i = 0; i < 3; ++i) {
    one.provider.GetTracer("a").StartSpan("a" + std::to_string(i)).End();
    two.provider.GetTracer("c").StartSpan("c" + std::to_string(i)).End();
    one.provider.GetTracer("b").StartSpan("b" + std::to_string(i)).End();
    for (auto* recording : {&one, &two}) {
      for (FinishedSpan& span : recording->Take()) spans.push_back(span);
    }
  }
  std::string request;
  EncodeOtlpRequest(spans, request);
  const auto wire = testing::ReadStrictly(request);
  EXPECT_EQ(wire.violations, std::vector<std::string>());
  ASSERT_EQ(wire.spans.size(), 9u);
  std::map<std::string, std::string> names;
  for (const auto& span : wire.spans) {
    names[span.resource.at("service.name") + "/" + span.scope_name] += span.name + " ";
  }
  const std::map<std::string, std::string> expected = {
      {"s:one/a", "a0 a1 a2 "}, {"s:one/b", "b0 b1 b2 "}, {"s:two/c", "c0 c1 c2 "}};
  EXPECT_EQ(names, expected);
}

TEST(OtlpHttpExporter, KeepsItsConnection) {
  HttpReceiver receiver;
  const auto exporter = OtlpHttpExporter(To(receiver.Url()));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Export(exporter), ExportResult::kSuccess);
  for (const auto& request : receiver.requests()) EXPECT_EQ(request.connection, 0);
}

TEST(OtlpHttpExporter, CompressesWhereItIsTold) {
  HttpReceiver receiver;
  OtlpHttpOptions options = To(receiver.Url());
  options.gzip = true;
  EXPECT_EQ(Export(OtlpHttpExporter(options)), ExportResult::kSuccess);
  const auto request = receiver.requests().at(0);
  EXPECT_EQ(request.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(testing::ReadStrictly(Unzip(request.body)).spans.size(), 1u);
}

TEST(OtlpHttpExporter, TriesAgainWhenItIsAskedTo) {
  for (const int status : {429, 502, 503, 504}) {
    HttpReceiver receiver(FirstOf(1, {status, {{"Retry-After", "1"}}}));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(Export(OtlpHttpExporter(To(receiver.Url()))), ExportResult::kSuccess) << status;
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1)) << "as long as the receiver asked for";
    const auto requests = receiver.requests();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_EQ(requests[0].body, requests[1].body);
  }
}

TEST(OtlpHttpExporter, WaitsLongerBeforeEachNextAttemptAndGivesUpInTime) {
  HttpReceiver receiver(FirstOf(100, {503}));
  const testing::Diagnostics diagnostics;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(Export(OtlpHttpExporter(To(receiver.Url())), milliseconds(2000)), ExportResult::kFailure);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(receiver.requests().size(), 2u) << "at once, after about one second; the next would be too late";
  EXPECT_NE(diagnostics.text().find("503"), std::string::npos);
}

TEST(OtlpHttpExporter, DoesNotWaitLongerThanItMayForWhatTheReceiverAsks) {
  HttpReceiver receiver(FirstOf(100, {503, {{"Retry-After", "3600"}}}));
  const testing::Diagnostics diagnostics;
  const auto exporter = OtlpHttpExporter(To(receiver.Url()));
  EXPECT_EQ(Export(exporter), ExportResult::kFailure);
  EXPECT_EQ(receiver.requests().size(), 1u);
  EXPECT_EQ(Export(exporter), ExportResult::kFailure);
  EXPECT_EQ(receiver.requests().size(), 1u) << "later exports leave it alone, too";
}

TEST(OtlpHttpExporter, UnderstandsADateAsTheEndOfThePause) {
  HttpReceiver receiver(FirstOf(100, {503, {{"Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"}}}));
  const testing::Diagnostics diagnostics;
  EXPECT_EQ(Export(OtlpHttpExporter(To(receiver.Url()))), ExportResult::kFailure);
  EXPECT_EQ(receiver.requests().size(), 1u);
}

TEST(OtlpHttpExporter, SendsInPartsWhatIsTooLargeForTheReceiver) {
  // Takes no more than two spans at once, and the one called "span 3" not at all.
  HttpReceiver receiver([](const ReceivedRequest& request) {
    const auto wire = testing::ReadStrictly(request.body);
    Reply reply;
    if (wire.spans.size() > 2) reply.status = 413;
    for (const auto& span : wire.spans) reply.status = span.name == "span 3" ? 413 : reply.status;
    return reply;
  });
  const testing::Diagnostics diagnostics;
  const auto exporter = OtlpHttpExporter(To(receiver.Url()));
  const auto spans = SomeSpans(7);
  EXPECT_EQ(exporter->Export(spans, std::chrono::seconds(20)), ExportResult::kFailure);
  std::map<std::string, int> taken;
  for (const auto& request : receiver.requests()) {
    const auto wire = testing::ReadStrictly(request.body);
    const bool is_taken =
        wire.spans.size() <= 2 &&
        std::none_of(wire.spans.begin(), wire.spans.end(), [](const auto& span) { return span.name == "span 3"; });
    for (const auto& span : wire.spans) taken[span.name] += is_taken ? 1 : 0;
  }
  for (int i = 0; i < 7; ++i) EXPECT_EQ(taken["span " + std::to_string(i)], i == 3 ? 0 : 1) << i;
  EXPECT_NE(diagnostics.text().find("1 spans could not be sent"), std::string::npos) << diagnostics.text();
}

TEST(OtlpHttpExporter, DoesNotWaitForAReceiverThatIsNotThereWhenTheProgramEnds) {
  uint16_t port = 0;
  {
    const HttpReceiver gone;
    port = gone.port();
  }
  const testing::Diagnostics diagnostics;
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/v1/traces";
  const auto begin = std::chrono::steady_clock::now();
  {
    TracerProvider provider({Resource(), nullptr, {BatchProcessor::Make(OtlpHttpExporter(To(url)))}, {}, nullptr});
    for (int i = 0; i < 2000; ++i) provider.GetTracer("test").StartSpan("span").End();
    EXPECT_TRUE(provider.Shutdown());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(900)) << "less than the first pause";
}

TEST(OtlpHttpExporter, WaitsForAReceiverThatAsksForItWhenTheProgramEnds) {
  HttpReceiver receiver(FirstOf(1, {503}));
  TracerProvider provider(
      {Resource(), nullptr, {BatchProcessor::Make(OtlpHttpExporter(To(receiver.Url())))}, {}, nullptr});
  provider.GetTracer("test").StartSpan("span").End();
  EXPECT_TRUE(provider.Shutdown());
  EXPECT_EQ(receiver.requests().size(), 2u);
}

TEST(OtlpHttpExporter, TellsNobodyThePasswordInItsAddress) {
  HttpReceiver receiver(FirstOf(100, {400}));
  const testing::Diagnostics diagnostics;
  const auto exporter = OtlpHttpExporter(To("http://user:secret@127.0.0.1:" + std::to_string(receiver.port()) + "/"));
  EXPECT_EQ(Export(exporter), ExportResult::kFailure);
  EXPECT_NE(diagnostics.text().find("127.0.0.1"), std::string::npos);
  EXPECT_EQ(diagnostics.text().find("secret"), std::string::npos);
}

TEST(OtlpHttpExporter, GivesUpAtOnceWhereTryingAgainHelpsNothingAndSaysWhyOnce) {
  // google.rpc.Status{code: 3, message: "no such tenant"}
  const std::string status = std::string("\x08\x03\x12\x0e", 4) + "no such tenant";
  for (const int code : {400, 401, 404, 413, 500}) {
    HttpReceiver receiver(FirstOf(100, {code, {}, status}));
    const testing::Diagnostics diagnostics;
    const auto exporter = OtlpHttpExporter(To(receiver.Url()));
    EXPECT_EQ(Export(exporter), ExportResult::kFailure);
    EXPECT_EQ(Export(exporter), ExportResult::kFailure);
    EXPECT_EQ(receiver.requests().size(), 2u);
    const std::string text = diagnostics.text();
    EXPECT_NE(text.find(std::to_string(code) + ", \"no such tenant\""), std::string::npos) << text;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  }
}

TEST(OtlpHttpExporter, SaysOnceWhatTheReceiverRejects) {
  // partial_success{rejected_spans: 3, error_message: "too old"}
  const std::string partial = std::string("\x0a\x0b\x08\x03\x12\x07", 6) + "too old";
  HttpReceiver receiver(FirstOf(100, {200, {}, partial}));
  const testing::Diagnostics diagnostics;
  const auto exporter = OtlpHttpExporter(To(receiver.Url()));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(Export(exporter), ExportResult::kSuccess) << "and does not send it again";
  EXPECT_NE(diagnostics.text().find("rejected 3 spans"), std::string::npos);
  EXPECT_NE(diagnostics.text().find("too old"), std::string::npos);
  const std::string text = diagnostics.text();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(OtlpHttpExporter, TakesAnyBodyOfASuccess) {
  for (const std::string& body :
       {std::string("\x0a\xff\xff\xff\xff\x0f", 6), std::string("<html>"), std::string(100, '\x80')}) {
    HttpReceiver receiver(FirstOf(1, {200, {}, body}));
    EXPECT_EQ(Export(OtlpHttpExporter(To(receiver.Url()))), ExportResult::kSuccess);
  }
}

TEST(OtlpHttpExporter, ConnectsAnewWhenTheConnectionWasClosedWhileIdle) {
  HttpReceiver receiver([](const ReceivedRequest&) {
    Reply reply;
    reply.hangs_up_behind = true;
    return reply;
  });
  const auto exporter = OtlpHttpExporter(To(receiver.Url()));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Export(exporter), ExportResult::kSuccess);
    ASSERT_TRUE(receiver.WaitForHungUp(i + 1));
  }
  EXPECT_EQ(receiver.requests().size(), 3u);
}

TEST(OtlpHttpExporter, GivesUpOnAReceiverThatNeverAnswers) {
  HttpReceiver receiver([](const ReceivedRequest&) {
    Reply reply;
    reply.never_comes = true;
    return reply;
  });
  const testing::Diagnostics diagnostics;
  EXPECT_EQ(Export(OtlpHttpExporter(To(receiver.Url())), milliseconds(100)), ExportResult::kFailure);
  OtlpHttpOptions options = To(receiver.Url());
  options.timeout = milliseconds(100);
  EXPECT_EQ(Export(OtlpHttpExporter(options)), ExportResult::kFailure);
}

TEST(OtlpHttpExporter, IsCutByShutdown) {
  HttpReceiver receiver([](const ReceivedRequest&) {
    Reply reply;
    reply.never_comes = true;
    return reply;
  });
  const testing::Diagnostics diagnostics;
  const auto exporter = OtlpHttpExporter(To(receiver.Url()));
  std::thread exporting([&] { EXPECT_EQ(Export(exporter), ExportResult::kFailure); });
  while (receiver.requests().empty()) std::this_thread::yield();
  exporter->Shutdown();
  exporting.join();
  EXPECT_EQ(Export(exporter), ExportResult::kFailure) << "and so is what comes later";
}

TEST(OtlpHttpExporter, SaysWhenNobodyListens) {
  uint16_t port = 0;
  {
    const HttpReceiver gone;
    port = gone.port();
  }
  const testing::Diagnostics diagnostics;
  const auto exporter = OtlpHttpExporter(To("http://127.0.0.1:" + std::to_string(port) + "/v1/traces"));
  EXPECT_EQ(Export(exporter, milliseconds(100)), ExportResult::kFailure);
  EXPECT_NE(diagnostics.text().find("Connection refused"), std::string::npos);
  EXPECT_NE(diagnostics.text().find("OTEL_EXPORTER_OTLP_ENDPOINT"), std::string::npos);
}

TEST(OtlpHttpExporter, TrustsTheCertificateThatItIsGivenAndNoOther) {
  const testing::SelfSigned identity = testing::MakeSelfSigned();
  HttpReceiver receiver({[](const ReceivedRequest&) { return Reply{}; }}, identity);
  const TemporaryFile authority(identity.certificate), other(testing::MakeSelfSigned().certificate);
  OtlpHttpOptions options = To(receiver.Url("https"));
  options.certificate_file = authority.path();
  const auto exporter = OtlpHttpExporter(options);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(Export(exporter), ExportResult::kSuccess);
  EXPECT_EQ(receiver.requests().back().connection, 0) << "kept, too";
  options.url = "https://localhost:" + std::to_string(receiver.port()) + "/v1/traces";
  EXPECT_EQ(Export(OtlpHttpExporter(options)), ExportResult::kSuccess);

  const testing::Diagnostics diagnostics;
  for (const std::string& file : {other.path(), std::string(), std::string("/nowhere.pem")}) {
    options.certificate_file = file;
    EXPECT_EQ(Export(OtlpHttpExporter(options), milliseconds(300)), ExportResult::kFailure) << file;
  }
  EXPECT_EQ(receiver.requests().size(), 3u);
}

// Spans end and are sent without a pause, and then the process exits in the midst of it.
[[noreturn]] void ExitWhileExporting(const char* url, const char* authority) {
  OtlpHttpOptions options = To(url);
  options.certificate_file = authority;
  const auto batch = BatchProcessor::Make(OtlpHttpExporter(options), {2048, 512, milliseconds(0), milliseconds(5000)});
  static TracerProvider* provider = new TracerProvider({Resource(), nullptr, {batch}, {}, nullptr});
  std::thread([] {
    for (const Tracer tracer = provider->GetTracer("test");;) tracer.StartSpan("span").End();
  }).detach();  // check-ok(bans): to outlive main
  while (batch->counts().exported < 2'000 && batch->counts().failed == 0) std::this_thread::yield();
  std::exit(batch->counts().failed == 0 ? 0 : 1);
}

TEST(OtlpHttpExporter, StopsBeforeOpenSslDoesWhenTheProcessExits) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  constexpr const char* kUrl = "SPOOR_TEST_URL";
  constexpr const char* kAuthority = "SPOOR_TEST_AUTHORITY";
  // The process that exits begins this test anew, and finds the receiver of the first.
  std::optional<HttpReceiver> receiver;
  std::optional<TemporaryFile> authority;
  if (std::getenv(kUrl) == nullptr) {
    const testing::SelfSigned identity = testing::MakeSelfSigned();
    // A connection for each request, as OpenSSL has most to do there.
    receiver.emplace([](const ReceivedRequest&) { return Reply{200, {{"Connection", "close"}}}; }, identity);
    setenv(kUrl, receiver->Url("https").c_str(), 1);
    setenv(kAuthority, authority.emplace(identity.certificate).path().c_str(), 1);
  }
  for (int i = 0; i < 5; ++i) {
    EXPECT_EXIT(ExitWhileExporting(std::getenv(kUrl), std::getenv(kAuthority)), ::testing::ExitedWithCode(0), "");
  }
  unsetenv(kUrl);
  unsetenv(kAuthority);
}

TEST(OtlpHttpExporter, RefusesACertificateForAnotherName) {
  const testing::SelfSigned identity = testing::MakeSelfSigned();
  HttpReceiver receiver({[](const ReceivedRequest&) { return Reply{}; }}, identity);
  const TemporaryFile authority(identity.certificate);
  OtlpHttpOptions options = To("https://127.0.0.2:" + std::to_string(receiver.port()) + "/v1/traces");
  options.certificate_file = authority.path();
  const testing::Diagnostics diagnostics;
  EXPECT_EQ(Export(OtlpHttpExporter(options), milliseconds(300)), ExportResult::kFailure);
}

TEST(OtlpHttpExporter, SaysWhenItsAddressIsNone) {
  const testing::Diagnostics diagnostics;
  EXPECT_EQ(Export(OtlpHttpExporter(To("localhost:4318"))), ExportResult::kFailure);
  EXPECT_NE(diagnostics.text().find("localhost:4318"), std::string::npos);
}

TEST(OtlpHttpOptions, AreTheDefaultsWithoutAnEnvironment) {
  const OtlpHttpOptions options = OtlpHttpOptions::FromEnvironment();
  EXPECT_EQ(options.url, "http://localhost:4318/v1/traces");
  EXPECT_EQ(options.timeout, milliseconds(10'000));
  EXPECT_FALSE(options.gzip);
  EXPECT_TRUE(options.headers.empty());
}

TEST(OtlpHttpOptions, AddThePathToTheGeneralEndpointOnly) {
  const auto url = [](const char* general, const char* traces) {
    const testing::Environment environment{{"OTEL_EXPORTER_OTLP_ENDPOINT", general},
                                           {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", traces}};
    return OtlpHttpOptions::FromEnvironment().url;
  };
  EXPECT_EQ(url("http://c:1", ""), "http://c:1/v1/traces");
  EXPECT_EQ(url("http://c:1/", ""), "http://c:1/v1/traces");
  EXPECT_EQ(url("http://c:1/base", ""), "http://c:1/base/v1/traces");
  EXPECT_EQ(url("http://c:1", "http://t:2/as/is"), "http://t:2/as/is");
}

TEST(OtlpHttpOptions, PreferTheVariablesForTraces) {
  const testing::Diagnostics diagnostics;
  const testing::Environment environment{{"OTEL_EXPORTER_OTLP_HEADERS", "a=1"},
                                         {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", " x-key = v%20w , b=2,bad,=3,"},
                                         {"OTEL_EXPORTER_OTLP_TIMEOUT", "5"},
                                         {"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "7"},
                                         {"OTEL_EXPORTER_OTLP_COMPRESSION", "GZip"},
                                         {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"},
                                         {"OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca.pem"},
                                         {"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/me.pem"},
                                         {"OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "/me.key"}};
  const OtlpHttpOptions options = OtlpHttpOptions::FromEnvironment();
  const std::vector<std::pair<std::string, std::string>> headers = {{"x-key", "v w"}, {"b", "2"}};
  EXPECT_EQ(options.headers, headers);
  EXPECT_EQ(options.timeout, milliseconds(7));
  EXPECT_TRUE(options.gzip);
  EXPECT_EQ(options.certificate_file, "/ca.pem");
  EXPECT_EQ(options.client_certificate_file, "/me.pem");
  EXPECT_EQ(options.client_key_file, "/me.key");
  EXPECT_NE(diagnostics.text().find("grpc"), std::string::npos);
}

}  // namespace
}  // namespace spoor::trace
