#include "store/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include "block/block_verify.h"
#include "model/span_batch.h"
#include "store/inspect.h"
#include "store/rollup_file.h"
#include "store/service_colours.h"
#include "store/small_file.h"
#include "store/straddlers.h"
#include "wal/segment_reader.h"
#include "wal/wal.h"

namespace spoor {
namespace {

// The number at the beginning of a file's name.
uint64_t NumberOf(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  uint64_t number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

class Verifier {
 public:
  Verifier(FileSystem& files, const VerifyQuestion& question) : files_(files), question_(question) {}

  Result<VerifyReport> Run() {
    RETURN_IF_ERROR(ListAll());
    for (const auto& [path, bytes] : paths_) {
      if (question_.on_progress) question_.on_progress(report_.bytes, all_bytes_);
      if (Status read = Verify(path); !read) {
        const bool is_gone = question_.is_in_use && read.error().code == Code::kNotFound;
        if (!is_gone) Damage(read.error());
      }
      ++report_.files;
      report_.bytes += bytes;
    }
    if (question_.on_progress) question_.on_progress(report_.bytes, all_bytes_);
    CheckTogether();
    return report_;
  }

 private:
  Status ListAll() {
    bool any = false;
    for (const char* folder : {"blocks", "rollups", "wal"}) {
      const std::string path = question_.folder + "/" + folder;
      const auto entries = files_.List(path);
      if (!entries && entries.error().code != Code::kNotFound) return entries.error();
      if (!entries) continue;
      any = true;
      for (const FolderEntry& entry : *entries) AddPath(path + "/" + entry.name, entry);
    }
    if (!any) {
      return NotFound(fmt::format("{} holds no store: name the folder that --data-dir names", question_.folder));
    }
    const std::string colours = question_.folder + "/service_colours";
    if (const auto file = files_.Open(colours, OpenMode::kRead)) {
      ASSIGN_OR_RETURN(const uint64_t bytes, (*file)->Size());
      paths_.emplace_back(colours, bytes);
    }
    for (const auto& [path, bytes] : paths_) all_bytes_ += bytes;
    return {};
  }

  void AddPath(std::string path, const FolderEntry& entry) {
    if (entry.is_folder) return;
    if (path.ends_with(".tmp"))
      return Note(path + ": left over from a write that was not finished; the next start removes it");
    if (path.find(".wal.torn-") != std::string::npos) return Note(path + ": the copy of a torn write, of no more use");
    paths_.emplace_back(std::move(path), entry.size_bytes);
  }

  void Note(const std::string& text) {
    if (!question_.is_in_use && question_.on_note) question_.on_note(text);
  }
  void Damage(const Error& error) { Damage(error.message); }
  void Damage(const std::string& text) {
    ++report_.damage;
    question_.on_damage(text);
  }

  Status Verify(const std::string& path) {
    ASSIGN_OR_RETURN(const StoreFileKind kind, KindOfFile(files_, path));
    switch (kind) {
      case StoreFileKind::kBlock: return VerifyOneBlock(path);
      case StoreFileKind::kLogSegment: return VerifySegment(path);
      case StoreFileKind::kRollup: return VerifyRollup(path);
      case StoreFileKind::kStraddlers: return VerifyStraddlers(path);
      case StoreFileKind::kServiceColours: RETURN_IF_ERROR(ReadSmallFile(files_, path, ServiceColours::kMark)); break;
      case StoreFileKind::kOther: Note(path + ": not known, and not looked at");
    }
    return {};
  }

  Status VerifyOneBlock(const std::string& path) {
    std::vector<Error> damage;
    const auto info = VerifyBlock(files_, path, [&](const Error& error) { damage.push_back(error); });
    const bool is_gone = !damage.empty() && damage.front().code == Code::kNotFound;
    if (is_gone && question_.is_in_use) return {};
    for (const Error& error : damage) Damage(error);
    if (!info || !damage.empty()) return {};
    report_.spans_in_blocks += info->span_count;
    if (info->id != NumberOf(path)) Damage(fmt::format("{}: it says of itself that it is block {}", path, info->id));
    blocks_[info->id] = *info;
    return {};
  }

  Status VerifySegment(const std::string& path) {
    ASSIGN_OR_RETURN(const auto reader, SegmentReader::Open(files_, path));
    std::string bad;  // bytes that are no record, until it is known what stands behind them
    while (true) {
      ASSIGN_OR_RETURN(std::optional<SegmentPiece> piece, reader->Next());
      if (!piece) break;
      if (!bad.empty()) Damage(bad);
      bad.clear();
      if (piece->good) {
        CountSpans(path, *piece);
      } else {
        bad = fmt::format("{} at {}: {} ({} bytes)", path, piece->offset, piece->reason, piece->bytes);
      }
    }
    // At the end they were never acknowledged.
    if (!bad.empty()) Note(bad + "; a torn write at the end, never acknowledged");
    return {};
  }

  void CountSpans(const std::string& path, SegmentPiece& piece) {
    const auto batch = SpanBatch::Parse(std::move(piece.body), piece.header.body_bytes);
    if (!batch) Damage(batch.error().Within(fmt::format("{} at {}", path, piece.offset)));
    if (batch) report_.spans_in_log += (*batch)->span_count();
  }

  Status VerifyRollup(const std::string& path) {
    ASSIGN_OR_RETURN(const RollupHead head, ReadRollupHead(files_, path));
    RETURN_IF_ERROR(ReadRollup(files_, path));
    const CountedBlock& block = head.blocks.front();
    if (block.id != NumberOf(path))
      Damage(fmt::format("{}: it says of itself that it counts block {}", path, block.id));
    rollups_.emplace_back(path, block);
    return {};
  }

  Status VerifyStraddlers(const std::string& path) {
    ASSIGN_OR_RETURN(const std::string body, ReadSmallFile(files_, path, Straddlers::kMark));
    if (body.size() < 16 || (body.size() - 16) % 24 != 0) {
      return Corrupt(path + " at 16: the body is no whole number of entries");
    }
    lists_.emplace_back(path, std::pair(Number64At(body, 0), Number64At(body, 8)));
    return {};
  }

  // Files that belong to a block must speak of the same log records. All of it is found out anew where it does not fit.
  void CheckTogether() {
    if (question_.is_in_use) return;
    for (const auto& [path, counted] : rollups_) {
      const auto block = blocks_.find(counted.id);
      if (block == blocks_.end()) continue;  // it has outlived its block
      if (!IsOf(block->second, counted.wal_first_sequence, counted.wal_last_sequence)) {
        Note(path + ": it counts another block that had this number, and is counted anew at the next start");
      }
    }
    for (const auto& [path, range] : lists_) {
      const auto block = blocks_.find(NumberOf(path));
      if (block == blocks_.end() || !IsOf(block->second, range.first, range.second)) {
        Note(path + ": its block is not here");
      }
    }
    for (const auto& [id, info] : blocks_) {
      for (const uint64_t replaced : info.replaces) {
        if (blocks_.contains(replaced)) {
          Note(fmt::format("block {} is replaced by block {}, and the next start removes it", replaced, id));
        }
      }
    }
  }

  static bool IsOf(const BlockInfo& block, uint64_t first, uint64_t last) {
    return block.wal_first_sequence == first && block.wal_last_sequence == last;
  }

  FileSystem& files_;
  const VerifyQuestion& question_;
  VerifyReport report_;
  std::vector<std::pair<std::string, uint64_t>> paths_;
  uint64_t all_bytes_ = 0;
  std::map<uint64_t, BlockInfo> blocks_;
  std::vector<std::pair<std::string, CountedBlock>> rollups_;
  std::vector<std::pair<std::string, std::pair<uint64_t, uint64_t>>> lists_;
};

}  // namespace

Result<VerifyReport> VerifyStore(FileSystem& files, const VerifyQuestion& question) {
  return Verifier(files, question).Run();
}

}  // namespace spoor
