// The pattern that the guide gives for coroutines: requests that wait for one another on one thread keep apart.
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <optional>
#include <string>

#include "api/http.h"
#include "testing/recording.h"

namespace spoor::trace {
namespace {

using testing::Headers;
namespace asio = boost::asio;

HttpRequestFacts FactsOf(std::string_view target) {
  HttpRequestFacts facts;
  facts.method = "GET";
  facts.target = target;
  facts.host = "shop";
  return facts;
}

// Lets everything else run that is ready.
asio::awaitable<void> Suspend() { co_await asio::post(asio::use_awaitable); }

asio::awaitable<void> Answer(const Tracer& tracer, std::string target) {
  HttpServerSpan request(tracer, FactsOf(target), Headers());
  const Context context = request.Detach();  // before anything is waited for
  co_await Suspend();
  std::optional<HttpClientSpan> call;
  {
    const Scope scope(context);  // for as long as nothing is waited for
    Headers headers;
    call.emplace(tracer, FactsOf(target), headers);
    call->Detach();
  }
  co_await Suspend();
  EXPECT_FALSE(CurrentSpan().context().IsValid()) << "nothing is left behind for others";
  call->SetStatus(200);
  call.reset();
  SpanOptions options;  // or, without a Scope:
  options.parent = &context;
  Span work = tracer.StartSpan("work" + target, options);
  co_await Suspend();
  work.End();
  request.SetStatus(200);
}

TEST(Coroutines, KeepTheirSpansApartOnOneThread) {
  testing::Recording recording;
  asio::io_context io;
  for (int i = 0; i < 5; ++i) {
    asio::co_spawn(io, Answer(recording.tracer, "/" + std::to_string(i)), asio::detached);
  }
  io.run();
  std::map<std::string, testing::WireSpan> servers;
  const auto spans = recording.TakeWire().spans;
  ASSERT_EQ(spans.size(), 15u);
  for (const auto& span : spans) {
    if (span.kind == 2) servers[span.attributes.at("url.path").substr(2)] = span;
  }
  ASSERT_EQ(servers.size(), 5u);
  for (const auto& span : spans) {
    if (span.kind == 2) {
      EXPECT_EQ(span.parent_id, "");
      continue;
    }
    const std::string path = span.kind == 3 ? span.attributes.at("url.full").substr(13) : span.name.substr(4);
    EXPECT_EQ(span.parent_id, servers.at(path).span_id) << path;
    EXPECT_EQ(span.trace_id, servers.at(path).trace_id) << path;
  }
}

}  // namespace
}  // namespace spoor::trace
