#include "bench/ingest.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "bench/fsync_probe.h"
#include "bench/grpc_client.h"
#include "bench/http_client.h"
#include "bench/server.h"

namespace spoor::bench {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<Body> MakeBodies(const IngestOptions& options, const std::string& traffic, Encoding encoding) {
  TrafficOptions made{options.seed, options.warm_up_spans + options.spans + options.paced_spans, encoding,
                      options.replay_folder};
  if (traffic == "fleet") return Fleet(made);
  if (traffic == "tracegen") return Tracegen(made);
  if (traffic == "replay") return Replay(made);
  Die("no traffic named " + traffic + ": fleet, tracegen or replay");
}

// Where a protocol's bodies go, and what says that they are kept. Of gRPC only that.
struct HttpTarget {
  uint16_t port = 0;
  const char* path = "";
  const char* type = "";
  int success = 200;
};

HttpTarget TargetOf(Protocol protocol, const Server& server) {
  switch (protocol) {
    case Protocol::kHttpProtobuf: return {server.otlp_http_port(), "/v1/traces", "application/x-protobuf"};
    case Protocol::kHttpJson: return {server.otlp_http_port(), "/v1/traces", "application/json"};
    case Protocol::kGrpc: return {.success = 0};
    case Protocol::kJaegerThrift: return {server.jaeger_http_port(), "/api/traces", "application/x-thrift", 202};
  }
  return {};
}

// A request, from its first byte to its answer.
struct Ack {
  Clock::time_point begin, end;
  double ms() const { return std::chrono::duration<double, std::milli>(end - begin).count(); }
};

// Sends bodies [begin, end) over all connections: as fast as they are answered, or `spans_per_second` where that is not
// 0.
std::vector<Ack> Send(const IngestOptions& options, const Server& server, Protocol protocol,
                      const std::vector<Body>& bodies, size_t begin, size_t end, double spans_per_second = 0) {
  std::vector<std::chrono::duration<double>> due(end - begin);  // since the beginning
  double spans = 0;
  for (size_t i = begin; i < end; ++i) {
    due[i - begin] = std::chrono::duration<double>(spans_per_second > 0 ? spans / spans_per_second : 0);
    spans += bodies[i].span_count;
  }
  const auto first = Clock::now();
  std::atomic<size_t> next{begin};
  std::vector<std::vector<Ack>> acks(static_cast<size_t>(options.connections));
  std::vector<std::thread> senders;
  for (int c = 0; c < options.connections; ++c) {
    senders.emplace_back([&, c] {
      std::unique_ptr<HttpConnection> http;
      std::unique_ptr<GrpcConnection> grpc;
      const HttpTarget target = TargetOf(protocol, server);
      if (protocol == Protocol::kGrpc) {
        grpc = std::make_unique<GrpcConnection>(server.otlp_grpc_port());
      } else {
        http = std::make_unique<HttpConnection>(target.port);
      }
      std::string answer;
      for (size_t i = next++; i < end;) {
        std::this_thread::sleep_until(first + due[i - begin]);
        const auto sent = Clock::now();
        const int status =
            grpc ? grpc->Export(bodies[i].bytes) : http->Post(target.path, target.type, bodies[i].bytes, answer);
        const bool retry = grpc ? status == 8 || status == 14 : status == 429 || status == 503;
        if (retry) {
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
          continue;
        }
        if (status != target.success) Die(fmt::format("{}: status {}: {}", ProtocolName(protocol), status, answer));
        acks[static_cast<size_t>(c)].push_back({sent, Clock::now()});
        i = next++;
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  std::vector<Ack> all;
  for (const auto& list : acks) all.insert(all.end(), list.begin(), list.end());
  return all;
}

double Quantile(const std::vector<double>& sorted, double q) {
  return sorted.empty()
             ? 0
             : sorted[std::min(sorted.size() - 1, static_cast<size_t>(q * static_cast<double>(sorted.size())))];
}

template <class Timed>
std::vector<double> SortedMs(const std::vector<Timed>& list) {
  std::vector<double> times;
  for (const Timed& one : list) times.push_back(one.ms());
  std::sort(times.begin(), times.end());
  return times;
}

// At half of the rate of `run`, beside bare syncs.
void MeasurePaced(const IngestOptions& options, const Server& server, Protocol protocol,
                  const std::vector<Body>& bodies, size_t begin, IngestRun& run) {
  size_t bytes = 0;
  for (size_t i = begin; i < bodies.size(); ++i) bytes += bodies[i].bytes.size();
  FsyncProbe probe(options.data_parent, bytes / (bodies.size() - begin));
  const std::vector<Ack> acks = Send(options, server, protocol, bodies, begin, bodies.size(), run.spans_per_second / 2);
  server.Compact();
  const std::vector<double> syncs = SortedMs(probe.Stop());
  const std::vector<double> times = SortedMs(acks);
  run.paced_ack_p50_ms = Quantile(times, 0.5);
  run.paced_ack_p99_ms = Quantile(times, 0.99);
  run.fsync_p50_ms = Quantile(syncs, 0.5);
  run.fsync_p99_ms = Quantile(syncs, 0.99);
  for (const Ack& ack : acks) {
    run.stall_ms = std::max(run.stall_ms, ack.ms() - probe.LongestBetween(ack.begin, ack.end));
  }
}

// The first body of `bodies` behind those that have `spans` spans from `begin` on.
size_t Behind(const std::vector<Body>& bodies, size_t begin, uint64_t spans) {
  for (uint64_t counted = 0; begin < bodies.size() && counted < spans; ++begin) counted += bodies[begin].span_count;
  return begin;
}

uint64_t CountSpans(const std::vector<Body>& bodies, size_t begin, size_t end) {
  uint64_t spans = 0;
  for (size_t i = begin; i < end; ++i) spans += bodies[i].span_count;
  return spans;
}

IngestRun Run(const IngestOptions& options, Protocol protocol, const std::vector<Body>& bodies) {
  Server server(options.binary, options.data_parent, options.server_flags);
  const size_t warm = Behind(bodies, 0, options.warm_up_spans);
  const size_t end = options.paced_spans == 0 ? bodies.size() : Behind(bodies, warm, options.spans);
  const auto spans = static_cast<double>(CountSpans(bodies, warm, end));

  Send(options, server, protocol, bodies, 0, warm);
  server.Compact();
  server.WaitUntilIdle();

  const double cpu_before = server.CpuSeconds();
  const auto begin = Clock::now();
  const std::vector<double> times = SortedMs(Send(options, server, protocol, bodies, warm, end));
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  server.Compact();
  server.WaitUntilIdle();

  IngestRun run;
  run.cpu_us_per_span = (server.CpuSeconds() - cpu_before) * 1e6 / spans;
  run.spans_per_second = spans / seconds;
  run.ack_p50_ms = Quantile(times, 0.5);
  run.ack_p99_ms = Quantile(times, 0.99);
  run.bytes_per_span = static_cast<double>(server.DataBytes()) / static_cast<double>(CountSpans(bodies, 0, end));
  run.peak_rss_mb = static_cast<double>(server.PeakRssBytes()) / 1e6;
  if (end < bodies.size()) MeasurePaced(options, server, protocol, bodies, end, run);
  return run;
}

}  // namespace

std::string_view ProtocolName(Protocol protocol) {
  switch (protocol) {
    case Protocol::kHttpProtobuf: return "OTLP/HTTP protobuf";
    case Protocol::kHttpJson: return "OTLP/HTTP JSON";
    case Protocol::kGrpc: return "OTLP/gRPC";
    case Protocol::kJaegerThrift: return "Jaeger Thrift/HTTP";
  }
  return "";
}

IngestResult MeasureIngest(const IngestOptions& options, const std::string& traffic, Protocol protocol) {
  IngestResult result;
  result.traffic = traffic;
  result.protocol = protocol;
  std::vector<Body> bodies = MakeBodies(options, traffic, Encoding::kProtobuf);
  // Once cold, so that the figure is of warm code; the second counts.
  MeasureYardstick(bodies);
  result.yardstick = MeasureYardstick(bodies);
  result.protobuf_y_us = result.yardstick.cpu_us_per_span;
  result.protobuf_s_bytes = result.yardstick.bytes_per_span;
  if (protocol == Protocol::kHttpJson || protocol == Protocol::kJaegerThrift) {
    bodies = MakeBodies(options, traffic, protocol == Protocol::kHttpJson ? Encoding::kJson : Encoding::kThrift);
    result.yardstick = MeasureYardstick(bodies);
  }
  for (int i = 0; i < options.runs; ++i) result.runs.push_back(Run(options, protocol, bodies));
  return result;
}

}  // namespace spoor::bench
