// spoor_bench: macro benchmarks against a running server. `./dev bench` is how it is called.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bench/ingest.h"
#include "bench/queries.h"
#include "bench/report.h"
#include "bench/server.h"
#include "bench/soak.h"
#include "bench/start.h"

namespace spoor::bench {
namespace {

constexpr std::string_view kHelp =
    "spoor_bench ingest [flags]\n"
    "  Starts a fresh server for each run, sends it spans, and prints what they cost it.\n"
    "  --binary FILE        the server (build/spoor)\n"
    "  --data-parent DIR    where the runs' data folders are made (.)\n"
    "  --traffic LIST       fleet,tracegen or replay (fleet,tracegen)\n"
    "  --replay DIR         a folder of OTLP protobuf bodies, for replay\n"
    "  --protocol LIST      http,json,grpc,thrift (http,grpc,json,thrift)\n"
    "  --spans N            measured spans a run (1000000)\n"
    "  --warm-up N          spans before (200000)\n"
    "  --paced N            spans at half of the rate, after those (500000; 0: none)\n"
    "  --runs N             runs of each (5)\n"
    "  --connections N      senders (4)\n"
    "  --seed N             of the traffic (1)\n"
    "  --write FILE         also replace the section `ingest` of this Markdown file\n"
    "  -- FLAGS             handed to the server\n"
    "spoor_bench start [flags]\n"
    "  Prints what an idle server takes, and how long one needs to open after kill -9.\n"
    "  --binary FILE, --data-parent DIR, --seed N, --write FILE, -- FLAGS   as above\n"
    "  --spans N            in the log (1000000)\n"
    "  --runs N             of each (5)\n"
    "spoor_bench queries [flags]\n"
    "  Fills a fresh server with fleet traffic, seals it, and prints how long questions take over HTTP.\n"
    "  --binary FILE, --data-parent DIR, --seed N, --write FILE, -- FLAGS   as above\n"
    "  --spans N            in the store (2000000)\n"
    "  --runs N             of each question, after 2 of warm-up (20)\n"
    "  --data-dir DIR       a data folder to keep: filled where it has no spans, else asked as it is\n"
    "spoor_bench soak [flags]\n"
    "  Sends half of what the server can take, with --max-disk 1GiB, and prints whether it stays as large as it is.\n"
    "  --binary FILE, --data-parent DIR, --seed N, --connections N, --write FILE, -- FLAGS   as above\n"
    "  --minutes N          (20)\n";

std::vector<std::string> SplitList(const std::string& list) {
  std::vector<std::string> out(1);
  for (char c : list) {
    if (c == ',') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

Protocol ParseProtocol(const std::string& name) {
  if (name == "http") return Protocol::kHttpProtobuf;
  if (name == "json") return Protocol::kHttpJson;
  if (name == "grpc") return Protocol::kGrpc;
  if (name == "thrift") return Protocol::kJaegerThrift;
  Die("no protocol named " + name + ": http, json, grpc or thrift");
}

struct Arguments {
  IngestOptions ingest;
  QueryOptions queries;
  StartOptions start;
  SoakOptions soak;
  std::string traffic = "fleet,tracegen";
  std::string protocols = "http,grpc,json,thrift";
  std::string write;
};

// Takes a flag that only `ingest` knows; false where it knows it not.
bool TakeIngestFlag(const std::string& flag, const std::string& value, Arguments& out) {
  if (flag == "--traffic")
    out.traffic = value;
  else if (flag == "--replay")
    out.ingest.replay_folder = value, out.traffic = "replay";
  else if (flag == "--protocol")
    out.protocols = value;
  else if (flag == "--warm-up")
    out.ingest.warm_up_spans = std::stoull(value);
  else if (flag == "--paced")
    out.ingest.paced_spans = std::stoull(value);
  else
    return false;
  return true;
}

Arguments ParseArguments(const std::vector<std::string>& words) {
  Arguments out;
  for (size_t i = 1; i < words.size(); ++i) {
    const std::string& flag = words[i];
    if (flag == "--") {
      out.ingest.server_flags.assign(words.begin() + static_cast<long>(i) + 1, words.end());
      out.queries.server_flags = out.start.server_flags = out.ingest.server_flags;
      if (!out.ingest.server_flags.empty()) out.soak.server_flags = out.ingest.server_flags;
      break;
    }
    if (i + 1 == words.size()) Die("no value for " + flag);
    const std::string& value = words[++i];
    if (flag == "--binary")
      out.ingest.binary = out.queries.binary = out.start.binary = out.soak.binary = value;
    else if (flag == "--data-parent")
      out.ingest.data_parent = out.queries.data_parent = out.start.data_parent = out.soak.data_parent = value;
    else if (flag == "--spans")
      out.ingest.spans = out.queries.spans = out.start.spans = std::stoull(value);
    else if (flag == "--runs")
      out.ingest.runs = out.queries.runs = out.start.runs = std::stoi(value);
    else if (flag == "--seed")
      out.ingest.seed = out.queries.seed = out.start.seed = out.soak.seed = std::stoull(value);
    else if (flag == "--write")
      out.write = value;
    else if (flag == "--data-dir")
      out.queries.data_folder = value;
    else if (flag == "--minutes")
      out.soak.minutes = std::stod(value);
    else if (flag == "--connections")
      out.ingest.connections = out.soak.connections = std::stoi(value);
    else if (words[0] != "ingest" || !TakeIngestFlag(flag, value, out))
      Die("unknown flag " + flag + "\n" + std::string(kHelp));
  }
  return out;
}

// As a person would call it: where things are is bench/run's business.
std::string CommandOf(const std::vector<std::string>& words) {
  std::string command = "./dev bench " + words[0];
  for (size_t i = 1; i < words.size(); i += 2) {
    const bool is_place = words[i] == "--binary" || words[i] == "--data-parent" || words[i] == "--write";
    if (words[i] == "--" || i + 1 == words.size()) break;
    if (!is_place) command += " " + words[i] + " " + words[i + 1];
  }
  return command;
}

std::string RunIngest(const Arguments& arguments, const std::string& command) {
  std::vector<IngestResult> results;
  for (const std::string& traffic : SplitList(arguments.traffic)) {
    for (const std::string& protocol : SplitList(arguments.protocols)) {
      const Protocol parsed = ParseProtocol(protocol);
      const bool is_protobuf = parsed == Protocol::kHttpProtobuf || parsed == Protocol::kGrpc;
      if (traffic == "replay" && !is_protobuf) continue;  // captures are
      results.push_back(MeasureIngest(arguments.ingest, traffic, parsed));
      std::fputs(IngestTable({results.back()}).c_str(), stderr);
    }
  }
  std::string text = fmt::format(
      "{}Seed {}, {} spans a run after {} of warm-up, {} runs, {} connections; median (least to most).\n\n{}",
      Heading(arguments.ingest.binary, command), arguments.ingest.seed, arguments.ingest.spans,
      arguments.ingest.warm_up_spans, arguments.ingest.runs, arguments.ingest.connections, IngestTable(results));
  if (arguments.ingest.paced_spans == 0) return text;
  return text + fmt::format(
                    "\nThen {} spans at half of the rate, beside bare writes and syncs of as many bytes as a body; "
                    "the longest stall is the longest acknowledgement less the bare sync that it overlaps.\n\n{}",
                    arguments.ingest.paced_spans, AckTable(results));
}

std::string RunQueries(const Arguments& arguments, const std::string& command) {
  const QueryResults results = MeasureQueries(arguments.queries);
  return fmt::format(
      "{}Seed {}, {} spans of fleet in {} blocks; {} traces match the widest question, {:.2f} % of them stand in more "
      "than one block. {} runs after 2 of warm-up. Opened in {:.2f} s; {:.0f} MB of memory after all questions, {:.0f} "
      "at most.\n\n{}",
      Heading(arguments.queries.binary, command), arguments.queries.seed, results.spans, results.blocks, results.traces,
      100.0 * static_cast<double>(results.split_traces) / static_cast<double>(std::max<uint64_t>(results.traces, 1)),
      arguments.queries.runs, results.open_seconds, static_cast<double>(results.rss_bytes) / 1e6,
      static_cast<double>(results.rss_peak_bytes) / 1e6, QueryTable(results));
}

std::string RunStart(const Arguments& arguments, const std::string& command) {
  return fmt::format("{}Seed {}, {} runs; median (least to most).\n\n{}", Heading(arguments.start.binary, command),
                     arguments.start.seed, arguments.start.runs, StartTable(MeasureStart(arguments.start)));
}

std::string RunSoak(const Arguments& arguments, const std::string& command) {
  const SoakResult result = MeasureSoak(arguments.soak);
  return fmt::format(
      "{}Seed {}, {} minutes at half of the {:.0f} spans a second that were taken at most; {:.2f} us of processor time "
      "a span.\n\n{}",
      Heading(arguments.soak.binary, command), arguments.soak.seed, arguments.soak.minutes, result.most_per_second,
      result.cpu_us_per_span, SoakTable(result));
}

int Main(const std::vector<std::string>& words) {
  using Run = std::string (*)(const Arguments&, const std::string&);
  const std::map<std::string, Run> verbs{
      {"ingest", &RunIngest}, {"start", &RunStart}, {"queries", &RunQueries}, {"soak", &RunSoak}};
  if (words.empty() || !verbs.contains(words[0])) {
    std::fputs(kHelp.data(), stdout);
    return words.empty() ? 0 : 1;
  }
  const Arguments arguments = ParseArguments(words);
  const std::string text = verbs.at(words[0])(arguments, CommandOf(words));
  std::fputs(text.c_str(), stdout);
  if (!arguments.write.empty()) ReplaceSection(arguments.write, words[0], text);
  return 0;
}

}  // namespace
}  // namespace spoor::bench

int main(int argc, char** argv) { return spoor::bench::Main({argv + 1, argv + argc}); }
