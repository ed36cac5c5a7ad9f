// A trace in the JSON of Jaeger's UI (jaeger: internal/uimodel/model.go, converter/v1/json/from_domain.go; what OTLP
// becomes in it: opentelemetry-collector-contrib's pkg/translator/jaeger).
#pragma once

#include <string>

#include "model/trace.h"

namespace spoor::api {

// Appends {"traceID":...,"spans":[...],"processes":{...},"warnings":null}. Spans stand in preorder. Resources become
// processes p1, p2, ... in order of their first span, equal ones shared. Arrays and maps are JSON as text, integers
// beyond what JavaScript holds exactly are text, bytes base64, NaN and infinities text.
void AppendJaegerTrace(std::string& out, const Trace& trace);

}  // namespace spoor::api
