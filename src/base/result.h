// Result<T>: a value or an Error, for everything that can fail. The member names are std::expected's, so that the
// switch to it is small once the compiler has it. Nothing of ours throws; third-party throws end at the call.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/check.h"

namespace spoor {

// What kind of failure it is. The table in net/status.h turns it into HTTP and gRPC statuses.
enum class Code : uint8_t {
  kInvalid,      // the caller's bytes or arguments are wrong; a retry of the same cannot succeed
  kNotFound,     // what was asked for does not exist
  kTooLarge,     // over a documented limit
  kBusy,         // over the memory budget or a queue's length: retry later
  kFull,         // no space left for new data: retry later, reads go on
  kCorrupt,      // bytes on disk are not what was written; the message names file and offset
  kIo,           // the operating system refused
  kCancelled,    // the caller went away or the deadline passed
  kUnsupported,  // well-formed, but nothing here does it
  kInternal,     // our own fault
};

// Lower case, as it stands in logs and metrics: "too_large".
std::string_view CodeName(Code code);

// A failure and its story. Context grows outwards: "open block 42: footer: checksum is 1234, expected 5678".
struct [[nodiscard]] Error {
  Code code = Code::kInternal;
  std::string message;

  Error(Code c, std::string m) : code(c), message(std::move(m)) {}

  // The same failure, told from one level further out.
  Error Within(std::string_view context) const& { return Error(code, std::string(context) + ": " + message); }
};

inline Error Invalid(std::string message) { return Error(Code::kInvalid, std::move(message)); }
inline Error NotFound(std::string message) { return Error(Code::kNotFound, std::move(message)); }
inline Error TooLarge(std::string message) { return Error(Code::kTooLarge, std::move(message)); }
inline Error Busy(std::string message) { return Error(Code::kBusy, std::move(message)); }
inline Error Corrupt(std::string message) { return Error(Code::kCorrupt, std::move(message)); }
inline Error IoError(std::string message) { return Error(Code::kIo, std::move(message)); }

// A value of T or an Error. Reading the side that is not there is a bug and ends the process.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & {
    SPOOR_CHECK(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    SPOOR_CHECK(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    SPOOR_CHECK(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    SPOOR_CHECK(!has_value());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    SPOOR_CHECK(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

// Success or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return error_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  void value() const { SPOOR_CHECK(has_value()); }
  const Error& error() const& {
    SPOOR_CHECK(!has_value());
    return *std::get_if<1>(&error_);
  }
  Error&& error() && {
    SPOOR_CHECK(!has_value());
    return std::move(*std::get_if<1>(&error_));
  }

 private:
  std::variant<std::monostate, Error> error_;
};

using Status = Result<void>;

}  // namespace spoor

#define SPOOR_CONCAT_(a, b) a##b
#define SPOOR_CONCAT(a, b) SPOOR_CONCAT_(a, b)

// Leaves the function with the error of `expression`, if it has one.
#define RETURN_IF_ERROR(expression)                                               \
  do {                                                                            \
    if (auto spoor_status = (expression); !spoor_status.has_value()) [[unlikely]] \
      return std::move(spoor_status).error();                                     \
  } while (false)

// Declares or assigns `target` from the value of `expression`, or leaves the function with its error.
#define ASSIGN_OR_RETURN(target, expression)                           \
  auto SPOOR_CONCAT(spoor_result_, __LINE__) = (expression);           \
  if (!SPOOR_CONCAT(spoor_result_, __LINE__).has_value()) [[unlikely]] \
    return std::move(SPOOR_CONCAT(spoor_result_, __LINE__)).error();   \
  target = std::move(SPOOR_CONCAT(spoor_result_, __LINE__)).value()
