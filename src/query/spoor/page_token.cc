#include "query/spoor/page_token.h"

#include <algorithm>
#include <span>

#include "base/base64.h"
#include "base/crc32c.h"

namespace spoor::query {
namespace {

// Version, order, key, start, id, checksum of all before; numbers little-endian. Base64 of it, URL-safe, unpadded.
constexpr char kVersion = 1;
constexpr size_t kCheckedBytes = 2 + 4 * sizeof(uint64_t);
constexpr size_t kTokenBytes = kCheckedBytes + sizeof(uint32_t);
constexpr size_t kTokenChars = (kTokenBytes * 8 + 5) / 6;
static_assert(kTokenChars == 51);

template <class T>
void Append(std::string& out, T number) {
  for (size_t i = 0; i < sizeof number; ++i) out.push_back(static_cast<char>(number >> (8 * i)));
}

template <class T>
T NumberAt(std::string_view bytes, size_t at) {
  T number = 0;
  for (size_t i = 0; i < sizeof number; ++i) number |= static_cast<T>(static_cast<uint8_t>(bytes[at + i])) << (8 * i);
  return number;
}

uint32_t ChecksumOf(std::string_view bytes) { return Crc32c(std::as_bytes(std::span(bytes.substr(0, kCheckedBytes)))); }

}  // namespace

std::string PageToken(TraceOrder order, const TraceRank& last) {
  std::string bytes{kVersion, static_cast<char>(order)};
  for (const uint64_t number : {last.key, last.start_ns, last.id.high, last.id.low}) Append(bytes, number);
  Append(bytes, ChecksumOf(bytes));
  std::string token;
  AppendBase64(token, bytes);
  token.resize(kTokenChars);
  std::ranges::replace(token, '+', '-');
  std::ranges::replace(token, '/', '_');
  return token;
}

Result<TraceRank> ParsePageToken(std::string_view token, TraceOrder order) {
  std::string bytes;
  if (token.size() != kTokenChars || !DecodeBase64(token, bytes) || bytes.size() != kTokenBytes ||
      NumberAt<uint32_t>(bytes, kCheckedBytes) != ChecksumOf(bytes)) {
    return Invalid("parameter 'after' is no 'next' of an earlier answer, or was changed on its way");
  }
  if (bytes[0] != kVersion) {
    return Invalid("parameter 'after' comes from another version of Spoor: ask for the first page again");
  }
  if (bytes[1] != static_cast<char>(order)) {
    return Invalid("parameter 'after' belongs to a list of another 'order': ask for the first page of this one");
  }
  return TraceRank{.key = NumberAt<uint64_t>(bytes, 2),
                   .start_ns = NumberAt<uint64_t>(bytes, 10),
                   .id = {NumberAt<uint64_t>(bytes, 18), NumberAt<uint64_t>(bytes, 26)}};
}

}  // namespace spoor::query
