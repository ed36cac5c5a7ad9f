#include "model/trace_assembly.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "base/random_seed.h"
#include "model/value.h"

namespace spoor {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

// Spans that share id and fields are told apart by their hashes where more than kPairsMax are there, and compared with
// at most the last kComparedMax in any case.
constexpr size_t kPairsMax = 8;
constexpr size_t kComparedMax = 64;

// Scratch of larger traces is given back.
constexpr size_t kSpansKeptMax = size_t{1} << 16;

struct Node {
  uint32_t parent;
  uint32_t first_child;
  uint32_t next_sibling;
  uint32_t position;  // in the output; kNone: not reached
  uint32_t walk;      // which walk along the parents came here first
  uint32_t client;    // of a server span that shares its id with it; else kNone
  uint8_t warnings;
  bool shares_id;  // with another input
  bool dropped;    // equal to an earlier one
};

struct OrderKey {
  uint64_t start_ns;
  uint32_t input;
};

struct HashedSpan {
  uint64_t hash;
  uint32_t input;
};

struct Scratch {
  std::vector<uint32_t> slots;
  std::vector<Node> nodes;
  std::vector<OrderKey> order;
  std::vector<uint32_t> shared;
  std::vector<HashedSpan> hashed;
  std::vector<uint32_t> different;
};

bool IsServerSide(uint8_t kind) {
  return kind == static_cast<uint8_t>(SpanKind::kServer) || kind == static_cast<uint8_t>(SpanKind::kConsumer);
}

class Assembler {
 public:
  Assembler(std::span<const AssemblySpan> input, const std::function<bool(uint32_t, uint32_t)>& equal,
            const std::function<uint64_t(uint32_t)>& content_hash, Scratch& scratch)
      : input_(input),
        equal_(equal),
        content_hash_(content_hash),
        slots_(scratch.slots),
        nodes_(scratch.nodes),
        order_(scratch.order),
        shared_(scratch.shared),
        hashed_(scratch.hashed),
        different_(scratch.different) {}

  void Run(Assembly& out) {
    nodes_.assign(input_.size(), Node{kNone, kNone, kNone, kNone, 0, kNone, 0, false, false});
    IndexIds();
    if (!shared_.empty()) SettleSharedIds();
    out.orphan_count = 0;
    LinkParents(out);
    SortSpans();
    out.spans.resize(order_.size());
    LinkChildren();
    if (Emit(out) < order_.size()) {
      CutCycles();
      LinkChildren();
      Emit(out);
    }
    ChooseRoot(out);
  }

 private:
  // An open-addressing table from ids to inputs. The secret keeps strangers from choosing ids that collide.
  void IndexIds() {
    size_t size = std::bit_ceil(input_.size() * 2);
    slots_.assign(size, kNone);
    slot_mask_ = size - 1;
    shared_.clear();
    for (uint32_t i = 0; i < input_.size(); ++i) {
      uint32_t& slot = SlotOf(input_[i].id);
      if (slot == kNone) {
        slot = i;
        continue;
      }
      if (!nodes_[slot].shares_id) shared_.push_back(slot);
      shared_.push_back(i);
      nodes_[slot].shares_id = true;
      nodes_[i].shares_id = true;
    }
  }

  uint32_t& SlotOf(SpanId id) {
    auto product = static_cast<unsigned __int128>(id ^ 0x9E3779B97F4A7C15ull) * seed_;
    size_t slot = static_cast<size_t>(product >> 64) ^ static_cast<size_t>(product);
    for (slot &= slot_mask_; slots_[slot] != kNone && input_[slots_[slot]].id != id;) slot = (slot + 1) & slot_mask_;
    return slots_[slot];
  }

  auto FieldsOf(uint32_t i) const {
    const AssemblySpan& span = input_[i];
    return std::tie(span.id, span.parent_id, span.start_ns, span.end_ns, span.kind);
  }

  // Rules 1 and 2.
  void SettleSharedIds() {
    std::sort(shared_.begin(), shared_.end(), [&](uint32_t a, uint32_t b) {
      return std::tuple_cat(FieldsOf(a), std::tie(a)) < std::tuple_cat(FieldsOf(b), std::tie(b));
    });
    ForEachRun(
        std::span(shared_), [&](uint32_t a, uint32_t b) { return FieldsOf(a) == FieldsOf(b); },
        [&](std::span<const uint32_t> same) { DropEqual(same); });
    ForEachRun(
        std::span(shared_), [&](uint32_t a, uint32_t b) { return input_[a].id == input_[b].id; },
        [&](std::span<const uint32_t> same) { SettleId(same); });
  }

