// A trace in which every field is set and every type of value stands, and a client that asks the API without sockets.
// For tests.
#pragma once

#include <cmath>
#include <future>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "api/query_api.h"
#include "base/check.h"
#include "model/span_batch_builder.h"
#include "plan/reference_store.h"

namespace spoor::api {

inline constexpr TraceId kSampleTrace{0x0123456789abcdef, 0xfedcba9876543210};
inline constexpr uint64_t kSampleStart = 1'700'000'000'000'000'000;

// Attribute lists, one call an attribute.
class SampleList {
 public:
  explicit SampleList(SpanBatchBuilder& builder) : builder_(builder) { builder_.BeginAttributes(); }
  SampleList& Text(std::string_view key, std::string_view value) {
    return Add(key, ValueType::kString, builder_.InternString(value));
  }
  SampleList& Bytes(std::string_view key, ValueType type, std::string_view bytes) {
    return Add(key, type, builder_.AddBytes(bytes));
  }
  SampleList& Add(std::string_view key, ValueType type, uint64_t cell) {
    SPOOR_CHECK(builder_.AddAttribute(builder_.InternString(key), type, cell));
    return *this;
  }
  SpanBatchBuilder::AttributeList End() { return builder_.EndAttributes(); }

 private:
  SpanBatchBuilder& builder_;
};

inline SpanBatchBuilder::AttributeList EveryType(SpanBatchBuilder& builder) {
  using std::string_view_literals::operator""sv;
  return SampleList(builder)
      .Text("text", "a \"b\" \xc3\xa4")
      .Text("text", "twice")
      .Add("yes", ValueType::kBool, 1)
      .Add("int", ValueType::kInt, static_cast<uint64_t>(-42))
      .Add("big", ValueType::kInt, static_cast<uint64_t>(INT64_MAX))
      .Add("double", ValueType::kDouble, DoubleToCell(1.5))
      .Add("nan", ValueType::kDouble, DoubleToCell(std::nan("")))
      .Add("endless", ValueType::kDouble, DoubleToCell(-std::numeric_limits<double>::infinity()))
      .Bytes("bytes", ValueType::kBytes, "\x00\xff"sv)
      // ["x", 1, {"k": true}]
      .Bytes("array", ValueType::kArray,
             "\x2a\x18\x0a\x03\x0a\x01x\x0a\x02\x18\x01\x0a\x0d\x32\x0b\x0a\x09\x0a\x01k\x12\x04\x10\x01\x10\x01"sv)
      // {"a": [], "b": empty}
      .Bytes("map", ValueType::kMap, "\x32\x10\x0a\x07\x0a\x01\x61\x12\x02\x2a\x00\x0a\x05\x0a\x01\x62\x12\x00"sv)
      .Add("empty", ValueType::kEmpty, 0)
      .End();
}

// Span 0x0a of service "shop", and its child 0x0b of service "bank", an error, whose end lies before its start.
inline std::shared_ptr<const SpanBatch> SampleBatch() {
  SpanBatchBuilder builder;
  builder.AddResource(SampleList(builder).Text("service.name", "shop").Text("host.name", "h1").End(), 3,
                      builder.InternString("url:resource"));
  builder.AddScope(builder.InternString("lib"), builder.InternString("1.2"),
                   SampleList(builder).Text("scope.key", "s").End(), 4, builder.InternString("url:scope"));
  builder.BeginSpan();
  builder.SetSpanAttributes(EveryType(builder));
  builder.AddEvent(
      {.time_ns = kSampleStart + 1'500, .name = builder.InternString("cache miss"), .dropped_attributes = 5},
      SampleList(builder).Text("key", "user:1").End());
  builder.AddEvent({.time_ns = kSampleStart + 2'000}, {});
  builder.AddLink({.trace_id = {0, 0xabc},
                   .span_id = 0xdef,
                   .trace_state = builder.InternString("l=1"),
                   .flags = 1,
                   .dropped_attributes = 6},
                  SampleList(builder).Text("why", "retry").End());
  builder.EndSpan({.trace_id = kSampleTrace,
                   .span_id = 0x0a,
                   .start_ns = kSampleStart,
                   .end_ns = kSampleStart + 5'000'999,
                   .name = builder.InternString("GET /"),
                   .trace_state = builder.InternString("v=1"),
                   .flags = 257,
                   .dropped_attributes = 1,
                   .dropped_events = 2,
                   .dropped_links = 7,
                   .kind = 2,
                   .status_code = 1});
  builder.AddResource(SampleList(builder).Text("service.name", "bank").End(), 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  builder.BeginSpan();
  builder.EndSpan({.trace_id = kSampleTrace,
                   .span_id = 0x0b,
                   .parent_span_id = 0x0a,
                   .start_ns = kSampleStart + 1'000'000,
                   .end_ns = kSampleStart + 999'000,
                   .name = builder.InternString("pay"),
                   .status_message = builder.InternString("no money"),
                   .kind = 3,
                   .status_code = 2});
  auto batch = builder.Finish();
  SPOOR_CHECK(batch.has_value());
  return *batch;
}

// Asks a QueryApi over a ReferenceStore that holds the sample trace, as of an hour after it.
class SampleApi {
 public:
  SampleApi() : api_({.clock = &clock_, .budget = &budget_, .ui = ui_}) {
    store_.Add(SampleBatch());
    api_.SetReady(store_, {.endpoints = {{"query", "http://127.0.0.1:16686"}}});
  }

  // `target`: path and query, encoded.
  HttpResponse Ask(std::string method, std::string target, HttpHeaders headers = {}) {
    return AskApi(api_, std::move(method), std::move(target), std::move(headers));
  }
  HttpResponse Get(std::string target) { return Ask("GET", std::move(target)); }

  static HttpResponse AskApi(QueryApi& api, std::string method, std::string target, HttpHeaders headers = {});

  ReferenceStore& store() { return store_; }
  QueryApi& api() { return api_; }

 private:
  static constexpr EmbeddedFile ui_[] = {{"index.html", "<!doctype html>"}};
  ManualClock clock_{static_cast<int64_t>(kSampleStart) + 3'600'000'000'000};
  MemoryBudget budget_{size_t{64} << 20};
  ReferenceStore store_;
  QueryApi api_;
};

inline HttpResponse SampleApi::AskApi(QueryApi& api, std::string method, std::string target, HttpHeaders headers) {
  HttpRequest request{.method = std::move(method), .target = target, .headers = std::move(headers)};
  request.path = target.substr(0, target.find('?'));
  if (request.path.size() < target.size()) request.query = target.substr(request.path.size() + 1);
  std::promise<HttpResponse> promise;
  api.Answer(std::move(request), HttpResponder([&](HttpResponse response) { promise.set_value(std::move(response)); }));
  return promise.get_future().get();
}

}  // namespace spoor::api
