// TraceState: the vendor list that travels with a trace, immutable (W3C trace context, tracestate).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spoor::trace {

// A value: copying shares. An empty one costs nothing. Thread-safe.
class TraceState {
 public:
  static constexpr size_t kMembersMax = 32;

  TraceState() noexcept = default;

  // From one header, or several joined with commas. Nothing where any member breaks the rules or there are more than
  // kMembersMax: the whole list is then to be dropped. Of members with the same key the first one stays.
  static std::optional<TraceState> FromHeader(std::string_view header);

  bool IsEmpty() const noexcept { return members_ == nullptr; }
  size_t size() const noexcept { return members_ == nullptr ? 0 : members_->size(); }
  // The value of a key; nothing where it is not here. Valid as long as a copy of this lives.
  std::optional<std::string_view> Get(std::string_view key) const noexcept;

  // A list in which `key` stands leftmost with `value`; the last member goes where that makes too many. Unchanged
  // where key or value break the rules.
  TraceState Set(std::string_view key, std::string_view value) const;
  TraceState Delete(std::string_view key) const;

  // "a=1,b=2". Longer ones than 512 characters lose whole members: those over 128 characters first, then from the end.
  std::string ToHeader() const;

  static bool IsValidKey(std::string_view key) noexcept;
  static bool IsValidValue(std::string_view value) noexcept;

  friend bool operator==(const TraceState& a, const TraceState& b) noexcept;
  friend bool operator!=(const TraceState& a, const TraceState& b) noexcept { return !(a == b); }

 private:
  using Members = std::vector<std::pair<std::string, std::string>>;
  explicit TraceState(Members members);

  std::shared_ptr<const Members> members_;  // null where there is none
};

}  // namespace spoor::trace
