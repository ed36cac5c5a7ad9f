// The words for each finding: what is missing, why that usually is, and what to do.
#pragma once

#include <string>
#include <vector>

#include "learn/check/diagnosis.h"
#include "learn/check/observation.h"
#include "learn/check/settings.h"

namespace spoor::learn {

struct Explanation {
  std::string missing;              // one sentence
  std::vector<std::string> causes;  // a sentence each, the likeliest first
  std::string fix;                  // what to do
};

// Of a service's own check. REQUIRES that the finding is another than kTraced.
Explanation Explain(Finding finding, Service service, const Observation& observation, const CheckSettings& settings);
// Of the trace through all three. REQUIRES that the finding is another than kLinked.
Explanation ExplainLinks(LinkFinding finding, const Observation& observation, const CheckSettings& settings);
// Of the health of the three, where one is not well.
Explanation ExplainHealth(const Observation& observation, const CheckSettings& settings);
// Of the requests through the frontend, of which only `arrived` of `sent` are in the backend.
Explanation ExplainArrival(size_t arrived, size_t sent, const Observation& observation, const CheckSettings& settings);

// "Spoor", where it is one, else in general.
std::string BackendName(const Observation& observation);

}  // namespace spoor::learn
