#include "bench/yardstick.h"

#include <time.h>
#include <zstd.h>

namespace spoor::bench {
namespace {
double ThreadCpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}
}  // namespace

Yardstick MeasureYardstick(const std::vector<Body>& bodies) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  std::string out;
  uint64_t spans = 0, raw = 0, packed = 0;
  const double begin = ThreadCpuSeconds();
  for (const Body& body : bodies) {
    out.resize(ZSTD_compressBound(body.bytes.size()));
    packed += ZSTD_compressCCtx(context, out.data(), out.size(), body.bytes.data(), body.bytes.size(), 1);
    raw += body.bytes.size();
    spans += body.span_count;
  }
  const double seconds = ThreadCpuSeconds() - begin;
  ZSTD_freeCCtx(context);
  const double n = static_cast<double>(spans);
  return {seconds * 1e6 / n, static_cast<double>(packed) / n, static_cast<double>(raw) / n};
}

}  // namespace spoor::bench
