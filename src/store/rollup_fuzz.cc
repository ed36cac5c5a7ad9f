// Whatever a rollup file holds, and whatever its checksums say of it: reading it ends with a rollup that can be asked
// and counted on, or with an error, and takes no more memory than its limits allow.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/fault_file_system.h"
#include "block/checksum.h"
#include "model/rollup_builder.h"
#include "plan/rollup_query.h"
#include "store/rollup_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  spoor::BelieveAllChecksums();
  spoor::FaultFileSystem files;
  files.Plant("/r.rollup", std::string_view(reinterpret_cast<const char*>(data), size));
  static_cast<void>(spoor::ReadRollupHead(files, "/r.rollup").has_value());
  const auto rollup = spoor::ReadRollup(files, "/r.rollup");
  if (!rollup) return 0;
  const spoor::RedPlan plan{.by_operation = true};
  spoor::RedQuery red(plan);
  red.Add(*rollup);
  static_cast<void>(std::move(red).Finish());
  spoor::CallsQuery calls(0, UINT64_MAX);
  calls.Add(*rollup);
  static_cast<void>(std::move(calls).Finish());
  spoor::RollupBuilder builder;
  builder.Add(*rollup);
  SPOOR_CHECK(builder.Build(spoor::RollupLimits::None()).row_count() <= rollup->row_count());
  return 0;
}
