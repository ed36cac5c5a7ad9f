// GrowableArray: what batches are built in. A vector of plain values that grows without initialising, keeps its
// capacity when cleared, and lets a caller that has made room write without further checks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "base/check.h"

namespace spoor {

// Not thread-safe. References to elements end with the next growth.
template <class T>
class GrowableArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  std::span<const T> span() const { return {data_.get(), size_}; }

  void Push(T value) {
    if (size_ == capacity_) [[unlikely]]
      Grow(size_ + 1);
    data_[size_++] = value;
  }

  // Appends `count` elements without a value and yields the first.
  T* Extend(size_t count) {
    if (capacity_ - size_ < count) [[unlikely]]
      Grow(size_ + count);
    T* first = data_.get() + size_;
    size_ += count;
    return first;
  }

  // Makes room for `count` elements in all; the size stays.
  void Reserve(size_t count) {
    if (count > capacity_) Grow(count);
  }

  // Forgets what stands behind the first `count` elements.
  void Truncate(size_t count) {
    SPOOR_DCHECK(count <= size_);
    size_ = count;
  }
  void Clear() { size_ = 0; }
  // Clears, and gives the memory back.
  void Release() {
    data_.reset();
    size_ = capacity_ = 0;
  }

 private:
  void Grow(size_t least) {
    size_t capacity = std::max({least, capacity_ * 2, size_t{64}});
    auto data = std::make_unique_for_overwrite<T[]>(capacity);
    if (size_ != 0) std::memcpy(data.get(), data_.get(), size_ * sizeof(T));
    data_ = std::move(data);
    capacity_ = capacity;
  }

  std::unique_ptr<T[]> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace spoor
