#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "wal/segment_reader.h"
#include "wal/wal.h"

namespace spoor {
namespace {

std::string Sequences(uint64_t first, uint64_t last) {
  return first == last ? fmt::format("record {}", first) : fmt::format("records {} to {}", first, last);
}

// Copies the bytes from `offset` to the end to `target`, which is there whole or not at all.
Status CopyTail(FileSystem& files, const std::string& folder, SegmentReader& reader, uint64_t offset,
                const std::string& target) {
  const std::string unfinished = target + ".tmp";
  if (Status removed = files.Remove(unfinished); !removed && removed.error().code != Code::kNotFound) return removed;
  ASSIGN_OR_RETURN(std::unique_ptr<File> copy, files.Open(unfinished, OpenMode::kCreateNew));
  while (offset < reader.size_bytes()) {
    size_t part = std::min<uint64_t>(reader.size_bytes() - offset, SegmentReader::kWindowBytes);
    ASSIGN_OR_RETURN(std::span<const std::byte> bytes, reader.Bytes(offset, part));
    RETURN_IF_ERROR(copy->Append(bytes));
    offset += part;
  }
  RETURN_IF_ERROR(copy->Sync());
  RETURN_IF_ERROR(files.Rename(unfinished, target));
  return files.SyncFolder(folder);
}

class Replay {
 public:
  Replay(FileSystem& files, const std::string& folder, uint64_t from_sequence,
         const std::function<Status(WalRecord)>& receive)
      : files_(files), folder_(folder), from_sequence_(from_sequence), receive_(receive) {}

  Result<WalReplay> Run() {
    ASSIGN_OR_RETURN(segments_, ListWal(files_, folder_));
    size_t begin = FirstToRead();
    if (begin < segments_.size()) {
      // Where the log begins nobody knows but who asks for more than its beginning.
      expected_ = segments_[begin].first_sequence;
      if (from_sequence_ > 1) expected_ = std::min(expected_, from_sequence_);
    }
    for (size_t i = begin; i < segments_.size(); ++i) RETURN_IF_ERROR(ReadSegment(i));
    if (begin < segments_.size()) RETURN_IF_ERROR(files_.SyncFolder(folder_));
    replay_.next_sequence = std::max({uint64_t{1}, from_sequence_, expected_});
    for (const WalSegment& segment : segments_) Raise(replay_.next_sequence, segment.first_sequence);
    return std::move(replay_);
  }

 private:
  // The last segment that begins at or before what is asked for.
  size_t FirstToRead() const {
    size_t begin = 0;
    while (begin + 1 < segments_.size() && segments_[begin + 1].first_sequence <= from_sequence_) ++begin;
    return begin;
  }

  // To one past `sequence`, where that is more.
  static void Raise(uint64_t& next, uint64_t sequence) {
    next = std::max(next, sequence + (sequence < std::numeric_limits<uint64_t>::max() ? 1 : 0));
  }

  Status ReadSegment(size_t index) {
    const WalSegment& segment = segments_[index];
    ASSIGN_OR_RETURN(std::unique_ptr<SegmentReader> reader, SegmentReader::Open(files_, segment.path));
    NoteBeginning(segment);
    bad_ = kNowhere;
    is_torn_first_ = false;
    for (;;) {
      ASSIGN_OR_RETURN(std::optional<SegmentPiece> piece, reader->Next());
      if (!piece) break;
      if (piece->good && piece->header.sequence >= NextName(index)) {
        // It was refused, and its number given to a record of the next segment.
        bad_ = again_ = kNowhere;
        replay_.refused_bytes += piece->bytes;
      } else if (piece->good) {
        NoteSequence(segment, *piece);
        bad_ = kNowhere;
        RETURN_IF_ERROR(HandOn(segment, *std::move(piece)));
      } else {
        bad_ = replay_.damage.size();
        again_ = kNowhere;
        is_torn_first_ = piece->offset == 0 && piece->is_cut_short;
        replay_.damage.push_back({segment.path, piece->offset, piece->bytes, false, std::move(piece->reason)});
      }
    }
    again_ = kNowhere;
    RETURN_IF_ERROR(reader->Sync());
    if (bad_ != kNowhere) SettleTail(index, *reader);
    previous_was_empty_ = reader->size_bytes() == 0;
    return {};
  }

  // The sequence that the segment behind `index` begins with, and that no record before it was acknowledged with.
  uint64_t NextName(size_t index) const {
    return index + 1 < segments_.size() ? segments_[index + 1].first_sequence : std::numeric_limits<uint64_t>::max();
  }

