#include "store/seal_parts.h"

#include <fmt/format.h>

#include <utility>

#include "base/log.h"
#include "block/block_writer.h"
#include "model/rollup_builder.h"
#include "store/seal.h"
#include "store/store_metrics.h"
#include "wal/wal.h"

namespace spoor {
namespace {

class Divider {
 public:
  explicit Divider(const SealPartsQuestion& question)
      : question_(question), batches_(question.live.Snapshot()), sequences_(question.live.Sequences()) {}

  Result<std::vector<SealedPart>> Run() {
    RETURN_IF_ERROR(Seal(0, batches_.size()));
    return std::move(parts_);
  }

 private:
  // The batches [begin, end).
  Status Seal(size_t begin, size_t end) {
    auto part = Write(begin, end);
    if (part) {
      parts_.push_back(*std::move(part));
      return {};
    }
    if (part.error().code != Code::kTooLarge) return std::move(part).error();
    if (end - begin == 1) return SetAside(begin, part.error());
    const size_t middle = begin + (end - begin) / 2;
    RETURN_IF_ERROR(Seal(begin, middle));
    return Seal(middle, end);
  }

  Result<SealedPart> Write(size_t begin, size_t end) {
    RollupBuilder counted;
    const Live::Extent extent = question_.live.extent();
    const BlockInput input{
        .id = question_.take_block_id(),
        .batches = std::span(batches_).subspan(begin, end - begin),
        .arrival_min_ns = extent.arrival_min_ns,
        .arrival_max_ns = extent.arrival_max_ns,
        .wal_first_sequence = FirstSequence(begin),
        .wal_last_sequence = LastSequence(end),
        .traces_max = question_.traces_max,
        .rollup = &counted,
    };
    ASSIGN_OR_RETURN(const BlockInfo info, WriteBlock(question_.files, question_.blocks_folder, input));
    ASSIGN_OR_RETURN(auto block, OpenWritten(question_.files, question_.blocks_folder, question_.cache, info.id));
    return SealedPart{std::move(block), counted.Build(RollupLimits::None())};
  }

  // Records between batches are nobody's; those of a batch that was set aside belong to the part behind it.
  uint64_t FirstSequence(size_t begin) const {
    if (begin == 0 || parts_.empty()) return question_.live.first_sequence();
    return parts_.back().block->info().wal_last_sequence + 1;
  }
  uint64_t LastSequence(size_t end) const {
    return end == batches_.size() ? question_.live.last_sequence() : sequences_[end] - 1;
  }

  Status SetAside(size_t at, const Error& why) {
    RETURN_IF_ERROR(question_.files.CreateFolder(question_.set_aside_folder));
    const auto remove_old = [&](const std::string& path) {
      const Status removed = question_.files.Remove(path);  // from a try that failed later
      return removed || removed.error().code == Code::kNotFound ? Status() : removed;
    };
    RETURN_IF_ERROR(remove_old(fmt::format("{}/{:020}.wal", question_.set_aside_folder, sequences_[at])));
    ASSIGN_OR_RETURN(const auto writer, WalWriter::Create(question_.files, question_.set_aside_folder, sequences_[at]));
    const WalEntry entry{sequences_[at], question_.live.extent().arrival_max_ns, batches_[at]->bytes()};
    RETURN_IF_ERROR(writer->Append(std::span(&entry, 1)));
    RETURN_IF_ERROR(writer->Sync());
    StoreMetrics::Get().set_aside_batches.Add();
    StoreMetrics::Get().set_aside_spans.Add(batches_[at]->span_count());
    LogError("spans of a request are in no answer any more, for no block can hold them; they are set aside",
             {{"file", writer->path()}, {"spans", batches_[at]->span_count()}, {"reason", why.message}});
    return {};
  }

  const SealPartsQuestion& question_;
  const Batches batches_;
  const std::vector<uint64_t> sequences_;
  std::vector<SealedPart> parts_;
};

}  // namespace

Result<std::vector<SealedPart>> SealInParts(const SealPartsQuestion& question) { return Divider(question).Run(); }

}  // namespace spoor
