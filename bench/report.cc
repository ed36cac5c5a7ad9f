#include "bench/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "bench/server.h"

namespace spoor::bench {
namespace {

std::string FirstLine(const std::string& command) {
  std::string line;
  if (FILE* pipe = popen(command.c_str(), "r")) {
    std::array<char, 256> buffer{};
    if (fgets(buffer.data(), buffer.size(), pipe) != nullptr) line = buffer.data();
    pclose(pipe);
  }
  if (!line.empty() && line.back() == '\n') line.pop_back();
  return line;
}

// "median (min to max)"
std::string Spread(const std::vector<IngestRun>& runs, const std::function<double(const IngestRun&)>& figure,
                   int digits) {
  std::vector<double> all;
  for (const IngestRun& run : runs) all.push_back(figure(run));
  std::sort(all.begin(), all.end());
  return fmt::format("{:.{}f} ({:.{}f} to {:.{}f})", all[all.size() / 2], digits, all.front(), digits, all.back(),
                     digits);
}

}  // namespace

std::string Heading(const std::string& binary, const std::string& command) {
  const std::time_t now = std::time(nullptr);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%d", std::gmtime(&now));
  return fmt::format("{}, {} x {}, {}, `{}`\n", date.data(), std::thread::hardware_concurrency(),
                     FirstLine("sed -n 's/^model name[^:]*: //p' /proc/cpuinfo"), FirstLine(binary + " --version"),
                     command);
}

std::string IngestTable(const std::vector<IngestResult>& results) {
  std::string out =
      "| traffic | protocol | Y us/span | CPU us/span | x Y | spans/s | ack p50 ms | ack p99 ms | bytes/span | x S | "
      "peak "
      "RSS MB |\n|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const IngestResult& result : results) {
    const auto& runs = result.runs;
    out += fmt::format("| {} | {} | {:.2f} | {} | {} | {} | {} | {} | {} | {} | {} |\n", result.traffic,
                       ProtocolName(result.protocol), result.protobuf_y_us,
                       Spread(
                           runs, [](auto& r) { return r.cpu_us_per_span; }, 2),
                       Spread(
                           runs, [&](auto& r) { return r.cpu_us_per_span / result.protobuf_y_us; }, 2),
                       Spread(
                           runs, [](auto& r) { return r.spans_per_second; }, 0),
                       Spread(
                           runs, [](auto& r) { return r.ack_p50_ms; }, 1),
                       Spread(
                           runs, [](auto& r) { return r.ack_p99_ms; }, 1),
                       Spread(
                           runs, [](auto& r) { return r.bytes_per_span; }, 1),
                       Spread(
                           runs, [&](auto& r) { return r.bytes_per_span / result.protobuf_s_bytes; }, 2),
                       Spread(runs, [](auto& r) { return r.peak_rss_mb; }, 0));
  }
  return out;
}

std::string AckTable(const std::vector<IngestResult>& results) {
  std::string out =
      "| traffic | protocol | ack p50 ms | bare fsync p50 ms | ack p99 ms | bare fsync p99 ms | longest stall ms |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const IngestResult& result : results) {
    const auto& runs = result.runs;
    out += fmt::format(
        "| {} | {} | {} | {} | {} | {} | {} |\n", result.traffic, ProtocolName(result.protocol),
        Spread(
            runs, [](auto& r) { return r.paced_ack_p50_ms; }, 1),
        Spread(
            runs, [](auto& r) { return r.fsync_p50_ms; }, 1),
        Spread(
            runs, [](auto& r) { return r.paced_ack_p99_ms; }, 1),
        Spread(runs, [](auto& r) { return r.fsync_p99_ms; }, 1), Spread(runs, [](auto& r) { return r.stall_ms; }, 1));
  }
  return out;
}

void ReplaceSection(const std::string& path, const std::string& name, const std::string& text) {
  std::ifstream in(path);
  std::stringstream content;
  content << in.rdbuf();
  std::string all = content.str();
  const std::string open = fmt::format("<!-- {} -->\n", name), close = fmt::format("<!-- /{} -->", name);
  const size_t begin = all.find(open), end = all.find(close);
  if (begin == std::string::npos || end == std::string::npos) Die(path + " has no section " + name);
  all.replace(begin + open.size(), end - begin - open.size(), text);
  std::ofstream(path) << all;
}

}  // namespace spoor::bench
