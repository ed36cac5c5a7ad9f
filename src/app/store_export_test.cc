#include "app/store_export.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <sstream>

#include "app/otlp_sender.h"
#include "app/progress_line.h"
#include "base/clock.h"
#include "base/fault_file_system.h"
#include "base/log.h"
#include "store/test_spans.h"

namespace spoor {
namespace {

// Everything that is hard to carry: NaN and infinities, the ends of integers, bytes, nested and empty values, keys that
// stand twice, events, links, times that go backwards, numbers that OTLP does not name.
constexpr std::string_view kAwkward = R"({"resourceSpans":[{"resource":{"attributes":[
 {"key":"service.name","value":{"stringValue":"awkward"}},{"key":"","value":{}}],"droppedAttributesCount":3},
 "schemaUrl":"https://schema","scopeSpans":[{"scope":{"name":"lib","version":"1","attributes":[
 {"key":"a","value":{"intValue":"-9223372036854775808"}}],"droppedAttributesCount":1},"schemaUrl":"s","spans":[
 {"traceId":"0000000000000000000000000000000a","spanId":"000000000000000b","parentSpanId":"00000000000000ff",
  "traceState":"k=v","flags":4294967295,"name":"é\u0000\"\\\n","kind":99,"startTimeUnixNano":"18446744073709551615",
  "endTimeUnixNano":"0","attributes":[
  {"key":"nan","value":{"doubleValue":"NaN"}},{"key":"inf","value":{"doubleValue":"-Infinity"}},
  {"key":"zero","value":{"doubleValue":-0.0}},{"key":"tiny","value":{"doubleValue":5e-324}},
  {"key":"max","value":{"intValue":"9223372036854775807"}},{"key":"yes","value":{"boolValue":true}},
  {"key":"bytes","value":{"bytesValue":"AP8Q"}},{"key":"no bytes","value":{"bytesValue":""}},
  {"key":"empty","value":{"stringValue":""}},{"key":"nothing","value":{}},
  {"key":"twice","value":{"intValue":"1"}},{"key":"twice","value":{"stringValue":"1"}},
  {"key":"list","value":{"arrayValue":{"values":[{"intValue":"1"},{},{"arrayValue":{"values":[]}}]}}},
  {"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"doubleValue":"NaN"}},{"key":"k","value":{}}]}}}],
  "droppedAttributesCount":4294967295,"events":[{"timeUnixNano":"1","name":"","attributes":[
  {"key":"e","value":{"bytesValue":"AA=="}}],"droppedAttributesCount":7},{"timeUnixNano":"18446744073709551615",
  "name":"boom"}],"droppedEventsCount":2,"links":[{"traceId":"ffffffffffffffffffffffffffffffff",
  "spanId":"0102030405060708","traceState":"x","flags":3,"attributes":[{"key":"l","value":{"stringValue":"v"}}],
  "droppedAttributesCount":9}],"droppedLinksCount":5,"status":{"message":"m","code":2}},
 {"traceId":"0000000000000000000000000000000a","spanId":"000000000000000b","name":"same id","startTimeUnixNano":"5",
  "endTimeUnixNano":"6"}]}]}]})";

class StoreExportTest : public ::testing::Test {
 protected:
  struct Opened {
    FaultFileSystem files;
    MemoryBudget budget{size_t{256} << 20};
    std::unique_ptr<Store> store;
    Opened() { store = Store::Open(TestStoreOptions(files, budget)).value(); }
  };

