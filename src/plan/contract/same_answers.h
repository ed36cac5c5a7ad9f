// Compares all answers of two stores, for tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/trace.h"
#include "plan/trace_store.h"

namespace spoor {

// A trace's shape, and what of its spans can be told in a line.
std::vector<std::string> DescribeTrace(const Trace& trace);
std::vector<std::string> DescribeSummaries(const std::vector<TraceSummary>& summaries);
std::vector<std::string> DescribeRed(const Result<RedAnswer>& answer);
std::vector<std::string> DescribeCalls(const Result<CallsAnswer>& answer);

// Both answer the same: every trace, searches by `filters` with several windows and limits, names, counts. Times of
// most spans lie between `start_min_ns` and `start_max_ns`.
void ExpectSameAnswers(TraceStore& store, TraceStore& reference, const std::vector<Filter>& filters,
                       uint64_t start_min_ns, uint64_t start_max_ns);

// The same of rate, errors, duration and calls alone, for several windows of the minutes from `start_min_ns` on.
void ExpectSameCounts(TraceStore& store, TraceStore& reference, uint64_t start_min_ns);

}  // namespace spoor
