#include "analyze/path_parts.h"

#include <algorithm>
#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <set>
#include <string_view>
#include <tuple>

#include "analyze/call_target.h"
#include "analyze/callee.h"
#include "analyze/similar_siblings.h"

namespace spoor::analyze {
namespace {

constexpr size_t kPartsMax = 4;  // beside the rest

// What makes segments one finding. Texts stay in the trace, or in Telling::targets_.
struct FindingKey {
  PartKind kind;
  uint32_t group = SiblingGroups::kNone;  // of repeats and retry
  std::string_view service, name, target;

  friend bool operator==(const FindingKey&, const FindingKey&) = default;
};

struct FindingKeyHash {
  size_t operator()(const FindingKey& key) const {
    size_t hash = 0;
    boost::hash_combine(hash, static_cast<uint8_t>(key.kind));
    boost::hash_combine(hash, key.group);
    boost::hash_combine(hash, key.service);
    boost::hash_combine(hash, key.name);
    boost::hash_combine(hash, key.target);
    return hash;
  }
};

struct Finding {
  FindingKey key;
  uint64_t duration_ns = 0;
  std::vector<uint32_t> rows;
};

class Telling {
 public:
  Telling(const Trace& trace, const CriticalPath& path)
      : trace_(trace), path_(path), reader_(trace), siblings_(FindSimilarSiblings(trace, path)) {}

  std::vector<PathPart> Run() && {
    AddSegments();
    AddSiblings();
    for (Finding& finding : findings_) std::sort(finding.rows.begin(), finding.rows.end());
    std::sort(findings_.begin(), findings_.end(), GoesBefore);
    std::vector<PathPart> parts;
    PathPart rest;
    for (const Finding& finding : findings_) {
      if (parts.size() < kPartsMax && IsLong(finding)) {
        parts.push_back(PartOf(finding));
      } else {
        rest.duration_ns += finding.duration_ns;
        rest.span_count += static_cast<uint32_t>(finding.rows.size());
      }
    }
    if (rest.duration_ns != 0) parts.push_back(std::move(rest));
    return parts;
  }

 private:
  static constexpr uint32_t kUnknown = UINT32_MAX;

  void AddSegments() {
    finding_of_row_.assign(trace_.spans.size(), kUnknown);
    time_of_row_.assign(trace_.spans.size(), 0);
    for (const PathSegment& segment : path_.segments) {
      if (segment.row == PathSegment::kNoRow) {
        findings_[IndexOf({.kind = PartKind::kGap})].duration_ns += segment.duration_ns();
        continue;
      }
      // A span's own segments are all in one finding.
      uint32_t& index = finding_of_row_[segment.row];
      if (index == kUnknown) {
        const FindingKey key = KeyOf(segment);
        index = IndexOf(key);
        if (!IsOfSiblings(key)) findings_[index].rows.push_back(segment.row);
      }
      findings_[index].duration_ns += segment.duration_ns();
      time_of_row_[segment.row] += segment.duration_ns();
    }
  }

  static bool IsOfSiblings(const FindingKey& key) { return key.group != SiblingGroups::kNone; }

  uint32_t IndexOf(const FindingKey& key) {
    const auto [it, fresh] = index_of_.try_emplace(key, static_cast<uint32_t>(findings_.size()));
    if (fresh) findings_.push_back({key, 0, {}});
    return it->second;
  }

  FindingKey KeyOf(const PathSegment& segment) {
    const uint32_t row = segment.row;
    if (siblings_.repeats[row] != SiblingGroups::kNone) return {PartKind::kRepeats, siblings_.repeats[row]};
    if (siblings_.retries[row] != SiblingGroups::kNone) return {PartKind::kRetry, siblings_.retries[row]};
    if (segment.kind == PathKind::kNetwork) return {.kind = PartKind::kNetwork};
    if (segment.kind == PathKind::kOutside) {
      const std::string_view target = TargetOf(row);
      const std::string_view name = target.empty() ? reader_.name(row) : std::string_view();
      return {.kind = PartKind::kOutside, .service = reader_.service(row), .name = name, .target = target};
    }
    return {.kind = PartKind::kOperation, .service = reader_.service(row), .name = reader_.name(row)};
  }

