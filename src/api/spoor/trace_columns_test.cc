#include "api/spoor/trace_columns.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "api/sample_trace.h"

namespace spoor::api {
namespace {

uint32_t ColourOf(std::string_view service) { return service == "shop" ? 4 : 7; }

std::string Encode(const Trace& trace) {
  auto bytes = EncodeTraceColumns(trace, ColourOf);
  EXPECT_TRUE(bytes.has_value());
  return *std::move(bytes);
}

// Reads the format as its page describes it, by itself.
class Reader {
 public:
  explicit Reader(std::string bytes) : bytes_(std::move(bytes)) {}

  uint32_t Header32(size_t at) const { return Read<uint32_t>(at); }
  uint64_t Header64(size_t at) const { return Read<uint64_t>(at); }
  template <class T>
  std::vector<T> Column(size_t count) {
    std::vector<T> values(count);
    for (size_t i = 0; i < count; ++i) values[i] = Read<T>(at_ + i * sizeof(T));
    at_ = (at_ + count * sizeof(T) + 7) / 8 * 8;
    return values;
  }
  std::string_view Text(size_t size) {
    const std::string_view text = std::string_view(bytes_).substr(at_, size);
    at_ = (at_ + size + 7) / 8 * 8;
    return text;
  }
  bool AtEnd() const { return at_ == bytes_.size(); }

 private:
  template <class T>
  T Read(size_t at) const {
    T value{};
    SPOOR_CHECK(at + sizeof value <= bytes_.size());
    std::memcpy(&value, bytes_.data() + at, sizeof value);
    return value;
  }

