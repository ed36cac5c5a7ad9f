#include "api/warning_text.h"

#include "model/trace_assembly.h"

namespace spoor::api {

void WriteWarnings(JsonWriter& json, uint8_t warnings) {
  if (warnings & span_warning::kSharedId) json.String("another span of this trace has the same id and other content");
  if (warnings & span_warning::kParentMissing) json.String("the parent that this span names is not here");
  if (warnings & span_warning::kCycle) json.String("the parents of this span lead back to it: the circle was cut here");
  if (warnings & span_warning::kEndBeforeStart)
    json.String("the end lies before the start: shown with a duration of 0");
}

}  // namespace spoor::api