  // Calls `visit` with each longest run of neighbours that `together` says belong together.
  template <class T, class Together, class Visit>
  static void ForEachRun(std::span<T> items, Together together, Visit visit) {
    for (size_t begin = 0; begin < items.size();) {
      size_t end = begin + 1;
      while (end < items.size() && together(items[begin], items[end])) ++end;
      visit(items.subspan(begin, end - begin));
      begin = end;
    }
  }

  // `same` have id and fields in common, in input order.
  void DropEqual(std::span<const uint32_t> same) {
    if (same.size() == 1) return;
    if (same.size() <= kPairsMax || !content_hash_) {
      different_.clear();
      for (uint32_t i : same) DropIfEqual(i);
      return;
    }
    hashed_.clear();
    for (uint32_t i : same) hashed_.push_back({content_hash_(i), i});
    std::sort(hashed_.begin(), hashed_.end(), [](const HashedSpan& a, const HashedSpan& b) {
      return std::tie(a.hash, a.input) < std::tie(b.hash, b.input);
    });
    ForEachRun(
        std::span(hashed_), [](const HashedSpan& a, const HashedSpan& b) { return a.hash == b.hash; },
        [&](std::span<const HashedSpan> run) {
          different_.clear();
          for (const HashedSpan& span : run) DropIfEqual(span.input);
        });
  }

  void DropIfEqual(uint32_t i) {
    size_t begin = different_.size() > kComparedMax ? different_.size() - kComparedMax : 0;
    for (size_t k = begin; k < different_.size(); ++k) {
      if (!equal_(different_[k], i)) continue;
      nodes_[i].dropped = true;
      return;
    }
    different_.push_back(i);
  }

  // `same` are all inputs of one id.
  void SettleId(std::span<const uint32_t> same) {
    different_.clear();
    for (uint32_t i : same) {
      if (!nodes_[i].dropped) different_.push_back(i);
    }
    uint32_t& holder = SlotOf(input_[same.front()].id);
    holder = *std::min_element(different_.begin(), different_.end(), [&](uint32_t a, uint32_t b) {
      return std::tie(input_[a].start_ns, a) < std::tie(input_[b].start_ns, b);
    });
    if (different_.size() == 1) return;
    if (different_.size() == 2) {
      auto [client, server] = std::pair(different_[0], different_[1]);
      if (IsServerSide(input_[client].kind)) std::swap(client, server);
      if (IsServerSide(input_[server].kind) && !IsServerSide(input_[client].kind)) {
        nodes_[server].client = client;
        holder = server;
        return;
      }
    }
    for (uint32_t i : different_) nodes_[i].warnings |= span_warning::kSharedId;
  }

  // Rule 3. A span may come out as its own parent here: a cycle of one.
  void LinkParents(Assembly& out) {
    for (uint32_t i = 0; i < input_.size(); ++i) {
      Node& node = nodes_[i];
      if (node.dropped) continue;
      const AssemblySpan& span = input_[i];
      if (span.end_ns < span.start_ns) node.warnings |= span_warning::kEndBeforeStart;
      if (node.client != kNone) {
        node.parent = node.client;
      } else if (span.parent_id != 0) {
        node.parent = SlotOf(span.parent_id);
        if (node.parent != kNone) continue;
        node.warnings |= span_warning::kParentMissing;
        ++out.orphan_count;
      }
    }
  }

  bool StandsBefore(const OrderKey& a, const OrderKey& b) const {
    if (a.start_ns != b.start_ns) return a.start_ns < b.start_ns;
    const AssemblySpan& left = input_[a.input];
    const AssemblySpan& right = input_[b.input];
    return std::tie(right.end_ns, left.id, a.input) < std::tie(left.end_ns, right.id, b.input);
  }

  void SortSpans() {
    auto before = [this](const OrderKey& a, const OrderKey& b) { return StandsBefore(a, b); };
    order_.clear();
    bool sorted = true;
    for (uint32_t i = 0; i < input_.size(); ++i) {
      if (nodes_[i].dropped) continue;
      OrderKey key{input_[i].start_ns, i};
      sorted = sorted && (order_.empty() || before(order_.back(), key));
      order_.push_back(key);
    }
    if (!sorted) std::sort(order_.begin(), order_.end(), before);
  }

