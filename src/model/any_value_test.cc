#include "model/any_value.h"

#include <gtest/gtest.h>

#include <protozero/pbf_writer.hpp>
#include <string>

#include "base/limits.h"

namespace spoor {
namespace {

using protozero::pbf_writer;

// Writes what it is told as text.
class Printer final : public AnyValueVisitor {
 public:
  std::string text;

  void Empty() override { text += "empty "; }
  void String(std::string_view value) override { text += "'" + std::string(value) + "' "; }
  void Bool(bool value) override { text += value ? "true " : "false "; }
  void Int(int64_t value) override { text += std::to_string(value) + " "; }
  void Double(double value) override { text += std::to_string(value) + " "; }
  void Bytes(std::string_view value) override { text += std::to_string(value.size()) + " bytes "; }
  void BeginArray() override { text += "[ "; }
  void EndArray() override { text += "] "; }
  void BeginMap() override { text += "{ "; }
  void Key(std::string_view key) override { text += std::string(key) + ": "; }
  void EndMap() override { text += "} "; }
};

std::string Print(std::string_view message) {
  Printer printer;
  const Status status = VisitAnyValue(message, printer);
  return status ? printer.text : status.error().message;
}

std::string StringValue(std::string_view text) {
  std::string out;
  pbf_writer(out).add_string(any_value_fields::kString, text.data(), text.size());
  return out;
}

std::string ArrayOf(const std::vector<std::string>& elements) {
  std::string list, out;
  for (const auto& element : elements) pbf_writer(list).add_message(any_value_fields::kListValues, element);
  pbf_writer(out).add_message(any_value_fields::kArray, list);
  return out;
}

std::string MapOf(std::string_view key, const std::string& value) {
  std::string pair, list, out;
  pbf_writer(pair).add_message(any_value_fields::kPairValue, value);  // before its key, which is allowed
  pbf_writer(pair).add_string(any_value_fields::kPairKey, key.data(), key.size());
  pbf_writer(list).add_message(any_value_fields::kListValues, pair);
  pbf_writer(out).add_message(any_value_fields::kMap, list);
  return out;
}

TEST(AnyValue, TellsEveryTypeInOrder) {
  std::string yes, number, real, bytes;
  pbf_writer(yes).add_bool(any_value_fields::kBool, true);
  pbf_writer(number).add_int64(any_value_fields::kInt, INT64_MIN);
  pbf_writer(real).add_double(any_value_fields::kDouble, 0.5);
  pbf_writer(bytes).add_bytes(any_value_fields::kBytes, "\xFF\xFE");
  const std::string array = ArrayOf({yes, number, real, bytes, "", StringValue("x"), MapOf("k", ArrayOf({}))});
  EXPECT_EQ(Print(array), "[ true -9223372036854775808 0.500000 2 bytes empty 'x' { k: [ ] } ] ");
}

TEST(AnyValue, TheLastOfSeveralValuesCountsAndUnknownFieldsDoNot) {
  std::string unknown;
  pbf_writer(unknown).add_fixed64(99, 1);
  const std::string message = ArrayOf({}) + StringValue("last") + unknown;
  EXPECT_EQ(Print(message), "'last' ");
  AnyValueField field;
  ASSERT_FALSE(ReadAnyValueField(message, field));
  EXPECT_EQ(field.whole, StringValue("last"));
}

TEST(AnyValue, RefusesTextAndKeysThatAreNotUtf8) {
  EXPECT_EQ(Print(ArrayOf({StringValue("\xFF")})), "nested value: not UTF-8 at byte 6");
  EXPECT_EQ(CheckAnyValue(MapOf("\xFF", "")).kind, AnyValueFault::Kind::kNotUtf8);
}

TEST(AnyValue, RefusesWrongWireTypesAndGroups) {
  EXPECT_EQ(CheckAnyValue("\x08\x01").kind, AnyValueFault::Kind::kWrongWireType);
  EXPECT_EQ(CheckAnyValue("\x7B\x7C").kind, AnyValueFault::Kind::kMalformed);
}

TEST(AnyValue, RefusesEveryTruncation) {
  const std::string whole = ArrayOf({MapOf("key", StringValue("value")), StringValue("text")});
  ASSERT_FALSE(CheckAnyValue(whole));
  for (size_t size = 1; size < whole.size(); ++size) {
    EXPECT_TRUE(CheckAnyValue(std::string_view(whole).substr(0, size))) << size;
  }
}

TEST(AnyValue, TakesTheDeepestNestingAndRefusesOneMore) {
  std::string value = StringValue("deep");
  for (int depth = 0; depth < limits::kValueDepthMax; ++depth) value = ArrayOf({value});
  EXPECT_FALSE(CheckAnyValue(value));
  value = ArrayOf({value});
  EXPECT_EQ(CheckAnyValue(value).kind, AnyValueFault::Kind::kTooDeep);
}

TEST(AnyValue, RefusesAHundredThousandLevels) {
  // Written inside out into one buffer, or building it would be quadratic.
  std::string reversed;
  size_t size = 0;
  const auto prepend = [&](std::string piece) {
    size += piece.size();
    reversed.append(piece.rbegin(), piece.rend());
  };
  const auto head = [](uint8_t tag, size_t length) {
    std::string out(1, static_cast<char>(tag));
    protozero::write_varint(std::back_inserter(out), length);
    return out;
  };
  for (int depth = 0; depth < 100'000; ++depth) {
    prepend(head(0x0A, size));
    prepend(head(0x2A, size));
  }
  const std::string value(reversed.rbegin(), reversed.rend());
  EXPECT_EQ(CheckAnyValue(value).kind, AnyValueFault::Kind::kTooDeep);
}

}  // namespace
}  // namespace spoor
