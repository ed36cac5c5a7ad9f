#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "model/span_batch_builder.h"
#include "model/span_batch_layout.h"

namespace spoor {
namespace {

// The span of docs/formats/batch.md's worked example.
std::shared_ptr<const SpanBatch> ExampleBatch() {
  SpanBatchBuilder builder;
  builder.BeginAttributes();
  StringCode key = builder.InternKey("service.name");
  EXPECT_TRUE(builder.AddAttribute(key, ValueType::kString, builder.InternValue(key, "cart")));
  builder.AddResource(builder.EndAttributes(), 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  builder.BeginSpan();
  builder.BeginAttributes();
  key = builder.InternKey("items");
  EXPECT_TRUE(builder.AddAttribute(key, ValueType::kInt, 3));
  builder.SetSpanAttributes(builder.EndAttributes());
  builder.AddEvent({.time_ns = 1'500, .name = builder.InternString("paid")}, {});
  builder.EndSpan({.trace_id = {0x0102030405060708, 0x090A0B0C0D0E0F10},
                   .span_id = 0x1112131415161718,
                   .start_ns = 1'000,
                   .end_ns = 2'000,
                   .name = builder.InternString("POST /pay"),
                   .flags = 0x101,
                   .kind = 2,
                   .status_code = 1});
  return *builder.Finish();
}

std::string BytesOf(const SpanBatch& batch) {
  return {reinterpret_cast<const char*>(batch.bytes().data()), batch.bytes().size()};
}

Result<std::shared_ptr<const SpanBatch>> Parse(const std::string& bytes) {
  auto buffer = std::make_unique<std::byte[]>(bytes.size());
  std::memcpy(buffer.get(), bytes.data(), bytes.size());
  return SpanBatch::Parse(std::move(buffer), bytes.size());
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(std::string(SPOOR_SOURCE_DIR "/") + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// As `xxd` prints it, without the text at the right.
std::string HexLines(const std::string& bytes) {
  std::ostringstream out;
  char number[24];
  for (size_t line = 0; line < bytes.size(); line += 16) {
    std::snprintf(number, sizeof(number), "%04zx", line);
    out << number;
    for (size_t i = line; i < std::min(line + 16, bytes.size()); ++i) {
      std::snprintf(number, sizeof(number), " %02x", static_cast<uint8_t>(bytes[i]));
      out << number;
    }
    out << "\n";
  }
  return out.str();
}

TEST(SpanBatchFormat, TheExampleIsTheFixtureByteByByte) {
  const std::string bytes = BytesOf(*ExampleBatch());
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(SPOOR_SOURCE_DIR "/tests/fixtures/formats/batch-v0.bin", std::ios::binary) << bytes;
  }
  const std::string fixture = ReadFile("tests/fixtures/formats/batch-v0.bin");
  EXPECT_EQ(HexLines(bytes), HexLines(fixture));
}

TEST(SpanBatchFormat, TheDocumentShowsTheFixture) {
  const std::string document = ReadFile("docs/formats/batch.md");
  std::istringstream lines(HexLines(ReadFile("tests/fixtures/formats/batch-v0.bin")));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_NE(document.find(line), std::string::npos) << "not in docs/formats/batch.md: " << line;
  }
}

TEST(SpanBatchFormat, TheFixtureIsReadAgain) {
  const auto batch = Parse(ReadFile("tests/fixtures/formats/batch-v0.bin"));
  ASSERT_TRUE(batch.has_value()) << batch.error().message;
  EXPECT_EQ(TraceIdHex((*batch)->trace_id(0)), "0102030405060708090a0b0c0d0e0f10");
  EXPECT_EQ((*batch)->String((*batch)->service_name(0)), "cart");
  EXPECT_EQ((*batch)->String((*batch)->name[0]), "POST /pay");
}

TEST(SpanBatchParse, RefusesEveryTruncationAndAddedBytes) {
  const std::string bytes = BytesOf(*ExampleBatch());
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(Parse(bytes.substr(0, size)).has_value()) << size;
  EXPECT_FALSE(Parse(bytes + '\0').has_value());
}

TEST(SpanBatchParse, NamesAForeignMagicAndVersion) {
  std::string bytes = BytesOf(*ExampleBatch());
  bytes[4] = 1;
  EXPECT_EQ(Parse(bytes).error().message, "batch: version 1, this program reads 0");
  bytes[0] = 'X';
  EXPECT_EQ(Parse(bytes).error().message, "batch: does not begin with \"SpBt\"");
  EXPECT_EQ(Parse(bytes).error().code, Code::kCorrupt);
}

TEST(SpanBatchParse, RefusesCountsThatPassTheBuffer) {
  for (size_t field = 8; field < sizeof(SpanBatchHeader); field += 4) {
    std::string bytes = BytesOf(*ExampleBatch());
    std::memset(bytes.data() + field, 0xFF, 4);
    EXPECT_FALSE(Parse(bytes).has_value()) << field;
  }
}

// The example with one cell of one column changed.
template <class T>
std::string Damaged(std::span<const T> SpanBatch::* column, size_t index, T value) {
  const auto batch = ExampleBatch();
  std::string bytes = BytesOf(*batch);
  const auto* cell = reinterpret_cast<const std::byte*>(&((*batch).*column)[index]);
  std::memcpy(bytes.data() + (cell - batch->bytes().data()), &value, sizeof(T));
  return bytes;
}

TEST(SpanBatchParse, RefusesIndicesOutOfRangeAndNamesThem) {
  EXPECT_EQ(Parse(Damaged(&SpanBatch::name, 0, 99u)).error().message, "batch: name[0] is 99, which is no text's code");
  EXPECT_EQ(Parse(Damaged(&SpanBatch::resource, 0, 1u)).error().message,
            "batch: resource[0] is 1, expected less than 1");
  EXPECT_EQ(Parse(Damaged(&SpanBatch::scope, 0, 1u)).error().message, "batch: scope[0] is 1, expected less than 1");
  EXPECT_EQ(Parse(Damaged(&SpanBatch::event_begin, 1, 0u)).error().message, "batch: event_begin ends at 0, expected 1");
  EXPECT_EQ(Parse(Damaged(&SpanBatch::link_begin, 0, 1u)).error().message, "batch: link_begin[0] is 1, expected 0");
  EXPECT_EQ(Parse(Damaged(&SpanBatch::event_name, 0, 99u)).error().message,
            "batch: event_name[0] is 99, which is no text's code");
  EXPECT_FALSE(Parse(Damaged(&SpanBatch::resource_service_name, 0, 99u)).has_value());
  EXPECT_FALSE(Parse(Damaged(&SpanBatch::scope_version, 0, 99u)).has_value());
  EXPECT_FALSE(Parse(Damaged(&SpanBatch::field_key, 0, 99u)).has_value());
  EXPECT_FALSE(Parse(Damaged(&SpanBatch::field_type, 0, ValueType{8})).has_value());
  EXPECT_FALSE(Parse(Damaged(&SpanBatch::shape_begin, 1, 1u)).has_value());
  EXPECT_FALSE(Parse(Damaged(&SpanBatch::shape_begin, 2, 9u)).has_value());
  EXPECT_FALSE(Parse(Damaged(&SpanBatch::string_end, 1, 99u)).has_value());
  EXPECT_FALSE(Parse(Damaged(&SpanBatch::string_hash, 1, 1u)).has_value());
  EXPECT_FALSE(Parse(Damaged(&SpanBatch::string_bytes, 0, '\xFF')).has_value());
}

TEST(SpanBatchParse, RefusesCellsThatAreNoValueOfTheirType) {
  EXPECT_EQ(Parse(Damaged(&SpanBatch::values, 0, uint64_t{99})).error().message,
            "batch: resource_attributes[0] cell 0 is 99, no value of type 1");
  EXPECT_TRUE(Parse(Damaged(&SpanBatch::values, 1, uint64_t{99})).has_value());  // an integer
  EXPECT_FALSE(Parse(Damaged(&SpanBatch::field_type, 1, ValueType::kBool)).has_value());
  EXPECT_FALSE(Parse(Damaged(&SpanBatch::field_type, 0, ValueType::kBytes)).has_value());  // text is no bytes
}

}  // namespace
}  // namespace spoor
