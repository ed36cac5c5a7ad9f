#include "learn/check/seen_trace.h"

#include "base/base64.h"

namespace spoor::learn {
namespace {

// A cycle ends here. No trace of a request to three services is as deep.
constexpr size_t kDepthMax = 1'000;

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsZero(std::string_view id) { return id.find_first_not_of('0') == std::string_view::npos; }

}  // namespace

SeenTrace::SeenTrace(SeenSpans spans) : spans_(std::move(spans)) {
  for (size_t i = 0; i < spans_.size(); ++i) by_id_.try_emplace(spans_[i].span_id, i);
}

const SeenSpan* SeenTrace::Find(const std::string& span_id) const {
  const auto found = by_id_.find(span_id);
  return found == by_id_.end() ? nullptr : &spans_[found->second];
}

Ancestry SeenTrace::AncestryOf(const SeenSpan& span) const {
  Ancestry ancestry;
  for (const SeenSpan* at = &span; at != nullptr; at = Find(at->parent_id)) {
    if (ancestry.spans.size() == kDepthMax) return {std::move(ancestry.spans), {}};
    ancestry.spans.push_back(at);
    if (at->parent_id.empty()) return ancestry;
  }
  ancestry.above = ancestry.spans.back()->parent_id;
  return ancestry;
}

std::string IdFromHex(std::string_view text, size_t digits) {
  if (text.empty() || text.size() > digits) return {};
  std::string id(digits - text.size(), '0');
  for (const char c : text) {
    const int value = HexValue(c);
    if (value < 0) return {};
    id.push_back("0123456789abcdef"[value]);
  }
  return IsZero(id) ? std::string() : id;
}

std::string IdFromHexOrBase64(std::string_view text, size_t digits) {
  if (text.size() == digits) return IdFromHex(text, digits);
  std::string bytes;
  if (!DecodeBase64(text, bytes) || bytes.size() * 2 != digits) return {};
  std::string id;
  for (const char byte : bytes) {
    id.push_back("0123456789abcdef"[static_cast<uint8_t>(byte) >> 4]);
    id.push_back("0123456789abcdef"[static_cast<uint8_t>(byte) & 15]);
  }
  return IsZero(id) ? std::string() : id;
}

std::string PathIn(std::string_view text) {
  if (const size_t scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  text.remove_prefix(slash);
  return std::string(text.substr(0, text.find_first_of("?# ")));
}

int PathRank(std::string_view attribute) {
  // The conventions of today, then those that many services still have.
  constexpr std::string_view kBest[] = {"url.path", "http.target", "url.full", "http.url", "http.route"};
  const auto found = std::find(std::begin(kBest), std::end(kBest), attribute);
  return static_cast<int>(std::end(kBest) - found);
}

}  // namespace spoor::learn
