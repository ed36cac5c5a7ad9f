#include "learn/course/copy_ports.h"

#include <gtest/gtest.h>

#include "base/fault_file_system.h"
#include "learn/course/text_file.h"

namespace spoor::learn {
namespace {

TEST(CopyPorts, AreTheDefaultsUntilOthersAreKept) {
  FaultFileSystem disk;
  EXPECT_EQ(*ReadCopyPorts(disk, "/c/.spoor/ports"), CopyPorts{});
  const CopyPorts ports = {1, 22, 333, 4444, 65535};
  ASSERT_TRUE(WriteCopyPorts(disk, "/c/.spoor/ports", ports));
  EXPECT_EQ(*ReadCopyPorts(disk, "/c/.spoor/ports"), ports);
}

TEST(CopyPorts, TakeNothingElseForAPort) {
  FaultFileSystem disk;
  for (const char* line : {"frontend-port", "frontend-port ", "frontend-port 0", "frontend-port 65536", "x 1", " ",
                           "frontend-port 80 80", "frontend-port -1", "frontend-port 0x50", "port 80"}) {
    ASSERT_TRUE(WriteText(disk, "/ports", std::string("query-port 1\n") + line + "\n"));
    const Result<CopyPorts> ports = ReadCopyPorts(disk, "/ports");
    ASSERT_FALSE(ports) << line;
    EXPECT_EQ(ports.error().code, Code::kCorrupt);
    EXPECT_EQ(ports.error().message, "/ports: '" + std::string(line) + "' is no port: remove the file");
  }
}

}  // namespace
}  // namespace spoor::learn
