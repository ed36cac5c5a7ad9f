#include "base/bounded_bytes.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace spoor {
namespace {

// std::string of C++20 has no way to grow without writing zeros first, which for bodies is a pass over memory for
// nothing. libstdc++ sets a length with a private member; an explicit instantiation may name it.
#ifdef __GLIBCXX__
template <class Tag, void (std::string::*kSetLength)(size_t)>
struct Instantiation {
  friend void SetLength(Tag, std::string& text, size_t size) { (text.*kSetLength)(size); }
};
struct SetLengthTag {};
void SetLength(SetLengthTag, std::string& text, size_t size);
template struct Instantiation<SetLengthTag, &std::string::_M_set_length>;
#endif

}  // namespace

void ResizeUninitialized(std::string& text, size_t size) {
#ifdef __GLIBCXX__
  text.reserve(size);
  SetLength(SetLengthTag{}, text, size);
#else
  text.resize(size);
#endif
}

Error BoundedBytes::OverLimit() const {
  return TooLarge("the body has more than " + std::to_string(bytes_max_) + " bytes, compression undone");
}

Status BoundedBytes::MakeRoom(size_t wanted) {
  if (size_ > bytes_max_) return OverLimit();
  // One byte past the limit: what fills it is known to be too large, without being unpacked further.
  const size_t allocation_max = bytes_max_ + 1;
  const size_t needed = size_ + std::min(std::max<size_t>(wanted, 1), allocation_max - size_);
  if (needed <= bytes_.size()) return {};
  const size_t doubled = std::min(allocation_max, std::max(needed, bytes_.size() * 2));
  for (const size_t room : {doubled, needed}) {
    // The old string and the new one live side by side while the one is copied into the other.
    if (!memory_.Resize(bytes_.size() + room)) continue;
    std::string larger;
    ResizeUninitialized(larger, room);
    std::memcpy(larger.data(), bytes_.data(), size_);
    bytes_ = std::move(larger);
    memory_.Resize(room);
    return {};
  }
  return Busy("the memory budget is used up");
}

Status BoundedBytes::Commit(size_t count) {
  SPOOR_CHECK(count <= bytes_.size() - size_);
  size_ += count;
  if (size_ > bytes_max_) return OverLimit();
  return {};
}

Status BoundedBytes::Append(std::string_view text) {
  while (!text.empty()) {
    RETURN_IF_ERROR(MakeRoom(text.size()));
    const size_t count = std::min(text.size(), Spare().size());
    std::memcpy(Spare().data(), text.data(), count);
    RETURN_IF_ERROR(Commit(count));
    text.remove_prefix(count);
  }
  return {};
}

std::pair<std::string, MemoryReservation> BoundedBytes::Take() {
  ResizeUninitialized(bytes_, size_);
  size_ = 0;
  return {std::exchange(bytes_, {}), std::exchange(memory_, {})};
}

}  // namespace spoor
