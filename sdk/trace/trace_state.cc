#include "api/trace_state.h"

#include <algorithm>

#include "trace/environment.h"

namespace spoor::trace {
namespace {

constexpr size_t kKeyLengthMax = 256;
constexpr size_t kValueLengthMax = 256;
constexpr size_t kHeaderLengthMax = 512;  // what every tracer must pass on
constexpr size_t kLongMember = 128;

bool IsKeyStart(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

TraceState::TraceState(Members members)
    : members_(members.empty() ? nullptr : std::make_shared<const Members>(std::move(members))) {}

bool TraceState::IsValidKey(std::string_view key) noexcept {
  if (key.empty() || key.size() > kKeyLengthMax || !IsKeyStart(key[0])) return false;
  return std::all_of(key.begin(), key.end(),
                     [](char c) { return IsKeyStart(c) || c == '_' || c == '-' || c == '*' || c == '/' || c == '@'; });
}

bool TraceState::IsValidValue(std::string_view value) noexcept {
  if (value.empty() || value.size() > kValueLengthMax || value.back() == ' ') return false;
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7E && c != ',' && c != '='; });
}

std::optional<TraceState> TraceState::FromHeader(std::string_view header) {
  Members members;
  size_t count = 0;
  while (!header.empty()) {
    const size_t comma = std::min(header.find(','), header.size());
    const std::string_view member = environment::Trim(header.substr(0, comma));
    header.remove_prefix(std::min(header.size(), comma + 1));
    if (member.empty()) continue;
    const size_t equals = member.find('=');
    if (equals == std::string_view::npos) return {};
    const std::string_view key = member.substr(0, equals);
    const std::string_view value = member.substr(equals + 1);
    if (!IsValidKey(key) || !IsValidValue(value) || ++count > kMembersMax) return {};
    const bool is_known =
        std::any_of(members.begin(), members.end(), [&](const auto& other) { return other.first == key; });
    if (!is_known) members.emplace_back(key, value);
  }
  return TraceState(std::move(members));
}

std::optional<std::string_view> TraceState::Get(std::string_view key) const noexcept {
  if (members_ == nullptr) return {};
  for (const auto& [name, value] : *members_) {
    if (name == key) return value;
  }
  return {};
}

TraceState TraceState::Set(std::string_view key, std::string_view value) const {
  if (!IsValidKey(key) || !IsValidValue(value)) return *this;
  Members members;
  members.emplace_back(key, value);
  if (members_ != nullptr) {
    for (const auto& member : *members_) {
      if (member.first != key && members.size() < kMembersMax) members.push_back(member);
    }
  }
  return TraceState(std::move(members));
}

TraceState TraceState::Delete(std::string_view key) const {
  if (!Get(key)) return *this;
  Members members;
  for (const auto& member : *members_) {
    if (member.first != key) members.push_back(member);
  }
  return TraceState(std::move(members));
}

std::string TraceState::ToHeader() const {
  if (members_ == nullptr) return {};
  std::vector<std::string> texts;
  size_t length = 0;
  for (const auto& [key, value] : *members_) {
    texts.push_back(key + "=" + value);
    length += texts.back().size() + 1;
  }
  const auto is_over = [&] { return length > kHeaderLengthMax + 1; };
  for (size_t i = texts.size(); i-- > 0 && is_over();) {
    if (texts[i].size() <= kLongMember) continue;
    length -= texts[i].size() + 1;
    texts.erase(texts.begin() + static_cast<std::ptrdiff_t>(i));
  }
  while (is_over()) {
    length -= texts.back().size() + 1;
    texts.pop_back();
  }
  std::string header;
  for (const std::string& text : texts) header += (header.empty() ? "" : ",") + text;
  return header;
}

bool operator==(const TraceState& a, const TraceState& b) noexcept {
  if (a.members_ == b.members_) return true;
  return a.members_ != nullptr && b.members_ != nullptr && *a.members_ == *b.members_;
}

}  // namespace spoor::trace
