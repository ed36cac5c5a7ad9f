// Attribute values and the small enumerations of a span, as they stand in columns.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

namespace spoor {

// The type of an attribute's value. A value is a 64-bit cell whose meaning is the type's:
//   kEmpty   0 (an AnyValue without a value)
//   kString  the code of a UTF-8 string in the batch's dictionary
//   kBool    0 or 1
//   kInt     two's complement
//   kDouble  IEEE 754 bits
//   kBytes   the code of the bytes in the batch's dictionary
//   kArray   the code of a serialised OTLP AnyValue (protobuf) that holds the array
//   kMap     the same, holding a kvlist
// Numbers are stable: they stand in files.
enum class ValueType : uint8_t {
  kEmpty = 0,
  kString = 1,
  kBool = 2,
  kInt = 3,
  kDouble = 4,
  kBytes = 5,
  kArray = 6,
  kMap = 7,
};
inline constexpr uint8_t kValueTypeCount = 8;

// Whether a cell of this type is a dictionary code.
constexpr bool IsCode(ValueType type) { return type == ValueType::kString || type >= ValueType::kBytes; }

constexpr double CellToDouble(uint64_t cell) { return std::bit_cast<double>(cell); }
constexpr uint64_t DoubleToCell(double value) { return std::bit_cast<uint64_t>(value); }

// OTLP's numbers. Values outside are stored as sent and read as unspecified.
enum class SpanKind : uint8_t {
  kUnspecified = 0,
  kInternal = 1,
  kServer = 2,
  kClient = 3,
  kProducer = 4,
  kConsumer = 5
};
enum class StatusCode : uint8_t { kUnset = 0, kOk = 1, kError = 2 };

// "internal", "server", ...; "" for unspecified.
std::string_view SpanKindName(SpanKind kind);

}  // namespace spoor
