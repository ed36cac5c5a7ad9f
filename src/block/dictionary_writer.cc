#include "block/dictionary_writer.h"

#include "base/crc32c.h"
#include "block/block_layout.h"

namespace spoor {

Status DictionaryWriter::Add(std::string_view string, bool is_text) {
  // No chunk holds both texts and others, and a long string stands alone.
  const bool is_long = string.size() > block_layout::kLongTextBytes;
  const bool is_full = bytes_.size() >= block_layout::kChunkTextBytes;
  if (!end_.empty() && (is_long || is_full || is_text != is_text_)) RETURN_IF_ERROR(Flush());
  is_text_ = is_text;
  bytes_.append(string);
  end_.push_back(bytes_.size());
  ++count_;
  index_.text_count += is_text;
  return {};
}

Status DictionaryWriter::Flush() {
  if (end_.empty()) return {};
  std::vector<std::string_view> strings;
  size_t begin = 0;
  for (const size_t end : end_) {
    strings.push_back(std::string_view(bytes_).substr(begin, end - begin));
    begin = end;
  }
  chunk_.Clear();
  EncodeChunk(strings, chunk_);
  if (is_text_) {
    const std::string_view separator = index_.size() == 0 ? "" : Separator(last_, strings.front());
    index_.separators.bytes.insert(index_.separators.bytes.end(), separator.begin(), separator.end());
    index_.separators.end.push_back(index_.separators.bytes.size());
  }
  index_.offset.push_back(appender_.offset());
  index_.bytes.push_back(static_cast<uint32_t>(chunk_.size()));
  index_.checksum.push_back(Crc32c(chunk_.bytes()));
  index_.code_begin.push_back(count_);
  RETURN_IF_ERROR(appender_.Append(chunk_.bytes()));
  last_ = strings.back();
  bytes_.clear();
  end_.clear();
  return {};
}

Status DictionaryWriter::Finish() { return Flush(); }

Status DictionaryWriter::AppendIndex() {
  ByteWriter section;
  EncodeDictionaryIndex(index_, section);
  return appender_.AppendRequired(block_layout::Section::kDictionary, section);
}

}  // namespace spoor
