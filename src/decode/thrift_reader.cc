#include "decode/thrift_reader.h"

namespace spoor {
namespace {

// A container whose values are being passed over. Structs tell their values' types one by one.
struct Open {
  ThriftType type;
  ThriftType element;  // of a list, a set, or a map's value
  ThriftType key;      // of a map
  uint64_t left;       // values of a list or set; keys and values of a map
};

}  // namespace

ThriftReader::Skipped ThriftReader::Skip(ThriftType type) {
  std::array<Open, limits::kThriftDepthMax> open;
  size_t depth = 0;
  for (;;) {
    // One value of `type`, or the head of one.
    if (type == ThriftType::kString) {
      std::string_view bytes;
      if (!ReadString(bytes)) return Skipped::kMalformed;
    } else if (IsFixed(type) || type == ThriftType::kUuid) {
      if (bytes_left() < SizeMin(type)) return Skipped::kMalformed;
      at_ += SizeMin(type);
    } else if (SizeMin(type) == 0) {
      return Skipped::kMalformed;
    } else {
      if (depth == open.size()) return Skipped::kTooDeep;
      Open& top = open[depth++];
      top = {type, ThriftType::kStop, ThriftType::kStop, 0};
      if (type == ThriftType::kMap) {
        if (!ReadMap(top.key, top.element, top.left)) return Skipped::kMalformed;
      } else if (type != ThriftType::kStruct) {
        uint32_t count;
        if (!ReadList(top.element, count)) return Skipped::kMalformed;
        top.left = count;
      }
    }
    // The type of the value that comes next; none where the outermost has ended.
    for (;; --depth) {
      if (depth == 0) return Skipped::kYes;
      Open& top = open[depth - 1];
      if (top.type == ThriftType::kStruct) {
        uint32_t tag;
        if (!ReadTag(tag)) return Skipped::kMalformed;
        if (tag == kThriftStop) continue;
        type = TypeOfTag(tag);
        break;
      }
      if (top.left == 0) continue;
      // Keys and values of a map take turns, and a key comes first.
      type = top.type == ThriftType::kMap && top.left % 2 == 0 ? top.key : top.element;
      --top.left;
      break;
    }
  }
}

// The head of a map of `entries` / 2 pairs.
bool ThriftReader::ReadMap(ThriftType& key, ThriftType& value, uint64_t& entries) {
  if (bytes_left() < 6) return false;
  key = static_cast<ThriftType>(at_[0]);
  value = static_cast<ThriftType>(at_[1]);
  const uint64_t pairs = BigEndian32(at_ + 2);
  const uint64_t pair_size = uint64_t{SizeMin(key)} + SizeMin(value);
  if (pairs != 0 && (SizeMin(key) == 0 || SizeMin(value) == 0 || pairs * pair_size > bytes_left() - 6)) return false;
  entries = pairs * 2;
  at_ += 6;
  return true;
}

}  // namespace spoor