  // Pushes each span in front of its siblings, the last one first: so they stand in order without sorting each list.
  void LinkChildren() {
    first_root_ = kNone;
    for (const OrderKey& key : order_) nodes_[key.input].first_child = kNone;
    for (size_t k = order_.size(); k-- > 0;) {
      uint32_t i = order_[k].input;
      uint32_t parent = nodes_[i].parent;
      uint32_t& first = parent == kNone ? first_root_ : nodes_[parent].first_child;
      nodes_[i].next_sibling = first;
      first = i;
    }
  }

  // Writes all spans below a root, and says how many there are: those that are missing are in cycles or below one.
  size_t Emit(Assembly& out) {
    uint32_t count = 0;
    uint32_t depth = 0;
    for (uint32_t at = first_root_; at != kNone;) {
      Node& node = nodes_[at];
      node.position = count;
      uint32_t parent = node.parent == kNone ? AssembledSpan::kNoParent : nodes_[node.parent].position;
      out.spans[count++] = {at, parent, depth, node.warnings};
      if (node.first_child != kNone) {
        at = node.first_child;
        ++depth;
        continue;
      }
      while (at != kNone && nodes_[at].next_sibling == kNone) {
        at = nodes_[at].parent;
        --depth;
      }
      if (at != kNone) at = nodes_[at].next_sibling;
    }
    return count;
  }

  // Rule 4. From a span that no root leads to, the way along the parents ends in a cycle.
  void CutCycles() {
    uint32_t walk = 0;
    for (const OrderKey& key : order_) {
      uint32_t at = key.input;
      if (nodes_[at].position != kNone || nodes_[at].walk != 0) continue;
      for (++walk; nodes_[at].walk == 0; at = nodes_[at].parent) nodes_[at].walk = walk;
      if (nodes_[at].walk == walk) CutCycle(at);  // else an earlier walk went on from here
    }
  }

  void CutCycle(uint32_t begin) {
    auto before = [&](uint32_t a, uint32_t b) {
      return std::tie(input_[a].start_ns, input_[a].id, a) < std::tie(input_[b].start_ns, input_[b].id, b);
    };
    uint32_t first = begin;
    for (uint32_t at = nodes_[begin].parent; at != begin; at = nodes_[at].parent) {
      if (before(at, first)) first = at;
    }
    nodes_[first].parent = kNone;
    nodes_[first].warnings |= span_warning::kCycle;
  }

  // Rule 6.
  void ChooseRoot(Assembly& out) const {
    out.root = 0;
    out.root_missing = !out.spans.empty();
    for (uint32_t root = first_root_; root != kNone; root = nodes_[root].next_sibling) {
      if (input_[root].parent_id != 0) continue;
      out.root = nodes_[root].position;
      out.root_missing = false;
      return;
    }
  }

  const std::span<const AssemblySpan> input_;
  const std::function<bool(uint32_t, uint32_t)>& equal_;
  const std::function<uint64_t(uint32_t)>& content_hash_;
  std::vector<uint32_t>& slots_;
  std::vector<Node>& nodes_;
  std::vector<OrderKey>& order_;
  std::vector<uint32_t>& shared_;
  std::vector<HashedSpan>& hashed_;
  std::vector<uint32_t>& different_;
  const uint64_t seed_ = ProcessSeed();
  size_t slot_mask_ = 0;
  uint32_t first_root_ = kNone;
};

}  // namespace

void AssembleTrace(std::span<const AssemblySpan> input, const std::function<bool(uint32_t, uint32_t)>& equal,
                   Assembly& out, const std::function<uint64_t(uint32_t)>& content_hash) {
  SPOOR_CHECK(input.size() < kNone / 2);
  // Taken out while it is used: `equal` may have to read, and what happens meanwhile may assemble a trace on this
  // thread.
  thread_local Scratch kept;
  Scratch scratch = std::exchange(kept, {});
  Assembler(input, equal, content_hash, scratch).Run(out);
  if (input.size() <= kSpansKeptMax) kept = std::move(scratch);
}

}  // namespace spoor
