// OTLP trace export requests (ExportTraceServiceRequest; TracesData is the same) into batches, straight from the bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "decode/decode_memory.h"
#include "decode/decode_report.h"
#include "model/span_batch_builder.h"

namespace spoor {

// Writes the request's accepted spans into `builder`, which it clears first. Pure but for that: thread-safe with a
// builder a thread.
//
// A span is rejected alone where its trace id or span id is zero or has the wrong length, or the id of its parent or of
// a link has the wrong length (a parent id of zeros is none).
//
// Errors: kInvalid where the body as a whole cannot be read, with the field and the byte where it ends being OTLP:
// "resource_spans.scope_spans.spans.name: not UTF-8 at byte 123"; kTooLarge where a limit of base/limits.h is passed;
// kBusy where the memory budget is. The builder then holds nothing of use.
//
// Tolerated as protobuf demands: fields in any order, unknown fields, messages in several pieces, the last of repeated
// scalars. Refused: groups, and known fields of another wire type.
Result<DecodeReport> DecodeOtlpProtobuf(std::string_view body, SpanBatchBuilder& builder, DecodeMemory& memory);

// The same for OTLP's JSON. Holds parsing state between requests, so one a thread.
//
// Beyond the specification: enumerations also by name. Of duplicate members of an object the last counts, null is as
// good as absence, unknown members are passed over. Refused: names with escapes, since they might mean a known member.
class OtlpJsonDecoder {
 public:
  OtlpJsonDecoder();
  ~OtlpJsonDecoder();

  // The most that parsing `body` takes beside it.
  static size_t ParsingBytes(std::string_view body);

  // `body` may grow in capacity, not in content.
  Result<DecodeReport> Decode(std::string& body, SpanBatchBuilder& builder, DecodeMemory& memory);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace spoor
