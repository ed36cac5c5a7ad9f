#include "decode/thrift_reader.h"

#include <gtest/gtest.h>

#include "decode/thrift_writer.h"

namespace spoor {
namespace {

using Skipped = ThriftReader::Skipped;

// How a value is passed over, and how much is left behind it.
std::pair<Skipped, size_t> Skip(ThriftType type, const std::string& bytes) {
  ThriftReader reader(bytes);
  const Skipped skipped = reader.Skip(type);
  return {skipped, reader.bytes_left()};
}

std::string Map(ThriftType key, ThriftType value, uint32_t pairs, const std::string& entries) {
  return std::string{static_cast<char>(key), static_cast<char>(value)} + ThriftStruct::Bytes(pairs) + entries;
}

TEST(ThriftReader, ReadsNumbersMostSignificantByteFirst) {
  const std::string bytes = ThriftStruct::Bytes(uint32_t{0x01020304}) +
                            ThriftStruct::Bytes(uint64_t{0xFFFFFFFFFFFFFFFE}) +
                            ThriftStruct::Bytes(std::bit_cast<uint64_t>(-1.5)) + '\1' + ThriftStruct::Text("text");
  ThriftReader reader(bytes);
  int32_t i32 = 0;
  int64_t i64 = 0;
  uint64_t double_bits = 0;
  bool truth = false;
  std::string_view text;
  ASSERT_TRUE(reader.ReadI32(i32) && reader.ReadI64(i64) && reader.ReadDouble(double_bits) && reader.ReadBool(truth) &&
              reader.ReadString(text));
  EXPECT_EQ(i32, 0x01020304);
  EXPECT_EQ(i64, -2);
  EXPECT_EQ(std::bit_cast<double>(double_bits), -1.5);
  EXPECT_TRUE(truth);
  EXPECT_EQ(text, "text");
  EXPECT_TRUE(reader.AtEnd());
  EXPECT_FALSE(reader.ReadBool(truth));
}

TEST(ThriftReader, ReadsFieldsUntilTheStop) {
  const std::string bytes = ThriftStruct().Bool(7, true).End();
  ThriftReader reader(bytes);
  uint32_t tag = 0;
  bool truth = false;
  ASSERT_TRUE(reader.ReadTag(tag));
  EXPECT_EQ(tag, ThriftTag(ThriftType::kBool, 7));
  EXPECT_EQ(TypeOfTag(tag), ThriftType::kBool);
  EXPECT_EQ(FieldOfTag(tag), 7);
  ASSERT_TRUE(reader.ReadBool(truth) && reader.ReadTag(tag));
  EXPECT_EQ(tag, kThriftStop);
  EXPECT_FALSE(reader.ReadTag(tag));
}

TEST(ThriftReader, AFieldsHeadThatIsCutIsNone) {
  uint32_t tag = 0;
  for (const std::string_view bytes : {"\x0b", "\x0b\x01"}) {
    ThriftReader reader(bytes);
    EXPECT_FALSE(reader.ReadTag(tag));
    EXPECT_EQ(reader.at(), bytes.data());
  }
}

TEST(ThriftReader, LengthsAndCountsThatCannotBeAreRefusedBeforeAnythingIsRead) {
  for (const uint32_t length : {5u, 0x80000000u, 0xFFFFFFFFu}) {
    const std::string bytes = ThriftStruct::Bytes(length) + "text";
    ThriftReader reader(bytes);
    std::string_view text;
    EXPECT_FALSE(reader.ReadString(text)) << length;
    EXPECT_EQ(reader.at(), bytes.data());
  }
  const auto reads = [](ThriftType type, uint32_t count, size_t bytes_left) {
    const std::string bytes =
        std::string(1, static_cast<char>(type)) + ThriftStruct::Bytes(count) + std::string(bytes_left, '\0');
    ThriftType element;
    uint32_t read;
    return ThriftReader(bytes).ReadList(element, read);
  };
  EXPECT_TRUE(reads(ThriftType::kStruct, 8, 8));
  EXPECT_FALSE(reads(ThriftType::kStruct, 9, 8));
  EXPECT_TRUE(reads(ThriftType::kI64, 1, 8));
  EXPECT_FALSE(reads(ThriftType::kI64, 2, 15));
  EXPECT_FALSE(reads(ThriftType::kI64, 0x20000000, 8)) << "would be 2^32 bytes";
  EXPECT_FALSE(reads(ThriftType::kStruct, 0x80000000, 8));
  EXPECT_FALSE(reads(static_cast<ThriftType>(1), 1, 8)) << "no type";
  EXPECT_TRUE(reads(static_cast<ThriftType>(1), 0, 0)) << "an empty list has no elements";
}

TEST(ThriftReader, PassesOverValuesOfAllTypes) {
  const std::string inner = ThriftStruct().I32(1, 5).String(9, "x").End();
  const std::pair<ThriftType, std::string> values[] = {
      {ThriftType::kBool, "\1"},
      {ThriftType::kByte, "b"},
      {ThriftType::kI16, "ab"},
      {ThriftType::kI32, "abcd"},
      {ThriftType::kI64, "abcdefgh"},
      {ThriftType::kDouble, "abcdefgh"},
      {ThriftType::kUuid, "abcdefghijklmnop"},
      {ThriftType::kString, ThriftStruct::Text("text")},
      {ThriftType::kStruct, std::string(1, '\0')},
      {ThriftType::kStruct, ThriftStruct().Struct(1, inner).Structs(2, {inner, inner}).Bool(3, true).End()},
      {ThriftType::kList, ThriftStruct::List(ThriftType::kBool, {})},
      {ThriftType::kList, ThriftStruct::List(ThriftType::kI16, {"ab", "cd"})},
      {ThriftType::kSet, ThriftStruct::List(ThriftType::kString, {ThriftStruct::Text("a"), ThriftStruct::Text("")})},
      {ThriftType::kList, ThriftStruct::List(ThriftType::kList, {ThriftStruct::List(ThriftType::kBool, {"\1"}),
                                                                 ThriftStruct::List(ThriftType::kBool, {})})},
      {ThriftType::kMap, Map(ThriftType::kString, ThriftType::kStruct, 2,
                             ThriftStruct::Text("a") + inner + ThriftStruct::Text("bc") + inner)},
      {ThriftType::kMap, Map(ThriftType::kBool, ThriftType::kBool, 0, "")},
  };
  for (const auto& [type, bytes] : values) {
    EXPECT_EQ(Skip(type, bytes + "rest"), std::pair(Skipped::kYes, size_t{4})) << static_cast<int>(type);
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_EQ(Skip(type, bytes.substr(0, size)).first, Skipped::kMalformed) << static_cast<int>(type) << " " << size;
    }
  }
}

TEST(ThriftReader, WhatIsNoTypeCannotBePassedOver) {
  for (const int type : {0, 1, 5, 7, 9, 17, 128, 255}) {
    EXPECT_EQ(Skip(static_cast<ThriftType>(type), std::string(64, '\0')).first, Skipped::kMalformed) << type;
  }
  const auto none = static_cast<ThriftType>(1);
  EXPECT_EQ(Skip(ThriftType::kMap, Map(none, ThriftType::kBool, 1, "ab")).first, Skipped::kMalformed);
  EXPECT_EQ(Skip(ThriftType::kMap, Map(ThriftType::kBool, none, 1, "ab")).first, Skipped::kMalformed);
  EXPECT_EQ(Skip(ThriftType::kMap, Map(ThriftType::kBool, ThriftType::kBool, 0xFFFFFFFF, "ab")).first,
            Skipped::kMalformed);
}

TEST(ThriftReader, DepthIsBounded) {
  const auto structs = [](int depth) {
    std::string bytes;
    for (int i = 0; i < depth - 1; ++i) bytes += std::string("\x0c\0\1", 3);
    return bytes + std::string(static_cast<size_t>(depth), '\0');
  };
  EXPECT_EQ(Skip(ThriftType::kStruct, structs(limits::kThriftDepthMax)), std::pair(Skipped::kYes, size_t{0}));
  EXPECT_EQ(Skip(ThriftType::kStruct, structs(limits::kThriftDepthMax + 1)).first, Skipped::kTooDeep);
  EXPECT_EQ(Skip(ThriftType::kStruct, structs(1'000'000)).first, Skipped::kTooDeep);
}

}  // namespace
}  // namespace spoor
