#include "analyze/similar_siblings.h"

#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <string_view>

namespace spoor::analyze {
namespace {

constexpr uint32_t kNone = SiblingGroups::kNone;

struct Likeness {
  uint32_t parent;
  SpanId parent_span_id;  // tells apart spans whose parents are both missing
  SpanKind kind;
  std::string_view service, name;

  friend bool operator==(const Likeness&, const Likeness&) = default;
};

struct LikenessHash {
  size_t operator()(const Likeness& like) const {
    size_t hash = 0;
    boost::hash_combine(hash, like.parent);
    boost::hash_combine(hash, like.parent_span_id);
    boost::hash_combine(hash, static_cast<uint8_t>(like.kind));
    boost::hash_combine(hash, like.service);
    boost::hash_combine(hash, like.name);
    return hash;
  }
};

// A span is on the path where it or one below it has a segment.
std::vector<bool> RowsOnPath(const Trace& trace, const CriticalPath& path) {
  std::vector<bool> on_path(trace.spans.size(), false);
  for (const PathSegment& segment : path.segments) {
    if (segment.row != PathSegment::kNoRow) on_path[segment.row] = true;
  }
  for (size_t row = on_path.size(); row-- > 0;) {
    const uint32_t parent = trace.spans[row].parent;
    if (on_path[row] && parent != AssembledSpan::kNoParent) on_path[parent] = true;
  }
  return on_path;
}

class Grouping {
 public:
  Grouping(const Trace& trace, const CriticalPath& path)
      : trace_(trace), reader_(trace), on_path_(RowsOnPath(trace, path)), tried_(trace.spans.size(), false) {}

  SiblingGroups Run() && {
    groups_.own.assign(trace_.spans.size(), kNone);
    groups_.repeats = groups_.retries = groups_.own;
    for (uint32_t row = 0; row < on_path_.size(); ++row) {
      if (on_path_[row]) Join(row);
    }
    for (uint32_t row = 0; row < on_path_.size(); ++row) {
      if (on_path_[row]) Settle(row);
    }
    return std::move(groups_);
  }

 private:
  struct Group {
    uint32_t size = 0;
    uint32_t last_row = 0;
  };

  // Siblings on the path stand in its order: their rows are in order of their starts, and they took turns.
  void Join(uint32_t row) {
    const Likeness like{trace_.spans[row].parent, reader_.parent_span_id(row), reader_.kind(row), reader_.service(row),
                        reader_.name(row)};
    const auto [it, fresh] = group_of_.try_emplace(like, static_cast<uint32_t>(sizes_.size()));
    if (fresh) sizes_.emplace_back();
    Group& group = sizes_[it->second];
    if (!fresh && reader_.failed(group.last_row)) tried_[group.last_row] = tried_[row] = true;
    ++group.size;
    group.last_row = row;
    groups_.own[row] = it->second;
  }

  // A parent stands before its children, so what counts for it is known.
  void Settle(uint32_t row) {
    const uint32_t parent = trace_.spans[row].parent;
    const bool top = parent == AssembledSpan::kNoParent;
    const uint32_t own = groups_.own[row];
    const bool repeats = sizes_[own].size >= SiblingGroups::kRepeatsMin;
    groups_.repeats[row] = !top && groups_.repeats[parent] != kNone ? groups_.repeats[parent] : repeats ? own : kNone;
    groups_.retries[row] = !top && groups_.retries[parent] != kNone ? groups_.retries[parent]
                           : tried_[row]                            ? own
                                                                    : kNone;
  }

  const Trace& trace_;
  const TraceReader reader_;
  const std::vector<bool> on_path_;
  std::vector<bool> tried_;
  boost::unordered_flat_map<Likeness, uint32_t, LikenessHash> group_of_;
  std::vector<Group> sizes_;
  SiblingGroups groups_;
};

}  // namespace

SiblingGroups FindSimilarSiblings(const Trace& trace, const CriticalPath& path) { return Grouping(trace, path).Run(); }

}  // namespace spoor::analyze