  const std::string bytes_;
  size_t at_ = 80;
};

using U32s = std::vector<uint32_t>;
using U8s = std::vector<uint8_t>;

TEST(TraceColumns, HoldWhatTheTraceLooksLike) {
  Reader reader(Encode(MakeTrace(kSampleTrace, {SampleBatch()})));
  EXPECT_EQ(reader.Header32(0), 0x43545053u);  // "SPTC"
  EXPECT_EQ(reader.Header32(4), 1u);
  EXPECT_EQ(reader.Header32(8), 2u);
  EXPECT_EQ(reader.Header32(12), 2u);
  EXPECT_EQ(reader.Header32(16), 2u);
  EXPECT_EQ(reader.Header32(20), 5u);
  EXPECT_EQ(reader.Header32(24), 16u);
  EXPECT_EQ(reader.Header32(28), 0u);
  EXPECT_EQ(reader.Header64(32), kSampleStart);
  EXPECT_EQ(reader.Header64(40), kSampleStart + 5'000'999);
  EXPECT_EQ(reader.Header32(64), 1u);
  EXPECT_EQ(reader.Header32(68), 1u);
  EXPECT_EQ(reader.Header32(72), 1u);
  EXPECT_EQ(reader.Header32(76), 0u);

  EXPECT_EQ(reader.Column<uint64_t>(2), (std::vector<uint64_t>{0x0a, 0x0b}));
  EXPECT_EQ(reader.Column<uint32_t>(2), (U32s{0, 1'000'000}));
  EXPECT_EQ(reader.Column<uint32_t>(2), (U32s{5'000'999, 0}));
  EXPECT_EQ(reader.Column<uint32_t>(2), (U32s{0xFFFFFFFF, 0}));
  EXPECT_EQ(reader.Column<uint32_t>(2), (U32s{1, 3}));
  EXPECT_EQ(reader.Column<uint32_t>(2), (U32s{0, 1}));
  EXPECT_EQ(reader.Column<uint32_t>(3), (U32s{0, 2, 2}));
  EXPECT_EQ(reader.Column<uint32_t>(2), (U32s{1'500, 2'000}));
  EXPECT_EQ(reader.Column<uint32_t>(1), (U32s{0}));
  EXPECT_EQ(reader.Column<uint32_t>(1), (U32s{0}));
  EXPECT_EQ(reader.Column<uint32_t>(1), (U32s{5'000'999}));
  EXPECT_EQ(reader.Column<uint32_t>(2), (U32s{2, 4}));
  EXPECT_EQ(reader.Column<uint32_t>(2), (U32s{4, 7}));
  EXPECT_EQ(reader.Column<uint32_t>(5), (U32s{0, 5, 9, 12, 16}));
  EXPECT_EQ(reader.Column<uint8_t>(2), (U8s{2, 3}));
  EXPECT_EQ(reader.Column<uint8_t>(2), (U8s{2 | 4, 1 | 8 | 32}));
  EXPECT_EQ(reader.Column<uint8_t>(1), (U8s{0}));
  EXPECT_EQ(reader.Text(16), "GET /shoppaybank");
  EXPECT_TRUE(reader.AtEnd());
}

std::shared_ptr<const SpanBatch> OneSpan(const SpanFields& span, uint64_t event_ns) {
  SpanBatchBuilder builder;
  builder.AddResource({}, 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  builder.BeginSpan();
  builder.AddEvent({.time_ns = event_ns}, {});
  builder.EndSpan(span);
  return *builder.Finish();
}

TEST(TraceColumns, ALongTraceIsToldInLargerUnits) {
  const uint64_t length = uint64_t{10} << 32;
  const auto batch =
      OneSpan({.trace_id = {0, 1}, .span_id = 1, .parent_span_id = 9, .start_ns = 50, .end_ns = 50 + length}, 0);
  Reader reader(Encode(MakeTrace({0, 1}, {batch})));
  EXPECT_EQ(reader.Header32(28), 1u);  // root missing
  EXPECT_EQ(reader.Header32(64), 11u);
  EXPECT_LE(length / 11, 0xFFFFFFFFu);
  reader.Column<uint64_t>(1);
  EXPECT_EQ(reader.Column<uint32_t>(1), (U32s{0}));
  EXPECT_EQ(reader.Column<uint32_t>(1), (U32s{static_cast<uint32_t>(length / 11)}));
  for (int i = 0; i < 3; ++i) reader.Column<uint32_t>(1);
  reader.Column<uint32_t>(2);
  EXPECT_EQ(reader.Column<uint32_t>(1), (U32s{0}));  // an event before the trace is shown at its start
}

TEST(TraceColumns, TakeTheFirstAndTheLastNanosecondOfTime) {
  const auto batch = OneSpan({.trace_id = {0, 1}, .span_id = 1, .start_ns = 0, .end_ns = UINT64_MAX}, UINT64_MAX);
  Reader reader(Encode(MakeTrace({0, 1}, {batch})));
  EXPECT_EQ(reader.Header64(40), UINT64_MAX);
  EXPECT_EQ(reader.Header32(64), 0xFFFFFFFFu);
  reader.Column<uint64_t>(1);
  EXPECT_EQ(reader.Column<uint32_t>(1), (U32s{0}));
  EXPECT_EQ(reader.Column<uint32_t>(1), (U32s{0xFFFFFFFFu}));
}

TEST(TraceColumns, HoldTheCriticalPathInUnits) {
  constexpr uint64_t kUnit = 3, kSecond = 1'000'000'000;
  SpanBatchBuilder builder;
  builder.AddScope(0, 0, {}, 0, 0);
  const auto add = [&](SpanId id, SpanId parent, uint64_t start_ns, uint64_t end_ns, SpanKind kind) {
    builder.AddResource(SampleList(builder).Text("service.name", kind == SpanKind::kServer ? "bank" : "shop").End(), 0,
                        0);
    builder.BeginSpan();
    builder.EndSpan({.trace_id = {0, 1},
                     .span_id = id,
                     .parent_span_id = parent,
                     .start_ns = start_ns,
                     .end_ns = end_ns,
                     .kind = static_cast<uint8_t>(kind)});
  };
  add(1, 9, 0, 4 * kSecond, SpanKind::kClient);
  add(2, 1, kSecond + 1, 3 * kSecond, SpanKind::kServer);
  add(3, 2, kSecond + 2, 2 * kSecond, SpanKind::kClient);
  add(4, 9, 10 * kSecond, 12 * kSecond, SpanKind::kInternal);
  Reader reader(Encode(MakeTrace({0, 1}, {*builder.Finish()})));
  ASSERT_EQ(reader.Header32(64), kUnit);
  ASSERT_EQ(reader.Header32(72), 7u);
  reader.Column<uint64_t>(4);
  for (int i = 0; i < 5; ++i) reader.Column<uint32_t>(4);
  reader.Column<uint32_t>(5);
  reader.Column<uint32_t>(0);
  EXPECT_EQ(reader.Column<uint32_t>(7), (U32s{0, 1, 2, 1, 0, 0xFFFFFFFF, 3}));
  const uint32_t second = kSecond / kUnit;
  const U32s starts{
      0, second, second + 1, 2 * kSecond / kUnit, 3 * second + 1, 4 * kSecond / kUnit, 10 * kSecond / kUnit};
  EXPECT_EQ(reader.Column<uint32_t>(7), starts);
  U32s ends(starts.begin() + 1, starts.end());
  ends.push_back(12 * kSecond / kUnit);
  EXPECT_EQ(reader.Column<uint32_t>(7), ends);
  reader.Column<uint32_t>(2);
  reader.Column<uint32_t>(2);
  reader.Column<uint32_t>(reader.Header32(20));
  reader.Column<uint8_t>(4);
  reader.Column<uint8_t>(4);
  EXPECT_EQ(reader.Column<uint8_t>(7), (U8s{1, 0, 3, 0, 1, 2, 0}));
}

// The example of the format's page, from its hex dump: lines of "offset  bytes  what it is".
std::string ExampleOfThePage() {
  std::ifstream in(SPOOR_SOURCE_DIR "/docs/formats/trace_columns.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  std::string text = page.substr(page.find("```hex\n") + 7);
  text = text.substr(0, text.find("```"));
  std::string bytes;
  while (!text.empty()) {
    const std::string line = text.substr(6, text.find('\n') - 6);
    text = text.substr(text.find('\n') + 1);
    for (size_t i = 0; i + 1 < line.size() && isxdigit(line[i]) && isxdigit(line[i + 1]); i += 3) {
      bytes.push_back(static_cast<char>(*ParseSpanId(line.substr(i, 2))));
    }
  }
  return bytes;
}

TEST(TraceColumns, TheExampleOfThePageIsExact) {
  const std::string expected = ExampleOfThePage();
  const std::string bytes = Encode(MakeTrace(kSampleTrace, {SampleBatch()}));
  std::string dump;
  for (size_t at = 0; at < bytes.size(); at += 8) {
    dump += fmt::format("{:03x}  ", at);
    for (size_t i = at; i < at + 8; ++i) dump += fmt::format(" {:02x}", static_cast<uint8_t>(bytes[i]));
    dump += "\n";
  }
  EXPECT_TRUE(bytes == expected) << "the page should say\n" << dump;
}

}  // namespace
}  // namespace spoor::api
