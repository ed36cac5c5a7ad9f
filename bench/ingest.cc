#include "bench/ingest.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "bench/grpc_client.h"
#include "bench/http_client.h"
#include "bench/server.h"

namespace spoor::bench {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<Body> MakeBodies(const IngestOptions& options, const std::string& traffic, Encoding encoding) {
  TrafficOptions made{options.seed, options.warm_up_spans + options.spans, encoding, options.replay_folder};
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

// Sends bodies [begin, end) over all connections; acknowledgement times in ms are appended to `latencies`.
void Send(const IngestOptions& options, const Server& server, Protocol protocol, const std::vector<Body>& bodies,
          size_t begin, size_t end, std::vector<double>& latencies) {
  std::atomic<size_t> next{begin};
  std::vector<std::vector<double>> times(static_cast<size_t>(options.connections));
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
        const auto sent = Clock::now();
        const int status =
            grpc ? grpc->Export(bodies[i].bytes) : http->Post(target.path, target.type, bodies[i].bytes, answer);
        const bool retry = grpc ? status == 8 || status == 14 : status == 429 || status == 503;
        if (retry) {
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
          continue;
        }
        if (status != target.success) Die(fmt::format("{}: status {}: {}", ProtocolName(protocol), status, answer));
        times[static_cast<size_t>(c)].push_back(std::chrono::duration<double, std::milli>(Clock::now() - sent).count());
        i = next++;
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  for (const auto& list : times) latencies.insert(latencies.end(), list.begin(), list.end());
}

double Quantile(const std::vector<double>& sorted, double q) {
  return sorted.empty()
             ? 0
             : sorted[std::min(sorted.size() - 1, static_cast<size_t>(q * static_cast<double>(sorted.size())))];
}

IngestRun Run(const IngestOptions& options, Protocol protocol, const std::vector<Body>& bodies) {
  Server server(options.binary, options.data_parent, options.server_flags);
  size_t warm = 0;
  uint64_t warm_spans = 0, all_spans = 0;
  while (warm < bodies.size() && warm_spans < options.warm_up_spans) warm_spans += bodies[warm++].span_count;
  for (const Body& body : bodies) all_spans += body.span_count;
  const double spans = static_cast<double>(all_spans - warm_spans);

  std::vector<double> latencies;
  Send(options, server, protocol, bodies, 0, warm, latencies);
  server.Compact();
  server.WaitUntilIdle();
  latencies.clear();

  const double cpu_before = server.CpuSeconds();
  const auto begin = Clock::now();
  Send(options, server, protocol, bodies, warm, bodies.size(), latencies);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  server.Compact();
  server.WaitUntilIdle();

  std::sort(latencies.begin(), latencies.end());
  IngestRun run;
  run.cpu_us_per_span = (server.CpuSeconds() - cpu_before) * 1e6 / spans;
  run.spans_per_second = spans / seconds;
  run.ack_p50_ms = Quantile(latencies, 0.5);
  run.ack_p99_ms = Quantile(latencies, 0.99);
  run.ack_max_ms = latencies.empty() ? 0 : latencies.back();
  run.bytes_per_span = static_cast<double>(server.DataBytes()) / static_cast<double>(all_spans);
  run.peak_rss_mb = static_cast<double>(server.PeakRssBytes()) / 1e6;
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
