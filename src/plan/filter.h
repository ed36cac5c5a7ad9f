// Filter: the typed condition on one span that every query language is translated to.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "model/span_columns.h"

namespace spoor {

// What a span has by itself.
enum class Intrinsic : uint8_t {
  kServiceName,
  kName,
  kKind,        // integer, OTLP's number
  kStatusCode,  // integer, OTLP's number
  kStatusMessage,
  kTraceState,
  kDurationNs,
  kStartNs,
  kScopeName,
  kScopeVersion,
  kEventName,  // of any of its events
};

enum class CompareOp : uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

// Text compares with text columns, numbers with numeric ones; other pairs never match.
using Literal = std::variant<std::string, int64_t, double, bool>;

struct Filter;

struct AllOf {  // true where empty
  std::vector<Filter> filters;
};
struct AnyOf {  // false where empty
  std::vector<Filter> filters;
};
struct NotOf {
  std::shared_ptr<const Filter> filter;
};
struct CompareIntrinsic {
  Intrinsic field = Intrinsic::kName;
  CompareOp op = CompareOp::kEqual;
  Literal value;
};
// An attribute whose key is exactly `key` and whose value, written as text, is exactly `text`: Jaeger's and Zipkin's
// tag search. All types take part (500 and "500"), of the span, its resource, its scope and its events; value_text.h
// gives the text forms.
struct AttributeText {
  std::string key;
  std::string text;
};

struct Filter {
  std::variant<AllOf, AnyOf, NotOf, CompareIntrinsic, AttributeText> node;
};

}  // namespace spoor
