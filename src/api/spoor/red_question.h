// What /red, /distribution and /map are asked, and the groups that they answer with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/red.h"
#include "plan/trace_store.h"
#include "query/jaeger/parameters.h"

namespace spoor::api {

// `start` and `end` of a request, as whole minutes.
struct RedWindow {
  uint64_t start_min_ns = 0;  // the first nanosecond of a minute
  uint64_t start_max_ns = 0;  // the last one of a minute

  uint64_t minutes() const;
};

// Without `end` it goes until now, without `start` it is `lookback_ns` long.
Result<RedWindow> ParseRedWindow(const jaeger::Parameters& parameters, uint64_t now_ns, uint64_t lookback_ns);

struct RedQuestion {
  RedPlan plan;
  // Count server and consumer spans only, but of services that have none of these among what was asked for, all.
  bool entry = true;
};

// `service`, `operation` and `kind`, over a window.
Result<RedQuestion> ParseRedQuestion(const jaeger::Parameters& parameters, const RedWindow& window);

// Spans of one service, and of one operation and kind where the plan has operations count apart.
struct RedGroup {
  RedSeries series;
  std::string counted;  // "entry", "all", or the kind that was asked for
};

struct RedGroups {
  std::vector<RedGroup> groups;  // by service, operation, kind
  bool complete = true;
  std::vector<std::string> warnings;
};

// Where there are more than limits::kRedGroupsMax, the ones with the fewest spans are one group named "(other)".
Result<RedGroups> AskRed(TraceStore& store, const RedQuestion& question, const QueryContext& context);

}  // namespace spoor::api
