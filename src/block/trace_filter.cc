#include "block/trace_filter.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "block/byte_reader.h"

namespace spoor {
namespace {

constexpr int kAttemptsMax = 100;
constexpr uint32_t kSegmentLengthMax = 1u << 18;

}  // namespace

uint64_t TraceFilter::Geometry::Hash(uint64_t key) const {
  uint64_t h = key + seed;
  h ^= h >> 33;
  h *= 0xFF51AFD7ED558CCDull;
  h ^= h >> 33;
  h *= 0xC4CEB9FE1A85EC53ull;
  return h ^ (h >> 33);
}

void TraceFilter::Geometry::Locate(uint64_t hash, uint32_t (&at)[3]) const {
  const uint64_t range = uint64_t{segment_count} * segment_length;
  const uint32_t mask = segment_length - 1;
  at[0] = static_cast<uint32_t>((static_cast<unsigned __int128>(hash) * range) >> 64);
  at[1] = (at[0] + segment_length) ^ (static_cast<uint32_t>(hash >> 18) & mask);
  at[2] = (at[0] + 2 * segment_length) ^ (static_cast<uint32_t>(hash) & mask);
}

// The sizes that the paper found to work for three fingerprints a key.
TraceFilter::Geometry TraceFilter::GeometryFor(size_t keys) {
  const double n = static_cast<double>(std::max<size_t>(keys, 2));
  const int exponent = static_cast<int>(std::floor(std::log(n) / std::log(3.33) + 2.25));
  const double factor = std::max(1.125, 0.875 + 0.25 * std::log(1e6) / std::log(n));
  Geometry geometry{.segment_length = std::min(kSegmentLengthMax, 1u << exponent)};
  const auto capacity = static_cast<uint64_t>(std::llround(n * factor));
  const uint64_t segments = (capacity + geometry.segment_length - 1) / geometry.segment_length;
  geometry.segment_count = segments <= 3 ? 1 : static_cast<uint32_t>(segments - 2);
  return geometry;
}

// Peels: a place that only one key uses decides about that key last, and so it can always be set right.
bool TraceFilter::Fill(const Geometry& geometry, std::span<const uint64_t> keys, std::vector<uint8_t>& fingerprints) {
  struct Place {
    uint64_t hashes = 0;  // of the keys that use it, combined
    uint32_t users = 0;
  };
  std::vector<Place> places(geometry.size());
  uint32_t at[3];
  for (const uint64_t key : keys) {
    const uint64_t hash = geometry.Hash(key);
    geometry.Locate(hash, at);
    for (const uint32_t place : at) {
      places[place].hashes ^= hash;
      ++places[place].users;
    }
  }
  std::vector<uint32_t> alone;
  for (uint32_t place = 0; place < places.size(); ++place) {
    if (places[place].users == 1) alone.push_back(place);
  }
  struct Peeled {
    uint64_t hash;
    uint32_t place;
  };
  std::vector<Peeled> peeled;
  peeled.reserve(keys.size());
  while (!alone.empty()) {
    const uint32_t place = alone.back();
    alone.pop_back();
    if (places[place].users != 1) continue;
    const uint64_t hash = places[place].hashes;
    peeled.push_back({hash, place});
    geometry.Locate(hash, at);
    for (const uint32_t other : at) {
      places[other].hashes ^= hash;
      if (--places[other].users == 1) alone.push_back(other);
    }
  }
  if (peeled.size() != keys.size()) return false;
  fingerprints.assign(geometry.size(), 0);
  for (size_t i = peeled.size(); i-- > 0;) {
    geometry.Locate(peeled[i].hash, at);
    uint8_t value = Fingerprint(peeled[i].hash);
    for (const uint32_t place : at) {
      if (place != peeled[i].place) value ^= fingerprints[place];
    }
    fingerprints[peeled[i].place] = value;
  }
  return true;
}

void TraceFilter::Build(std::vector<uint64_t> keys, ByteWriter& out) {
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  Geometry geometry = GeometryFor(keys.size());
  std::vector<uint8_t> fingerprints;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    geometry.seed += 0x9E3779B97F4A7C15ull;
    if (!Fill(geometry, keys, fingerprints)) continue;
    out.U64(geometry.seed);
    out.U32(geometry.segment_length);
    out.U32(geometry.segment_count);
    out.Bytes(std::as_bytes(std::span(fingerprints)));
    return;
  }
}

Result<TraceFilter> TraceFilter::Parse(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  TraceFilter filter;
  Geometry& geometry = filter.geometry_;
  if (!in.U64(geometry.seed) || !in.U32(geometry.segment_length) || !in.U32(geometry.segment_count) ||
      !std::has_single_bit(geometry.segment_length) || geometry.segment_length > kSegmentLengthMax ||
      geometry.segment_count == 0 || geometry.size() > UINT32_MAX || geometry.size() != in.remaining()) {
    return Corrupt("the trace filter's sizes do not fit together");
  }
  std::span<const std::byte> fingerprints;
  if (!in.Bytes(in.remaining(), fingerprints)) return Corrupt("the trace filter ends early");
  filter.fingerprints_.resize(fingerprints.size());
  std::memcpy(filter.fingerprints_.data(), fingerprints.data(), fingerprints.size());
  return filter;
}

bool TraceFilter::MayHold(uint64_t key) const {
  const uint64_t hash = geometry_.Hash(key);
  uint32_t at[3];
  geometry_.Locate(hash, at);
  return Fingerprint(hash) == (fingerprints_[at[0]] ^ fingerprints_[at[1]] ^ fingerprints_[at[2]]);
}

}  // namespace spoor
