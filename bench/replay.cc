// Replays captured bodies: the structure stays, what would make two copies alike changes.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <unordered_map>

#include "bench/server.h"
#include "bench/traffic.h"

namespace spoor::bench {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;
using protozero::pbf_writer;

// What one pass over the folder changes. Ids map to the same fresh id wherever they stand in the pass, so that traces
// stay whole across bodies.
class Pass {
 public:
  Pass(uint64_t seed, uint64_t shift_ns) : random_(seed), shift_ns_(shift_ns) {}

  std::string Id(protozero::data_view id) {
    auto [entry, fresh] = ids_.try_emplace(std::string(id.data(), id.size()));
    if (fresh) {
      entry->second.resize(id.size());
      for (char& c : entry->second) c = static_cast<char>(random_.Next());
      if (!entry->second.empty()) entry->second[0] |= 1;
    }
    return entry->second;
  }

  uint64_t Time(uint64_t time_ns) const { return time_ns == 0 ? 0 : time_ns + shift_ns_; }

  // Runs of six digits or more, and hex runs of sixteen or more, are high-cardinality in real traffic.
  std::string Text(protozero::data_view view) {
    std::string text(view.data(), view.size());
    for (size_t i = 0; i < text.size();) {
      size_t end = i;
      bool digits = true;
      while (end < text.size() && std::isxdigit(static_cast<unsigned char>(text[end]))) {
        digits &= std::isdigit(static_cast<unsigned char>(text[end])) != 0;
        ++end;
      }
      if ((digits && end - i >= 6) || end - i >= 16) {
        for (size_t k = i; k < end; ++k) text[k] = static_cast<char>('0' + random_.Below(10));
      }
      i = std::max(end, i + 1);
    }
    return text;
  }

 private:
  Random random_;
  uint64_t shift_ns_;
  std::unordered_map<std::string, std::string> ids_;
};

// The getters forget the tag, so it is read first.
void CopyField(pbf_reader& in, pbf_writer& out) {
  const auto tag = in.tag();
  switch (in.wire_type()) {
    case pbf_wire_type::varint: out.add_uint64(tag, in.get_uint64()); break;
    case pbf_wire_type::fixed64: out.add_fixed64(tag, in.get_fixed64()); break;
    case pbf_wire_type::fixed32: out.add_fixed32(tag, in.get_fixed32()); break;
    default: out.add_bytes(tag, in.get_view()); break;
  }
}

void CopyAttribute(pbf_reader in, pbf_writer out, Pass& pass) {
  while (in.next()) {
    if (in.tag() == 2) {
      pbf_reader value = in.get_message();
      pbf_writer value_out(out, 2);
      while (value.next()) {
        if (value.tag() == 1) {
          value_out.add_string(1, pass.Text(value.get_view()));
        } else {
          CopyField(value, value_out);
        }
      }
    } else {
      CopyField(in, out);
    }
  }
}

void CopyTimed(pbf_reader in, pbf_writer out, Pass& pass) {
  while (in.next()) {
    if (in.tag() == 1 && in.wire_type() == pbf_wire_type::fixed64) {
      out.add_fixed64(1, pass.Time(in.get_fixed64()));
    } else if (in.tag() == 3) {
      CopyAttribute(in.get_message(), pbf_writer(out, 3), pass);
    } else {
      CopyField(in, out);
    }
  }
}

void CopySpan(pbf_reader in, pbf_writer out, Pass& pass) {
  while (in.next()) {
    switch (in.tag()) {
      case 1:
      case 2:
      case 4: {
        const auto tag = in.tag();
        out.add_bytes(tag, pass.Id(in.get_view()));
        break;
      }
      case 7:
      case 8: {
        const auto tag = in.tag();
        out.add_fixed64(tag, pass.Time(in.get_fixed64()));
        break;
      }
      case 9: CopyAttribute(in.get_message(), pbf_writer(out, 9), pass); break;
      case 11: CopyTimed(in.get_message(), pbf_writer(out, 11), pass); break;
      default: CopyField(in, out); break;
    }
  }
}

Body Copy(const std::string& bytes, Pass& pass) {
  Body body;
  pbf_reader root(bytes);
  pbf_writer out(body.bytes);
  while (root.next(1)) {
    pbf_reader resource_spans = root.get_message();
    pbf_writer resource_out(out, 1);
    while (resource_spans.next()) {
      if (resource_spans.tag() != 2) {
        CopyField(resource_spans, resource_out);
        continue;
      }
      pbf_reader scope_spans = resource_spans.get_message();
      pbf_writer scope_out(resource_out, 2);
      while (scope_spans.next()) {
        if (scope_spans.tag() != 2) {
          CopyField(scope_spans, scope_out);
          continue;
        }
        CopySpan(scope_spans.get_message(), pbf_writer(scope_out, 2), pass);
        ++body.span_count;
      }
    }
  }
  return body;
}

// The latest end of a span, to shift the capture to now.
uint64_t LatestEnd(const std::string& bytes) {
  uint64_t latest = 0;
  pbf_reader root(bytes);
  while (root.next(1)) {
    pbf_reader resource_spans = root.get_message();
    while (resource_spans.next(2)) {
      pbf_reader scope_spans = resource_spans.get_message();
      while (scope_spans.next(2)) {
        pbf_reader span = scope_spans.get_message();
        while (span.next(8)) latest = std::max(latest, span.get_fixed64());
      }
    }
  }
  return latest;
}

}  // namespace

std::vector<Body> Replay(const TrafficOptions& options) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(options.replay_folder)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> originals;
  uint64_t latest_ns = 0;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    originals.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    latest_ns = std::max(latest_ns, LatestEnd(originals.back()));
  }
  std::vector<Body> bodies;
  uint64_t made = 0;
  for (uint64_t pass_number = 0; made < options.span_count; ++pass_number) {
    Pass pass(options.seed + pass_number, NowNs() - latest_ns);
    const uint64_t before = made;
    for (const std::string& original : originals) {
      bodies.push_back(Copy(original, pass));
      made += bodies.back().span_count;
    }
    if (made == before) Die(options.replay_folder + " holds no OTLP protobuf spans");
  }
  return bodies;
}

}  // namespace spoor::bench