  static std::string ExportAll(Store& store, const ExportQuestion& question = {}) {
    std::string lines;
    const auto exported = ExportLines(
        store, question,
        [&](std::string_view line) {
          lines += line;
          return Status();
        },
        [](uint64_t) {});
    EXPECT_TRUE(exported) << exported.error().message;
    EXPECT_EQ(exported->unreadable, 0u);
    return lines;
  }
  static Result<Imported> Import(Opened& to, const std::string& lines) {
    std::istringstream in(lines);
    return ImportLines(in, *to.store, to.budget, [](uint64_t) {});
  }
  static std::vector<TraceId> Traces(Store& store) {
    std::vector<TraceId> ids;
    const auto found = store.Search({.limit = 1'000'000}, {});
    EXPECT_TRUE(found && found->complete);
    for (const TraceSummary& one : found->traces) ids.push_back(one.id);
    return ids;
  }
  static void ExpectSameSpans(Store& a, Store& b) {
    ASSERT_EQ(Traces(a), Traces(b));
    for (const TraceId id : Traces(a)) {
      const auto in_a = a.GetTrace(id, {}), in_b = b.GetTrace(id, {});
      ASSERT_TRUE(in_a && in_b);
      ASSERT_EQ(in_a->spans.size(), in_b->spans.size()) << TraceIdHex(id);
      // Spans with one id and one time, but other content, stand in the order of their arrival.
      const auto same = [](const TraceSpan& x, const TraceSpan& y) {
        return SameSpan(*x.batch, x.row, *y.batch, y.row);
      };
      ASSERT_TRUE(std::ranges::is_permutation(in_a->spans, in_b->spans, same)) << TraceIdHex(id);
    }
    ASSERT_EQ(*a.Services({}), *b.Services({}));
  }
};

TEST_F(StoreExportTest, CarriesAwkwardValuesExactlyFromEveryState) {
  Opened from;
  std::string line(kAwkward);
  std::erase(line, '\n');
  const auto taken = Import(from, line + "\n\n" + line + "\n");
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(taken->lines, 2u);
  EXPECT_EQ(taken->spans, 4u);
  ASSERT_EQ(Traces(*from.store).size(), 1u);
  ASSERT_EQ(from.store->GetTrace({0, 10}, {})->spans.size(), 2u) << "equal spans count once";
  for (const char* state : {"live", "sealed", "merged"}) {
    SCOPED_TRACE(state);
    Opened to;
    const auto imported = Import(to, ExportAll(*from.store));
    ASSERT_TRUE(imported) << imported.error().message;
    EXPECT_EQ(imported->rejected_spans, 0u);
    ASSERT_NO_FATAL_FAILURE(ExpectSameSpans(*from.store, *to.store));
    ASSERT_TRUE(std::string_view(state) == "live" ? from.store->SealAll() : from.store->CompactAll());
  }
}

TEST_F(StoreExportTest, CarriesRandomHistoriesAndAnImportThatIsDoneAgainChangesNothing) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    std::mt19937_64 random(seed);
    Opened from;
    for (int batch = 0; batch < 30; ++batch) {
      std::vector<TestSpan> spans;
      for (uint64_t i = 0; i < 1 + random() % 40; ++i) {
        spans.push_back({.trace = 1 + random() % 50,
                         .id = 1 + random() % 30,
                         .parent = random() % 30,
                         .start_ns = random() % 4,
                         .service = std::string(1, static_cast<char>('a' + random() % 4)),
                         .attributes = {{"k", std::to_string(random() % 3)}}});
      }
      ASSERT_TRUE(AppendNow(*from.store, MakeTestBatch(spans)));
      if (random() % 7 == 0) {
        ASSERT_TRUE(from.store->SealAll());
      }
      if (random() % 11 == 0) {
        ASSERT_TRUE(from.store->CompactAll());
      }
    }
    const std::string lines = ExportAll(*from.store);
    Opened to;
    // Cut short, and then done again.
    std::string half = lines.substr(0, lines.find('\n', lines.size() / 2) + 1);
    ASSERT_TRUE(Import(to, half));
    ASSERT_TRUE(to.store->SealAll());
    ASSERT_TRUE(Import(to, lines));
    ASSERT_NO_FATAL_FAILURE(ExpectSameSpans(*from.store, *to.store));
    ASSERT_TRUE(to.store->CompactAll());
    ASSERT_NO_FATAL_FAILURE(ExpectSameSpans(*from.store, *to.store));
  }
}

