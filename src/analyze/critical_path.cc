#include "analyze/critical_path.h"

#include <algorithm>
#include <tuple>

#include "analyze/callee.h"
#include "analyze/trace_reader.h"

namespace spoor::analyze {
namespace {

constexpr uint64_t kClockStepNs = 1000;

// Rule 3: whether an overlap is one of clocks. `shorter_ns`: the cut time of the shorter of both.
bool IsTolerated(uint64_t overlap_ns, uint64_t shorter_ns) {
  return overlap_ns <= shorter_ns / 16 || (overlap_ns <= kClockStepNs && overlap_ns <= shorter_ns / 4);
}

class PathWalk {
 public:
  explicit PathWalk(const Trace& trace) : trace_(trace), reader_(trace), subtree_end_(SubtreeEnds(trace)) {}

  CriticalPath Run() && {
    if (trace_.spans.empty()) return {};
    const uint32_t root = trace_.root_missing ? PathSegment::kNoRow : trace_.root;
    const auto [start_ns, end_ns] = trace_.root_missing ? WholeTime() : std::pair(Start(root), End(root));
    CriticalPath path{start_ns, end_ns, {}};
    Enter(root, start_ns, end_ns);
    while (!open_.empty()) Step();
    std::reverse(segments_.begin(), segments_.end());
    path.segments = std::move(segments_);
    return path;
  }

 private:
  // A child that counts, its time cut to its parent's window.
  struct Child {
    uint32_t row;
    uint64_t start_ns, end_ns;
    uint64_t own_end_ns;
  };

  // A span that the path has entered and not left.
  struct OpenSpan {
    uint32_t row;
    PathKind kind;
    uint64_t start_ns;      // of its window
    uint64_t time_ns;       // what lies behind it is done
    uint64_t after_ns;      // how long the child takes that the path came from; 0: none yet
    size_t children_begin;  // in children_; those that are left stand from there to the end
  };

  uint64_t Start(uint32_t row) const { return reader_.start_ns(row); }
  uint64_t End(uint32_t row) const { return reader_.end_ns(row); }

  std::pair<uint64_t, uint64_t> WholeTime() const {
    uint64_t start_ns = UINT64_MAX, end_ns = 0;
    for (uint32_t row = 0; row < trace_.spans.size(); ++row) {
      start_ns = std::min(start_ns, Start(row));
      end_ns = std::max(end_ns, End(row));
    }
    return {start_ns, end_ns};
  }

  // Rule 4, backwards: the child that goes first stands last.
  static bool StandsBefore(const Child& a, const Child& b) {
    return std::tie(a.end_ns, b.own_end_ns, b.start_ns, b.row) < std::tie(b.end_ns, a.own_end_ns, a.start_ns, a.row);
  }

  void Enter(uint32_t row, uint64_t start_ns, uint64_t end_ns) {
    const size_t begin = children_.size();
    if (row == PathSegment::kNoRow) {
      AddChildren(row, 0, static_cast<uint32_t>(trace_.spans.size()), start_ns, end_ns);
    } else {
      AddChildren(row, row + 1, subtree_end_[row], start_ns, end_ns);
    }
    std::sort(children_.begin() + static_cast<ptrdiff_t>(begin), children_.end(), StandsBefore);
    open_.push_back({row, KindOf(row), start_ns, end_ns, 0, begin});
  }

  // Rule 1. The children stand in rows from `first` on, before `behind`.
  void AddChildren(uint32_t parent, uint32_t first, uint32_t behind, uint64_t start_ns, uint64_t end_ns) {
    for (uint32_t child = first; child < behind; child = subtree_end_[child]) {
      const uint64_t own_end_ns = End(child);
      const uint64_t cut_start_ns = std::max(Start(child), start_ns), cut_end_ns = std::min(own_end_ns, end_ns);
      if (cut_start_ns >= cut_end_ns) continue;
      const bool imagined = parent == PathSegment::kNoRow;
      if (!imagined && (IsMessage(reader_, parent, child) || IsLeftBehind(reader_, parent, child))) continue;
      children_.push_back({child, cut_start_ns, cut_end_ns, own_end_ns});
    }
  }

  PathKind KindOf(uint32_t row) const {
    if (row == PathSegment::kNoRow) return PathKind::kGap;
    if (!IsCaller(reader_.kind(row))) return PathKind::kWork;
    if (FindCallee(reader_, subtree_end_, row) != kNoCallee) return PathKind::kNetwork;
    for (uint32_t child = row + 1; child < subtree_end_[row]; child = subtree_end_[child]) {
      if (!IsMessage(reader_, row, child)) return PathKind::kWork;
    }
    return PathKind::kOutside;
  }

  // Rules 2 and 3. Children stand by their end, so one that was passed over can be forgotten: it overlaps all of what
  // goes instead of it, so no later child tolerates it either.
  void Step() {
    OpenSpan& span = open_.back();
    if (children_.size() == span.children_begin) {
      AddSegment(span, span.start_ns);
      open_.pop_back();
      return;
    }
    const Child child = children_.back();
    children_.pop_back();
    const uint64_t child_ns = child.end_ns - child.start_ns;
    if (child.end_ns > span.time_ns && !IsTolerated(child.end_ns - span.time_ns, std::min(child_ns, span.after_ns))) {
      return;
    }
    const uint64_t end_ns = std::min(child.end_ns, span.time_ns);
    AddSegment(span, end_ns);
    span.time_ns = child.start_ns;
    span.after_ns = child_ns;
    Enter(child.row, child.start_ns, end_ns);
  }

  // The span's own time from `from_ns` to where it leads.
  void AddSegment(const OpenSpan& span, uint64_t from_ns) {
    if (from_ns < span.time_ns) segments_.push_back({span.row, span.kind, from_ns, span.time_ns});
  }

  const Trace& trace_;
  const TraceReader reader_;
  const std::vector<uint32_t> subtree_end_;
  std::vector<OpenSpan> open_;
  std::vector<Child> children_;        // of all open spans, in the order in which those were entered
  std::vector<PathSegment> segments_;  // the last one first
};

}  // namespace

CriticalPath FindCriticalPath(const Trace& trace) { return PathWalk(trace).Run(); }

}  // namespace spoor::analyze
