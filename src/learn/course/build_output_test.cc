#include "learn/course/build_output.h"

#include <gtest/gtest.h>

namespace spoor::learn {
namespace {

constexpr std::string_view kNinja = R"([0/2] Re-checking globbed directories...
[1/3] Building CXX object services/CMakeFiles/backend.dir/backend/main.cc.o
[2/3] Building CXX object services/CMakeFiles/frontend.dir/frontend/main.cc.o
FAILED: services/CMakeFiles/frontend.dir/frontend/main.cc.o 
/usr/bin/c++  -I/srv/course/services -o frontend/main.cc.o -c /srv/course/services/frontend/main.cc
In file included from /srv/course/services/web/client.h:3,
                 from /srv/course/services/frontend/main.cc:7:
/srv/course/services/frontend/main.cc: In function 'int main()':
/srv/course/services/frontend/main.cc:63:3: error: 'trace' does not name a type
   63 |   trace::Tracing tracing;
      |   ^~~~~
ninja: build stopped: subcommand failed.
)";

constexpr std::string_view kMake = R"([ 33%] Building CXX object services/CMakeFiles/frontend.dir/frontend/main.cc.o
/srv/course/services/frontend/main.cc:63:3: error: 'trace' does not name a type
   63 |   trace::Tracing tracing;
      |   ^~~~~
make[2]: *** [services/CMakeFiles/frontend.dir/build.make:76: main.cc.o] Error 1
make[1]: *** [CMakeFiles/Makefile2:166: services/CMakeFiles/frontend.dir/all] Error 2
make: *** [Makefile:136: all] Error 2
)";

TEST(CompilersLines, ShowWhatTheCompilerSaidToNinja) {
  EXPECT_EQ(CompilersLines(kNinja, "/srv/course", 100), R"(In file included from services/web/client.h:3,
                 from services/frontend/main.cc:7:
services/frontend/main.cc: In function 'int main()':
services/frontend/main.cc:63:3: error: 'trace' does not name a type
   63 |   trace::Tracing tracing;
      |   ^~~~~)");
}

TEST(CompilersLines, ShowWhatTheCompilerSaidToMake) {
  EXPECT_EQ(CompilersLines(kMake, "/srv/course", 100),
            R"(services/frontend/main.cc:63:3: error: 'trace' does not name a type
   63 |   trace::Tracing tracing;
      |   ^~~~~)");
}

TEST(CompilersLines, ShowWhatCMakeCouldNotFind) {
  EXPECT_EQ(
      CompilersLines("-- The CXX compiler identification is GNU 12.2.0\nCMake Error at CMakeLists.txt:9 "
                     "(find_package):\n  Could NOT find SQLite3\n\n\n-- Configuring incomplete, errors occurred!\n",
                     "/x", 100),
      "CMake Error at CMakeLists.txt:9 (find_package):\n  Could NOT find SQLite3");
}

TEST(CompilersLines, AreNoneWhereAllWasWell) {
  EXPECT_EQ(
      CompilersLines("-- Configuring done\n[1/2] Building a.o\n[2/2] Linking b\nninja: no work to do.\n", "/x", 9), "");
  EXPECT_EQ(CompilersLines("", "/x", 9), "");
}

TEST(CompilersLines, EndAfterTheMostLinesAndSayHowManyMore) {
  EXPECT_EQ(CompilersLines("a\nb\nc\nd", "/x", 2), "a\nb\n… and 2 more lines");
  EXPECT_EQ(CompilersLines("a\nb\n", "/x", 2), "a\nb");
}

TEST(ProgressOf, ReadsNinjaAndMake) {
  EXPECT_EQ(ProgressOf("[12/58] Building CXX object a.o"), "12 of 58");
  EXPECT_EQ(ProgressOf("[  7%] Building CXX object a.o"), "7 %");
  EXPECT_EQ(ProgressOf("[100%] Built target frontend"), "100 %");
}

TEST(ProgressOf, TakesNoOtherLineForProgress) {
  for (const char* line : {"", "[", "[1", "[1/", "[1/2", "[1/2]", "[/2] a", "[ %] a", "[a/b] c", "main.cc:1: [1/2] x",
                           "[[nodiscard]] int f();", "[1/] x"}) {
    EXPECT_EQ(ProgressOf(line), "") << line;
  }
}

}  // namespace
}  // namespace spoor::learn
