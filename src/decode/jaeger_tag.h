// JaegerTag: a tag of Jaeger's as it stands on the wire, whatever the encoding.
#pragma once

#include <cstdint>
#include <string_view>

namespace spoor {

// TagType of jaeger.thrift, and ValueType of its protobuf model: the same numbers.
enum class JaegerTagType : int32_t { kString = 0, kDouble = 1, kBool = 2, kLong = 3, kBinary = 4 };

// `type` says which member holds the value; one that was not sent is empty, zero or false. Text points into the body
// and may be no UTF-8.
struct JaegerTag {
  std::string_view key;
  JaegerTagType type = JaegerTagType::kString;
  std::string_view text;    // of kString
  std::string_view binary;  // of kBinary
  uint64_t double_bits = 0;
  int64_t number = 0;  // of kLong
  bool truth = false;  // of kBool

  bool IsText() const { return type == JaegerTagType::kString; }
};

}  // namespace spoor
