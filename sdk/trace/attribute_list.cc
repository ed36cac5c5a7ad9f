#include "trace/attribute_list.h"

#include <algorithm>
#include <new>
#include <vector>

#include "trace/utf8.h"
#include "trace/wire.h"

namespace spoor::trace {
namespace {

using wire::PutVarint;
using wire::Tag;

constexpr size_t kLengthBytesMax = 5;

// Writes values behind a buffer. Lengths are known once the content is written; it is then moved by as many bytes as
// its length takes.
class ValueWriter {
 public:
  ValueWriter(ByteBuffer& out, uint32_t characters_max) : out_(out), characters_max_(characters_max) {}

  // The fields of an AnyValue message.
  bool AnyValue(const AttributeValue& value, int depth) {
    switch (value.type()) {
      case AttributeValue::Type::kEmpty: return true;
      case AttributeValue::Type::kBool: return Bool(value.boolean());
      case AttributeValue::Type::kInt: return Int(value.integer());
      case AttributeValue::Type::kLargeInt:
        return Text(wire::any_value::kString, Cut(std::to_string(static_cast<uint64_t>(value.integer()))));
      case AttributeValue::Type::kDouble: return Double(value.number());
      case AttributeValue::Type::kString: return Text(wire::any_value::kString, Cut(value.string()));
      case AttributeValue::Type::kBytes: return Bytes(value.bytes());
      case AttributeValue::Type::kBools: return List(value.bools(), depth);
      case AttributeValue::Type::kInts: return List(value.ints(), depth);
      case AttributeValue::Type::kDoubles: return List(value.doubles(), depth);
      case AttributeValue::Type::kStrings: return List(value.strings(), depth);
      case AttributeValue::Type::kOwnedStrings: return List(value.owned_strings(), depth);
      case AttributeValue::Type::kArray: return List(value.array(), depth);
      case AttributeValue::Type::kMap: return Map(value.map(), depth);
    }
    return true;
  }

  bool KeyValue(uint32_t field, std::string_view key, const AttributeValue& value, int depth) {
    return Message(field, [&] {
      return Text(wire::key_value::kKey, AsUtf8(key, scratch_)) &&
             Message(wire::key_value::kValue, [&] { return AnyValue(value, depth); });
    });
  }

 private:
  template <class WriteContent>
  bool Message(uint32_t field, const WriteContent& write_content) {
    uint8_t* room = out_.Room(kLengthBytesMax);
    if (room == nullptr) return false;
    out_.Advance(PutVarint(room, Tag(field, wire::kLength)));
    const uint32_t begin = out_.size();
    if (!write_content()) return false;
    const uint32_t length = out_.size() - begin;
    const size_t shift = wire::VarintSize(length);
    if (out_.Room(shift) == nullptr) return false;
    uint8_t* content = out_.data() + begin;
    std::memmove(content + shift, content, length);
    PutVarint(content, length);
    out_.Advance(content + shift + length);
    return true;
  }

  bool Bool(bool value) {
    uint8_t* room = out_.Room(2);
    if (room == nullptr) return false;
    *room++ = static_cast<uint8_t>(Tag(wire::any_value::kBool, wire::kVarint));
    *room++ = value ? 1 : 0;
    out_.Advance(room);
    return true;
  }
  bool Int(int64_t value) {
    uint8_t* room = out_.Room(11);
    if (room == nullptr) return false;
    *room++ = static_cast<uint8_t>(Tag(wire::any_value::kInt, wire::kVarint));
    out_.Advance(PutVarint(room, static_cast<uint64_t>(value)));
    return true;
  }
  bool Double(double value) {
    uint8_t* room = out_.Room(9);
    if (room == nullptr) return false;
    uint64_t bits;
    std::memcpy(&bits, &value, 8);
    *room++ = static_cast<uint8_t>(Tag(wire::any_value::kDouble, wire::kFixed64));
    out_.Advance(wire::PutFixed64(room, bits));
    return true;
  }
  bool Text(uint32_t field, std::string_view text) {
    uint8_t* room = out_.Room(wire::TextSize(field, text.size()));
    if (room == nullptr) return false;
    out_.Advance(wire::PutText(room, field, text));
    return true;
  }
  bool Bytes(BytesView bytes) {
    const size_t size = bytes.size < characters_max_ ? bytes.size : characters_max_;
    return Text(wire::any_value::kBytes, {reinterpret_cast<const char*>(bytes.data), size});
  }
  template <class T>
  bool List(ListView<T> list, int depth) {
    return Message(wire::any_value::kArray, [&] {
      if (depth >= kValueDepthMax) return true;
      for (const T& item : list) {
        if (!Message(1, [&] { return AnyValue(AttributeValue(item), depth + 1); })) return false;
      }
      return true;
    });
  }
  bool Map(Attributes map, int depth) {
    return Message(wire::any_value::kKeyValueList, [&] {
      if (depth >= kValueDepthMax) return true;
      for (const Attribute& item : map) {
        if (!KeyValue(1, item.key, item.value, depth + 1)) return false;
      }
      return true;
    });
  }

