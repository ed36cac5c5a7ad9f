#include "model/rollup_builder.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <tuple>
#include <utility>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/random_seed.h"
#include "model/value.h"

namespace spoor {
namespace {

constexpr auto kError = static_cast<uint8_t>(StatusCode::kError);

uint64_t Mixed(uint64_t bits) {
  bits *= 0x9E3779B97F4A7C15ull;
  return bits ^ bits >> 32;
}

}  // namespace

bool RollupLimits::Allow(const Rollup& rollup) const {
  size_t text_bytes = 0;
  for (const std::string& text : rollup.texts) text_bytes += text.size();
  return rollup.row_count() <= rows_max && rollup.bucket.size() <= cells_max && text_bytes <= text_bytes_max;
}

size_t RollupBuilder::SeriesHash::operator()(const RollupSeries& series) const {
  const uint64_t rest = static_cast<uint64_t>(series.of) << 16 | uint64_t{series.kind} << 8 | series.status;
  return Mixed(Mixed(uint64_t{series.service} << 32 | series.name) + rest);
}

size_t RollupBuilder::TextHash::operator()(std::string_view text) const {
  return XXH3_64bits_withSeed(text.data(), text.size(), ProcessSeed());
}

void RollupBuilder::Clear() {
  text_numbers_.clear();
  texts_.assign(1, "");
  text_numbers_.emplace(texts_[0], 0);
  series_.clear();
  series_numbers_.clear();
  last_slot_.clear();
  slots_.clear();
  slot_numbers_.clear();
  cells_.clear();
  settle_at_ = kSettleMin;
}

uint32_t RollupBuilder::Text(std::string_view name) {
  if (name.size() > kNameBytesMax) name = Rollup::kOther;
  const auto known = text_numbers_.find(name);
  if (known != text_numbers_.end()) return known->second;
  const auto number = static_cast<uint32_t>(texts_.size());
  texts_.emplace_back(name);
  text_numbers_.emplace(texts_.back(), number);
  return number;
}

uint32_t RollupBuilder::Number(const RollupSeries& series) {
  const auto [at, is_new] = series_numbers_.try_emplace(series, static_cast<uint32_t>(series_.size()));
  if (is_new) {
    series_.push_back(series);
    last_slot_.push_back(kNone);
  }
  return at->second;
}

uint32_t RollupBuilder::SpanSeries(uint32_t service, uint32_t name, uint8_t kind, uint8_t status) {
  if (kind > static_cast<uint8_t>(SpanKind::kConsumer)) kind = 0;
  if (status > kError) status = 0;
  return Number({RollupSeries::Of::kSpans, kind, status, service, name});
}

uint32_t RollupBuilder::CallSeries(uint32_t parent, uint32_t child, bool is_error) {
  return Number({RollupSeries::Of::kCalls, 0, is_error ? kError : uint8_t{0}, child, parent});
}

bool RollupBuilder::is_error(uint32_t number) const { return series_[number].status == kError; }

uint32_t RollupBuilder::FindSlot(uint32_t series, uint32_t minute) {
  const auto [at, is_new] =
      slot_numbers_.try_emplace(uint64_t{series} << 32 | minute, static_cast<uint32_t>(slots_.size()));
  if (is_new) slots_.push_back({series, minute});
  return last_slot_[series] = at->second;
}

void RollupBuilder::Add(const Rollup& rollup) {
  std::vector<uint32_t> texts;
  texts.reserve(rollup.texts.size());
  for (const std::string& text : rollup.texts) texts.push_back(Text(text));
  for (size_t s = 0; s < rollup.series.size(); ++s) {
    RollupSeries mapped = rollup.series[s];
    mapped.service = texts[mapped.service];
    mapped.name = texts[mapped.name];
    AddRows(rollup, s, Number(mapped));
  }
}

void RollupBuilder::AddWithoutOperations(const Rollup& rollup) {
  for (size_t s = 0; s < rollup.series.size(); ++s) {
    RollupSeries mapped = rollup.series[s];
    const bool is_spans = mapped.of == RollupSeries::Of::kSpans;
    mapped.service = Text(rollup.texts[mapped.service]);
    mapped.name = is_spans ? 0 : Text(rollup.texts[mapped.name]);
    AddRows(rollup, s, Number(mapped));
  }
}

void RollupBuilder::AddRows(const Rollup& rollup, size_t from, uint32_t to) {
  for (uint32_t row = rollup.row_begin[from]; row < rollup.row_begin[from + 1]; ++row) {
    const uint32_t slot = SlotOf(to, rollup.minute[row]);
    slots_[slot].sum_ns += rollup.sum_ns[row];
    for (uint32_t cell = rollup.cell_begin[row]; cell < rollup.cell_begin[row + 1]; ++cell) {
      cells_.push_back({slot, rollup.bucket[cell], rollup.count[cell]});
    }
  }
  if (cells_.size() >= settle_at_) Settle();
}

// Counting sort by slot; then the buckets of each slot are counted in a table, with a bit for each that was touched.
void RollupBuilder::Settle() {
  std::vector<uint32_t> begin(slots_.size() + 1);
  for (const Cell& cell : cells_) ++begin[cell.slot + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  std::vector<Cell> ordered(cells_.size());
  {
    std::vector<uint32_t> next(begin.begin(), begin.end() - 1);
    for (const Cell& cell : cells_) ordered[next[cell.slot]++] = cell;
  }
  constexpr int kWordBits = 64;
  static_assert(LatencySketch::kBucketCount % kWordBits == 0);
  std::array<int32_t, LatencySketch::kBucketCount> counts{};
  std::array<uint64_t, LatencySketch::kBucketCount / kWordBits> touched{};
  cells_.clear();
  for (uint32_t slot = 0; slot < slots_.size(); ++slot) {
    for (uint32_t i = begin[slot]; i < begin[slot + 1]; ++i) {
      counts[ordered[i].bucket] += ordered[i].count;
      touched[ordered[i].bucket / kWordBits] |= uint64_t{1} << (ordered[i].bucket % kWordBits);
    }
    for (size_t word = 0; word < touched.size(); ++word) {
      for (; touched[word] != 0; touched[word] &= touched[word] - 1) {
        const auto bucket =
            static_cast<uint16_t>(word * kWordBits + static_cast<size_t>(std::countr_zero(touched[word])));
        const int32_t count = std::exchange(counts[bucket], 0);
        if (count != 0) cells_.push_back({slot, bucket, count});
      }
    }
  }
  settle_at_ = std::max(kSettleMin, 2 * cells_.size());
}

std::vector<RollupBuilder::Filled> RollupBuilder::FilledSlots() const {
  std::vector<uint64_t> weights(slots_.size());
  for (const Cell& cell : cells_) weights[cell.slot] += static_cast<uint64_t>(std::abs(cell.count));
  std::vector<Filled> filled;
  filled.reserve(slots_.size());
  for (uint32_t slot = 0; slot < slots_.size(); ++slot) {
    // Counts that cancel out within a bucket may leave a sum behind.
    if (weights[slot] != 0 || slots_[slot].sum_ns != 0) filled.push_back({slot, weights[slot]});
  }
  return filled;
}

// Counts the rarest things together. Works on a table of rows (series and minute, with how much each has), which gets
// shorter with each step.
class RollupBuilder::Fold {
 public:
  Fold(const RollupBuilder& from, const std::vector<Filled>& filled, const RollupLimits& limits)
      : from_(from), limits_(limits) {
    series_of_ = Ascending(from.series_.size());
    for (const Filled& one : filled) {
      rows_.push_back({from.slots_[one.slot].series, from.slots_[one.slot].minute, one.weight});
    }
  }

  RollupBuilder Run() && {
    to_.texts_ = from_.texts_;
    for (uint32_t i = 0; i < to_.texts_.size(); ++i) to_.text_numbers_.emplace(to_.texts_[i], i);
    other_ = to_.Text(Rollup::kOther);
    for (const RollupSeries& series : from_.series_) to_.Number(series);
    FoldMinutes();
    FoldSeries([&](RollupSeries series) {
      if (series.of == RollupSeries::Of::kSpans) series.name = other_;
      return series;
    });
    FoldSeries([&](RollupSeries series) {
      series.service = series.name = other_;
      return series;
    });
    Move();
    return std::move(to_);
  }

 private:
  struct Row {
    uint32_t series, minute;
    uint64_t weight;
  };

  static std::vector<uint32_t> Ascending(size_t count) {
    std::vector<uint32_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
  }

  size_t TextBytes() const {
    std::vector<bool> seen(to_.texts_.size());
    size_t bytes = 0;
    const auto add = [&](uint32_t text) {
      if (!seen[text]) bytes += to_.texts_[text].size();
      seen[text] = true;
    };
    for (const Row& row : rows_) {
      add(to_.series_[row.series].service);
      add(to_.series_[row.series].name);
    }
    return bytes;
  }

  bool Fits() const { return rows_.size() <= limits_.rows_max && TextBytes() <= limits_.text_bytes_max; }

  // Keeps the series with most, in half of the room, and makes `folded(series)` of the others.
  template <class Folded>
  void FoldSeries(const Folded& folded) {
    if (Fits()) return;
    std::vector<uint64_t> weight(to_.series_.size());
    std::vector<uint32_t> row_count(to_.series_.size());
    for (const Row& row : rows_) {
      weight[row.series] += row.weight;
      ++row_count[row.series];
    }
    std::vector<uint32_t> order = Ascending(to_.series_.size());
    std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return weight[a] > weight[b]; });
    std::vector<uint32_t> becomes = Ascending(to_.series_.size());
    size_t rows = 0, bytes = 0;
    for (const uint32_t series : order) {
      const RollupSeries& one = to_.series_[series];
      rows += row_count[series];
      bytes += to_.texts_[one.service].size() + to_.texts_[one.name].size();
      if (rows <= limits_.rows_max / 2 && bytes <= limits_.text_bytes_max / 2) continue;
      becomes[series] = to_.Number(folded(one));
    }
    for (uint32_t& series : series_of_) series = becomes[series];
    for (Row& row : rows_) row.series = becomes[row.series];
    JoinRows();
  }

