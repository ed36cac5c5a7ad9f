// Spans of HTTP after the semantic conventions, told by hand and by Beast's messages.
#include "api/http.h"

#include <gtest/gtest.h>

#include <boost/beast/http/string_body.hpp>

#include "api/http_beast.h"
#include "testing/recording.h"

namespace spoor::trace {
namespace {

using testing::Headers;
using testing::Recording;
using testing::WireAttributes;
namespace http = boost::beast::http;

testing::WireSpan TheOne(Recording& recording) {
  const auto request = recording.TakeWire();
  EXPECT_EQ(request.violations, std::vector<std::string>());
  EXPECT_EQ(request.spans.size(), 1u);
  return request.spans.empty() ? testing::WireSpan() : request.spans[0];
}

HttpRequestFacts Facts() {
  HttpRequestFacts facts;
  facts.method = "GET";
  facts.target = "/api/users/17?verbose=1";
  facts.host = "shop.example";
  facts.port = 8080;
  facts.protocol_version = "1.1";
  facts.user_agent = "curl/8";
  facts.peer_address = "10.0.0.7";
  facts.peer_port = 40123;
  return facts;
}

TEST(HttpServerSpan, HasTheAttributesOfTheConventions) {
  Recording recording;
  {
    HttpServerSpan span(recording.tracer, Facts(), Headers());
    EXPECT_EQ(CurrentSpan().context(), span.span().context());
    span.SetRoute("/api/users/{id}");
    span.SetStatus(200);
  }
  const testing::WireSpan span = TheOne(recording);
  EXPECT_EQ(span.name, "GET /api/users/{id}");
  EXPECT_EQ(span.kind, 2u);
  EXPECT_EQ(span.status, 0u);
  EXPECT_EQ(span.attributes, (WireAttributes{{"http.request.method", "s:GET"},
                                             {"url.path", "s:/api/users/17"},
                                             {"url.query", "s:verbose=1"},
                                             {"url.scheme", "s:http"},
                                             {"server.address", "s:shop.example"},
                                             {"server.port", "i:8080"},
                                             {"network.protocol.version", "s:1.1"},
                                             {"user_agent.original", "s:curl/8"},
                                             {"client.address", "s:10.0.0.7"},
                                             {"network.peer.address", "s:10.0.0.7"},
                                             {"network.peer.port", "i:40123"},
                                             {"http.route", "s:/api/users/{id}"},
                                             {"http.response.status_code", "i:200"}}));
}

TEST(HttpServerSpan, IsAChildOfItsCallerAndOfNobodyElse) {
  Recording recording;
  const ActiveSpan unrelated(recording.tracer, "of this thread");
  {
    HttpServerSpan span(
        recording.tracer, Facts(),
        Headers{{"traceparent", "00-12345678901234567890123456789012-1234567890123456-01"}, {"baggage", "user=anna"}});
    EXPECT_EQ(*Context::Current().baggage().Get("user"), "anna");
    span.SetStatus(200);
  }
  testing::WireSpan span = TheOne(recording);
  EXPECT_EQ(span.trace_id, "12345678901234567890123456789012");
  EXPECT_EQ(span.parent_id, "1234567890123456");
  EXPECT_EQ(span.flags & 0x300, 0x300u);
  {
    HttpServerSpan root(recording.tracer, Facts(), Headers());
    root.SetStatus(200);
  }
  EXPECT_EQ(TheOne(recording).parent_id, "");
}

TEST(HttpServerSpan, IsAnErrorFromFiveHundredOnAndWithoutAnAnswer) {
  Recording recording;
  const auto told = [&](int status) {
    {
      HttpServerSpan span(recording.tracer, Facts(), Headers());
      if (status != 0) span.SetStatus(status);
    }
    const testing::WireSpan span = TheOne(recording);
    const auto error = span.attributes.find("error.type");
    return std::to_string(span.status) + (error == span.attributes.end() ? "" : error->second);
  };
  EXPECT_EQ(told(399), "0");
  EXPECT_EQ(told(404), "0");
  EXPECT_EQ(told(500), "2s:500");
  EXPECT_EQ(told(503), "2s:503");
  EXPECT_EQ(told(0), "2s:no_response");
}

TEST(HttpServerSpan, NamesMethodsThatItDoesNotKnow) {
  Recording recording;
  HttpRequestFacts facts = Facts();
  facts.method = "get";
  {
    HttpServerSpan span(recording.tracer, facts, Headers());
    span.SetStatus(405);
  }
  testing::WireSpan span = TheOne(recording);
  EXPECT_EQ(span.name, "HTTP");
  EXPECT_EQ(span.attributes.at("http.request.method"), "s:_OTHER");
  EXPECT_EQ(span.attributes.at("http.request.method_original"), "s:get");
}

// Gives the known methods of a process that starts with this variable.
TEST(HttpServerSpan, KnowsTheMethodsThatTheEnvironmentLists) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const testing::Environment environment{{"OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", "GET, PROPFIND,"}};
  const auto names = [] {
    Recording recording;
    std::string told;
    for (const char* method : {"PROPFIND", "GET", "POST", "propfind"}) {
      HttpRequestFacts facts = Facts();
      facts.method = method;
      HttpServerSpan(recording.tracer, facts, Headers()).SetStatus(200);
      told += TheOne(recording).attributes.at("http.request.method") + " ";
    }
    return told;
  };
  EXPECT_EXIT(std::exit(names() == "s:PROPFIND s:GET s:_OTHER s:_OTHER " ? 0 : 1), ::testing::ExitedWithCode(0), "");
}

TEST(HttpServerSpan, TellsNoSignaturesAndReadsAnyTarget) {
  Recording recording;
  const auto url = [&](std::string_view target) {
    HttpRequestFacts facts = Facts();
    facts.target = target;
    {
      HttpServerSpan span(recording.tracer, facts, Headers());
      span.SetStatus(200);
    }
    const auto attributes = TheOne(recording).attributes;
    const auto query = attributes.find("url.query");
    return attributes.at("url.path").substr(2) + (query == attributes.end() ? "" : " ? " + query->second.substr(2));
  };
  EXPECT_EQ(url("/a"), "/a");
  EXPECT_EQ(url("/a?"), "/a");
  EXPECT_EQ(url("/a?x=1&sig=secret&y"), "/a ? x=1&sig=REDACTED&y");
  EXPECT_EQ(url("/a?Signature=s&AWSAccessKeyId=k&X-Goog-Signature=g&sig"),
            "/a ? Signature=REDACTED&AWSAccessKeyId=REDACTED&X-Goog-Signature=REDACTED&sig");
  EXPECT_EQ(url("http://shop.example/a?x=1"), "/a ? x=1");
  EXPECT_EQ(url("/redirect?to=http://elsewhere/"), "/redirect ? to=http://elsewhere/");
  EXPECT_EQ(url("*"), "*");
}

TEST(HttpClientSpan, HasTheAttributesOfTheConventionsAndSendsItselfAlong) {
  Recording recording;
  Headers sent;
  std::string traceparent;
  {
    HttpClientSpan span(recording.tracer, Facts(), sent);
    span.SetStatus(200);
    traceparent =
        "00-" + span.span().context().trace_id().ToHex() + "-" + span.span().context().span_id().ToHex() + "-03";
  }
  EXPECT_EQ(sent["traceparent"], traceparent);
  const testing::WireSpan span = TheOne(recording);
  EXPECT_EQ(span.name, "GET");
  EXPECT_EQ(span.kind, 3u);
  EXPECT_EQ(span.status, 0u);
  EXPECT_EQ(span.attributes, (WireAttributes{{"http.request.method", "s:GET"},
                                             {"url.full", "s:http://shop.example:8080/api/users/17?verbose=1"},
                                             {"server.address", "s:shop.example"},
                                             {"server.port", "i:8080"},
                                             {"network.protocol.version", "s:1.1"},
                                             {"network.peer.address", "s:10.0.0.7"},
                                             {"network.peer.port", "i:40123"},
                                             {"http.response.status_code", "i:200"}}));
}

TEST(HttpClientSpan, IsAnErrorFromFourHundredOnAndOnFailure) {
  Recording recording;
  const auto told = [&](auto&& tell) {
    Headers sent;
    {
      HttpClientSpan span(recording.tracer, Facts(), sent);
      tell(span);
    }
    const testing::WireSpan span = TheOne(recording);
    const auto error = span.attributes.find("error.type");
    return std::to_string(span.status) + (error == span.attributes.end() ? "" : error->second) + span.status_message;
  };
  EXPECT_EQ(told([](HttpClientSpan& span) { span.SetStatus(302); }), "0");
  EXPECT_EQ(told([](HttpClientSpan& span) { span.SetStatus(404); }), "2s:404");
  EXPECT_EQ(told([](HttpClientSpan& span) { span.SetFailure("timeout", "after 2 s"); }), "2s:timeoutafter 2 s");
}

TEST(HttpClientSpan, TellsHowOftenItWasSentBeforeAndTheUsualPort) {
  Recording recording;
  HttpRequestFacts facts = Facts();
  facts.port = 0;
  facts.scheme = "https";
  facts.host = "::1";
  Headers sent;
  {
    HttpClientSpan span(recording.tracer, facts, sent, 2);
  }
  const auto attributes = TheOne(recording).attributes;
  EXPECT_EQ(attributes.at("http.request.resend_count"), "i:2");
  EXPECT_EQ(attributes.at("server.port"), "i:443");
  EXPECT_EQ(attributes.at("url.full"), "s:https://[::1]/api/users/17?verbose=1");
}

TEST(HttpClientSpan, TellsAWholeUrlForAnyTarget) {
  Recording recording;
  const auto url = [&](std::string_view method, std::string_view target) {
    HttpRequestFacts facts = Facts();
    facts.method = method;
    facts.target = target;
    Headers sent;
    HttpClientSpan(recording.tracer, facts, sent).SetStatus(200);
    return TheOne(recording).attributes.at("url.full");
  };
  EXPECT_EQ(url("GET", ""), "s:http://shop.example:8080/");
  EXPECT_EQ(url("GET", "api/users"), "s:http://shop.example:8080/api/users");
  EXPECT_EQ(url("GET", "?x=1"), "s:http://shop.example:8080/?x=1");
  EXPECT_EQ(url("OPTIONS", "*"), "s:http://shop.example:8080");
  EXPECT_EQ(url("CONNECT", "backend:443"), "s:http://shop.example:8080");
}

TEST(HttpServerSpan, IsCurrentNoMoreOnceItIsDetached) {
  Recording recording;
  const ActiveSpan around(recording.tracer, "around");
  HttpServerSpan span(recording.tracer, Facts(), Headers{{"baggage", "user=anna"}});
  const Context context = span.Detach();
  EXPECT_EQ(CurrentSpan().context(), around->context());
  EXPECT_EQ(context.span().context(), span.span().context());
  EXPECT_EQ(*context.baggage().Get("user"), "anna");
  {
    const Scope scope(context);
    Headers sent;
    HttpClientSpan call(recording.tracer, Facts(), sent);
    EXPECT_EQ(call.Detach().span().context(), call.span().context());
    EXPECT_EQ(CurrentSpan().context(), span.span().context());
    EXPECT_EQ(sent["baggage"], "user=anna");
  }
  EXPECT_EQ(CurrentSpan().context(), around->context());
  span.SetStatus(200);
}

TEST(Beast, CarriesATraceFromAClientToAServer) {
  Recording recording;
  http::request<http::string_body> request(http::verb::post, "/orders?x=1", 11);
  request.set(http::field::host, "backend:8081");
  request.set(http::field::user_agent, "frontend");
  {
    BeastHeaderWriter headers(request);
    HttpClientSpan client(recording.tracer, FactsOf(request, "backend", 8081), headers);
    HttpServerSpan server = ServerSpanOf(recording.tracer, request, "10.0.0.1", 1234);
    server.SetStatus(201);
    client.SetStatus(201);
  }
  const auto spans = recording.TakeWire().spans;
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0].parent_id, spans[1].span_id);
  EXPECT_EQ(spans[0].trace_id, spans[1].trace_id);
  EXPECT_EQ(spans[0].attributes.at("server.address"), "s:backend");
  EXPECT_EQ(spans[0].attributes.at("server.port"), "i:8081");
  EXPECT_EQ(spans[0].attributes.at("url.path"), "s:/orders");
  EXPECT_EQ(spans[0].attributes.at("network.peer.port"), "i:1234");
  EXPECT_EQ(spans[1].attributes.at("url.full"), "s:http://backend:8081/orders?x=1");
}

TEST(Beast, ReadsHostHeadersOfAnyForm) {
  const auto host = [](const char* header) {
    http::request<http::string_body> request(http::verb::get, "/", 11);
    request.set(http::field::host, header);
    const HttpRequestFacts facts = FactsOf(request);
    return std::string(facts.host) + " " + std::to_string(facts.port);
  };
  EXPECT_EQ(host("shop"), "shop 0");
  EXPECT_EQ(host("shop:80"), "shop 80");
  EXPECT_EQ(host("[::1]:80"), "::1 80");
  EXPECT_EQ(host("[::1]"), "::1 0");
  EXPECT_EQ(host("shop:99999"), "shop 0");
  EXPECT_EQ(host("shop:x"), "shop 0");
  EXPECT_EQ(host(""), " 0");
}

}  // namespace
}  // namespace spoor::trace
