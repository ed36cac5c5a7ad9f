// OTLP's AnyValue as protobuf: how arrays and maps stand in a batch (ValueType::kArray and kMap), and how attributes'
// values come in. Field numbers: opentelemetry/proto/common/v1/common.proto, 1.5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "model/value.h"

namespace spoor {

namespace any_value_fields {
inline constexpr uint32_t kString = 1, kBool = 2, kInt = 3, kDouble = 4, kArray = 5, kMap = 6, kBytes = 7;
inline constexpr uint32_t kListValues = 1;  // of ArrayValue and KeyValueList
inline constexpr uint32_t kPairKey = 1, kPairValue = 2;
}  // namespace any_value_fields

// What stands in an AnyValue message, one level deep.
struct AnyValueField {
  ValueType type = ValueType::kEmpty;
  uint64_t cell = 0;       // of kBool, kInt and kDouble, as in model/value.h
  std::string_view bytes;  // of kString and kBytes; the ArrayValue or KeyValueList message of kArray and kMap
  std::string_view whole;  // the chosen field with its tag: an AnyValue message of its own
};

// Where and why a message is not what it should be. `at` points into the bytes that were read.
struct AnyValueFault {
  enum class Kind : uint8_t { kNone, kMalformed, kWrongWireType, kNotUtf8, kTooDeep };
  Kind kind = Kind::kNone;
  const char* at = nullptr;

  explicit operator bool() const { return kind != Kind::kNone; }
  // A part of a sentence: "not UTF-8".
  std::string_view What() const;
};

// Finds the value that counts: of several fields the last. Unknown fields are passed over. Text is not looked at.
AnyValueFault ReadAnyValueField(std::string_view message, AnyValueField& field);

// Whether a whole AnyValue, all the way down, is well-formed, its texts and keys UTF-8 and its arrays and maps at most
// limits::kValueDepthMax deep. Linear in its size (times its depth), stack bounded by the limit.
AnyValueFault CheckAnyValue(std::string_view message);

// What a nested value consists of, told in order. An array is BeginArray, its values, EndArray; a map BeginMap, then
// Key and value for each pair (duplicates too, in order), EndMap. Text is UTF-8.
class AnyValueVisitor {
 public:
  virtual ~AnyValueVisitor() = default;
  virtual void Empty() = 0;
  virtual void String(std::string_view text) = 0;
  virtual void Bool(bool value) = 0;
  virtual void Int(int64_t value) = 0;
  virtual void Double(double value) = 0;
  virtual void Bytes(std::string_view bytes) = 0;
  virtual void BeginArray() = 0;
  virtual void EndArray() = 0;
  virtual void BeginMap() = 0;
  virtual void Key(std::string_view key) = 0;
  virtual void EndMap() = 0;
};

// Tells `visitor` what a stored nested value holds: SpanBatch::String() of a kArray or kMap cell. Bytes that are no
// such value are kCorrupt, and then the visitor has seen a part that may lack its ends.
Status VisitAnyValue(std::string_view message, AnyValueVisitor& visitor);

}  // namespace spoor
