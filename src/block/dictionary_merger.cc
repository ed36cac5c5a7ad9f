#include "block/dictionary_merger.h"

#include <string>
#include <string_view>

namespace spoor {
namespace {

// Where a source is.
class Cursor {
 public:
  explicit Cursor(const MergeSource& source) : source_(source), index_(source.tables().dictionary) {}

  // Goes to the string of code 0.
  Status Begin() { return Load(); }
  Status Next() {
    ++code_;
    return code_ < index_.code_begin[chunk_ + 1] ? Status() : Load();
  }
  bool at_end() const { return code_ == index_.string_count(); }
  uint32_t code() const { return code_; }
  bool is_text() const { return code_ < index_.text_count; }
  std::string_view string() const { return (*strings_)[code_ - index_.code_begin[chunk_]]; }

 private:
  Status Load() {
    if (at_end()) return {};
    chunk_ = index_.ChunkOfCode(code_);
    ASSIGN_OR_RETURN(strings_, source_.Chunk(chunk_));
    return {};
  }

  const MergeSource& source_;
  const DictionaryIndex& index_;
  uint32_t code_ = 0;
  uint32_t chunk_ = 0;
  std::shared_ptr<const TextColumn> strings_;
};

bool IsBefore(const Cursor& a, const Cursor& b) {
  if (a.is_text() != b.is_text()) return a.is_text();
  return a.string() < b.string();
}

}  // namespace

Result<std::vector<std::vector<uint32_t>>> MergeDictionaries(MergeSources sources, DictionaryWriter& out) {
  std::vector<Cursor> cursors;
  std::vector<std::vector<uint32_t>> codes;
  for (const auto& source : sources) {
    cursors.emplace_back(*source);
    RETURN_IF_ERROR(cursors.back().Begin());
    codes.emplace_back(source->tables().dictionary.string_count());
  }
  std::string string;  // outlives the chunk that it stands in
  while (true) {
    const Cursor* first = nullptr;
    for (const Cursor& cursor : cursors) {
      if (!cursor.at_end() && (first == nullptr || IsBefore(cursor, *first))) first = &cursor;
    }
    if (first == nullptr) break;
    string = first->string();
    const bool is_text = first->is_text();
    const uint32_t code = out.string_count();
    RETURN_IF_ERROR(out.Add(string, is_text));
    for (size_t i = 0; i < cursors.size(); ++i) {
      if (cursors[i].at_end() || cursors[i].is_text() != is_text || cursors[i].string() != string) continue;
      codes[i][cursors[i].code()] = code;
      RETURN_IF_ERROR(cursors[i].Next());
    }
  }
  RETURN_IF_ERROR(out.Finish());
  return codes;
}

}  // namespace spoor
