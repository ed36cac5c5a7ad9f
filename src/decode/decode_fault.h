// DecodeFault: where and why a decoder stopped, put together from the inside outwards as its calls return.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace spoor {

// One thread's. All methods but ToError return false, so that a call that found a fault can end with one.
class DecodeFault {
 public:
  // `at` points into the body, or is null where no place can be named.
  bool Set(Code code, const char* at, std::string what) {
    code_ = code;
    at_ = at;
    what_ = std::move(what);
    return false;
  }

  // The fault is inside `field`, which lives for ever.
  bool Within(std::string_view field) {
    if (path_length_ < path_.size()) path_[path_length_++] = field;
    return false;
  }

  // "spans.tags.key: cut off at byte 123".
  Error ToError(std::string_view body) const {
    std::string message;
    for (size_t i = path_length_; i-- > 0;) {
      message += path_[i];
      message += i == 0 ? ": " : ".";
    }
    message += what_;
    if (at_ != nullptr) message += " at byte " + std::to_string(at_ - body.data());
    return {code_, std::move(message)};
  }

 private:
  Code code_ = Code::kInvalid;
  std::string what_;
  const char* at_ = nullptr;
  std::array<std::string_view, 8> path_;
  size_t path_length_ = 0;
};

}  // namespace spoor
