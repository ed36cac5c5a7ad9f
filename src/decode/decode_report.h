// DecodeReport: what a decoder tells of a request beside the batch that it made.
#pragma once

#include <cstdint>
#include <string>

namespace spoor {

// What became of the spans of a request that could be read. A span is rejected alone where it cannot be stored, which
// is for want of ids; each decoder says when.
struct DecodeReport {
  uint64_t accepted_spans = 0;
  uint64_t rejected_spans = 0;
  std::string first_error;  // of a rejected span; empty where there is none
};

}  // namespace spoor