  std::string_view Cut(std::string_view text) { return FirstCharacters(AsUtf8(text, scratch_), characters_max_); }

  ByteBuffer& out_;
  const uint32_t characters_max_;
  std::string scratch_;
};

// The same attributes with keys that are UTF-8; valid as long as this.
class MendedKeys {
 public:
  explicit MendedKeys(Attributes attributes) {
    texts_.reserve(attributes.size());
    mended_.reserve(attributes.size());
    std::string scratch;
    for (const Attribute& attribute : attributes) {
      texts_.emplace_back(AsUtf8(attribute.key, scratch));
      mended_.push_back({texts_.back(), attribute.value});
    }
  }
  Attributes attributes() const { return mended_; }

 private:
  std::vector<std::string> texts_;
  std::vector<Attribute> mended_;
};

// REQUIRES keys that are UTF-8.
uint32_t AppendGoodKeys(ByteBuffer& out, uint32_t field, Attributes attributes,
                        const AttributeLimits& limits) noexcept {
  uint32_t dropped = 0;
  uint32_t count = 0;
  for (size_t i = 0; i < attributes.size(); ++i) {
    const std::string_view key = attributes[i].key;
    const AttributeValue* value = &attributes[i].value;
    bool repeated = key.empty();
    for (size_t j = 0; j < i && !repeated; ++j) repeated = attributes[j].key == key;
    if (repeated) {
      dropped += key.empty() ? 1 : 0;
      continue;
    }
    for (size_t j = i + 1; j < attributes.size(); ++j) {
      if (attributes[j].key == key) value = &attributes[j].value;
    }
    if (count < limits.count_max && AppendKeyValue(out, field, key, *value, limits.value_characters_max)) {
      ++count;
    } else {
      ++dropped;
    }
  }
  return dropped;
}

// What most attributes are: a short key and a plain value, whose lengths are known beforehand and fit one byte. The key
// then begins kShortKeyBegin bytes behind the beginning.
constexpr uint32_t kShortKeyBegin = 4;
enum class Appended : uint8_t { kYes, kTooLong, kNoMemory };

// REQUIRES a key that is UTF-8. Appends nothing but where it says so.
Appended AppendShort(ByteBuffer& out, uint32_t field, std::string_view key, const AttributeValue& value,
                     uint32_t characters_max) noexcept {
  size_t value_size = 0;  // of the AnyValue message
  std::string_view text;
  switch (value.type()) {
    case AttributeValue::Type::kString:
      text = value.string();
      if (text.size() > characters_max || !IsUtf8(text)) return Appended::kTooLong;
      value_size = text.size() + 2;
      break;
    case AttributeValue::Type::kInt: value_size = 1 + wire::VarintSize(static_cast<uint64_t>(value.integer())); break;
    case AttributeValue::Type::kBool: value_size = 2; break;
    case AttributeValue::Type::kDouble: value_size = 9; break;
    default: return Appended::kTooLong;
  }
  const size_t size = key.size() + value_size + 4;
  if (size >= 0x80 || field >= 16) return Appended::kTooLong;
  uint8_t* room = out.Room(size + 2);
  if (room == nullptr) return Appended::kNoMemory;
  *room++ = static_cast<uint8_t>(Tag(field, wire::kLength));
  *room++ = static_cast<uint8_t>(size);
  room = wire::PutText(room, wire::key_value::kKey, key);
  *room++ = static_cast<uint8_t>(Tag(wire::key_value::kValue, wire::kLength));
  *room++ = static_cast<uint8_t>(value_size);
  switch (value.type()) {
    case AttributeValue::Type::kString: room = wire::PutText(room, wire::any_value::kString, text); break;
    case AttributeValue::Type::kInt:
      *room++ = static_cast<uint8_t>(Tag(wire::any_value::kInt, wire::kVarint));
      room = PutVarint(room, static_cast<uint64_t>(value.integer()));
      break;
    case AttributeValue::Type::kBool:
      *room++ = static_cast<uint8_t>(Tag(wire::any_value::kBool, wire::kVarint));
      *room++ = value.boolean() ? 1 : 0;
      break;
    default: {
      uint64_t bits;
      const double number = value.number();
      std::memcpy(&bits, &number, 8);
      *room++ = static_cast<uint8_t>(Tag(wire::any_value::kDouble, wire::kFixed64));
      room = wire::PutFixed64(room, bits);
    }
  }
  out.Advance(room);
  return Appended::kYes;
}

// Any attribute. False without memory: nothing was written then.
bool AppendAny(ByteBuffer& out, uint32_t field, std::string_view key, const AttributeValue& value,
               uint32_t characters_max) noexcept {
  const uint32_t before = out.size();
  try {
    if (ValueWriter(out, characters_max).KeyValue(field, key, value, 0)) return true;
  } catch (const std::bad_alloc&) {  // of text that is to be mended
  }
  out.Resize(before);
  return false;
}

}  // namespace

bool AppendKeyValue(ByteBuffer& out, uint32_t field, std::string_view key, const AttributeValue& value,
                    uint32_t value_characters_max) noexcept {
  if (IsUtf8(key)) {
    const Appended appended = AppendShort(out, field, key, value, value_characters_max);
    if (appended != Appended::kTooLong) return appended == Appended::kYes;
  }
  return AppendAny(out, field, key, value, value_characters_max);
}

uint32_t AppendAttributes(ByteBuffer& out, uint32_t field, Attributes attributes,
                          const AttributeLimits& limits) noexcept {
  const bool is_good =
      std::all_of(attributes.begin(), attributes.end(), [](const auto& one) { return IsUtf8(one.key); });
  if (is_good) return AppendGoodKeys(out, field, attributes, limits);
  try {
    return AppendGoodKeys(out, field, MendedKeys(attributes).attributes(), limits);
  } catch (const std::bad_alloc&) {
    return static_cast<uint32_t>(attributes.size());
  }
}

bool AttributeList::Set(std::string_view key, const AttributeValue& value, const AttributeLimits& limits) noexcept {
  if (key.empty()) return false;
  if (!IsUtf8(key)) return SetMended(key, value, limits);
  for (uint32_t i = 0; i < count_; ++i) {
    const Entry& entry = entries()[i];
    if (entry.key_size != key.size() || std::memcmp(wire_.data() + entry.key_begin, key.data(), key.size()) != 0) {
      continue;
    }
    Remove(i);
    break;
  }
  if (count_ >= limits.count_max) return false;
  const uint32_t begin = wire_.size();
  Entry entry{begin, begin + kShortKeyBegin, static_cast<uint32_t>(key.size())};
  switch (AppendShort(wire_, wire::span::kAttributes, key, value, limits.value_characters_max)) {
    case Appended::kYes: break;
    case Appended::kNoMemory: return false;
    case Appended::kTooLong:
      if (!AppendAny(wire_, wire::span::kAttributes, key, value, limits.value_characters_max)) return false;
      // Before the key stand the message's tag and length, and the key's.
      entry.key_begin = begin + 1;
      while ((wire_.data()[entry.key_begin++] & 0x80) != 0) {
      }
      entry.key_begin += 1 + static_cast<uint32_t>(wire::VarintSize(key.size()));
  }
  if (AddEntry(entry)) return true;
  wire_.Resize(begin);
  return false;
}

bool AttributeList::SetMended(std::string_view key, const AttributeValue& value,
                              const AttributeLimits& limits) noexcept {
  try {
    std::string mended;
    return Set(AsUtf8(key, mended), value, limits);
  } catch (const std::bad_alloc&) {
    return false;
  }
}

bool AttributeList::AddEntry(const Entry& entry) noexcept {
  uint8_t* room = entries_.Room(sizeof(Entry));
  if (room == nullptr) return false;
  std::memcpy(room, &entry, sizeof(Entry));
  entries_.Advance(room + sizeof(Entry));
  ++count_;
  return true;
}

void AttributeList::Remove(uint32_t index) noexcept {
  const uint32_t begin = entries()[index].begin;
  const uint32_t end = index + 1 < count_ ? entries()[index + 1].begin : wire_.size();
  wire_.Erase(begin, end);
  entries_.Erase(index * sizeof(Entry), (index + 1) * sizeof(Entry));
  --count_;
  for (uint32_t i = index; i < count_; ++i) {
    entries()[i].begin -= end - begin;
    entries()[i].key_begin -= end - begin;
  }
}

void AttributeList::Clear() noexcept {
  wire_.Clear();
  entries_.Clear();
  count_ = 0;
}

}  // namespace spoor::trace