  std::string_view TargetOf(uint32_t row) {
    const TraceSpan& span = trace_.spans[row];
    return *targets_.insert(CallTarget(*span.batch, span.row)).first;
  }

  // The siblings themselves: some have all of their time below them.
  void AddSiblings() {
    for (uint32_t row = 0; row < trace_.spans.size(); ++row) {
      FindingKey key{PartKind::kRest};
      if (siblings_.Repeats(row)) {
        key = {PartKind::kRepeats, siblings_.own[row]};
      } else if (siblings_.IsTry(row) && siblings_.repeats[row] == SiblingGroups::kNone) {
        key = {PartKind::kRetry, siblings_.own[row]};
      } else {
        continue;
      }
      const auto it = index_of_.find(key);
      if (it == index_of_.end()) continue;  // tries whose whole time is in repeats below them
      Finding& finding = findings_[it->second];
      finding.key.service = reader_.service(row);
      finding.key.name = reader_.name(row);
      finding.rows.push_back(row);
    }
  }

  bool IsLong(const Finding& finding) const {
    return static_cast<unsigned __int128>(finding.duration_ns) * 100 >= path_.duration_ns();
  }

  static bool GoesBefore(const Finding& a, const Finding& b) {
    return std::tie(b.duration_ns, a.key.kind, a.key.service, a.key.name, a.key.target, a.rows) <
           std::tie(a.duration_ns, b.key.kind, b.key.service, b.key.name, b.key.target, b.rows);
  }

  PathPart PartOf(const Finding& finding) const {
    PathPart part{.kind = finding.key.kind,
                  .duration_ns = finding.duration_ns,
                  .span_count = static_cast<uint32_t>(finding.rows.size()),
                  .service = std::string(finding.key.service),
                  .name = std::string(finding.key.name),
                  .target = std::string(finding.key.target)};
    part.rows.assign(finding.rows.begin(),
                     finding.rows.begin() + static_cast<ptrdiff_t>(std::min(finding.rows.size(), PathPart::kRowsMax)));
    if (part.kind == PartKind::kOutside) part.name = LongestName(finding);
    if (part.kind == PartKind::kNetwork) TellPair(finding, part);
    return part;
  }

  std::string_view LongestName(const Finding& finding) const {
    boost::unordered_flat_map<std::string_view, uint64_t> times;
    for (const uint32_t row : finding.rows) times[reader_.name(row)] += time_of_row_[row];
    return Longest(times).first;
  }

  void TellPair(const Finding& finding, PathPart& part) const {
    const std::vector<uint32_t> subtree_end = SubtreeEnds(trace_);
    boost::unordered_flat_map<std::pair<std::string_view, std::string_view>, uint64_t> times;
    for (const uint32_t row : finding.rows) {
      const uint32_t callee = FindCallee(reader_, subtree_end, row);
      times[{reader_.service(row), reader_.service(callee)}] += time_of_row_[row];
    }
    const auto& [pair, time_ns] = Longest(times);
    part.from = pair.first;
    part.to = pair.second;
    part.from_to_ns = time_ns;
  }

  template <class Times>
  static const typename Times::value_type& Longest(const Times& times) {
    return *std::max_element(times.begin(), times.end(), [](const auto& a, const auto& b) {
      return std::tie(a.second, b.first) < std::tie(b.second, a.first);
    });
  }

  const Trace& trace_;
  const CriticalPath& path_;
  const TraceReader reader_;
  const SiblingGroups siblings_;
  boost::unordered_flat_map<FindingKey, uint32_t, FindingKeyHash> index_of_;
  std::vector<Finding> findings_;
  std::vector<uint32_t> finding_of_row_;
  std::vector<uint64_t> time_of_row_;  // its own, on the path
  std::set<std::string> targets_;      // distinct ones; a set's texts stay where they are
};

}  // namespace

std::vector<PathPart> TellAsParts(const Trace& trace, const CriticalPath& path) { return Telling(trace, path).Run(); }

}  // namespace spoor::analyze
