#include "analyze/call_target.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace spoor::analyze {
namespace {

// Of each pair, the name of today before the older one.
enum Key : size_t {
  kPeerService,
  kDbSystemName,
  kDbSystem,
  kDbNamespace,
  kDbName,
  kDestinationName,
  kDestination,
  kServerAddress,
  kNetPeerName,
  kUrlFull,
  kHttpUrl,
  kPeerAddress,
  kNetPeerIp,
  kKeyCount
};
constexpr std::array<std::string_view, kKeyCount> kKeys = {"peer.service",
                                                           "db.system.name",
                                                           "db.system",
                                                           "db.namespace",
                                                           "db.name",
                                                           "messaging.destination.name",
                                                           "messaging.destination",
                                                           "server.address",
                                                           "net.peer.name",
                                                           "url.full",
                                                           "http.url",
                                                           "network.peer.address",
                                                           "net.peer.ip"};

using Texts = std::array<std::string_view, kKeyCount>;

// Of a key that stands more than once, the first text.
Texts ReadTexts(const SpanBatch& batch, uint32_t row) {
  Texts texts;
  const uint32_t shape = batch.attributes.shape[row];
  const auto keys = batch.ShapeKeys(shape);
  const auto types = batch.ShapeTypes(shape);
  const uint64_t* const cells = batch.values.data() + batch.attributes.value_begin[row];
  for (size_t field = 0; field < keys.size(); ++field) {
    if (types[field] != ValueType::kString) continue;
    const auto at = std::find(kKeys.begin(), kKeys.end(), batch.String(keys[field]));
    if (at == kKeys.end()) continue;
    std::string_view& text = texts[static_cast<size_t>(std::distance(kKeys.begin(), at))];
    if (text.empty()) text = batch.String(static_cast<StringCode>(cells[field]));
  }
  return texts;
}

std::string_view Either(const Texts& texts, Key key, Key older) {
  return texts[key].empty() ? texts[older] : texts[key];
}

// RFC 3986: scheme "://" [userinfo "@"] host [":" port], up to the path, query or fragment. "" where it is no such URL.
std::string_view HostOf(std::string_view url) {
  const size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return {};
  std::string_view authority = url.substr(scheme_end + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const size_t user_end = authority.rfind('@');
  if (user_end != std::string_view::npos) authority.remove_prefix(user_end + 1);
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);  // IPv6
  return authority.substr(0, authority.find(':'));
}

}  // namespace

std::string CallTarget(const SpanBatch& batch, uint32_t row) {
  const Texts texts = ReadTexts(batch, row);
  if (!texts[kPeerService].empty()) return std::string(texts[kPeerService]);
  if (std::string target{Either(texts, kDbSystemName, kDbSystem)}; !target.empty()) {
    const std::string_view name = Either(texts, kDbNamespace, kDbName);
    if (!name.empty()) target.append(" ").append(name);
    return target;
  }
  for (const std::string_view text :
       {Either(texts, kDestinationName, kDestination), Either(texts, kServerAddress, kNetPeerName),
        HostOf(Either(texts, kUrlFull, kHttpUrl)), Either(texts, kPeerAddress, kNetPeerIp)}) {
    if (!text.empty()) return std::string(text);
  }
  return {};
}

}  // namespace spoor::analyze
