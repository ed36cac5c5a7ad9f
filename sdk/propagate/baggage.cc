// W3C baggage: https://www.w3.org/TR/baggage/
#include "api/baggage.h"

#include <algorithm>

#include "api/propagator.h"
#include "trace/environment.h"
#include "trace/utf8.h"

namespace spoor::trace {
namespace {

// A token of RFC 7230.
bool IsToken(std::string_view text) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

// What may stand in a value without being encoded: all of US-ASCII but controls, space, quote, comma, semicolon and
// backslash; and the percent sign, which begins an encoding.
bool IsPlain(char c) { return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\' && c != '%'; }

std::string Encode(std::string_view value) {
  std::string encoded;
  for (const char c : value) {
    if (IsPlain(c)) {
      encoded += c;
      continue;
    }
    encoded += '%';
    encoded += "0123456789ABCDEF"[static_cast<uint8_t>(c) >> 4];
    encoded += "0123456789ABCDEF"[static_cast<uint8_t>(c) & 15];
  }
  return encoded;
}

// Properties as they may stand behind a member: whatever is visible and does not end it.
bool AreProperties(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '\t' || (c >= 0x20 && c < 0x7F && c != ','); });
}

// "%20" to " ". A percent sign without two digits behind it stays.
std::string Decode(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    const size_t length = text[0] == '%' && text.size() > 2 ? 3 : 1;
    const auto part = environment::PercentDecode(text.substr(0, length));
    decoded += part ? *part : "%";
    text.remove_prefix(part ? length : 1);
  }
  return decoded;
}

// Nothing where it cannot be a member.
std::optional<Baggage::Member> ReadMember(std::string_view text) {
  const size_t semicolon = std::min(text.find(';'), text.size());
  const std::string_view pair = text.substr(0, semicolon);
  const size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return {};
  const std::string_view key = environment::Trim(pair.substr(0, equals));
  const std::string_view value = environment::Trim(pair.substr(equals + 1));
  if (!IsToken(key) || !std::all_of(value.begin(), value.end(), [](char c) { return IsPlain(c) || c == '%'; }))
    return {};
  Baggage::Member member;
  member.key = key;
  const std::string decoded = Decode(value);
  std::string scratch;
  member.value = AsUtf8(decoded, scratch);
  const std::string_view properties = environment::Trim(text.substr(std::min(text.size(), semicolon + 1)));
  if (AreProperties(properties)) member.properties = properties;
  return member;
}

class BaggageHeader final : public Propagator {
 public:
  void Inject(const Context& context, HeaderWriter& headers) const override {
    if (const std::string header = context.baggage().ToHeader(); !header.empty()) headers.Set("baggage", header);
  }
  Context Extract(const HeaderReader& headers, Context context) const override {
    std::string list;
    for (const std::string_view value : headers.Values("baggage")) {
      if (!list.empty()) list += ',';
      list += value;
    }
    Baggage baggage = Baggage::FromHeader(list);
    return baggage.IsEmpty() ? context : context.With(std::move(baggage));
  }
  std::vector<std::string> Fields() const override { return {"baggage"}; }
};

}  // namespace

Baggage::Baggage(std::vector<Member> members)
    : members_(members.empty() ? nullptr : std::make_shared<const std::vector<Member>>(std::move(members))) {}

const std::vector<Baggage::Member>& Baggage::members() const noexcept {
  static const std::vector<Member> none;
  return members_ == nullptr ? none : *members_;
}

Baggage Baggage::FromHeader(std::string_view header) {
  std::vector<Member> members;
  size_t bytes = 0;
  while (!header.empty()) {
    const size_t comma = std::min(header.find(','), header.size());
    const std::string_view text = environment::Trim(header.substr(0, comma));
    header.remove_prefix(std::min(header.size(), comma + 1));
    auto member = ReadMember(text);
    if (!member) continue;
    bytes += text.size() + 1;
    if (bytes > kHeaderBytesMax + 1) break;
    const auto same =
        std::find_if(members.begin(), members.end(), [&](const auto& one) { return one.key == member->key; });
    if (same != members.end()) {
      *same = *std::move(member);
    } else if (members.size() < kMembersMax) {
      members.push_back(*std::move(member));
    }
  }
  return Baggage(std::move(members));
}

std::optional<std::string_view> Baggage::Get(std::string_view key) const noexcept {
  for (const Member& member : members()) {
    if (member.key == key) return member.value;
  }
  return {};
}

Baggage Baggage::Set(std::string_view key, std::string_view value, std::string_view properties) const {
  if (!IsToken(key)) return *this;
  std::vector<Member> changed = members();
  std::string scratch;
  Member member{std::string(key), std::string(AsUtf8(value, scratch)),
                std::string(AreProperties(properties) ? properties : std::string_view())};
  const auto same = std::find_if(changed.begin(), changed.end(), [&](const auto& one) { return one.key == key; });
  if (same != changed.end()) {
    *same = std::move(member);
  } else {
    changed.push_back(std::move(member));
  }
  return Baggage(std::move(changed));
}

Baggage Baggage::Delete(std::string_view key) const {
  std::vector<Member> kept;
  for (const Member& member : members()) {
    if (member.key != key) kept.push_back(member);
  }
  return Baggage(std::move(kept));
}

std::string Baggage::ToHeader() const {
  std::string header;
  size_t count = 0;
  for (const Member& member : members()) {
    std::string text = member.key + "=" + Encode(member.value);
    if (!member.properties.empty()) text += ";" + member.properties;
    if (count == kMembersMax || header.size() + text.size() + 1 > kHeaderBytesMax + (header.empty() ? 1 : 0)) continue;
    if (!header.empty()) header += ',';
    header += text;
    ++count;
  }
  return header;
}

PropagatorPtr BaggagePropagator() { return std::make_shared<BaggageHeader>(); }

}  // namespace spoor::trace