TEST_F(StoreExportTest, TakesWholeTracesByTheTimeAndServiceOfOneSpan) {
  Opened from;
  const auto send = [&](uint64_t trace, uint64_t start_ns, const std::string& service) {
    ASSERT_TRUE(AppendNow(
        *from.store,
        MakeTestBatch({{.trace = trace, .id = 1, .start_ns = start_ns, .service = service},
                       {.trace = trace, .id = 2, .parent = 1, .start_ns = start_ns + 100, .service = "leaf"}})));
  };
  send(1, 1000, "shop");
  ASSERT_TRUE(from.store->SealAll());
  send(2, 2000, "shop");
  send(3, 3000, "bank");
  // A late span of trace 1, in another place.
  ASSERT_TRUE(AppendNow(*from.store, MakeTestBatch({{.trace = 1, .id = 3, .start_ns = 5000, .service = "late"}})));
  const auto found = [&](const ExportQuestion& question) {
    Opened to;
    EXPECT_TRUE(Import(to, ExportAll(*from.store, question)));
    std::vector<std::pair<uint64_t, size_t>> traces;
    for (const TraceId id : Traces(*to.store)) traces.emplace_back(id.low, to.store->GetTrace(id, {})->spans.size());
    std::ranges::sort(traces);
    return traces;
  };
  using Found = std::vector<std::pair<uint64_t, size_t>>;
  EXPECT_EQ(found({}), (Found{{1, 3}, {2, 2}, {3, 2}}));
  EXPECT_EQ(found({.services = {"shop"}}), (Found{{1, 3}, {2, 2}}));
  EXPECT_EQ(found({.start_min_ns = 2000, .start_max_ns = 2050}), (Found{{2, 2}}));
  EXPECT_EQ(found({.start_min_ns = 5000}), (Found{{1, 3}})) << "by the late span, and whole";
  EXPECT_EQ(found({.services = {"bank", "late"}}), (Found{{1, 3}, {3, 2}}));
  EXPECT_EQ(found({.start_max_ns = 1000, .services = {"leaf"}}), Found());
}

TEST_F(StoreExportTest, NamesTheLineThatCannotBeRead) {
  Opened to;
  const auto imported = Import(to, std::string("{\"resourceSpans\":[]}\n\nnonsense\n"));
  ASSERT_FALSE(imported);
  EXPECT_NE(imported.error().message.find("line 3"), std::string::npos) << imported.error().message;
}

TEST_F(StoreExportTest, StopsWhereNothingCanBeWritten) {
  Opened from;
  ASSERT_TRUE(AppendNow(*from.store, MakeTestBatch({{}})));
  const auto exported = ExportLines(
      *from.store, {}, [](std::string_view) -> Status { return Error(Code::kFull, "no space"); }, [](uint64_t) {});
  ASSERT_FALSE(exported);
  EXPECT_EQ(exported.error().code, Code::kFull);
}

TEST(ProgressLine, TellsShareAndTimeLeft) {
  EXPECT_EQ(ProgressText(1234567, 0, "spans", 3), "1,234,567 spans");
  EXPECT_EQ(ProgressText(50, 200, "spans", 10), "25 % · 50 of 200 spans · 31 s left");
  EXPECT_EQ(ProgressText(0, 200, "spans", 10), "0 % · 0 of 200 spans");
  EXPECT_EQ(ProgressText(1000, 100000, "bytes", 60), "1 % · 1,000 of 100,000 bytes · 99 min left");
}

TEST(OtlpSender, RefusesWhatIsNoUrl) {
  EXPECT_FALSE(OtlpSender::Make("127.0.0.1:4318"));
  EXPECT_FALSE(OtlpSender::Make("https://host"));
  EXPECT_FALSE(OtlpSender::Make("http://"));
  EXPECT_TRUE(OtlpSender::Make("http://[::1]:4318/"));
  EXPECT_TRUE(OtlpSender::Make("http://host/prefix/v1/traces"));
}

}  // namespace
}  // namespace spoor
