// Baggage: names and values that travel with a request beside the trace (W3C baggage), immutable.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spoor::trace {

// A value: copying shares. Thread-safe.
class Baggage {
 public:
  static constexpr size_t kMembersMax = 64;
  static constexpr size_t kHeaderBytesMax = 8192;

  struct Member {
    std::string key;         // a token, as RFC 7230 has it
    std::string value;       // any UTF-8
    std::string properties;  // as they stand in the header, without the first ';'
  };

  Baggage() noexcept = default;

  // Members that break the rules are left out, and so is what is over the limits. Of the same key the last one counts.
  static Baggage FromHeader(std::string_view header);

  bool IsEmpty() const noexcept { return members_ == nullptr; }
  const std::vector<Member>& members() const noexcept;
  std::optional<std::string_view> Get(std::string_view key) const noexcept;
  // Unchanged where `key` is no token. Properties that could not stand in a header are left out.
  Baggage Set(std::string_view key, std::string_view value, std::string_view properties = {}) const;
  Baggage Delete(std::string_view key) const;

  // Percent-encoded; whole members that no longer fit kMembersMax or kHeaderBytesMax are left out.
  std::string ToHeader() const;

 private:
  explicit Baggage(std::vector<Member> members);
  std::shared_ptr<const std::vector<Member>> members_;  // null where there is none
};

}  // namespace spoor::trace
