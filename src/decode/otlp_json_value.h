// OTLP's AnyValue in JSON.
#pragma once

#include <cstdint>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <string_view>

#include "decode/json_reading.h"
#include "model/value.h"

namespace spoor {

// A value that was read. Views last until the next is read, or the document ends.
struct OtlpJsonValue {
  ValueType type = ValueType::kEmpty;
  uint64_t cell = 0;       // of kBool, kInt and kDouble, as in model/value.h
  std::string_view bytes;  // of kString and kBytes; the serialised AnyValue of kArray and kMap
};

// Reads AnyValue objects; arrays and maps become protobuf, as batches store them. One thread's at a time.
class OtlpJsonValueReader {
 public:
  // False where `source` is no AnyValue; problem() then says why. Of several members the last counts; null is no value.
  bool Read(json::value source, OtlpJsonValue& value);

  // A part of a sentence: "nested too deep".
  std::string_view problem() const { return problem_; }

 private:
  json::Taken ReadScalar(json::Name name, json::value source, OtlpJsonValue& value);
  bool ReadScalarOf(ValueType type, json::value source, OtlpJsonValue& value);
  // These write into an open message of nested_; `depth` counts the arrays and maps around it.
  bool Write(json::value source, protozero::pbf_writer& any_value, int depth);
  json::Taken WriteList(json::Name name, json::value source, protozero::pbf_writer& any_value, int depth);
  bool WritePair(json::value source, protozero::pbf_writer& pair, int depth);
  template <class WriteFields>
  bool Nested(protozero::pbf_writer& parent, uint32_t field, WriteFields write);
  bool Whole(json::Walked walked);
  bool Problem(std::string_view problem) {
    problem_ = problem;
    return false;
  }

  std::string nested_;  // the array or map that was read last
  std::string bytes_;   // the bytesValue that was read last
  std::string_view problem_;
};

}  // namespace spoor
