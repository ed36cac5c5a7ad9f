#include "base/process_memory.h"

#include <unistd.h>

#include <fstream>

namespace spoor {

uint64_t ResidentBytes() {
  uint64_t all_pages = 0, resident_pages = 0;
  std::ifstream statm("/proc/self/statm");
  if (!(statm >> all_pages >> resident_pages)) return 0;
  return resident_pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace spoor
