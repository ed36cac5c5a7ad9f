// Tags as Jaeger's users search for them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "plan/filter.h"

namespace spoor::jaeger {

// The condition `key=value`: an attribute with that text, of the span, its resource, its scope or its events. Jaeger
// shows some of a span's own fields as tags; those are searched too, under these names:
//
//   error=true                                status is error     span.kind=server (client, ...)   kind
//   otel.status_code=OK (ERROR)               status              otel.status_description=TEXT     status message
//   otel.scope.name, otel.library.name        scope's name        otel.scope.version, otel.library.version
//   w3c.tracestate=TEXT                       trace state         event=NAME                       name of an event
Filter TagFilter(std::string key, std::string value);

// Reads the parameter `tag`: `key:value`, where the value may have colons.
Result<std::pair<std::string, std::string>> ParseTag(std::string_view tag);

// Reads a JSON object whose values are all strings. Errors in the words of Go's encoding/json.
Result<std::vector<std::pair<std::string, std::string>>> ParseTagsJson(std::string_view json);

}  // namespace spoor::jaeger