  void FoldMinutes() {
    if (rows_.size() <= limits_.rows_max) return;
    boost::unordered_flat_map<uint32_t, uint64_t> weights;
    for (const Row& row : rows_) weights[row.minute] += row.weight;
    if (weights.size() <= limits_.minutes_max) return;
    std::vector<std::pair<uint64_t, uint32_t>> order;
    for (const auto& [minute, weight] : weights) order.emplace_back(weight, minute);
    std::sort(order.rbegin(), order.rend());
    for (size_t i = limits_.minutes_max; i < order.size(); ++i) lost_minutes_.insert(order[i].second);
    for (Row& row : rows_) row.minute = Minute(row.minute);
    JoinRows();
  }

  void JoinRows() {
    std::sort(rows_.begin(), rows_.end(),
              [](const Row& a, const Row& b) { return std::tie(a.series, a.minute) < std::tie(b.series, b.minute); });
    size_t kept = 0;
    for (const Row& row : rows_) {
      if (kept > 0 && rows_[kept - 1].series == row.series && rows_[kept - 1].minute == row.minute) {
        rows_[kept - 1].weight += row.weight;
      } else {
        rows_[kept++] = row;
      }
    }
    rows_.resize(kept);
  }

  uint32_t Minute(uint32_t minute) const { return lost_minutes_.contains(minute) ? Rollup::kNoMinute : minute; }

