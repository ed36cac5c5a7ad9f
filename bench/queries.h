// `spoor_bench queries`: how long questions take, over HTTP, on a store that is sealed and idle.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace spoor::bench {

struct QueryOptions {
  std::string binary = "build/spoor";
  std::string data_parent = ".";  // where the data folder is made
  std::string data_folder;  // kept, and filled only where it has no spans; empty: a fresh one that goes afterwards
  uint64_t seed = 1;
  uint64_t spans = 2'000'000;
  int runs = 20;
  std::vector<std::string> server_flags;
};

struct QueryResult {
  std::string question;
  double first_ms = 0;  // by a server that was just started, with nothing of its files in the page cache
  double p50_ms = 0, p99_ms = 0;
  double cpu_ms = 0;  // of the server, on average
  size_t answer_bytes = 0;
};

struct QueryResults {
  uint64_t spans = 0;
  uint64_t blocks = 0;
  uint64_t traces = 0;
  uint64_t split_traces = 0;  // in more than one block
  double open_seconds = 0;    // from the start of the server to its first answer, the page cache being cold
  uint64_t rss_bytes = 0, rss_peak_bytes = 0;  // after all questions
  std::vector<QueryResult> questions;
};

QueryResults MeasureQueries(const QueryOptions& options);

std::string QueryTable(const QueryResults& results);

}  // namespace spoor::bench