  Status HandOn(const WalSegment& segment, SegmentPiece piece) {
    const WalRecordHeader& header = piece.header;
    if (header.sequence < from_sequence_) return {};
    ++replay_.records;
    return receive_(
        {header.sequence, header.arrival_ns, std::move(piece.body), header.body_bytes, segment.path, piece.offset});
  }

  void NoteBeginning(const WalSegment& segment) {
    // A segment that was created and never written to has used up its name's sequence.
    bool skips_a_name = previous_was_empty_ && segment.first_sequence == expected_ + 1;
    if (segment.first_sequence > expected_ && !skips_a_name) NoteMissing(segment, 0, segment.first_sequence);
    expected_ = std::max(expected_, segment.first_sequence);
  }

  void NoteSequence(const WalSegment& segment, const SegmentPiece& piece) {
    uint64_t sequence = piece.header.sequence;
    if (sequence < expected_) {
      NoteAgain(segment, piece.offset, sequence);
      return;
    }
    again_ = kNowhere;
    if (sequence > expected_) NoteMissing(segment, piece.offset, sequence);
    Raise(expected_, sequence);
  }

  // Bad bytes right before tell the same story.
  void NoteMissing(const WalSegment& segment, uint64_t offset, uint64_t sequence) {
    std::string missing = Sequences(expected_, sequence - 1);
    if (bad_ != kNowhere) {
      WalDamage& damage = replay_.damage[bad_];
      if (!damage.torn_tail) damage.reason += fmt::format("; {} lost", missing);
      return;
    }
    replay_.damage.push_back({segment.path, offset, 0, false, fmt::format("{} missing before here", missing)});
  }

  // Records that follow each other make one entry.
  void NoteAgain(const WalSegment& segment, uint64_t offset, uint64_t sequence) {
    if (again_ != kNowhere && sequence == again_last_ + 1) {
      again_last_ = sequence;
    } else {
      again_ = replay_.damage.size();
      again_first_ = again_last_ = sequence;
      replay_.damage.push_back({segment.path, offset, 0, false, ""});
    }
    replay_.damage[again_].reason = fmt::format("{} again", Sequences(again_first_, again_last_));
  }

  // Bad bytes end the segment.
  void SettleTail(size_t index, SegmentReader& reader) {
    WalDamage& damage = replay_.damage[bad_];
    const std::string target = fmt::format("{}.torn-{}", damage.segment, damage.offset);
    bool is_aside = SizeOf(target) == damage.bytes;
    bool is_last = index + 1 == segments_.size();
    damage.torn_tail = is_last || is_aside || segments_[index + 1].first_sequence <= expected_ || IsRefusedFirst(index);
    if (!damage.torn_tail || is_aside) return;
    if (Status copied = CopyTail(files_, folder_, reader, damage.offset, target); !copied) {
      damage.reason += fmt::format("; not set aside: {}", copied.error().message);
    }
  }

  // Whether the first record of a segment, of which it has only the beginning, was refused: its number is missing, as
  // the segment has taken the name that the next one would have had.
  bool IsRefusedFirst(size_t index) const {
    const uint64_t name = segments_[index].first_sequence;
    return is_torn_first_ && expected_ == name && segments_[index + 1].first_sequence == name + 1;
  }

  std::optional<uint64_t> SizeOf(const std::string& path) {
    Result<std::unique_ptr<File>> file = files_.Open(path, OpenMode::kRead);
    if (!file) return std::nullopt;
    Result<uint64_t> size = (*file)->Size();
    if (!size) return std::nullopt;
    return *size;
  }

  static constexpr size_t kNowhere = std::numeric_limits<size_t>::max();

  FileSystem& files_;
  const std::string& folder_;
  const uint64_t from_sequence_;
  const std::function<Status(WalRecord)>& receive_;
  std::vector<WalSegment> segments_;
  WalReplay replay_;
  uint64_t expected_ = 0;            // the sequence that is due
  bool previous_was_empty_ = false;  // the segment before
  bool is_torn_first_ = false;       // the segment that is read begins with the last bad bytes, a record cut short
  size_t bad_ = kNowhere;            // the damage that stands right before, if any
  size_t again_ = kNowhere;          // the damage that collects repeated records, if any
  uint64_t again_first_ = 0;
  uint64_t again_last_ = 0;
};

}  // namespace

Result<WalReplay> ReplayWal(FileSystem& files, const std::string& folder, uint64_t from_sequence,
                            const std::function<Status(WalRecord)>& receive) {
  return Replay(files, folder, from_sequence, receive).Run();
}

}  // namespace spoor