  // Counts all of `from_` where it belongs now.
  void Move() {
    std::vector<uint32_t> slot_of(from_.slots_.size());
    for (size_t i = 0; i < slot_of.size(); ++i) {
      const Slot& slot = from_.slots_[i];
      slot_of[i] = to_.SlotOf(series_of_[slot.series], Minute(slot.minute));
      to_.slots_[slot_of[i]].sum_ns += slot.sum_ns;
    }
    for (const Cell& cell : from_.cells_) to_.cells_.push_back({slot_of[cell.slot], cell.bucket, cell.count});
    to_.Settle();
  }

  const RollupBuilder& from_;
  const RollupLimits& limits_;
  RollupBuilder to_;
  uint32_t other_ = 0;
  std::vector<Row> rows_;
  std::vector<uint32_t> series_of_;  // of `to_`, by series of `from_`
  boost::unordered_flat_set<uint32_t> lost_minutes_;
};

Rollup RollupBuilder::Build(const RollupLimits& limits) {
  Settle();
  const std::vector<Filled> filled = FilledSlots();
  size_t text_bytes = 0;
  for (const std::string& text : texts_) text_bytes += text.size();
  const bool fits =
      filled.size() <= limits.rows_max && text_bytes <= limits.text_bytes_max && cells_.size() <= limits.cells_max;
  if (fits) return BuildAll(filled);
  for (RollupLimits narrower = limits;; narrower.rows_max /= 2) {
    const RollupBuilder folded = Fold(*this, filled, narrower).Run();
    Rollup rollup = folded.BuildAll(folded.FilledSlots());
    // A row has only so many buckets, so fewer rows have fewer cells in the end.
    if (rollup.bucket.size() <= limits.cells_max || narrower.rows_max == 0) return rollup;
  }
}

