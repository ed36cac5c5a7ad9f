// `spoor_bench ingest`: what taking in a span costs, from the first request until everything is sealed.
#pragma once

#include <string>
#include <vector>

#include "bench/traffic.h"
#include "bench/yardstick.h"

namespace spoor::bench {

enum class Protocol { kHttpProtobuf, kHttpJson, kGrpc, kJaegerThrift };
std::string_view ProtocolName(Protocol protocol);

struct IngestOptions {
  std::string binary = "build/spoor";
  std::string data_parent = ".";  // where the runs' data folders are made
  uint64_t seed = 1;
  uint64_t warm_up_spans = 200'000;
  uint64_t spans = 1'000'000;
  uint64_t paced_spans = 500'000;  // at half of the rate, for acknowledgement times; 0: not measured
  int runs = 5;
  int connections = 4;
  std::string replay_folder;
  std::vector<std::string> server_flags;
};

struct IngestRun {
  double cpu_us_per_span = 0;
  double spans_per_second = 0;
  double ack_p50_ms = 0, ack_p99_ms = 0;
  double bytes_per_span = 0;  // of the data folder, once sealed and idle
  double peak_rss_mb = 0;
  // At half of the rate that was reached before: acknowledgements, and bare writes and syncs of as many bytes as a
  // request between them.
  double paced_ack_p50_ms = 0, paced_ack_p99_ms = 0;
  double fsync_p50_ms = 0, fsync_p99_ms = 0;
  double stall_ms = 0;  // the longest acknowledgement, less the longest bare sync within it
};

struct IngestResult {
  std::string traffic;  // "fleet"
  Protocol protocol = Protocol::kHttpProtobuf;
  Yardstick yardstick;       // on the bodies that were sent
  double protobuf_y_us = 0;  // Y of the same spans as protobuf: what multiples are of
  double protobuf_s_bytes = 0;
  std::vector<IngestRun> runs;
};

IngestResult MeasureIngest(const IngestOptions& options, const std::string& traffic, Protocol protocol);

}  // namespace spoor::bench