Rollup RollupBuilder::BuildAll(const std::vector<Filled>& filled) const {
  std::vector<uint32_t> order;
  order.reserve(filled.size());
  for (const Filled& one : filled) order.push_back(one.slot);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return std::tie(slots_[a].series, slots_[a].minute) < std::tie(slots_[b].series, slots_[b].minute);
  });

  Rollup out;
  out.texts.emplace_back();
  std::vector<uint32_t> text_of(texts_.size(), 0);
  const auto text = [&](uint32_t number) {
    if (number != 0 && text_of[number] == 0) {
      text_of[number] = static_cast<uint32_t>(out.texts.size());
      out.texts.push_back(texts_[number]);
    }
    return text_of[number];
  };
  std::vector<uint32_t> row_of(slots_.size(), kNone);
  for (const uint32_t slot : order) {
    if (out.series.empty() || slots_[slot].series != slots_[order[out.minute.size() - 1]].series) {
      RollupSeries series = series_[slots_[slot].series];
      series.service = text(series.service);
      series.name = text(series.name);
      out.series.push_back(series);
      out.row_begin.push_back(static_cast<uint32_t>(out.minute.size()));
    }
    row_of[slot] = static_cast<uint32_t>(out.minute.size());
    out.minute.push_back(slots_[slot].minute);
    out.sum_ns.push_back(slots_[slot].sum_ns);
  }
  out.row_begin.push_back(static_cast<uint32_t>(out.minute.size()));

  // The cells of a slot stand together and in order.
  out.cell_begin.assign(out.minute.size() + 1, 0);
  for (const Cell& cell : cells_) ++out.cell_begin[row_of[cell.slot] + 1];
  std::partial_sum(out.cell_begin.begin(), out.cell_begin.end(), out.cell_begin.begin());
  out.bucket.resize(cells_.size());
  out.count.resize(cells_.size());
  std::vector<uint32_t> next(out.cell_begin.begin(), out.cell_begin.end() - 1);
  for (const Cell& cell : cells_) {
    const uint32_t at = next[row_of[cell.slot]]++;
    out.bucket[at] = cell.bucket;
    out.count[at] = cell.count;
  }
  return out;
}

}  // namespace spoor
